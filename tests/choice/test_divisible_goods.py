"""Adjusted winner and market prices: linear programs, a convex program, and the conditions, in fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from ostrom.choice.divisible_goods import adjusted_winner, equal_incomes
from ostrom.core.errors import InputError


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_adjusted_winner_is_level_and_no_level_is_higher(seed):
    """Efficient and equitable is the largest least share of points, by a linear program."""
    rng = np.random.default_rng(seed)
    m = int(rng.integers(1, 7))
    values = rng.integers(0, 10, (2, m)) + (np.arange(m) == 0)
    found = adjusted_winner(values)
    points = values / values.sum(1, keepdims=True)
    rows = np.array([[*-points[0], 1], [*points[1], 1]])
    best = linprog([*[0] * m, -1], A_ub=rows, b_ub=[0, 1], bounds=[(0, 1)] * m + [(None, None)])
    assert found.utilities[0] == found.utilities[1]
    assert float(found.utilities[0]) == pytest.approx(-best.fun)
    assert len(found.cut) <= 1
    assert found.utilities[0] >= Fraction(1, 2)  # so that neither envies
    assert [sum(own) for own in zip(*found.shares, strict=True)] == [1] * m


def test_the_divorce_of_brams_and_taylor():
    """Five assets; each gets 72 2/3 of 100 points, and the second asset is cut."""
    found = adjusted_winner([[10, 40, 10, 38, 2], [38, 20, 30, 10, 2]])
    assert found.utilities == (Fraction(218, 300), Fraction(218, 300))
    assert found.cut == (1,)
    assert found.shares[0][1] == Fraction(13, 15)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_prices_clear_the_market_exactly(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 6)), int(rng.integers(1, 7))
    values = rng.integers(0, 10, (n, m)).astype(float) if seed % 2 else rng.random((n, m))
    values[values.sum(1) == 0, 0] = 1
    incomes = [int(one) for one in rng.integers(1, 5, n)] if seed % 3 else [1] * n
    found = equal_incomes(values, incomes)
    assert found.status == "complete"
    prices, spent = found.exact
    assert [sum(row) for row in spent] == incomes
    assert [sum(column) for column in zip(*spent, strict=True)] == list(prices)
    for row, bought in zip(values.tolist(), spent, strict=True):
        rates = [Fraction(v) / p if p else Fraction(0) for v, p in zip(row, prices, strict=True)]
        assert min(bought) >= 0
        assert all(rate == max(rates) for rate, money in zip(rates, bought, strict=True) if money)
        assert all(p or not v for v, p in zip(row, prices, strict=True))
    assert np.allclose(found.shares.sum(0), 1)
    if len(set(incomes)) == 1:
        worth = values @ found.shares.T
        assert (worth <= np.diag(worth)[:, None] * (1 + 1e-9)).all()  # nobody envies


def test_a_convex_program_says_the_same():
    values = np.random.default_rng(5).random((3, 4))
    found = equal_incomes(values)

    def loss(x):
        return -np.log((values * x.reshape(3, 4)).sum(1)).sum()

    full = {"type": "eq", "fun": lambda x: x.reshape(3, 4).sum(0) - 1}
    theirs = minimize(loss, np.full(12, 1 / 3), bounds=[(0, 1)] * 12, constraints=[full], options={"ftol": 1e-13})
    assert np.allclose((values * theirs.x.reshape(3, 4)).sum(1), found.utilities, atol=1e-5)


def test_forty_by_forty_comes_with_a_bound():
    values = np.random.default_rng(0).random((40, 40))
    found = equal_incomes(values)
    best = max(v / p for v, p in zip(values[0], found.prices, strict=True))
    assert found.utilities[0] <= best * (1 + 1e-9)
    assert found.gap <= 1e-2
    assert (found.exact is not None) == (found.status == "complete")


def test_what_nobody_wants_costs_nothing():
    found = equal_incomes([[1, 0], [3, 0]])
    assert found.prices == (2.0, 0.0)
    assert found.shares.tolist() == [[0.5, 1.0], [0.5, 0.0]]


@pytest.mark.parametrize("incomes", [[1], [1, 0], [1, np.nan], ["a", 1], 3])
def test_incomes_are_checked(incomes):
    with pytest.raises(InputError):
        equal_incomes([[1, 2], [2, 1]], incomes)


@pytest.mark.parametrize("values", [[[1, 2]], [[1, 2], [0, 0]], [[1, 2], [2, -1]], [[1], [2], [3]]])
def test_adjusted_winner_is_for_two_who_want_something(values):
    with pytest.raises(InputError):
        adjusted_winner(values)


def test_who_values_nothing_is_named():
    with pytest.raises(InputError, match="Agent 1 values nothing"):
        equal_incomes([[1, 2], [0, 0]])


def test_large_markets_in_which_all_goods_are_alike():
    found = equal_incomes(np.ones((160, 160)))
    assert np.allclose(found.prices, 1)
    assert np.allclose(found.utilities, 1)


def test_a_market_of_many_agents_is_exact():
    found = equal_incomes(np.random.default_rng(1).random((20, 20)))
    assert found.status == "complete"
    assert found.gap == 0
    assert sum(found.exact[0]) == 20
    assert all(sum(row) == 1 for row in found.exact[1])
