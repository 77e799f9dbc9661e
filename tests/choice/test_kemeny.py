"""Kemeny's rankings: all orders by brute force, pref_voting's, a published election, and large ones in parts."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from elections import CYCLE, TENNESSEE, duels, elections
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import disagreements, kemeny
from ostrom.core.errors import InputError, TooLarge, UnknownName

STORED = json.loads((Path(__file__).parent / "data" / "kemeny.json").read_text(encoding="utf-8"))


def brute(ballots):
    """All orders with the fewest disagreements, by the definition."""
    votes, size = duels(ballots), len(ballots.alternatives)
    costs = {
        order: sum(votes[after, before] for before, after in itertools.combinations(order, 2))
        for order in itertools.permutations(range(size))
    }
    least = min(costs.values())
    return least, [order for order in costs if costs[order] == least]


def same(ballots):
    found = kemeny(ballots, most=800)
    least, orders = brute(ballots)
    names = ballots.alternatives
    assert found.disagreements == least
    assert found.count == len(orders)
    assert found.unique == (len(orders) == 1)
    assert set(found.rankings) == {tuple(names[k] for k in order) for order in orders}
    assert set(found.winners) == {names[order[0]] for order in orders}
    best = {name: min(order.index(k) for order in orders) for k, name in enumerate(names)}
    assert [set(tier) for tier in found.ranking] == [
        {name for name in names if best[name] == place} for place in sorted(set(best.values()))
    ]
    for one, other in itertools.permutations(range(len(names)), 2):
        if all(order.index(one) < order.index(other) for order in orders):
            tier = {name: k for k, tied in enumerate(found.ranking) for name in tied}
            assert tier[names[one]] < tier[names[other]]
    assert {disagreements(ballots, ranking) for ranking in found.rankings} == {least}


@settings(max_examples=60, deadline=None)
@given(elections(most=6))
def test_all_orders_by_brute_force(ballots):
    same(ballots)


@settings(max_examples=15, deadline=None)
@given(elections(least=6, most=6, strict=True))
def test_six_alternatives_by_brute_force(ballots):
    same(ballots)


@pytest.mark.parametrize("case", STORED["cases"][:20], ids=range(20))
def test_rankings_are_those_of_pref_voting(case):
    orders = np.array([list(map(int, order)) for order in case["orders"]])
    names = tuple("0123456789"[: orders.shape[1]])
    found = kemeny(Ballots(np.argsort(orders, 1), alternatives=names), most=720)
    assert sorted("".join(ranking) for ranking in found.rankings) == case["rankings"]


def test_known_elections():
    capital = kemeny(TENNESSEE)
    assert capital.rankings == (("N", "C", "K", "M"),)
    assert capital.winner == "N"
    circle = kemeny(CYCLE)
    assert circle.rankings == (("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b"))
    assert circle.winners == ("a", "b", "c")
    assert (circle.disagreements, circle.ties, circle.unique) == (4, 1, False)
    assert circle.settled(["c", "b", "a"]).winner == "c"


def test_a_tied_ranking_has_tiers_as_that_of_other_rules():
    assert kemeny(Ballots.of(["a > b > c", "b > a > c"])).ranking == (("a", "b"), ("c",))
    assert kemeny(TENNESSEE).ranking == (("N",), ("C",), ("K",), ("M",))


def test_many_alternatives_are_ranked_group_by_group():
    """Ten circles of three, each beaten by the one before."""
    names = [f"{group}{one}" for group in range(10) for one in "abc"]
    turned = [[f"{group}{'abc'[(k + turn) % 3]}" for group in range(10) for k in range(3)] for turn in range(3)]
    found = kemeny(Ballots.of([" > ".join(order) for order in turned], names), most=5)
    assert found.count == 3**10
    assert found.disagreements == 10 * 4
    assert len(found.rankings) == 5
    assert found.rankings[0] == tuple(names)
    assert found.winners == ("0a", "0b", "0c")


def test_sixteen_in_one_circle_by_local_search():
    """No exchange of two places makes the answer better, and no drawn order is better."""
    rng = np.random.default_rng(3)
    ballots = Ballots(rng.random((51, 16)).argsort(1))
    found = kemeny(ballots)
    best = list(found.rankings[0])
    for i, j in itertools.combinations(range(16), 2):
        other = best.copy()
        other[i], other[j] = other[j], other[i]
        assert disagreements(ballots, other) >= found.disagreements
        moved = [*best[:i], *best[i + 1 :]]
        assert disagreements(ballots, [*moved[:j], best[i], *moved[j:]]) >= found.disagreements
    assert all(disagreements(ballots, rng.permutation(best)) >= found.disagreements for _ in range(100))
    assert all(disagreements(ballots, ranking) == found.disagreements for ranking in found.rankings)


@settings(max_examples=30, deadline=None)
@given(elections(most=5, strict=True), st.integers(0, 10**6))
def test_names_and_copies_do_not_matter(ballots, seed):
    """Neutral, homogeneous, and the reverse of a best ranking is best where everybody turns around."""
    found = kemeny(ballots, most=200)
    order = np.random.default_rng(seed).permutation(ballots.alternatives).tolist()
    assert set(kemeny(ballots.only(*order), most=200).rankings) == set(found.rankings)
    assert kemeny(Ballots(ballots.ranks, ballots.counts * 3), most=200).rankings == found.rankings
    turned = kemeny(Ballots(ballots.ranks.max() - ballots.ranks, ballots.counts), most=200)
    assert {ranking[::-1] for ranking in turned.rankings} == set(found.rankings)


@settings(max_examples=30, deadline=None)
@given(elections(least=2, most=5, strict=True))
def test_a_condorcet_winner_is_first_and_agreement_is_at_least_half(ballots):
    found = kemeny(ballots)
    wins = (ballots.margins > 0).sum(1)
    if wins.max() == len(wins) - 1:
        assert found.winner == ballots.alternatives[int(wins.argmax())]
    assert 0.5 <= found.agreement <= 1


def test_nobody_says_anything():
    found = kemeny(Ballots([[-1] * 12]))
    assert (found.count, found.disagreements, found.agreement) == (479_001_600, 0, 1.0)
    assert len(found.rankings) == 100


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(TooLarge, match="21 of 21"):
        kemeny(Ballots([[0] * 21]))
    with pytest.raises(TooLarge, match="too many"):
        kemeny(Ballots([[0, 1]], [2**60]))
    with pytest.raises(InputError):
        kemeny(CYCLE, most=0)
    with pytest.raises(InputError, match="once"):
        disagreements(CYCLE, ("a", "b"))
    with pytest.raises(UnknownName):
        disagreements(CYCLE, ("a", "b", "z"))
