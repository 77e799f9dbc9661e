"""Episodes with players that do not learn."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.learners import play
from ostrom.worlds import Lake, MatrixWorld, rollout, uniform


class Hard(Policy):
    """Fishes hard."""

    def act(self, sight, memory):
        return {"act": sight.only("act", "fish hard")}, memory


def test_returns_are_those_of_the_rollout():
    """The lake has no chance in it: the same moves, the same payoffs, by the other loop."""

    def hard(key, view, mask):
        return {"act": np.full(4, 2, np.int32)}

    played, other = play(Lake(), Hard(), episodes=2), rollout(Lake(), hard)
    assert np.allclose(played.payoffs[0], other.payoffs, atol=1e-4)
    assert np.allclose(played.returns, np.asarray(other.payoffs).sum(0), rtol=1e-4)
    assert np.allclose(played.totals("harvest")[1], np.asarray(other.facts["harvest"]).sum(0), rtol=1e-4)
    assert played.lasting.all()


def test_who_says_nothing_chooses_evenly():
    world = MatrixWorld.of(om.games.RockPaperScissors(), horizon=300)
    moves = play(world, Policy(), episodes=20).moves["act"]
    shares = np.bincount(np.asarray(moves).ravel(), minlength=3) / moves.size
    assert np.allclose(shares, 1 / 3, atol=0.02)  # five standard errors
    assert uniform is not None


def test_states_are_kept_on_request():
    played = play(Lake(horizon=5), Hard(), states=True)
    assert played.states.stock.shape == (1, 5)
    assert played.states.stock[0, 0] > played.states.stock[0, -1]
    assert play(Lake(horizon=5), Hard()).states is None
