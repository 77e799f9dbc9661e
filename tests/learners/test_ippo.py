"""IPPO: each for itself finds what it gains by, with and without a memory of its own."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import IPPO, play, train
from ostrom.learners._nets import Net
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


@pytest.mark.slow
@pytest.mark.parametrize(
    "net",
    [pytest.param(Net(hidden=(32,)), marks=pytest.mark.slow), Net(hidden=(16,), units=8)],
    ids=["layers", "memory"],
)
def test_independent_learners_defect(net):
    """Each gains by defecting, whatever the other does; 6 rounds pay 18 if nobody does, 6 if both always do."""
    run = train(PD, IPPO(length=12, copies=8, epochs=2, rate=1e-2, net=net), 12 * 8 * 60)
    assert play(PD, run.players(), episodes=8).returns.mean() < 7
    assert run.metrics["ippo entropy"][0, -1] < run.metrics["ippo entropy"][0, 0]


def test_copies_that_cannot_be_split_are_refused():
    with pytest.raises(InputError, match="5 copies"):
        train(PD, IPPO(copies=5, parts=2), 10)


@pytest.mark.slow
def test_metrics_are_finite():
    run = train(PD, IPPO(length=12, copies=4, epochs=1), 96)
    assert all(np.isfinite(values).all() for values in run.metrics.values())


@pytest.mark.parametrize("name", ["epochs", "parts"])
@pytest.mark.parametrize("count", [0, 10**9, 2.5])
def test_counts_have_bounds(name, count):
    with pytest.raises(InputError, match=rf"IPPO\({name}=.*{name}"):
        IPPO(**{name: count})
