"""Stable roommates against brute force, another library, and the definition of a stable partition."""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.stable_roommates import stable_roommates
from ostrom.core.errors import InputError

STORED = json.loads((Path(__file__).parent / "data" / "matching.json").read_text(encoding="utf-8"))


def pairings(left):
    """Every way to pair some of those left; who is alone is with itself."""
    if not left:
        yield {}
        return
    first, *rest = left
    for partner in left:
        for more in pairings([one for one in rest if one != partner]):
            yield {first: partner, partner: first, **more}


def rank(R, i, k):
    return 99 if i == k else R[i, k]


def acceptable(R, i, k):
    return i != k and R[i, k] >= 0 and R[k, i] >= 0


def stable(R):
    people = range(len(R))
    for one in pairings(list(people)):
        if all(i == k or acceptable(R, i, k) for i, k in one.items()):
            pairs = [(i, k) for i, k in combinations(people, 2) if acceptable(R, i, k)]
            if not any(R[i, k] < rank(R, i, one[i]) and R[k, i] < rank(R, k, one[k]) for i, k in pairs):
                yield tuple(-1 if one[i] == i else one[i] for i in people)


def proves(R, parties):
    """Tan's two conditions: each likes the next better than the one before; no two like each other more."""
    after = {i: party[(at + 1) % len(party)] for party in parties for at, i in enumerate(party)}
    before = {k: i for i, k in after.items()}
    rising = all(R[i, after[i]] < R[i, before[i]] for party in parties if len(party) > 2 for i in party)
    pairs = [
        (i, k) for i, k in combinations(range(len(R)), 2) if acceptable(R, i, k) and k not in (after[i], before[i])
    ]
    return rising and not any(R[i, k] < rank(R, i, before[i]) and R[k, i] < rank(R, k, before[k]) for i, k in pairs)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_it_is_stable_or_there_is_none_and_the_partition_proves_it(seed, gaps):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 8))
    R = rng.random((n, n)).argsort(1).argsort(1)
    R = np.where(rng.random((n, n)) < 0.25 * gaps, -1, R)
    found, every = stable_roommates(R), list(stable(R))
    assert proves(R, [[int(name.split()[1]) - 1 for name in party] for party in found.parties])
    assert (found.matching is None) == (every == [])
    assert bool(found.witness) == (every == [])
    if found.matching is not None:
        assert found.matching.partners in every
        assert found.matching.blocking == ()


@pytest.mark.parametrize("case", STORED["roommates"], ids=range(len(STORED["roommates"])))
def test_another_library_says_the_same(case):
    """The python package matching, 1.4.3: it finds none where there is none, and what it finds does not block."""
    found = stable_roommates(case["agents"])
    assert (found.matching is None) == (case["answer"] is None)
    if case["answer"] is not None:
        names = list(case["agents"])
        theirs = tuple(names.index(case["answer"][name]) for name in names)
        assert replace(found.matching, partners=theirs).blocking == ()


def test_three_who_chase_each_other():
    wants = {"a": ["b", "c", "d"], "b": ["c", "a", "d"], "c": ["a", "b", "d"], "d": ["a", "b", "c"]}
    found = stable_roommates(wants)
    assert found.matching is None
    assert found.witness == ("a", "b", "c")
    assert "a → b → c → a" in found.why()


def test_reasons_of_a_pair():
    found = stable_roommates({"a": ["b", "c"], "b": ["c", "a"], "c": ["b", "a"]})
    assert (
        found.why("a")
        == "a is with nobody. Better, but out of reach: b is with c, ranked before it; c is with b, ranked before it."
    )


def test_ties_are_counted_and_broken_as_declared():
    wants = {"a": [["b", "c"]], "b": ["a"], "c": ["a"]}
    assert stable_roommates(wants).matching.pairs == {"a": "b", "b": "a", "c": None}
    found = stable_roommates(wants, ties=["c", "b", "a"])
    assert found.matching.pairs == {"a": "c", "b": None, "c": "a"}
    assert found.ties == 1


@pytest.mark.parametrize("wrong", [[[0, 1]], [0, 1], [["a", "b"], ["c", "d"]], {"a": ["z"]}])
def test_what_is_no_group_is_refused(wrong):
    with pytest.raises(InputError):
        stable_roommates(wrong)


def test_five_hundred():
    R = np.random.default_rng(1).random((500, 500)).argsort(1).argsort(1)
    found = stable_roommates(R)
    assert (found.matching is None) == bool(found.witness)
    assert proves(R, [[int(name.split()[1]) - 1 for name in party] for party in found.parties])
