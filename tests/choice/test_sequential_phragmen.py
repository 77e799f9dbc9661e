"""Phragmén's method: money that runs, step by step, abcvoting's answers, and a published example."""

from fractions import Fraction

import numpy as np
import pytest
from committees import SURVEY, approvals, approving, stored, voters
from hypothesis import given, settings

from ostrom.choice import sequential_phragmen
from ostrom.core.errors import InputError, UnknownName


def bought(ballots, seats):
    """The continuous story: voters earn at rate 1, and whoever can be paid for is; names are in the declared order."""
    money, now, chosen, times = [Fraction(0)] * len(voters(ballots)), Fraction(0), [], []
    for _ in range(seats):
        best = None
        for name in ballots.alternatives:
            rows = [k for k, own in enumerate(voters(ballots)) if name in own]
            if name not in chosen and rows:
                wait = (1 - sum(money[k] for k in rows)) / len(rows)
                if best is None or wait < best[0]:
                    best = wait, name, rows
        if best is None:
            break
        now += best[0]
        money = [Fraction(0) if k in best[2] else left + best[0] for k, left in enumerate(money)]
        chosen.append(best[1])
        times.append(now)
    return chosen, times


@settings(max_examples=60, deadline=None)
@given(approvals())
def test_money_that_runs_buys_the_same(case):
    ballots, seats = case
    found = sequential_phragmen(ballots, seats)
    chosen, times = bought(ballots, seats)
    assert list(found.members[: len(chosen)]) == chosen
    assert list(found.scores) == times + [0] * (seats - len(chosen))
    assert len(found.members) == seats
    assert tuple(sorted(found.members)) in found.tied


def test_committees_are_those_of_abcvoting():
    for ballots, seats, expected in stored("seqphragmen"):
        assert set(sequential_phragmen(ballots, seats).tied) == expected


def test_the_published_example():
    found = sequential_phragmen(SURVEY, 4)
    assert found.members == tuple("abcd")
    assert found.scores == (Fraction(1, 8), Fraction(11, 32), Fraction(55, 128), Fraction(5, 8))
    assert found.unique
    assert found.ties == 1
    assert sequential_phragmen(SURVEY, 4, order=list("hgfedcba")).members == tuple("acbd")


@settings(max_examples=30, deadline=None)
@given(approvals())
def test_a_larger_committee_contains_the_smaller(case):
    ballots, seats = case
    members = sequential_phragmen(ballots, seats).members
    assert all(sequential_phragmen(ballots, k).members == members[:k] for k in range(1, seats))


def test_ties_that_lead_to_too_many_committees_are_told():
    found = sequential_phragmen(approving(np.eye(18, dtype=int)), 9)
    assert not found.complete
    assert not found.unique
    assert found.members == tuple("abcdefghi")


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError):
        sequential_phragmen(SURVEY, 9)
    with pytest.raises(InputError):
        sequential_phragmen(SURVEY, 2, within=0)
    with pytest.raises(UnknownName):
        sequential_phragmen(SURVEY, 2, order=["x"])
