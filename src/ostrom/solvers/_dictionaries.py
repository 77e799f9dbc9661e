"""Simplex dictionaries of {z ≥ 0 : A z ≤ 1} in whole numbers, many at once.

Pivots are fraction-free (Edmonds 1967, Bareiss 1968): every entry is a minor of A, an integer. Ties in the ratio test
are broken by perturbation: slack s starts at 1 + ε to the power s, for an ε too small to matter otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array

ROUNDING = 1e-12
"""Quotients of correctly rounded floats differ from the exact ones by less than this share; nearer ones are ties."""

HALF_WORD = 2**31
"""Whole numbers below this multiply within 64 bits."""


class Dictionaries(NamedTuple):
    """K simplex dictionaries: `det · z_basic = last column − (other columns) · z_free`, all integers, det > 0."""

    table: Array  # [K, r, c + 1]
    det: Array  # [K]
    basic: Array  # [K, r], variables 0..r-1 are the slacks of A z ≤ 1, then z
    free: Array  # [K, c]

    @staticmethod
    def first(matrix: Array, count: int = 1) -> Dictionaries:
        """The dictionary of z = 0, so many times."""
        rows, columns = matrix.shape
        table = np.concatenate([matrix, np.ones((rows, 1), dtype=object)], axis=1)
        return Dictionaries(
            np.repeat(table[None], count, axis=0),
            np.ones(count, dtype=object),
            np.repeat(np.arange(rows)[None], count, axis=0),
            np.repeat(np.arange(rows, rows + columns)[None], count, axis=0),
        )

    @staticmethod
    def of(matrix: Array, basic: Array) -> Dictionaries:
        """The dictionaries with these basic variables `int[K, r]`, in any order; determinants may be negative."""
        here, rows = Dictionaries.first(matrix, len(basic)), len(matrix)
        wanted = np.zeros((len(basic), sum(matrix.shape)), dtype=bool)
        np.put_along_axis(wanted, basic, True, axis=1)
        for variable in range(rows, wanted.shape[1]):
            which = np.flatnonzero(wanted[:, variable])
            column = np.broadcast_to(variable - rows, which.shape)
            may = ~np.take_along_axis(wanted[which], here.basic[which], axis=1)  # rows of variables that have to go
            row = (may & (here.table[which, :, variable - rows] != 0)).argmax(axis=1)
            moved = here.pivot(which, row, column)
            for old, new in zip(here, moved, strict=True):
                old[which] = new
        return here

    def pivot(self, which: Array, row: Array, column: Array) -> Dictionaries:
        """New dictionaries: in number `which`, the free variable of `column` replaces the basic one of `row`."""
        old, det, k = self.table[which], self.det[which], np.arange(len(which))
        pivot, line, across = old[k, row, column], old[k, row, :], old[k, :, column]
        table = (pivot[:, None, None] * old - across[:, :, None] * line[:, None, :]) // det[:, None, None]
        table[k, :, column] = -across
        table[k, row, :] = line
        table[k, row, column] = det
        basic, free = self.basic[which], self.free[which]
        basic[k, row], free[k, column] = free[k, column], basic[k, row]
        return Dictionaries(table, pivot, basic, free)

    def values(self) -> Array:
        """What the variables are times det, `[K, r + c]`."""
        values = np.zeros((len(self.basic), self.basic.shape[1] + self.free.shape[1]), dtype=self.table.dtype)
        np.put_along_axis(values, self.basic, self.table[:, :, -1], axis=1)
        return values

    def leaving(self) -> Array:
        """For each free variable, `int[K, c]`: the row whose basic variable must leave when it enters."""
        near = self._nearest()
        rows = near.argmax(axis=1)
        k, column = np.nonzero(near.sum(axis=1) > 1)
        if len(k):
            rows[k, column] = self._first_to_vanish(k, column, near[k, :, column])
        return rows

    def _nearest(self) -> Array:
        """`bool[K, r, c]`: rows that may bound an entering variable first; one row, unless the quotients nearly tie."""
        try:
            floats = self.table.astype(float)
        except OverflowError:  # integers beyond 1e308: every row that bounds at all is compared exactly
            return self.table[:, :, :-1] > 0
        entering = floats[:, :, :-1]
        ratio = np.full(entering.shape, np.inf)
        np.divide(floats[:, :, -1:], entering, out=ratio, where=entering > 0)
        return ratio <= ratio.min(axis=1, keepdims=True) * (1 + ROUNDING)

    def _first_to_vanish(self, k: Array, column: Array, near: Array) -> Array:
        """Per pair of dictionary and column, the row of lexicographically smallest quotient among `near[U, r]`."""
        answer, left = near.argmax(axis=1), np.arange(len(k))
        for level in range(-1, self.basic.shape[1]):
            divisor = self.table[k, :, column]
            near = _smallest(self._perturbed(k, level), divisor, near)
            answer[left] = near.argmax(axis=1)
            tied = near.sum(axis=1) > 1
            k, column, near, left = k[tied], column[tied], near[tied], left[tied]
            if not len(left):
                break
        return answer

    def _perturbed(self, k: Array, slack: int) -> Array:
        """What ε to the power `slack` adds to each row's value `[U, r]`; the value itself for -1."""
        if slack < 0:
            return self.table[k, :, -1]
        at = self.free[k] == slack
        columns = self.table[k, :, np.where(at.any(axis=1), at.argmax(axis=1), -1)]
        return np.where(at.any(axis=1)[:, None], columns, np.where(self.basic[k] == slack, self.det[k][:, None], 0))


def _smallest(value: Array, divisor: Array, among: Array) -> Array:
    """`bool[U, r]`: where `value / divisor` is smallest among the rows that may be, divisors being positive there."""
    each, best = np.arange(len(among)), among.argmax(axis=1)
    for row in range(among.shape[1]):
        less = value[:, row] * divisor[each, best] < value[each, best] * divisor[:, row]
        best = np.where(among[:, row] & less.astype(bool), row, best)
    tied = value * divisor[each, best][:, None] == value[each, best][:, None] * divisor
    return among & tied.astype(bool)
