"""The Shapley value against orders listed one by one, published indices, and coopgame-py."""

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.coalitional import Coalitional
from ostrom.solvers import shapley

STORED = json.loads((Path(__file__).parent / "data" / "coalitions.json").read_text(encoding="utf-8"))["games"]
TABLES = st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(-9, 9), min_size=2**n - 1, max_size=2**n - 1))

ELECTORAL = [
    *(55, 38, 29, 29, 20, 20, 18, 16, 16, 15, 14, 13, 12, 11, 11, 11, 11, 10, 10, 10, 10, 9, 9, 9, 8, 8),
    *(7, 7, 7, 6, 6, 6, 6, 6, 6, 5, 5, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3),
]


def by_orders(worth):
    count = len(worth).bit_length() - 1
    total = [Fraction(0)] * count
    for order in itertools.permutations(range(count)):
        group = 0
        for i in order:
            total[i] += Fraction(worth[group | 1 << i]) - Fraction(worth[group])
            group |= 1 << i
    return tuple(one / math.factorial(count) for one in total)


@given(TABLES)
@settings(max_examples=30)
def test_it_is_the_mean_over_all_orders(worths):
    worth = [0, *worths]
    found = shapley(Coalitional(worth))
    assert found.exact == by_orders(worth)
    assert sum(found.exact) == worth[-1]
    assert found.status == "complete"


@given(TABLES, st.integers(2, 7))
@settings(max_examples=20)
def test_fractions_stay_fractions(worths, denominator):
    worth = [Fraction(0), *(Fraction(one, denominator) for one in worths)]
    assert shapley(Coalitional(worth)).exact == by_orders(worth)


def test_whole_numbers_of_any_length():
    worth = [0, 3**50, 5**40, 7**40, -(2**90), 1, 11**30, 13**30]
    assert shapley(Coalitional(worth)).exact == by_orders(worth)


@pytest.mark.parametrize("game", STORED, ids=lambda game: game["name"])
def test_coopgame_finds_the_same(game):
    assert shapley(Coalitional(game["worth"])).values == pytest.approx(game["shapley"], abs=1e-11)


def test_the_security_council():
    """Five permanent members and ten others; 39 of 5 · 7 + 10 votes are needed (Shapley and Shubik 1954)."""
    found = shapley(Coalitional.weighted_voting(39, [7] * 5 + [1] * 10))
    assert set(found.exact[:5]) == {Fraction(421, 2145)}
    assert set(found.exact[5:]) == {Fraction(4, 2145)}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7).filter(any), st.floats(0.01, 1))
@settings(max_examples=30)
def test_counting_votes_is_listing_them(weights, share):
    quota = max(1, math.ceil(share * sum(weights)))
    voting = Coalitional.weighted_voting(quota, weights)
    assert shapley(voting).exact == by_orders([int(one) for one in voting.worth])


def test_the_electoral_college_and_hundreds_of_voters():
    """Mann and Shapley (1962) counted 51 states; here with the votes of 2012: California has more than its share."""
    assert sum(ELECTORAL) == 538
    found = shapley(Coalitional.weighted_voting(270, ELECTORAL))
    assert sum(found.exact) == 1
    assert found.exact[0] > Fraction(55, 538)
    alike = shapley(Coalitional.weighted_voting(101, [1] * 200))
    assert set(alike.exact) == {Fraction(1, 200)}


def test_the_airport_game_in_closed_form():
    """Littlechild and Owen (1973): everybody who needs a stretch of the runway shares its cost."""
    costs = (2, 3, 7, 8, 12)
    game = Coalitional(lambda group: -max(costs[i] for i in group), players=5)
    steps = np.diff((0, *costs))
    shared = [sum(Fraction(int(steps[k]), 5 - k) for k in range(i + 1)) for i in range(5)]
    assert [-share for share in shapley(game).exact] == shared


def test_long_tables_of_floats_are_summed_in_floats():
    """An additive game of 14 players gives everybody its own; one of squares of sizes gives all the same."""
    own = np.random.default_rng(0).random(14)
    masks = np.arange(2**14)
    bits = (masks[:, None] >> np.arange(14) & 1).astype(float)
    found = shapley(Coalitional(bits @ own))
    assert found.exact is None
    assert found.values == pytest.approx(own, abs=1e-13)
    assert shapley(Coalitional(bits.sum(1) ** 2 / 3)).values == pytest.approx([14 / 3] * 14)


def test_samples_come_with_intervals():
    voting = Coalitional.weighted_voting(39, [7] * 5 + [1] * 10)
    found = shapley(voting, samples=2000, seed=3)
    exact = shapley(voting).values
    assert (found.status, found.exact) == ("partial", None)
    inside = [low <= one <= high for (low, high), one in zip(found.intervals, exact, strict=True)]
    assert sum(inside) >= 13
    assert all(high > low for low, high in found.intervals)
    assert found == shapley(voting, samples=2000, seed=3)
    assert found != shapley(voting, samples=2000, seed=4)
    many = shapley(Coalitional(lambda group: len(group) / 2, players=60), samples=50)
    assert many.values == pytest.approx([0.5] * 60)


def test_what_would_take_too_long_is_refused():
    with pytest.raises(TooLarge, match="samples"):
        shapley(Coalitional.weighted_voting(10**9, [10**9 - 1, 2, 3]))
    with pytest.raises(TooLarge):
        shapley(Coalitional(len, players=40))
    with pytest.raises(InputError):
        shapley(Coalitional([0, 1, 1, 3]), samples=1)
