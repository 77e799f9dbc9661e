"""The vectors that a matrix of whole numbers takes to nothing, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def kernel(rows: Sequence[Sequence[int]], columns: int) -> tuple[list[int], dict[int, dict[int, Fraction]]]:
    """`(free, bound)`: coordinates that may be anything, and each other as a sum over them, `bound[i][j]` times j.

    Rows are reduced in fractions (Gauss and Jordan); coordinates that come late are the free ones.
    """
    reduced: dict[int, list[Fraction]] = {}
    for given in rows:
        row = [Fraction(int(value)) for value in given]
        for pivot, other in reduced.items():
            if row[pivot]:
                row = _less(row, row[pivot], other)
        at = next((k for k, value in enumerate(row) if value), None)
        if at is None:
            continue
        row = [value / row[at] for value in row]
        reduced = {k: _less(other, other[at], row) if other[at] else other for k, other in reduced.items()}
        reduced[at] = row
    free = [k for k in range(columns) if k not in reduced]
    return free, {k: {j: -row[j] for j in free if row[j]} for k, row in reduced.items()}


def _less(row: list[Fraction], times: Fraction, other: list[Fraction]) -> list[Fraction]:
    return [value - times * taken if taken else value for value, taken in zip(row, other, strict=True)]
