"""What floats prove of simplex dictionaries of {z ≥ 0 : A z ≤ 1}; what they do not is asked in whole numbers.

A dictionary is computed afresh from its basis, with a bound on its error from how far the inverse is from being one
(Rump 2010, section 10.7): with E = X M - 1 of norm ρ < 1, the exact columns differ from those of X by at most
ρ / (1 - ρ) times their largest entry. A comparison that survives the bound is exact.
"""

from __future__ import annotations

import numpy as np

from ..core.game import Array
from ._dictionaries import HALF_WORD, Dictionaries

SLOW = 300
"""Dictionaries that may be worked out from nothing in big integers; then pivoting from neighbour to neighbour pays."""


EXACT = 2.0**52
"""Whole numbers below this, and their sums below this, are exact in floats."""


class Unsure(Exception):
    """Too much of this polytope has to be asked in big integers."""


class Filter:
    """Dictionaries by their basic variables: which variable leaves for which, and which inequalities are tight."""

    def __init__(self, matrix: Array) -> None:
        self.matrix, (self.rows, self.columns) = matrix, matrix.shape
        self.unit = int(max(matrix.flat))
        scaled = (matrix / self.unit).astype(float)
        self.full = np.concatenate([np.eye(self.rows), scaled, np.ones((self.rows, 1))], axis=1)
        # Of every sum of r products of numbers up to 1 and entries of X, whose inputs may be rounded too.
        self.rounding = 4 * (self.rows + 4) * np.finfo(float).eps
        self.slow = 0

    def look(self, basic: Array, free: Array) -> tuple[Array, Array]:
        """`(leaving int[K, c], tight bool[K, r + c])` for basic variables `int[K, r]` and the others `int[K, c]`.

        `leaving` are variables, in the order of `free`. Raises `Unsure`.
        """
        try:
            inverse = np.swapaxes(np.linalg.inv(self.full.T[basic]), 1, 2)
        except np.linalg.LinAlgError:
            raise Unsure from None
        every = (inverse.reshape(-1, self.rows) @ self.full).reshape(len(basic), self.rows, -1)
        error = self._error(inverse, every, basic)
        entering, value = np.take_along_axis(every, free[:, None, :], axis=2), every[:, :, -1:]
        row, sure = _leaving(entering, value, np.take_along_axis(error, free, axis=1), error[:, -1:])
        tight = np.ones((len(basic), self.rows + self.columns), dtype=bool)
        np.put_along_axis(tight, basic, False, axis=1)
        unsure = np.flatnonzero(~sure)
        if len(unsure):
            exact = self._exact(every[unsure], inverse[unsure], basic[unsure], free[unsure])
            for which, here in exact:
                row[unsure[which]] = here.leaving()
                tight[unsure[which]] = here.values() == 0
        return np.take_along_axis(basic, row, axis=1), tight

    def _error(self, inverse: Array, every: Array, basic: Array) -> Array:
        """Per column of the dictionaries, `[K, r + c + 1]`, a bound on how far an entry may be off."""
        size = np.abs(inverse).sum(axis=2).max(axis=1)[:, None] * self.rounding
        product = np.take_along_axis(every, basic[:, None, :], axis=2) - np.eye(self.rows)
        apart = np.abs(product).sum(axis=2).max(axis=1)[:, None] + size * self.rows
        with np.errstate(divide="ignore", invalid="ignore"):
            bound = 1.01 * (apart / (1 - apart) * (np.abs(every).max(axis=1) + size) + size)
        return np.where(apart < 0.5, bound, np.inf)

    def _exact(self, every: Array, inverse: Array, basic: Array, free: Array) -> list[tuple[Array, Dictionaries]]:
        """The same dictionaries in integers, in groups: those that are small by rounding, the others from nothing."""
        groups, rest = [], np.arange(len(basic))
        if self.unit < EXACT:
            small, here = self._rounded(every, inverse, basic, free)
            groups.append((np.flatnonzero(small), here))
            rest = np.flatnonzero(~small)
        if len(rest):
            self.slow += len(rest)
            if self.slow > SLOW:
                raise Unsure
            groups.append((rest, _ordered(Dictionaries.of(self.matrix, basic[rest]), basic[rest], free[rest])))
        return groups

    def _rounded(self, every: Array, inverse: Array, basic: Array, free: Array) -> tuple[Array, Dictionaries]:
        """Which are right when their floats are read as fractions over the determinant, and these: checked, not
        trusted, by multiplying out in integers."""
        # With A = unit · scaled, det(M) in integers is that of the scaled matrix times unit per z that is basic.
        det = np.abs(np.linalg.det(self.full.T[basic])) * float(self.unit) ** (basic >= self.rows).sum(axis=1)
        scale = np.where(basic >= self.rows, 1.0 / self.unit, 1.0)[:, :, None]
        columns = np.concatenate([free, np.full((len(free), 1), self.rows + self.columns)], axis=1)
        factor = np.where(columns < self.rows, 1.0, np.where(columns < self.rows + self.columns, self.unit, 1.0))
        table = np.take_along_axis(every, columns[:, None, :], axis=2) * scale * factor[:, None, :] * det[:, None, None]
        fits = (np.abs(table).max(axis=(1, 2)) < EXACT) & (det < EXACT) & (det > 0.5)
        table, det = np.rint(np.where(fits[:, None, None], table, 0)), np.rint(np.where(fits, det, 0))
        whole = np.concatenate([np.eye(self.rows), self.matrix.astype(float), np.ones((self.rows, 1))], axis=1)
        left = np.swapaxes(whole.T[basic], 1, 2) @ table
        right = det[:, None, None] * np.swapaxes(whole.T[columns], 1, 2)
        exact = (self.rows * self.unit * np.abs(table).max(axis=(1, 2)) < EXACT) & (self.unit * det < EXACT)
        right = fits & exact & (left == right).all(axis=(1, 2))
        table, det = table[right].astype(np.int64), det[right].astype(np.int64)
        if max(np.abs(table).max(initial=0), det.max(initial=0)) >= HALF_WORD:
            table, det = table.astype(object), det.astype(object)
        return right, Dictionaries(table, det, basic[right], free[right])


def _leaving(entering: Array, value: Array, error: Array, value_error: Array) -> tuple[Array, Array]:
    """`(rows int[K, c], sure bool[K])`: who leaves, and whether the vertex is simple and nobody else could."""
    value_error = value_error[:, :, None]
    low, high = entering - error[:, None, :], entering + error[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(low > 0, (value + value_error) / low, np.inf)
        least = np.where(high > 0, (value - value_error) / high, np.inf)
    row, lowest = most.argmin(axis=1), most.min(axis=1, keepdims=True)
    alone = (least <= lowest * (1 + 1e-14)).sum(axis=1) == 1
    return row, alone.all(axis=1) & (value > value_error).all(axis=(1, 2)) & np.isfinite(lowest[:, 0]).all(axis=1)


def _ordered(here: Dictionaries, basic: Array, free: Array) -> Dictionaries:
    """The same dictionaries with rows and columns in this order, and positive determinants."""
    rows = _places(here.basic, basic)
    columns = np.concatenate([_places(here.free, free), np.full((len(free), 1), free.shape[1])], axis=1)
    table = np.take_along_axis(np.take_along_axis(here.table, rows[:, :, None], axis=1), columns[:, None, :], axis=2)
    sign = np.where(here.det < 0, -1, 1)
    return Dictionaries(table * sign[:, None, None], here.det * sign, basic, free)


def _places(have: Array, want: Array) -> Array:
    """Where in each row of `have` the entries of `want` are."""
    order = np.argsort(have, axis=1)
    return np.take_along_axis(order, np.argsort(np.argsort(want, axis=1), axis=1), axis=1)
