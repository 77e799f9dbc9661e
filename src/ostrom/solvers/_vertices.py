"""All vertices of {z ≥ 0 : A z ≤ 1} for a positive integer matrix A, without rounding.

The vertices are visited through the graph of lexicographically feasible bases. Lexicographic feasibility stands for
an infinitesimal perturbation that makes the polytope simple; the edge graph of a polytope is connected (Balinski 1961)
and each vertex keeps at least one such basis, so a search that follows every edge from z = 0 misses no vertex,
degenerate or not. Pivots are fraction-free (Edmonds 1967, Bareiss 1968): every entry is a minor of A, an integer.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ..core.solution import Status

ROUNDING = 1e-12
"""Quotients of correctly rounded floats differ from the exact ones by less than this share; nearer ones are ties."""

BATCH = 100_000
"""Tableau entries pivoted at once: what a step between two looks at the clock may take (about 20 ms)."""

ENTRIES = 5_000_000
"""Tableau entries after which a search stops (about half a gigabyte)."""


@dataclass(frozen=True)
class Vertices:
    """Vertices other than 0, and whether they are all.

    Attributes
    ----------
    directions : integers `[N, c]`; the vertex is the multiple of its direction at which a row of A z ≤ 1 gets tight.
    tight : `bool[N, r + c]`, which inequalities hold with equality: the rows of A z ≤ 1, then z ≥ 0.
    status : "complete", "timed out", or "partial" when memory ran out.
    """

    directions: Array
    tight: Array
    status: Status


class _Dictionaries(NamedTuple):
    """K simplex dictionaries: `det · z_basic = last column − (other columns) · z_free`, all integers, det > 0."""

    table: Array  # [K, r, c + 1]
    det: Array  # [K]
    basic: Array  # [K, r], variables 0..r-1 are the slacks of A z ≤ 1, then z
    free: Array  # [K, c]

    def pivot(self, which: Array, row: Array, column: Array) -> _Dictionaries:
        """New dictionaries: in number `which`, the free variable of `column` replaces the basic one of `row`."""
        old, det, k = self.table[which], self.det[which], np.arange(len(which))
        pivot, line, across = old[k, row, column], old[k, row, :], old[k, :, column]
        table = (pivot[:, None, None] * old - across[:, :, None] * line[:, None, :]) // det[:, None, None]
        table[k, :, column] = -across
        table[k, row, :] = line
        table[k, row, column] = det
        basic, free = self.basic[which], self.free[which]
        basic[k, row], free[k, column] = free[k, column], basic[k, row]
        return _Dictionaries(table, pivot, basic, free)

    def leaving(self) -> Array:
        """For each free variable, `int[K, c]`: the row whose basic variable must leave when it enters."""
        near = self._nearest()
        rows = near.argmax(axis=1)
        for k, column in np.argwhere(near.sum(axis=1) > 1):
            rows[k, column] = self._first_to_vanish(k, np.flatnonzero(near[k, :, column]), column)
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

    def _first_to_vanish(self, k: int, candidates: Array, column: int) -> int:
        """The candidate row of lexicographically smallest quotient, compared over a common denominator."""
        divisors = self.table[k, candidates, column]
        common = math.prod(divisors)
        quotients = [
            [value * (common // divisor) for value in self._perturbed(k, row)]
            for row, divisor in zip(candidates, divisors, strict=True)
        ]
        return candidates[quotients.index(min(quotients))]

    def _perturbed(self, k: int, row: int) -> list[int]:
        """The row's value, then its coefficient of each perturbation: slack s starts at 1 + ε to the power s."""
        rows = len(self.basic[k])
        values = [self.table[k, row, -1]] + [0] * rows
        if self.basic[k, row] < rows:
            values[1 + self.basic[k, row]] = self.det[k]
        for at in np.flatnonzero(self.free[k] < rows):
            values[1 + self.free[k, at]] = self.table[k, row, at]
        return values


def vertices(matrix: Array, deadline: float) -> Vertices:
    """Vertices of {z ≥ 0 : `matrix` z ≤ 1}, positive integers `[r, c]`; stops at `deadline` (`time.monotonic()`)."""
    rows, columns = matrix.shape
    start = _Dictionaries(
        np.concatenate([matrix, np.ones((rows, 1), dtype=object)], axis=1)[None],
        np.ones(1, dtype=object),
        np.arange(rows)[None],
        np.arange(rows, rows + columns)[None],
    )
    here, found, seen = start, dict[tuple[int, ...], Array](), set(_keys(_basic_mask(start)))
    waiting, step = [], max(1, BATCH // start.table.size)
    status = None
    while status is None:
        _record(here, found)
        moves = _unseen_neighbours(here, seen)
        waiting += [(here, *(move[k : k + step] for move in moves)) for k in range(0, len(moves[0]), step)]
        status = _status(bool(waiting), deadline, len(seen) * start.table.size)
        if status is None:
            parent, *chosen = waiting.pop()
            here = parent.pivot(*chosen)
    found.pop((0,) * columns)
    directions = np.array(list(found), dtype=object).reshape(-1, columns)
    return Vertices(directions, np.array(list(found.values()), dtype=bool).reshape(-1, rows + columns), status)


def _status(waiting: bool, deadline: float, entries: int) -> Status | None:
    """How the search stands: None while it may go on."""
    if not waiting:
        return "complete"
    if time.monotonic() > deadline:
        return "timed out"
    return "partial" if entries > ENTRIES else None


def _basic_mask(at: _Dictionaries) -> Array:
    mask = np.zeros((len(at.basic), at.basic.shape[1] + at.free.shape[1]), dtype=bool)
    np.put_along_axis(mask, at.basic, True, axis=1)
    return mask


def _keys(masks: Array) -> list[bytes]:
    """One hashable name per basis, from masks `bool[N, r + c]`."""
    return [row.tobytes() for row in np.packbits(masks, axis=1)]


def _unseen_neighbours(here: _Dictionaries, seen: set[bytes]) -> tuple[Array, Array, Array]:
    """Pivots `(which, row, column)` that lead to bases not in `seen`, which they join."""
    leaving = here.leaving()
    count, columns = leaving.shape
    k, column = np.arange(count)[:, None], np.arange(columns)[None, :]
    masks = np.repeat(_basic_mask(here)[:, None, :], columns, axis=1)
    masks[k, column, here.basic[k, leaving]] = False
    masks[k, column, here.free] = True
    fresh = []
    for at, key in enumerate(_keys(masks.reshape(count * columns, -1))):
        if key not in seen:
            seen.add(key)
            fresh.append(at)
    which, column = np.divmod(np.array(fresh, dtype=int), columns)
    return which, leaving[which, column], column


def _record(here: _Dictionaries, found: dict[tuple[int, ...], Array]) -> None:
    """Add the vertices of these dictionaries; a direction names its vertex, whose length is where a row gets tight."""
    count, rows = here.basic.shape
    values = np.zeros((count, rows + here.free.shape[1]), dtype=object)
    np.put_along_axis(values, here.basic, here.table[:, :, -1], axis=1)
    directions = values[:, rows:]
    directions = directions // np.maximum(np.gcd.reduce(directions, axis=1), 1)[:, None]
    for direction, tight in zip(directions, values == 0, strict=True):
        found[tuple(direction)] = tight
