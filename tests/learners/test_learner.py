"""The protocol: what is not overridden changes nothing, and a shared mind sees all seats as copies."""

import numpy as np
import pytest

pytest.importorskip("jax")

import jax.numpy as jnp

import ostrom as om
from ostrom.learners import Learner, train
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=4)


class Shapes(Learner):
    """Keeps how many copies it was shown."""

    shared: bool = False
    length: int = 4
    copies: int = 3

    def begin(self, key, space):
        assert space.parts == {"act": 2}
        assert space.ranges["last"] == (-1, 1)
        return jnp.int32(0)

    def act(self, key, mind, memory, sight):
        return {"act": jnp.int32(0)}, memory, {}

    def update(self, key, mind, track, done):
        return jnp.int32(track.payoff.shape[1]), {"done": done}


@pytest.mark.parametrize(("shared", "copies"), [(False, 3), (True, 6)])
def test_seats_with_one_mind_are_further_copies(shared, copies):
    run = train(PD, Shapes(shared=shared), 24)
    assert (np.asarray(run.minds[0]) == copies).all()
    assert run.metrics["shapes done"][0].tolist() == [0.0, 0.5]
    assert (run.metrics["return"] == 12).all()


def test_a_learner_has_to_say_how_it_plays():
    with pytest.raises(TypeError, match="abstract"):
        Learner()
