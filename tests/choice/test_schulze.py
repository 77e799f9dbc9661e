"""Schulze's method: his example, all paths by brute force, and pref_voting."""

import itertools

import numpy as np
import pytest
from elections import CYCLE, SCHULZE, TENNESSEE, duels, elections, named, stored
from hypothesis import given, settings

from ostrom.choice import schulze
from ostrom.choice._tally import strengths


def _strongest(weight, size):
    """The strongest of all paths between each two, one path after the other."""
    found = {}
    for a, b in itertools.permutations(range(size), 2):
        others = [k for k in range(size) if k not in (a, b)]
        paths = [(a, *via, b) for n in range(size - 1) for via in itertools.permutations(others, n)]
        found[a, b] = max(min(weight[step] for step in itertools.pairwise(path)) for path in paths)
    return found


@pytest.mark.parametrize("measure", ["margins", "winning"])
@settings(max_examples=50, deadline=None)
@given(ballots=elections())
def test_all_paths_by_brute_force(measure, ballots):
    votes, size = duels(ballots), len(ballots.alternatives)
    weight = {
        (a, b): (votes[a, b] - (votes[b, a] if measure == "margins" else 0)) * (votes[a, b] > votes[b, a])
        for a, b in votes
    }
    paths = _strongest(weight, size)
    beats = {(a, b) for a, b in paths if paths[a, b] > paths[b, a]}
    decision = schulze(ballots, measure=measure)
    assert decision.winners == named(ballots, set(range(size)) - {b for _, b in beats})
    tier = {name: k for k, names in enumerate(decision.ranking) for name in names}
    assert all(tier[ballots.alternatives[a]] < tier[ballots.alternatives[b]] for a, b in beats)


def test_the_published_example():
    assert schulze(SCHULZE).ranking == (("E",), ("A",), ("C",), ("B",), ("D",))
    strength = strengths(np, SCHULZE.pairwise, "winning")
    published = [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    assert (strength - np.diag(np.diag(strength))).tolist() == published


def test_other_published_elections():
    assert schulze(TENNESSEE).ranking == (("N",), ("C",), ("K",), ("M",))
    assert schulze(CYCLE).winners == ("a", "b", "c")


def test_winners_are_those_of_pref_voting():
    cases = list(stored("schulze"))
    assert len(cases) == 60
    assert [schulze(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]
