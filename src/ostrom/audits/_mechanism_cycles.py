"""Cycles of types: the least mean, a cycle that has it, and payments by shortest paths (Karp 1978; Rochet 1987)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.game import Array


def least_mean(lengths: Array) -> tuple[Any, tuple[int, ...]]:
    """The least mean length of a cycle in a complete graph `[T, T]` (from, to), and the cycle. Loops do not count.

    By Karp's algorithm, exact for fractions; there have to be two types at least.
    """
    count = len(lengths)
    walks, came = _walks(lengths)
    steps = np.array([count - k for k in range(count)], lengths.dtype)[:, None]
    ratios = ((walks[count] - walks[:count]) / steps).max(0)
    walk = [int(ratios.argmin())]
    for k in range(count, 0, -1):
        walk.append(int(came[k, walk[-1]]))
    cycles = _cycles(walk[::-1])
    return min(((total(lengths, cycle) / len(cycle), cycle) for cycle in cycles), key=lambda one: one[0])


def payments(lengths: Array, most: Array) -> Array:
    """`[T]`: the highest p with p(to) − p(from) ≤ length and p ≤ most, where no cycle is negative: shortest paths."""
    found = most
    for _ in range(len(lengths)):
        found = np.minimum(found, (found[:, None] + lengths).min(0))
    return found


def total(lengths: Array, cycle: tuple[int, ...]) -> Any:
    """The length of a closed walk."""
    return sum(lengths[a, b] for a, b in zip(cycle, (*cycle[1:], *cycle[:1]), strict=True))


def _walks(lengths: Array) -> tuple[Array, Array]:
    """`[T + 1, T]`: the shortest walk of so many steps to each type, from the first; and where its last step came from.

    What cannot be reached in so many steps is longer than any walk.
    """
    count = len(lengths)
    never = np.abs(lengths).sum() * (2 * count + 2) + 1
    steps = lengths.copy()
    steps[np.diag_indices(count)] = never
    walks, came = np.full((count + 1, count), never, lengths.dtype), np.zeros((count + 1, count), int)
    walks[0, 0] = never * 0
    for k in range(count):
        through = walks[k][:, None] + steps
        came[k + 1] = through.argmin(0)
        walks[k + 1] = through.min(0)
    return walks, came


def _cycles(walk: list[int]) -> list[tuple[int, ...]]:
    """The cycles that a walk falls apart into, the path that is left over put aside."""
    found: list[tuple[int, ...]] = []
    path: list[int] = []
    for one in walk:
        if one in path:
            start = path.index(one)
            found.append(tuple(path[start:]))
            del path[start:]
        path.append(one)
    return found
