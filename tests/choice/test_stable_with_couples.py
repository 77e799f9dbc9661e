"""Couples: published markets without a stable matching, and deferred acceptance where there are no couples."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.deferred_acceptance import deferred_acceptance
from ostrom.choice.stable_matchings import stable_matchings
from ostrom.choice.stable_with_couples import stable_with_couples
from ostrom.core.errors import InputError, TooLarge, UnknownName


def lists(seed, n, m):
    rng = np.random.default_rng(seed)
    wants = {f"p{i}": [f"h{k}" for k in rng.permutation(m)[: rng.integers(0, m + 1)]] for i in range(n)}
    takes = {f"h{k}": [f"p{i}" for i in rng.permutation(n)[: rng.integers(0, n + 1)]] for k in range(m)}
    return wants, takes


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_without_couples_they_are_the_stable_matchings(seed):
    wants, takes = lists(seed, 4, 3)
    found = stable_with_couples(wants, {}, takes)
    every = [one.pairs for one in stable_matchings(wants, takes).matchings]
    assert sorted(map(repr, found.placements)) == sorted(map(repr, every))
    several = stable_with_couples(wants, {}, takes, capacities=2)
    assert deferred_acceptance(wants, takes, capacities=2).pairs in several.placements


def test_a_market_of_klaus_and_klijn_without_a_stable_matching():
    """A single and a couple, two places (2005): the single and the couple drive each other out for ever."""
    found = stable_with_couples({"s": ["h1", "h2"]}, {("a", "b"): [("h1", "h2")]}, {"h1": ["a", "s"], "h2": ["s", "b"]})
    assert found.placements == ()
    assert found.tried == len(found.blocked) == 4
    assert "a and b would rather be at h1 and h2, and would be taken." in found.blocked
    assert "s would rather be at h2, and would be taken." in found.blocked


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_called_stable_is_so_by_brute_force(seed):
    """Two singles and a couple, places of two seats; a second writing of the definition of Roth (1984)."""
    rng = np.random.default_rng(seed)
    wants, takes = lists(seed, 4, 2)
    seats = {"h0": int(rng.integers(1, 3)), "h1": int(rng.integers(1, 3))}
    every = [(a, b) for a in ("h0", "h1", None) for b in ("h0", "h1", None)][:-1]
    joint = [every[k] for k in rng.permutation(len(every))[: rng.integers(1, 6)]]
    singles = {name: wants[name] for name in ("p0", "p1")}
    found = stable_with_couples(singles, {("p2", "p3"): joint}, takes, capacities=seats)

    def chosen(hospital, pool):
        return [name for name in takes[hospital] if name in pool][: seats[hospital]]

    def place(now, group, there):
        new = {**now, **dict(zip(group, there, strict=True))}
        for hospital in {h for h in there if h}:
            pool = [name for name, h in new.items() if h == hospital]
            if not {n for n, h in zip(group, there, strict=True) if h == hospital} <= set(chosen(hospital, pool)):
                return False
        return True

    good = []
    for p0, p1 in itertools.product([*singles["p0"], None], [*singles["p1"], None]):
        for pair in [*joint, (None, None)]:
            now = {"p0": p0, "p1": p1, "p2": pair[0], "p3": pair[1]}
            held = {h: [n for n, there in now.items() if there == h] for h in seats}
            if any(
                chosen(h, own) != [n for n in takes[h] if n in own] or set(own) - set(takes[h])
                for h, own in held.items()
            ):
                continue
            better = [((n,), (h,)) for n in singles for h in singles[n][: [*singles[n], None].index(now[n])]]
            better += [(("p2", "p3"), there) for there in joint[: [*joint, (None, None)].index(pair)]]
            if not any(place(now, group, there) for group, there in better):
                good.append(now)
    assert sorted(map(repr, found.placements)) == sorted(map(repr, good))


@pytest.mark.parametrize(
    ("singles", "couples", "receivers", "capacities"),
    [
        ({"a": ["x"]}, {("a", "b"): [("x", "x")]}, {"x": ["a", "b"]}, 1),
        ({}, {("a", "b"): [("x",)]}, {"x": ["a", "b"]}, 1),
        ({"a": ["x"]}, {}, {"x": ["a", "a"]}, 1),
        ({"a": ["x"]}, {}, {"x": ["a"]}, -1),
        ({"a": ["x"]}, {}, {"x": ["a"]}, {"x": 0.5}),
    ],
)
def test_what_is_no_market_is_refused(singles, couples, receivers, capacities):
    with pytest.raises(InputError):
        stable_with_couples(singles, couples, receivers, capacities=capacities)


def test_strangers_and_crowds_are_refused():
    with pytest.raises(UnknownName):
        stable_with_couples({"a": ["z"]}, {}, {"x": ["a"]})
    with pytest.raises(UnknownName):
        stable_with_couples({"a": ["x"]}, {}, {"x": ["z"]})
    names = [f"p{i}" for i in range(30)]
    with pytest.raises(TooLarge, match="combinations"):
        stable_with_couples({name: ["x", "y"] for name in names}, {}, {"x": names, "y": names})


@pytest.mark.parametrize(
    ("singles", "couples", "receivers", "capacities"),
    [
        ("Cyd", {}, {"X": ["Cyd"]}, 1),
        ({"Cyd": "XY"}, {}, {"X": ["Cyd"]}, 1),
        ({"Cyd": 3}, {}, {"X": ["Cyd"]}, 1),
        ({"Cyd": ["X"]}, {"AB": [("X", "X")]}, {"X": ["Cyd"]}, 1),
        ({"Cyd": ["X"]}, {("A", "B"): [3]}, {"X": ["Cyd"]}, 1),
        ({"Cyd": ["X"]}, {}, {"X": None}, 1),
        ({"Cyd": ["X"]}, {}, ["X"], 1),
        ({"Cyd": ["X"]}, {}, {"X": ["Cyd"]}, True),
        ({"Cyd": ["X"]}, {}, {"X": ["Cyd"]}, {"Z": 1}),
    ],
)
def test_what_is_no_market_is_refused_in_words(singles, couples, receivers, capacities):
    with pytest.raises(InputError):
        stable_with_couples(singles, couples, receivers, capacities=capacities)


def test_names_may_be_numbers_and_lists_may_come_one_by_one():
    found = stable_with_couples({1: (x for x in [7])}, {}, {7: (x for x in [1])}, capacities=np.int64(1))
    assert found.placements == ({"1": "7"},)
