"""Distances from a reference, exactly, and whether a company contracts or amplifies what it was given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom import InputError
from ostrom.dynamics import stubborn_weights
from ostrom.monitors import amplification, drifted

RIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def test_distances_and_violations_by_hand():
    path = [RIGHT, [[0.8, 0.1, 0.1], [0.0, 1.0, 0.0]], [[0.0, 0.5, 0.5], [0.3, 0.7, 0.0]]]
    found = drifted(path, RIGHT, 0.2, violates=[[False, False, True], [True, False, True]])
    assert found.distance == pytest.approx([0, 0.1, 0.65])
    assert found.violations == pytest.approx([0, 0.05, 0.4])
    assert (found.left, found.amplification) == (2, 3.25)
    weighted = drifted(path, RIGHT, 0.2, weights=[1, 0])
    assert weighted.distance == pytest.approx([0, 0.2, 1])
    assert weighted.left == 2  # on its edge it is inside
    assert drifted(path[:1], RIGHT, 0.2).left is None


@given(st.integers(0, 10_000))
def test_a_distance_is_a_distance(seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.dirichlet(np.ones(4), (3, 5))

    def far(p, q):
        return drifted([p], q, 0.5).distance[0]

    assert far(a, a) == 0
    assert far(a, b) == pytest.approx(far(b, a))
    assert 0 <= far(a, c) <= far(a, b) + far(b, c) + 1e-12
    assert far(a, c) <= 1


def test_linear_company_amplifies_what_its_prestige_lets_it():
    """One of ten teachers is contaminated: with even trust κ = 1, with half of all trust on it κ = 5."""
    for trust, kappa in ((np.full(10, 0.1), 1.0), (np.r_[0.5, np.full(9, 0.5 / 9)], 5.0)):
        whole = np.zeros((11, 11))
        whole[:10, :10], whole[10, :10] = np.eye(10), trust
        pupil = stubborn_weights(whole, np.r_[np.ones(10), 0.0])[10]
        ends = np.array([[pupil[1:].sum(), pupil[0], 0.0]])
        assert drifted([ends], RIGHT[:1], 0.1).amplification == pytest.approx(kappa)


def test_verdicts():
    rng = np.random.default_rng(0)
    runs = np.clip(rng.normal(0.05, 0.01, 200), 0, 1)
    assert amplification(runs, 0.1)[2] == "contracting"
    assert amplification(runs, 0.02)[2] == "amplifying"
    assert amplification(runs[:30], runs[:30].mean())[2] == "undecided"
    kappa, (low, high), _ = amplification(runs, 0.1)
    assert low < kappa < high
    covered = [amplification(rng.beta(2, 8, 40), 0.2)[1] for _ in range(400)]
    assert 0.91 < np.mean([low <= 1 <= high for low, high in covered]) < 0.985


@pytest.mark.parametrize(
    "call",
    [
        lambda: drifted([RIGHT], RIGHT[:1], 0.1),
        lambda: drifted([RIGHT], RIGHT, 0.0),
        lambda: drifted([RIGHT * 2], RIGHT, 0.1),
        lambda: drifted([[["x"]]], RIGHT, 0.1),
        lambda: drifted([-RIGHT], RIGHT, 0.1),
        lambda: drifted([RIGHT], RIGHT, 0.1, weights=[0, 0]),
        lambda: drifted([RIGHT], RIGHT, 0.1, violates=[True] * 5),
        lambda: amplification([0.5], 0.1),
        lambda: amplification([0.5, 2.0], 0.1),
        lambda: amplification([0.5, float("nan")], 0.1),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(InputError):
        call()
