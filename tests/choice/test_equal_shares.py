"""Equal shares: what its definition asks of every purchase, abcvoting's answers, and groups that can pay."""

from fractions import Fraction

import numpy as np
import pytest
from committees import SURVEY, approvals, approving, stored, voters
from hypothesis import given, settings

from ostrom.choice import equal_shares
from ostrom.core.errors import InputError, UnknownName


def affordable(purses, rows, price):
    return sum((min(purses[k], price) for k in rows), Fraction(0)) >= 1


@settings(max_examples=60, deadline=None)
@given(approvals())
def test_every_purchase_is_the_cheapest(case):
    ballots, seats = case
    own = voters(ballots)
    found = equal_shares(ballots, seats, completion="none")
    purses = [Fraction(seats, len(own))] * len(own)
    rows = {name: [k for k, mine in enumerate(own) if name in mine] for name in ballots.alternatives}
    left = list(ballots.alternatives)
    for one, price in zip(found.members, found.scores, strict=True):
        assert sum((min(purses[k], price) for k in rows[one]), Fraction(0)) == 1
        assert not any(affordable(purses, rows[other], price * Fraction(999_999, 1_000_000)) for other in left)
        assert not any(affordable(purses, rows[other], price) for other in left[: left.index(one)])
        purses = [purse - min(purse, price) * (k in rows[one]) for k, purse in enumerate(purses)]
        left.remove(one)
    assert min(purses) >= 0
    if len(found.members) < seats:
        assert not any(affordable(purses, rows[other], Fraction(seats)) for other in left)
        assert "left open" in found.rounds[-1]
    whole = equal_shares(ballots, seats)
    assert whole.members[: len(found.members)] == found.members
    assert len(whole.members) == seats


@pytest.mark.parametrize(("completion", "rule"), [("phragmen", "equal-shares"), ("none", "equal-shares-none")])
def test_committees_are_those_of_abcvoting(completion, rule):
    for ballots, seats, expected in stored(rule):
        assert set(equal_shares(ballots, seats, completion=completion).tied) == expected


def test_the_published_example():
    found = equal_shares(SURVEY, 4)
    assert found.tied == (tuple("abcd"),)
    assert found.scores[0] == Fraction(1, 8)
    assert equal_shares(SURVEY, 4, completion="none").members == ("a",)


def test_a_third_of_the_voters_has_a_third_of_the_seats():
    """Approval alone would leave the minority with nothing."""
    rows = np.kron(np.eye(2, dtype=int), np.ones((1, 6), int))
    found = equal_shares(approving(rows, [8, 4]), 6)
    assert sorted(found.members) == list("abcd") + list("gh")
    assert len(found.tied) == 15 * 15


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnknownName):
        equal_shares(SURVEY, 4, completion="lottery")
    with pytest.raises(InputError):
        equal_shares(SURVEY, 0)
