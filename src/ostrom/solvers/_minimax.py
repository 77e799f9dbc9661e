"""Maximin mixtures of a matrix by linear programming, and exact bounds on its value from them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._exact import _rounded
from ._highs import solve_lp
from ._rational import _dot, _fractions, _roundings, _solved

TIGHT = 1e-7
"""Share of the range of payoffs within which a row or column counts as met; HiGHS stops at that."""

LARGE = 20_000
"""Entries beyond which only one reading of the floats as fractions is tried."""

CONSTANT = 1e-9
"""Share of the largest payoff by which the sum of both may vary in a game that still counts as constant-sum."""


ALIKE = 1e-3
"""Payoffs that differ by less than this share of the largest are read by their differences."""


class Minimax(NamedTuple):
    """A maximin mixture `x[m]` of the row player, `y[n]` of the column player, and the value."""

    x: Array
    y: Array
    value: float


class Bounds(NamedTuple):
    """Exact mixtures, what `x` is worth at the least, and what the other can be held to by `y`."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    lower: Fraction
    upper: Fraction


def minimax(matrix: Array, seconds: float | None = None) -> Minimax | None:
    """The value of a zero-sum matrix `[m, n]` and a mixture for each player that secures it; None out of time.

    Payoffs are shifted and scaled for the linear program (von Neumann 1928; Dantzig 1951), whose duals are `y`.
    """
    unit = (matrix - matrix.min()) / (np.ptp(matrix) or 1.0)
    rows, columns = matrix.shape
    found = solve_lp(
        np.append(np.zeros(rows), 1.0),
        np.hstack([-unit.T, np.ones((columns, 1))]),
        np.zeros(columns),
        np.append(np.ones(rows), 0.0)[None],
        np.ones(1),
        maximise=True,
        time_limit=seconds,
    )
    if found.status != "optimal" or found.x is None or found.duals_ub is None:
        return None
    x, y = _odds(found.x[:rows]), _odds(found.duals_ub)
    return Minimax(x, y, float(x @ matrix @ y))  # right to the second order in what the program leaves in x and y


def exact_bounds(matrix: Array, near: Minimax) -> Bounds:
    """Rational mixtures near floats, with exact bounds: no fraction here depends on the linear program being right.

    Parameters
    ----------
    matrix : `Fraction[m, n]`.
    near : mixtures; the bounds meet where they can be read as an optimal pair.
    """
    floats = matrix.astype(float)
    x, lower = _best(matrix, _candidates(matrix, floats, near.x, near.value, near.y))
    y, upper = _best(-matrix.T, _candidates(-matrix.T, -floats.T, near.y, -near.value, near.x))
    return Bounds(tuple(x), tuple(y), lower, -upper)


def zero_sum_matrix(game: Game) -> tuple[Array, Array]:
    """What player 1 gets, as `Fraction[m, n]` read to 12 digits and as floats, less half of the constant sum.

    Raises `InputError` when there are not two players, or what they get does not add up to a constant.
    """
    if len(game.players) != 2:
        raise InputError(f"{game.name} has {len(game.players)} players.", "Zero-sum is about two.", "Give two.")
    table = game.dense()
    sums = table.payoffs.sum(-1)
    if np.ptp(sums) > CONSTANT * np.abs(table.payoffs).max():
        raise InputError(
            f"What both get in {game.name} adds up to {sums.min():g} at one joint move, {sums.max():g} at another.",
            "Only where one player's gain is the other's loss is there a value that each can secure.",
            "Ask for vertex_enumeration, or for correlated equilibria.",
        )
    exact = _read(table)
    return exact, exact.astype(float)


def _read(table: NormalForm) -> Array:
    """Player 1's payoffs as fractions: what stands there if exact or whole, else to 12 digits of the largest.

    Where payoffs differ by little only, those are 12 digits of their differences.
    """
    if table.exact is not None:
        return table.exact[..., 0]
    row, base = table.payoffs[..., 0], Fraction(0)
    if (row == np.rint(row)).all():
        return _fractions(row)
    if np.ptp(row) < ALIKE * np.abs(row).max():
        base = Fraction(repr(float(row.min())))
        row = row - row.min()
    whole, largest = _rounded(row), np.abs(row).argmax()
    if whole is row:
        return _fractions(row) + base
    unit = Fraction(10) ** round(float(np.log10(abs(whole.flat[largest] / row.flat[largest]))))
    return np.array([Fraction(int(entry)) / unit + base for entry in whole.flat], dtype=object).reshape(row.shape)


def _best(matrix: Array, candidates: Iterator[list[Fraction] | None]) -> tuple[list[Fraction], Fraction]:
    """The candidate mixture of the row player that secures most, and what it secures."""
    best: tuple[list[Fraction], Fraction] | None = None
    for odds in candidates:
        if odds is not None and min(odds) >= 0 and sum(odds) > 0:
            total = sum(odds)
            mixture = [share / total for share in odds]
            worth = min(_dot(matrix.T, np.array(mixture, dtype=object)))
            if best is None or worth > best[1]:
                best = mixture, worth
    if best is None:
        raise AssertionError("the floats themselves are a candidate")
    return best


def _candidates(matrix: Array, floats: Array, odds: Array, value: float, others: Array) -> Iterator:
    """Readings of a mixture: the corner it lies at, solved exactly, then fractions, simple ones first."""
    used = np.flatnonzero(odds > TIGHT)
    short = np.where(others > TIGHT, -1.0, odds @ floats - value)  # what the other plays is met, whatever rounding says
    met = [k for k in np.argsort(short, kind="stable") if short[k] <= TIGHT * (np.ptp(floats) or 1.0)]
    one, zero = Fraction(1), Fraction(0)
    equations = [(np.array([one] * len(used) + [zero], dtype=object), one)]
    equations += [(np.array([*matrix[used, k], -one], dtype=object), zero) for k in met]
    corner = _solved(equations, len(used) + 1)
    if corner is not None:
        yield _spread(corner[:-1], used, len(odds))
    readings = list(_roundings(odds))
    yield from readings if matrix.size <= LARGE else readings[-1:]


def _spread(shares: list[Fraction], used: Array, count: int) -> list[Fraction]:
    whole = [Fraction(0)] * count
    for share, k in zip(shares, used, strict=True):
        whole[k] = share
    return whole


def _odds(weights: Array) -> Array:
    kept = np.maximum(weights, 0.0)
    return kept / kept.sum()
