"""All vertices of {z ≥ 0 : A z ≤ 1} for a positive integer matrix A, without rounding.

The vertices are visited through the graph of lexicographically feasible bases. Lexicographic feasibility stands for
an infinitesimal perturbation that makes the polytope simple; the edge graph of a polytope is connected (Balinski 1961)
and each vertex keeps at least one such basis, so a search that follows every edge from z = 0 misses no vertex,
degenerate or not. What floats prove is taken from them; where they leave a doubt, integers decide.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ..core.solution import Status
from ._dictionaries import Dictionaries
from ._filtered import Filter, Unsure

BATCH = 100_000
"""Tableau entries worked on at once: what a step between two looks at the clock may take (about 20 ms)."""

ENTRIES = 200_000_000
"""Tableau entries seen after which a search stops: one bit each is kept, or in integers the thirtieth part whole."""

WHOLE = 30
"""How much less of them is seen where whole dictionaries are kept."""


@dataclass(frozen=True)
class Vertices:
    """Vertices other than 0, and whether they are all.

    Attributes
    ----------
    basic : `int[N, r]`, the basic variables of one basis of each: the slacks 0..r-1 of A z ≤ 1, then z.
    tight : `bool[N, r + c]`, which inequalities hold with equality: the rows of A z ≤ 1, then z ≥ 0.
    status : "complete", "timed out", or "partial" when memory ran out.
    """

    matrix: Array
    basic: Array
    tight: Array
    status: Status

    def directions(self, which: Array) -> Array:
        """Integers `[K, c]`: the vertex is the multiple of its direction at which a row of A z ≤ 1 gets tight."""
        values = np.abs(Dictionaries.of(self.matrix, self.basic[which]).values()[:, len(self.matrix) :])
        return values // np.maximum(np.gcd.reduce(values, axis=1), 1)[:, None]


def vertices(matrix: Array, deadline: float) -> Vertices:
    """Vertices of {z ≥ 0 : `matrix` z ≤ 1}, positive integers `[r, c]`; stops at `deadline` (`time.monotonic()`)."""
    try:
        return _gathered(matrix, _afresh(matrix), deadline, ENTRIES)
    except Unsure:
        return _gathered(matrix, _by_pivots(matrix), deadline, ENTRIES // WHOLE)


Search = Iterator[tuple[Array, Array, int]]
"""Steps: basic variables `int[K, r]`, tight inequalities `bool[K, r + c]`, and how many bases are known by then."""


def _gathered(matrix: Array, search: Search, deadline: float, entries: int) -> Vertices:
    """Follow a search to its end, or as far as time and memory allow; of the bases of one vertex the first is kept."""
    rows, columns = matrix.shape
    found: dict[bytes, tuple[Array, Array]] = {}
    status: Status = "complete"
    for basic, tight, known in search:
        for key, one, binding in zip(_keys(tight), basic, tight, strict=True):
            found.setdefault(key, (one, binding))
        if time.monotonic() > deadline:
            status = "timed out"
            break
        if known * rows * (columns + 1) > entries:
            status = "partial"
            break
    found.pop(_keys(np.arange(rows + columns)[None] >= rows)[0], None)
    basic, tight = (np.array([pair[k] for pair in found.values()]) for k in (0, 1))
    return Vertices(matrix, basic.reshape(-1, rows).astype(int), tight.reshape(-1, rows + columns).astype(bool), status)


def _afresh(matrix: Array) -> Search:
    """Level by level, every dictionary from its basis; raises `Unsure` where that asks for many big integers."""
    rows, columns = matrix.shape
    ask, step = Filter(matrix), max(1, BATCH // (rows * (columns + 1)))
    level = (np.arange(rows + columns) < rows)[None]
    seen = set(_keys(level))
    while len(level):
        ahead = []
        for first in range(0, len(level), step):
            masks = level[first : first + step]
            basic, free = (np.nonzero(m)[1].reshape(len(masks), -1) for m in (masks, ~masks))
            leaving, tight = ask.look(basic, free)
            ahead.append(_unseen(masks, leaving, free, seen)[1])
            yield basic, tight, len(seen)
        level = np.concatenate(ahead)


def _by_pivots(matrix: Array) -> Search:
    """The same graph in integers, from each dictionary to its neighbours."""
    here = Dictionaries.first(matrix)
    step, seen, waiting = max(1, BATCH // here.table.size), set(_keys(_mask(here))), []
    while True:
        leaving = here.leaving()
        variables = np.take_along_axis(here.basic, leaving, axis=1)
        fresh, _ = _unseen(_mask(here), variables, here.free, seen)
        which, column = np.divmod(fresh, leaving.shape[1])
        moves = (which, leaving[which, column], column)
        waiting += [(here, *(move[k : k + step] for move in moves)) for k in range(0, len(fresh), step)]
        yield here.basic, here.values() == 0, len(seen)
        if not waiting:
            return
        parent, *chosen = waiting.pop()
        here = parent.pivot(*chosen)


def _mask(at: Dictionaries) -> Array:
    mask = np.zeros((len(at.basic), at.basic.shape[1] + at.free.shape[1]), dtype=bool)
    np.put_along_axis(mask, at.basic, True, axis=1)
    return mask


def _keys(masks: Array) -> list[bytes]:
    """One hashable name per row of `bool[N, r + c]`."""
    return _names(np.packbits(masks, axis=-1))


def _names(packed: Array) -> list[bytes]:
    return packed.view(f"S{packed.shape[-1]}").reshape(-1).tolist()


def _unseen(masks: Array, leaving: Array, free: Array, seen: set[bytes]) -> tuple[Array, Array]:
    """Neighbours of bases `bool[K, r + c]` that are not in `seen`, which they join: their numbers among all K · c, and
    their masks. Of each basis, variable `leaving[K, c]` is replaced by `free[K, c]`."""
    bit = np.packbits(np.eye(masks.shape[1], dtype=bool), axis=-1)
    packed = (np.packbits(masks, axis=-1)[:, None] ^ bit[leaving] ^ bit[free]).reshape(-1, bit.shape[1])
    where: dict[bytes, int] = {}
    for at, key in enumerate(_names(packed)):
        where.setdefault(key, at)
    new = where.keys() - seen
    seen |= new
    fresh = np.array(sorted(where[key] for key in new), dtype=int)
    return fresh, np.unpackbits(packed[fresh], axis=-1, count=masks.shape[1]).astype(bool)
