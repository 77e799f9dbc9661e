"""Ranked pairs: every order of equal duels by brute force, and pref_voting."""

import itertools

import numpy as np
import pytest
from elections import CYCLE, SCHULZE, TENNESSEE, duels, elections, named, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import ranked_pairs
from ostrom.core.errors import TooLarge


def _levels(ballots, measure="margins"):
    votes, weight = duels(ballots), {}
    for (a, b), many in votes.items():
        if many > votes[b, a]:
            weight.setdefault(many - (votes[b, a] if measure == "margins" else 0), []).append((a, b))
    return [weight[key] for key in sorted(weight, reverse=True)]


def _reaches(locked, start, end):
    return start == end or any(_reaches(locked, b, end) for a, b in locked if a == start)


def _tops(size, order):
    locked = []
    for a, b in order:
        if not _reaches(locked, b, a):
            locked.append((a, b))
    return set(range(size)) - {b for _, b in locked}


@pytest.mark.parametrize("measure", ["margins", "winning"])
@settings(max_examples=50, deadline=None)
@given(ballots=elections())
def test_every_order_of_equal_duels(measure, ballots):
    levels = _levels(ballots, measure)
    orders = itertools.islice(itertools.product(*(itertools.permutations(level) for level in levels)), 721)
    orders = list(orders)
    won = set().union(*(_tops(len(ballots.alternatives), itertools.chain(*order)) for order in orders))
    found = ranked_pairs(ballots, measure=measure).winners
    assert found == named(ballots, won) if len(orders) < 721 else set(named(ballots, won)) <= set(found)


@settings(max_examples=50, deadline=None)
@given(elections(), st.randoms())
def test_a_declared_order_sorts_equal_duels(ballots, random):
    order = list(range(len(ballots.alternatives)))
    random.shuffle(order)
    levels = [
        sorted(level, key=lambda pair: (order.index(pair[0]), -order.index(pair[1]))) for level in _levels(ballots)
    ]
    won = _tops(len(order), itertools.chain(*levels))
    decision = ranked_pairs(ballots, order=[ballots.alternatives[k] for k in order])
    assert decision.winners == named(ballots, won)
    assert set(decision.winners) <= set(ranked_pairs(ballots).winners)


def test_published_elections():
    assert ranked_pairs(TENNESSEE).ranking == (("N",), ("C",), ("K",), ("M",))
    assert ranked_pairs(SCHULZE).ranking == (("A",), ("C",), ("E",), ("B",), ("D",))
    assert ranked_pairs(CYCLE).winners == ("a", "b", "c")
    assert ranked_pairs(CYCLE, order=["b", "c", "a"]).winner == "b"


def test_what_is_locked_and_left_out_is_told():
    decision = ranked_pairs(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}))
    assert decision.rounds == (
        "5: b over c locked.",
        "3: a over b locked.",
        "1: c over a left out.",
        "None is locked above a.",
    )
    told = ranked_pairs(CYCLE)
    assert (told.ties, told.ranking) == (1, ())
    assert told.rounds[0].endswith("Not all can be locked, and 3 ways are followed.")


def test_winners_are_those_of_pref_voting():
    cases = list(stored("ranked_pairs"))
    assert len(cases) == 60
    assert sum(len(winners) > 1 for _, winners in cases) >= 10
    assert [ranked_pairs(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]


def test_too_many_ways_are_refused():
    ballots = Ballots(np.array([np.roll(np.arange(9), k) for k in range(9)] * 2))
    with pytest.raises(TooLarge, match="more than 50 orders"):
        ranked_pairs(ballots, limit=50)
    assert ranked_pairs(ballots, order=ballots.alternatives).winner == "a"


def test_many_duels_that_weigh_the_same_are_refused_soon():
    """Three voters and 150 alternatives: the ways to lock some 3,000 duels are not searched to the end."""
    rng = np.random.default_rng(0)
    ballots = Ballots(np.array([rng.permutation(150) for _ in range(4)]))
    with pytest.raises(TooLarge, match="150 alternatives"):
        ranked_pairs(ballots)
