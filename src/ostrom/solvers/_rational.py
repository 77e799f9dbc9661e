"""From a linear program's floats to exact rationals: odds that nobody gains by leaving, and prices that bound welfare.

Floats are first rounded to the simplest fractions near them. Where those do not hold exactly, the equations that are
met at the corner the solver stopped at are solved again in rationals. Nothing is returned that was not checked exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

DENOMINATORS = (1, 10, 100, 1_000, 10_000, 100_000, 10**6, 10**7)
"""How fine fractions may be, tried from the coarsest."""

USED, SAME, NEAR = 1e-9, 1e-12, 1e-7
"""What counts as more than 0 in a float, how near a fraction has to be to be meant by it, and how near at the least."""

Name = tuple[int, int | None, int]

LARGEST = 60
"""Unknowns up to which equations are solved in rationals: the work grows with the cube, and the numbers with it."""


def rational(joint: Array, payoffs: Any, *, coarse: bool = False) -> Array | None:
    """Exact odds near `joint` that are a correlated equilibrium exactly; None when none were found.

    Parameters
    ----------
    joint : `float[A_1, …, A_P]`, a corner of the (coarse) correlated equilibria, up to rounding.
    payoffs : `[A_1, …, A_P, P]` of integers, `Fraction`s, or floats, which count as the binary numbers they are.

    Returns
    -------
    `Fraction[A_1, …, A_P]`: non-negative, adding up to 1, no incentive broken, and none further than 1e-7 from `joint`.
    """
    odds = np.asarray(joint, float).ravel()
    places = np.flatnonzero(odds > USED)
    table = _exact(payoffs, np.shape(joint))
    rows = _gains(table, _names(table, coarse), places)
    roundings = list(_roundings(odds[places]))
    corner = [_corner_odds(rows, odds[places])]
    for near, candidates in ((SAME, roundings), (NEAR, corner), (NEAR, reversed(roundings))):
        for shares in candidates:
            if shares is not None and min(shares) >= 0 and sum(shares) > 0:
                exact = np.array([share / sum(shares) for share in shares], dtype=object)
                if _apart(exact, odds[places]) <= near and max(_dot(rows, exact)) <= 0:
                    return _at(places, exact, len(odds)).reshape(np.shape(joint))
    return None


def rational_prices(
    prices: Array, payoffs: Any, goal: Any, *, coarse: bool = False, worst: bool = False
) -> tuple[Array, Fraction]:
    """Exact prices near `prices`, and the bound on expected `goal` that they prove, the tightest that was found.

    For prices y ≥ 0 of disobeying, no (coarse) correlated equilibrium is worth more than the largest goal less priced
    gains at a joint move; with `worst`, none less than the smallest goal plus priced gains (weak duality).

    Parameters
    ----------
    prices : of rows in the order of `Correlated.prices`, per unit of each player's range of payoffs, as there.
    payoffs, goal : `[A_1, …, A_P, P]` and `[A_1, …, A_P]`, exact as for `rational`.

    Returns
    -------
    Non-negative `Fraction`s in the same order, but per unit of payoff, and the bound. It holds whatever was given.
    """
    table, sense = _exact(payoffs, np.shape(goal)), -1 if worst else 1
    worth = sense * _fractions(goal).ravel()
    names = _names(table, coarse)
    floats = np.asarray(prices, float).ravel() / _units(table, names)
    paid = np.flatnonzero(floats > USED)
    rows = _gains(table, [names[k] for k in paid], np.arange(len(worth)))
    best, bound = np.full(len(names), Fraction(0), dtype=object), max(worth)
    for tried in (*_roundings(floats[paid]), _corner_prices(rows, worth, floats[paid])):
        if len(paid) and tried is not None and min(tried) >= 0:
            exact = np.array(tried, dtype=object)
            proved = max(worth - _dot(rows.T, exact))
            if proved < bound:
                best, bound = _at(paid, exact, len(names)), proved
    return best, sense * bound


def _roundings(floats: Array) -> Iterator[list[Fraction]]:
    """The floats as fractions, simple ones first."""
    exact = [Fraction(float(number)) for number in floats]
    for denominator in DENOMINATORS:
        yield [number.limit_denominator(denominator) for number in exact]


def _corner_odds(rows: Array, odds: Array) -> list[Fraction] | None:
    """Odds for which the incentives that bind do so exactly, the tightest first."""
    gains = np.abs(rows.astype(float) @ odds)
    tight = [k for k in np.argsort(gains, kind="stable") if gains[k] <= NEAR * _largest(rows)]
    ones = np.full(len(odds), Fraction(1), dtype=object)
    return _solved([(ones, Fraction(1)), *((rows[k], Fraction(0)) for k in tight)], len(odds))


def _corner_prices(rows: Array, worth: Array, prices: Array) -> list[Fraction] | None:
    """Prices for which the joint moves that are worth the bound are so exactly, the nearest first."""
    left = worth.astype(float) - prices @ rows.astype(float)
    short = left.max() - left
    met = [a for a in np.argsort(short, kind="stable") if short[a] <= NEAR * (np.ptp(worth.astype(float)) or 1.0)]
    values: list[Fraction] = worth.tolist()
    table = np.vstack([rows, np.full(len(worth), Fraction(1), dtype=object)])
    solved = _solved([(table[:, a], values[a]) for a in met], len(prices) + 1)
    return None if solved is None else solved[:-1]


def _solved(equations: Sequence[tuple[Array, Fraction]], unknowns: int) -> list[Fraction] | None:
    """The point where the first independent equations meet; None when they leave it open, or are too many to solve."""
    if unknowns > LARGEST:
        return None
    reduced: dict[int, Array] = {}
    for left, right in equations:
        row = np.array([*left, right], dtype=object)
        for pivot, other in reduced.items():
            row = row - row[pivot] * other if row[pivot] else row
        pivot = next((k for k in range(unknowns) if row[k]), None)
        if pivot is not None:
            row = row / row[pivot]
            reduced = {k: other - other[pivot] * row if other[pivot] else other for k, other in reduced.items()}
            reduced[pivot] = row
        if len(reduced) == unknowns:
            return [reduced[k][-1] for k in range(unknowns)]
    return None


def _names(table: Array, coarse: bool) -> list[Name]:
    """What the rows are about, in the order of `Correlated.prices`: player, recommended (None: any), alternative."""
    sizes = table.shape[:-1]
    return [
        (i, told, new) for i, n in enumerate(sizes) for told in ([None] if coarse else range(n)) for new in range(n)
    ]


def _gains(table: Array, names: Sequence[Name], places: Array) -> Array:
    """What disobeying adds, `Fraction[len(names), len(places)]`, at joint moves given by their flat places."""
    sizes = table.shape[:-1]
    flat, at = table.reshape(-1, len(sizes)), np.unravel_index(places, sizes)
    gains = np.full((len(names), len(places)), Fraction(0), dtype=object)
    for k, (i, told, new) in enumerate(names):
        touched = np.flatnonzero((at[i] != new) & ((told is None) | (at[i] == told)))
        moved = places[touched] + (new - at[i][touched]) * math.prod(sizes[i + 1 :])
        gains[k, touched] = flat[moved, i] - flat[places[touched], i]
    return gains


def _units(table: Array, names: Sequence[Name]) -> Array:
    """Per row, the range of its player's payoffs in float64."""
    ranges = [float(max(own) - min(own)) or 1.0 for own in table.reshape(-1, table.shape[-1]).T]
    return np.array([ranges[i] for i, _, _ in names])


def _at(places: Array, values: Array, count: int) -> Array:
    """The values at their places among `count`, and 0 elsewhere."""
    whole = np.full(count, Fraction(0), dtype=object)
    whole[places] = values
    return whole


def _apart(exact: Array, floats: Array) -> float:
    return float(np.abs(exact.astype(float) - floats).max())


def _dot(matrix: Array, vector: Array) -> Array:
    """`matrix @ vector` in rationals, by whole numbers over one denominator."""
    unit = math.lcm(*(number.denominator for number in vector))
    return matrix @ np.array([int(number * unit) for number in vector], dtype=object) / unit


def _exact(payoffs: Any, sizes: Sequence[int]) -> Array:
    table = _fractions(payoffs)
    if table.shape != (*sizes, len(sizes)):
        raise InputError(
            f"Payoffs of shape {table.shape} do not fit a joint distribution of shape {tuple(sizes)}.",
            "There is one payoff per player at every joint move.",
            "Give payoffs[a1, …, aP, p].",
        )
    return table


def _fractions(values: Any) -> Array:
    """The numbers as `Fraction`s of Python's own integers: NumPy's would overflow in them."""
    return np.vectorize(_fraction, otypes=[object])(np.asarray(values, dtype=object))


def _fraction(value: Any) -> Fraction:
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    return Fraction(float(value))


def _largest(values: Array) -> float:
    """The largest number, signs left out."""
    return float(max(np.abs(values).ravel()))
