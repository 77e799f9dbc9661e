"""Perolat's measures against loops written plainly, and against values worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.diagnosis import efficiency, equality, measures, peace, sustainability


def test_the_published_example():
    """Perolat et al. (2017): three who get 10 and one who gets 70."""
    assert equality([10, 10, 10, 70]) == pytest.approx(0.55)
    assert efficiency([10, 10, 10, 70], steps=50) == pytest.approx(2.0)


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=6))
def test_equality_is_one_less_the_gini_coefficient(gains):
    total = sum(abs(a - b) for a in gains for b in gains)
    assert equality(gains) == pytest.approx(1 - total / (2 * len(gains) * sum(gains)))
    assert 1 / len(gains) - 1e-9 <= equality(gains) <= 1


def test_equality_at_its_ends():
    assert equality([3, 3, 3]) == 1
    assert equality([0, 0, 9]) == pytest.approx(1 / 3)
    assert equality([0, 0]) == 1
    assert np.isnan(equality([-1, 1]))


def test_sustainability_is_when_payoffs_come():
    """By loops: the mean over seats of the mean step at which it is paid."""
    paid = np.random.default_rng(0).integers(-1, 3, (5, 12, 3)).astype(float)
    for episode, found in zip(paid, sustainability(paid), strict=True):
        own = [[t for t in range(12) if episode[t, seat] > 0] for seat in range(3)]
        assert found == pytest.approx(np.mean([np.mean(steps) for steps in own]))
    assert sustainability(np.ones((9, 2))) == 4
    assert sustainability([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]) == 1
    assert np.isnan(sustainability(np.zeros((3, 2))))


def test_peace_counts_who_is_there():
    present = np.ones((4, 3), bool)
    present[1, 0] = present[2, :2] = False
    assert peace(present) == pytest.approx((3 + 2 + 1 + 3) / 4)


def test_measures_of_what_was_played_leave_out_what_came_after_the_end():
    """Two episodes, the second of which ended after two of four steps."""
    payoffs = np.ones((2, 4, 2))
    lasting = np.array([[True] * 4, [True, True, False, False]])
    found = measures(SimpleNamespace(payoffs=payoffs, lasting=lasting, present=np.ones((2, 4, 2), bool)))
    assert found.efficiency.tolist() == [2, 2]
    assert found.sustainability.tolist() == [1.5, 0.5]
    assert found.peace.tolist() == [2, 2]
    assert found.equality.tolist() == [1, 1]
