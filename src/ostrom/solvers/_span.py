"""Which coalitions follow from others by adding and subtracting, exactly."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..core.game import Array


class Span:
    """Linear combinations of coalitions, each a vector of `count` zeros and ones."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._reduced: dict[int, Array] = {}

    @property
    def rank(self) -> int:
        """How many independent coalitions there are."""
        return len(self._reduced)

    def row(self, mask: int) -> Array:
        """A coalition as `Fraction[count]`, one for each player: 1 for members."""
        return np.array([Fraction(mask >> i & 1) for i in range(self.count)], dtype=object)

    def add(self, mask: int) -> bool:
        """Take a coalition in; False where it follows from those within."""
        row = self._left(self.row(mask))
        pivot = next((k for k in range(self.count) if row[k]), None)
        if pivot is None:
            return False
        row = row / row[pivot]
        self._reduced = {k: other - other[pivot] * row if other[pivot] else other for k, other in self._reduced.items()}
        self._reduced[pivot] = row
        return True

    def follows(self, vector: Array) -> bool:
        """Whether `Fraction[count]` is a combination of those within."""
        return not any(self._left(vector))

    def _left(self, row: Array) -> Array:
        """What is left of a vector after taking away what those within account for."""
        for pivot, other in self._reduced.items():
            row = row - row[pivot] * other if row[pivot] else row
        return row

    def holds(self) -> Array:
        """`bool[2^count]`: which coalitions, by mask, follow from those within; the empty one always does.

        They are those at right angles to everything that all within are at right angles to.
        """
        inside = np.ones(1 << self.count, bool)
        for free in range(self.count):
            if free not in self._reduced:
                normal = [Fraction(int(k == free)) for k in range(self.count)]
                for pivot, row in self._reduced.items():
                    normal[pivot] = -row[free]
                unit = math.lcm(*(entry.denominator for entry in normal))
                inside &= sums(np.array([int(entry * unit) for entry in normal], dtype=np.int64)) == 0
        return inside


def sums(amounts: Array) -> Array:
    """What every coalition has together, by mask, `[2^n]`, of the amounts `[n]` of players."""
    total = np.zeros(1, dtype=amounts.dtype)
    for own in amounts:
        total = np.concatenate([total, total + own])
    return total
