"""Maximal lotteries: closed forms, the definition, vertices by brute force, and pref_voting's odds."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from elections import CYCLE, TENNESSEE, duels, elections
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import maximal_lotteries
from ostrom.core.errors import InputError, TooLarge, UnknownName

STORED = json.loads((Path(__file__).parent / "data" / "kemeny.json").read_text(encoding="utf-8"))


def margins(ballots):
    votes, size = duels(ballots), len(ballots.alternatives)
    return [[votes[i, j] - votes[j, i] for j in range(size)] for i in range(size)]


def vertices(table):
    """All vertices of the set of maximal lotteries, in floats: every choice of constraints that are met."""
    size = len(table)
    rows = np.vstack([np.array(table, float).T, np.eye(size)])  # all of these times q are at least 0
    found = []
    for met in itertools.combinations(range(2 * size), size - 1):
        system = np.vstack([rows[list(met)], np.ones(size)])
        if abs(np.linalg.det(system)) > 1e-9:
            q = np.linalg.solve(system, np.append(np.zeros(size - 1), 1.0))
            if (rows @ q > -1e-9).all() and not any(np.allclose(q, other) for other in found):
                found.append(q)
    return found


@settings(max_examples=60, deadline=None)
@given(elections(most=4), st.sampled_from(["margins", "majority"]))
def test_it_is_maximal_and_unique_where_all_vertices_are_one(ballots, weigh):
    lottery, table = maximal_lotteries(ballots, weigh=weigh), margins(ballots)
    table = table if weigh == "margins" else np.sign(table).tolist()
    assert sum(lottery.odds) == 1
    assert min(lottery.odds) >= 0
    won = [sum(p * row[j] for p, row in zip(lottery.odds, table, strict=True)) for j in range(len(table))]
    assert tuple(won) == lottery.margins
    assert min(won) >= 0
    corners = vertices(table)
    assert lottery.unique == (len(corners) == 1)
    assert lottery.freedom == np.linalg.matrix_rank(np.array(corners) - corners[0], tol=1e-7)
    some = {name for q in corners for name, share in zip(ballots.alternatives, q, strict=True) if share > 1e-9}
    assert set(lottery.support) == some


def test_circles_by_their_closed_form():
    """In a circle of three, each has odds in proportion to the margin of the duel that it is not in."""
    assert maximal_lotteries(CYCLE).odds == (Fraction(1, 3),) * 3
    uneven = maximal_lotteries(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}))
    assert uneven.odds == (Fraction(5, 9), Fraction(1, 9), Fraction(3, 9))
    assert uneven.unique
    assert (
        maximal_lotteries(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}), weigh="majority").odds
        == (Fraction(1, 3),) * 3
    )


def test_a_condorcet_winner_has_all_the_odds():
    lottery = maximal_lotteries(TENNESSEE)
    assert (lottery.support, lottery["N"], lottery.unique) == (("N",), 1, True)


def test_several_lotteries_are_flagged():
    lottery = maximal_lotteries(Ballots.of(["a > b > c", "b > a > c"]))
    assert (lottery.unique, lottery.freedom, lottery.support) == (False, 1, ("a", "b"))
    assert maximal_lotteries(Ballots([[-1] * 5])).freedom == 4


@pytest.mark.parametrize("case", [case for case in STORED["cases"] if "lottery" in case])
def test_odds_are_those_of_pref_voting(case):
    orders = np.array([list(map(int, order)) for order in case["orders"]])
    lottery = maximal_lotteries(Ballots(np.argsort(orders, 1)))
    assert lottery.unique  # an odd number of strict orders
    assert np.array(lottery.odds, float) == pytest.approx(case["lottery"], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(elections(least=2, strict=True), st.data())
def test_a_clone_shares_odds_and_changes_nobody_elses(ballots, data):
    lottery = maximal_lotteries(ballots)
    place = data.draw(st.integers(0, len(ballots.alternatives) - 1))
    flips = data.draw(st.lists(st.booleans(), min_size=len(ballots.ranks), max_size=len(ballots.ranks)))
    clone = ballots.ranks * 2
    column = clone[:, place] + np.where(flips, 1, -1)
    both = maximal_lotteries(Ballots(np.column_stack([clone, column]), ballots.counts))
    if lottery.unique:
        shares = np.array(both.odds[:-1])
        shares[place] += both.odds[-1]
        assert tuple(shares) == lottery.odds


def test_large_elections_are_solved_exactly():
    rng = np.random.default_rng(1)
    lottery = maximal_lotteries(Ballots(rng.random((10_001, 50)).argsort(1)))
    assert lottery.unique
    assert len(lottery.support) % 2 == 1
    assert min(lottery.margins) == 0


def test_very_uneven_electorates():
    """Odds are far apart, and first guesses at who has any are wrong."""
    ballots = Ballots.of(
        {
            "a = b = f > c > d = e": 10_000,
            "e > a > b = d = f": 10_000,
            "b = c = e = f > d": 10_000,
            "b = f > c = d = e": 10,
            "a > b = f > c = e": 100,
        }
    )
    lottery = maximal_lotteries(ballots)
    assert sum(lottery.odds) == 1
    assert min(*lottery.odds, *lottery.margins) >= 0
    assert all((share > 0) == (won == 0) for share, won in zip(lottery.odds, lottery.margins, strict=True))


def test_draws_are_laid_end_to_end():
    lottery = maximal_lotteries(CYCLE)
    assert [lottery.drawn(u) for u in (0, 0.33, 0.34, 0.66, 0.67, 0.999)] == list("aabbcc")
    assert lottery.drawn(0, "cba") == "c"
    for u, order in ((1.0, None), (-0.1, None), (float("nan"), None), (0.5, "ab")):
        with pytest.raises(InputError):
            lottery.drawn(u, order)
    with pytest.raises(UnknownName):
        lottery["z"]


def test_what_there_is_not_is_refused():
    with pytest.raises(UnknownName):
        maximal_lotteries(CYCLE, weigh="votes")
    with pytest.raises(TooLarge):
        maximal_lotteries(Ballots([[0] * 101]))
