"""Reduced pure strategies of one player in a tree: counted, listed, and which sequences they do."""

from __future__ import annotations

import math

import numpy as np

from ..game import Array
from ._sequences import Sequences


def count(own: Sequences) -> int:
    """How many reduced strategies there are; without perfect recall, how many strategies."""
    return _ways(own)[0] if own.perfect_recall else math.prod(own.sets)


def listed(own: Sequences) -> Array:
    """`int[A, H]`: the move of each reduced strategy at each own information set, -1 where it does not get."""
    if not own.perfect_recall:
        return np.indices(own.sets, dtype=np.int32).reshape(len(own.sets), -1).T
    ways = _ways(own)
    chosen = np.full((len(own.sets), ways[0]), -1, dtype=np.int32)
    here = {0: (np.arange(ways[0]), np.arange(ways[0]))}  # who does a sequence, and which plan of what follows
    for level in reversed(own.levels):
        for h, rows in reversed(_rows(level)):
            who, plan = here[int(own.before[h])]
            counts = np.array([ways[row] for row in rows])
            rest, which = np.divmod(plan, counts.sum())  # the last information set counts fastest
            here[int(own.before[h])] = who, rest
            chosen[h, who] = move = np.searchsorted(np.cumsum(counts), which, side="right")
            for a, row in enumerate(rows):
                here[row] = who[move == a], which[move == a] - counts[:a].sum()
        for done in set(own.before[level[0]].tolist()):
            del here[done]
    return np.ascontiguousarray(chosen.T)


def follows(own: Sequences, chosen: Array) -> Array:
    """`float[A, K]`: 1 where a strategy of `listed` does all of a sequence, when others let it."""
    found = np.ones((len(own), len(chosen)))
    for row in range(1, len(own)):  # the sequence without the last choice comes before
        found[row] = found[own.parent[row]] * (chosen[:, own.info[row]] == own.move[row])
    return np.ascontiguousarray(found.T)


def _ways(own: Sequences) -> list[int]:
    """How many plans there are for all that can follow each sequence."""
    ways = [1] * len(own)
    for level in own.levels:
        for h, rows in _rows(level):
            ways[own.before[h]] *= sum(ways[row] for row in rows)
    return ways


def _rows(level: tuple[Array, Array, Array]) -> list[tuple[int, list[int]]]:
    """Each information set of a level with its sequences."""
    sets, starts, rows = (each.tolist() for each in level)
    return [(h, rows[a:b]) for h, a, b in zip(sets, starts, [*starts[1:], len(rows)], strict=True)]
