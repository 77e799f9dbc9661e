"""Approvals, counted by a plain loop."""

import pytest
from elections import TENNESSEE, elections, highest, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import approval
from ostrom.core.errors import InputError


@settings(max_examples=60, deadline=None)
@given(elections(), st.integers(1, 3))
def test_approvals_are_counted_as_by_hand(ballots, within):
    size = len(ballots.alternatives)
    votes = {k: sum(many for many, places in rows(ballots) if places[k] < within) for k in range(size)}
    decision = approval(ballots, within=within)
    assert decision.winners == highest(ballots, votes)
    assert decision.scores == tuple(votes.values())


def test_who_approves_of_nobody_does_not_approve_of_all():
    assert approval(Ballots([[-1, -1], [0, -1]], [9, 1])).scores == (1, 0)


def test_two_best_of_four():
    assert approval(TENNESSEE, within=2).scores == (42, 68, 58, 32)


def test_nothing_to_approve_of():
    with pytest.raises(InputError, match="best 0 places"):
        approval(TENNESSEE, within=0)
