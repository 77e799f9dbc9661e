"""Deferred acceptance: brute force over all matchings, another library's answers, reasons that are true."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.deferred_acceptance import deferred_acceptance
from ostrom.core.errors import InputError, TooLarge, UnknownName

STORED = json.loads((Path(__file__).parent / "data" / "matching.json").read_text(encoding="utf-8"))
CYCLE = [[0, 1, 2], [2, 0, 1], [1, 2, 0]], [[2, 0, 1], [1, 2, 0], [0, 1, 2]]


def market(seed, ties=False):
    """Ranks of both sides with gaps in the lists, and capacities."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 5, 2)
    sides = []
    for rows, columns in ((n, m), (m, n)):
        ranks = rng.integers(0, 2, (rows, columns)) if ties else rng.random((rows, columns)).argsort(1).argsort(1)
        sides.append(np.where(rng.random((rows, columns)) < 0.2, -1, ranks))
    return sides[0], sides[1], rng.integers(1, 3, m)


def blocks(P, Q, seats, partners):
    """Whether some pair would leave for each other, or somebody is with whom it does not accept."""
    for i, k in enumerate(partners):
        if k >= 0 and (P[i, k] < 0 or Q[k, i] < 0):
            return True
    for i, k in itertools.product(range(len(P)), range(len(Q))):
        if P[i, k] >= 0 and Q[k, i] >= 0 and (partners[i] < 0 or P[i, k] < P[i, partners[i]]):
            held = [j for j, thing in enumerate(partners) if thing == k]
            if len(held) < seats[k] or any(Q[k, j] > Q[k, i] for j in held):
                return True
    return False


def every_stable(P, Q, seats):
    all_ = itertools.product(range(-1, len(Q)), repeat=len(P))
    fits = [p for p in all_ if all(p.count(k) <= seats[k] for k in range(len(Q)))]
    return [p for p in fits if not blocks(P, Q, seats, p)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_it_is_the_stable_matching_that_every_proposer_likes_best(seed):
    P, Q, seats = market(seed)
    found, stable = deferred_acceptance(P, Q, capacities=seats), every_stable(P, Q, seats)
    assert found.partners in stable
    assert found.blocking == found.tied_out == ()
    for i in range(len(P)):
        places = [P[i, p[i]] if p[i] >= 0 else 99 for p in stable]
        assert (found.ranks[i] if found.partners[i] >= 0 else 99) == min(places)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_with_ties_it_is_stable_and_says_whom_the_order_decided_about(seed):
    P, Q, seats = market(seed, ties=True)
    found = deferred_acceptance(P, Q, capacities=seats)
    assert found.partners in every_stable(P, Q, seats)
    for agent, thing in found.tied_out:
        i, k = found.market.agents.index(agent), found.market.things.index(thing)
        assert any(Q[k, j] == Q[k, i] for j in found.holders[k])
        assert f"{thing} is with" in found.why(agent)
        assert "the declared order decided" in found.why(agent)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_blocks_a_matching_is_found(seed):
    P, Q, seats = market(seed)
    found = deferred_acceptance(P, Q, capacities=seats)
    for other in itertools.product(range(-1, len(Q)), repeat=len(P)):
        fine = all(other.count(k) <= seats[k] for k in range(len(Q)))
        if fine and all(k < 0 or (P[i, k] >= 0 and Q[k, i] >= 0) for i, k in enumerate(other)):
            changed = type(found)(other, "by hand", 0, found.market)
            assert bool(changed.blocking) == blocks(P, Q, seats, other)


@pytest.mark.parametrize("case", STORED["hospitals"], ids=range(len(STORED["hospitals"])))
def test_another_library_says_the_same(case):
    """The python package matching, 1.4.3: residents' best; and hospitals' best, by seats that ask."""
    found = deferred_acceptance(case["residents"], case["hospitals"], capacities=case["capacities"])
    held = {name: [] for name in case["hospitals"]}
    for resident, hospital in found.pairs.items():
        if hospital is not None:
            held[hospital].append(resident)
    assert {name: sorted(own) for name, own in held.items()} == case["answers"]["resident"]


def test_the_cycle_of_gale_and_shapley():
    """Each gets its first choice from the side that asks, and its last from the other."""
    men, women = CYCLE
    assert deferred_acceptance(men, women).ranks == (0, 0, 0)
    back = deferred_acceptance(women, men)
    assert [men[m][w] for w, m in enumerate(back.partners)] == [2, 2, 2]


def test_the_order_that_breaks_ties_is_the_one_declared():
    wants = {"Ann": ["X"], "Bob": ["X"]}
    assert deferred_acceptance(wants, {"X": [["Ann", "Bob"]]}).unmatched == ("Bob",)
    found = deferred_acceptance(wants, {"X": [["Ann", "Bob"]]}, ties=(["Bob", "Ann"], None))
    assert found.unmatched == ("Ann",)
    assert found.tied_out == (("Ann", "X"),)
    assert found.market.ties == 1
    assert found.why("Ann").endswith("X is with Bob; it ranks Bob the same, and the declared order decided.")


def test_reasons_name_what_stood_in_the_way():
    found = deferred_acceptance(
        {"Ann": ["X", "Y", "Z"], "Bob": ["X"], "Cyd": []}, {"X": ["Bob", "Ann"], "Y": [], "Z": ["Ann"]}
    )
    assert found.pairs == {"Ann": "Z", "Bob": "X", "Cyd": None}
    assert found.why("Ann") == (
        "Ann is with Z. Better, but out of reach: X is with Bob, ranked before it; Y does not accept Ann."
    )
    assert found.why("Bob") == "Bob is with X, and nothing it accepts is better."
    assert found.why(2) == "Cyd is with nobody: it accepts nothing else."
    assert found.why("Z") == "Z is with Ann, and nobody it accepts is better."
    women = deferred_acceptance({"a": ["x", "y"], "b": ["y", "x"]}, {"x": ["b", "a"], "y": ["a", "b"]})
    assert women.why("x") == "x is with a. Better, but out of reach: b is with y, which it prefers."


def test_couples_are_not_passed_over():
    with pytest.raises(InputError, match=r"1 couples.*stable_with_couples"):
        deferred_acceptance({"Ann": ["X"], "Bob": ["X"]}, {"X": ["Ann", "Bob"]}, couples=[("Ann", "Bob")])


def test_a_thousand_a_side():
    rng = np.random.default_rng(0)
    P, Q = rng.random((2, 1_000, 1_000)).argsort(2)
    found = deferred_acceptance(P, Q)
    assert sorted(found.partners) == list(range(1_000))
    assert found.blocking == ()


@pytest.mark.parametrize(
    ("proposers", "receivers", "more"),
    [
        ([[0.5]], [[0]], {}),
        ([[0, 1]], [[0]], {}),
        ([[np.nan]], [[0]], {}),
        ([[-2]], [[0]], {}),
        ([], [], {}),
        ([["a"]], [[0]], {}),
        ([[0]], [[0]], {"capacities": -1}),
        ([[0]], [[0]], {"capacities": [1, 2]}),
        ([[0]], [[0]], {"capacities": 0.5}),
        ([[0]], [[0]], {"ties": ([0, 0], None)}),
        ([[0]], [[0]], {"ties": 3}),
        ({"a": ["x", "x"]}, {"x": ["a"]}, {}),
        ({"a": "x"}, {"x": ["a"]}, {}),
        ({"a": ["x"]}, [[0]], {}),
    ],
)
def test_what_is_no_market_is_refused(proposers, receivers, more):
    with pytest.raises(InputError):
        deferred_acceptance(proposers, receivers, **more)


def test_strangers_are_named():
    with pytest.raises(UnknownName, match="no one whom a could rank called 'z'"):
        deferred_acceptance({"a": ["z"]}, {"x": ["a"]})
    with pytest.raises(UnknownName, match="no receiver called 'z'"):
        deferred_acceptance({"a": ["x"]}, {"x": ["a"]}, capacities={"z": 1})
    with pytest.raises(UnknownName):
        deferred_acceptance({"a": ["x"]}, {"x": ["a"]}).why("nobody")
    with pytest.raises(TooLarge):
        deferred_acceptance(np.zeros((5_001, 5_000), int), np.zeros((5_000, 5_001), int))


@pytest.mark.parametrize("couples", [3, None, np.array(2.0), {"a": 1}])
def test_couples_of_any_kind_are_refused_in_words(couples):
    with pytest.raises(InputError):
        deferred_acceptance([[0]], [[0]], couples=couples)


def test_an_order_without_entries_is_no_order():
    with pytest.raises(InputError, match="no list"):
        deferred_acceptance([[0]], [[0]], ties=(np.array(0), None))


def test_seats_beyond_what_can_be_counted_are_refused():
    with pytest.raises(InputError, match="Capacities"):
        deferred_acceptance([[0]], [[0]], capacities=np.array([2**63 + 1], np.uint64))


def test_long_orders_by_name_are_looked_up_at_once():
    names = [str(k) for k in range(20_000)]
    found = deferred_acceptance({name: ["x"] for name in names}, {"x": [names]}, ties=(names[::-1], None))
    assert found.holders == ((19_999,),)
