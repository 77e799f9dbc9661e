"""Exact odds and prices, checked again by loops over Fractions, and how often random games have them."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import correlated
from ostrom.solvers._rational import rational, rational_prices

CHICKEN = np.array([[[6, 6], [2, 7]], [[7, 2], [0, 0]]])
TABLES = st.sampled_from([(2, 2), (3, 3), (2, 3), (2, 2, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)


def total(utilities):
    return utilities.sum(axis=-1)


def incentives(table, coarse):
    """Per row, in the documented order, the exact gain at every joint move."""
    table = table.astype(object)
    profiles = list(itertools.product(*map(range, table.shape[:-1])))
    for i, size in enumerate(table.shape[:-1]):
        for told, wanted in itertools.product([None] if coarse else range(size), range(size)):
            gains = {}
            for a in profiles:
                moved = (*a[:i], wanted, *a[i + 1 :])
                gains[a] = Fraction(table[moved][i]) - Fraction(table[a][i]) if told in (None, a[i]) else Fraction(0)
            yield gains


def is_equilibrium(table, odds, coarse):
    assert all(isinstance(share, Fraction) and share >= 0 for share in odds.flat)
    assert sum(odds.flat) == 1
    return all(sum(odds[a] * gain for a, gain in row.items()) <= 0 for row in incentives(table, coarse))


def proved(table, goal, prices, coarse, worst):
    """The bound by weak duality, by hand."""
    assert all(isinstance(price, Fraction) and price >= 0 for price in prices)
    left = {a: Fraction(int(goal[a])) for a in np.ndindex(goal.shape)}
    for price, row in zip(prices, incentives(table, coarse), strict=True):
        for a, gain in row.items():
            left[a] += price * gain if worst else -price * gain
    return min(left.values()) if worst else max(left.values())


def test_chicken_exactly():
    best, worst = (correlated(NormalForm(CHICKEN), total, worst=end) for end in (False, True))
    half, fifth = Fraction(1, 4), Fraction(1, 5)
    assert rational(best.joint, CHICKEN).tolist() == [[2 * half, half], [half, 0]]
    assert rational(worst.joint, CHICKEN).tolist() == [[0, 2 * fifth], [2 * fifth, fifth]]
    assert rational_prices(best.prices, CHICKEN, total(CHICKEN))[1] == Fraction(21, 2)
    assert rational_prices(worst.prices, CHICKEN, total(CHICKEN), worst=True)[1] == Fraction(36, 5)


def test_random_games_nearly_always_come_out_exactly():
    """200 games of integers from 0 to 9: what is returned holds, and value and bound meet in most."""
    met = 0
    shapes = [(2, 2), (3, 3), (4, 4), (2, 3), (2, 2, 2)]
    for seed in range(200):
        shape, coarse, worst = shapes[seed % 5], seed % 2 == 0, seed % 3 == 0
        table = np.random.default_rng(seed).integers(0, 10, (*shape, len(shape)))
        found = correlated(NormalForm(table), total, coarse=coarse, worst=worst)
        odds = rational(found.joint, table, coarse=coarse)
        prices, bound = rational_prices(found.prices, table, total(table), coarse=coarse, worst=worst)
        assert proved(table, total(table), prices, coarse, worst) == bound
        assert float(bound) == pytest.approx(found.value)
        if odds is not None:
            assert is_equilibrium(table, odds, coarse)
            met += bound == sum((odds * total(table)).flat)
    assert met >= 195


@settings(max_examples=25)
@given(TABLES, st.booleans(), st.integers(0, 2**32 - 1))
def test_what_is_no_equilibrium_is_not_called_one(table, coarse, seed):
    rng = np.random.default_rng(seed)
    sizes = table.shape[:-1]
    joint = rng.dirichlet(np.ones(np.prod(sizes))).reshape(sizes)
    point = np.zeros(sizes)
    point[tuple(rng.integers(sizes))] = 1
    for given_odds in (joint, point):
        odds = rational(given_odds, table, coarse=coarse)
        assert odds is None or is_equilibrium(table, odds, coarse)
        assert odds is None or np.abs(odds.astype(float) - given_odds).max() <= 1e-7


@settings(max_examples=25)
@given(TABLES, st.booleans(), st.booleans(), st.integers(0, 2**32 - 1))
def test_any_prices_prove_what_they_prove(table, coarse, worst, seed):
    count = sum(size if coarse else size**2 for size in table.shape[:-1])
    prices = np.random.default_rng(seed).normal(size=count)
    exact, bound = rational_prices(prices, table, total(table), coarse=coarse, worst=worst)
    assert proved(table, total(table), exact, coarse, worst) == bound


def test_odds_of_any_length_are_found():
    """A corner whose denominators no rounded float could tell: the equations are solved instead."""
    table = np.random.default_rng(6).integers(0, 1000, (6, 6, 2))
    found = correlated(NormalForm(table), total, worst=True)
    odds = rational(found.joint, table)
    assert is_equilibrium(table, odds, coarse=False)
    assert max(share.denominator for share in odds.flat) > 10**30
    assert sum((odds * total(table)).flat) == rational_prices(found.prices, table, total(table), worst=True)[1]


def test_fractions_and_floats_are_taken_as_they_are():
    found = correlated(NormalForm(CHICKEN), total)
    thirds = np.vectorize(lambda payoff: Fraction(int(payoff), 3), otypes=[object])(CHICKEN)
    assert rational(found.joint, thirds).tolist() == rational(found.joint, CHICKEN).tolist()
    assert rational(found.joint, CHICKEN / 4).tolist() == rational(found.joint, CHICKEN).tolist()
    assert rational(np.full((2, 2), 0.25), CHICKEN) is None


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="do not fit"):
        rational(np.ones((2, 3)) / 6, CHICKEN)
    with pytest.raises(InputError, match="do not fit"):
        rational_prices(np.zeros(8), CHICKEN, np.zeros((3, 2)))
