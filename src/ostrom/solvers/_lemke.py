"""Lemke's path (1965) to a solution of a linear complementarity problem, in whole numbers."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np

from ..core.game import Array


def lemke(matrix: Array, constant: Array, deadline: float) -> list[Fraction] | None:
    """A z ≥ 0 with w = `matrix` z + `constant` ≥ 0 in which z or w is 0 at every place; all numbers whole.

    The covering vector is all ones; ties are broken by a perturbation of w, place k by ε to the power k + 1, so that
    the path never comes back to where it was. None when the path leads to infinity, or after `deadline`
    (`time.monotonic()`).
    """
    count = len(constant)
    if count == 0 or min(constant) >= 0:
        return [Fraction(0)] * count
    path = _Dictionary(matrix, constant)
    # Of the places that are furthest below zero, the one that is perturbed least.
    leaving = path.first(max(k for k in range(count) if constant[k] == min(constant)))
    while leaving != path.cover:
        if time.monotonic() > deadline:
            return None
        leaving = path.enter(leaving + count if leaving < count else leaving - count)
        if leaving is None:
            return None
    return path.solution()


class _Dictionary:
    """`det · basic = last column − (other columns) · free`, all whole, det > 0 (Edmonds 1967, Bareiss 1968).

    Variables 0 to n - 1 are w, n to 2 n - 1 are z, and 2 n is the covering one.
    """

    def __init__(self, matrix: Array, constant: Array) -> None:
        count = len(constant)
        self.count, self.cover, self.det = count, 2 * count, 1
        ones = np.full((count, 1), -1, dtype=object)
        self.table = np.concatenate([-matrix, ones, np.asarray(constant, dtype=object)[:, None]], axis=1)
        self.basic, self.free = list(range(count)), list(range(count, 2 * count + 1))

    def first(self, row: int) -> int:
        """Let the covering variable in for the basic one of `row`; which that was."""
        return self._pivot(row, self.count)

    def enter(self, variable: int) -> int | None:
        """Let a free variable in; the one that has to leave, None where nothing stops it."""
        column = self.free.index(variable)
        may = [k for k, entry in enumerate(self.table[:, column].tolist()) if entry > 0]
        for slack in (-1, *range(self.count)):
            if len(may) < 2:
                break
            quotients = [Fraction(self._perturbed(k, slack), self.table[k, column]) for k in may]
            least = min(quotients)
            may = [k for k, quotient in zip(may, quotients, strict=True) if quotient == least]
        return self._pivot(may[0], column) if may else None

    def _perturbed(self, row: int, slack: int) -> int:
        """What the perturbation of w `slack` adds to the basic variable of `row`; its value itself for -1."""
        if slack < 0:
            return self.table[row, -1]
        if slack in self.free:
            return self.table[row, self.free.index(slack)]
        return self.det if self.basic[row] == slack else 0

    def _pivot(self, row: int, column: int) -> int:
        pivot, line, across = self.table[row, column], self.table[row].copy(), self.table[:, column].copy()
        table = (pivot * self.table - across[:, None] * line) // self.det
        table[:, column] = -across
        table[row], table[row, column] = line, self.det
        sign = 1 if pivot > 0 else -1
        self.table, self.det = sign * table, sign * pivot
        leaving = self.basic[row]
        self.basic[row], self.free[column] = self.free[column], leaving
        return leaving

    def solution(self) -> list[Fraction]:
        """The values of z."""
        values = [Fraction(0)] * (2 * self.count + 1)
        for variable, value in zip(self.basic, self.table[:, -1].tolist(), strict=True):
            values[variable] = Fraction(value, self.det)
        return values[self.count : 2 * self.count]
