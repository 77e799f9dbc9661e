"""Borda points, counted by a plain loop of fractions, and by pref_voting."""

from fractions import Fraction

import numpy as np
import pytest
from elections import TENNESSEE, elections, highest, rows, stored
from hypothesis import given, settings

from ostrom import Ballots
from ostrom.choice import borda


@settings(max_examples=60, deadline=None)
@given(elections())
def test_points_are_counted_as_by_hand(ballots):
    points = dict.fromkeys(range(len(ballots.alternatives)), Fraction(0))
    for many, places in rows(ballots):
        for k in points:
            points[k] += many * sum(places[k] < other for other in places)
            points[k] += Fraction(many, 2) * (sum(places[k] == other for other in places) - 1)
    decision = borda(ballots)
    assert decision.winners == highest(ballots, points)
    assert decision.scores == tuple(points.values())


def test_nashville():
    assert borda(TENNESSEE).winner == "N"
    assert borda(TENNESSEE).scores == (126, 194, 173, 107)


def test_winners_are_those_of_pref_voting():
    cases = list(stored("borda"))
    assert len(cases) == 40
    assert [borda(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]


@pytest.mark.parametrize("more", [0, 1])
def test_a_single_vote_decides_among_a_million_billions(more):
    many = 2**60
    ballots = Ballots(np.array([[0, 1, 2], [1, 0, 2], [0, 1, 2]]), [many, many, more])
    assert borda(ballots).winners == (("a",) if more else ("a", "b"))
