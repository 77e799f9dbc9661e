"""Instant runoff: one elimination after the other, every course of it, and pref_voting."""

from functools import cache

import numpy as np
import pytest
from elections import CYCLE, SCHULZE, TENNESSEE, elections, first_places, named, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import instant_runoff
from ostrom.core.errors import InputError, TooLarge, UnknownName


def _courses(ballots, tied):
    """The winners of every course, by plain recursion that takes one away at a time."""

    @cache
    def last(standing):
        votes = first_places(ballots, sorted(standing), tied)
        fewest = [k for k in standing if votes[k] == min(votes.values())]
        return standing if len(standing) == 1 else frozenset().union(*(last(standing - {k}) for k in fewest))

    return last(frozenset(range(len(ballots.alternatives))))


@pytest.mark.parametrize("tied", ["split", "all"])
@settings(max_examples=60, deadline=None)
@given(ballots=elections(most=5))
def test_every_course_is_followed(tied, ballots):
    assert instant_runoff(ballots, tied=tied).winners == named(ballots, _courses(ballots, tied))


@settings(max_examples=60, deadline=None)
@given(elections(most=5), st.randoms())
def test_a_declared_order_takes_one_course(ballots, random):
    order = list(ballots.alternatives)
    random.shuffle(order)
    standing = list(range(len(order)))
    while len(standing) > 1:
        votes = first_places(ballots, standing)
        fewest = [k for k in standing if votes[k] == min(votes.values())]
        standing.remove(max(fewest, key=lambda k: order.index(ballots.alternatives[k])))
    decision = instant_runoff(ballots, order=order)
    assert decision.settled(order).winners == named(ballots, standing)
    assert set(decision.winners) <= set(instant_runoff(ballots).winners)


def test_knoxville():
    decision = instant_runoff(TENNESSEE)
    assert decision.ranking == (("K",), ("M",), ("N",), ("C",))
    assert decision.rounds[1] == "M 42, K 32, N 26: N has the fewest and goes."


def test_ties_are_told_and_counted():
    decision = instant_runoff(CYCLE)
    assert (decision.winners, decision.ties, decision.ranking) == (("a", "b", "c"), 1, ())
    assert "a, b and c are tied for the fewest, and each course is followed" in decision.rounds[0]
    settled = instant_runoff(CYCLE, order=["c", "a", "b"])
    assert (settled.winner, settled.ties) == ("c", 1)
    assert "b goes, the last of them in the declared order" in settled.rounds[0]
    assert instant_runoff(SCHULZE).winner == "C"


def test_winners_are_those_of_pref_voting():
    cases = list(stored("instant_runoff"))
    assert len(cases) == 40
    assert [instant_runoff(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]


def test_more_votes_can_harm():
    """Two who put b first now put a, the winner, first; the others' order is kept, and a loses: it is not monotone."""
    before = Ballots.of({"a > b > c": 6, "c > a > b": 5, "b > c > a": 4, "b > a > c": 2})
    after = Ballots.of({"a > b > c": 8, "c > a > b": 5, "b > c > a": 4})
    assert instant_runoff(before).winner == "a"
    assert instant_runoff(after).winner == "c"


def test_nobody_is_left_who_counts():
    nobody = instant_runoff(Ballots([[-1, -1, -1]], [4]))
    assert (nobody.winners, nobody.rounds) == (
        ("a", "b", "c"),
        ("a, b and c are left, and no ballot counts any more.",),
    )
    assert instant_runoff(Ballots([[0, -1, -1]], [4])).winner == "a"


def test_too_many_courses_are_refused():
    ballots = Ballots(np.array([np.roll(np.arange(14), k) for k in range(14)]))
    with pytest.raises(TooLarge, match="more than 100 sets"):
        instant_runoff(ballots, limit=100)
    assert instant_runoff(ballots, order=ballots.alternatives).winner in ballots.alternatives


def test_orders_that_do_not_settle():
    with pytest.raises(UnknownName):
        instant_runoff(TENNESSEE, order=["M", "N", "C", "X"])
    with pytest.raises(InputError, match="leaves out K"):
        instant_runoff(TENNESSEE, order=["M", "N", "C"])
    with pytest.raises(InputError, match="names one twice"):
        instant_runoff(TENNESSEE, order=["M", "N", "C", "K", "M"])
