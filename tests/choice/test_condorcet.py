"""Condorcet winners, losers and Smith sets by their definitions, over all subsets, and by pref_voting."""

import itertools

from elections import CYCLE, TENNESSEE, duels, elections, named, stored
from hypothesis import given, settings

from ostrom import Ballots
from ostrom.choice import condorcet_loser, condorcet_winner, smith_set


@settings(max_examples=80, deadline=None)
@given(elections(most=5))
def test_definitions(ballots):
    votes, size = duels(ballots), range(len(ballots.alternatives))
    beats = {(a, b) for a, b in votes if votes[a, b] > votes[b, a]}
    first = [a for a in size if all((a, b) in beats for b in size if a != b)]
    last = [a for a in size if all((b, a) in beats for b in size if a != b)]
    assert condorcet_winner(ballots) == (named(ballots, first)[0] if first else None)
    assert condorcet_loser(ballots) == (named(ballots, last)[0] if last else None)
    subsets = itertools.chain(*(itertools.combinations(size, n) for n in range(1, len(size) + 1)))
    least = next(some for some in subsets if all((a, b) in beats for a in some for b in size if b not in some))
    assert smith_set(ballots).winners == named(ballots, least)


@settings(max_examples=40, deadline=None)
@given(elections(least=2, most=5))
def test_tiers_are_smith_sets_of_what_is_left(ballots):
    tiers = smith_set(ballots).ranking
    left = [name for tier in tiers[1:] for name in tier]
    assert not left or smith_set(ballots.only(*left)).ranking == tuple(
        tuple(name for name in left if name in tier) for tier in tiers[1:]
    )


def test_published_elections():
    assert (condorcet_winner(TENNESSEE), condorcet_loser(TENNESSEE)) == ("N", "M")
    assert smith_set(TENNESSEE).ranking == (("N",), ("C",), ("K",), ("M",))
    assert (condorcet_winner(CYCLE), smith_set(CYCLE).winners) == (None, ("a", "b", "c"))
    assert smith_set(Ballots.of(["a", "b"])).winners == ("a", "b")


def test_smith_sets_are_those_of_pref_voting():
    cases = list(stored("smith_set"))
    assert len(cases) == 60
    assert [smith_set(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]
