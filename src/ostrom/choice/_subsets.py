"""The orders with the least cost over pairs, by dynamic programming over all subsets of what is ordered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..core.game import Array

LARGEST = 20
"""What can be ordered: the work grows as m times 2 to the m."""


class Orders(NamedTuple):
    """The best orders of `m` things.

    Attributes
    ----------
    cost : the least cost. count : how many orders have it.
    path : `bool[2^m]`, whether some best order begins with just these (bit k of the number for thing k).
    best : `int64[2^m]`, the least cost of putting these first.
    place : `int64[m]`, the best place that each thing has in some best order, from 0.
    """

    cost: int
    count: int
    path: Array
    best: Array
    place: Array


def best_orders(against: Array) -> Orders:
    """The best orders where putting i anywhere before j costs `against[i, j]` (Held and Karp 1962).

    Parameters
    ----------
    against : `int64[m, m]`, at most `LARGEST` things; sums of all entries must fit.
    """
    size = len(against)
    added = _Added(against)
    best, count = np.zeros(2**size, np.int64), np.zeros(2**size, np.int64)
    count[0] = 1
    layers = _layers(size)
    for masks in layers[1:]:
        costs = np.stack([_before(best, added, masks, last) for last in range(size)])
        best[masks] = least = costs.min(0)
        for last in range(size):
            ties = masks[costs[last] == least]
            count[ties] += count[ties ^ (1 << last)]
    path = np.zeros(2**size, bool)
    path[-1] = True
    place = np.full(size, size)
    for before in range(size - 1, -1, -1):  # down, so that the best place is noted last
        on = layers[before + 1][path[layers[before + 1]]]
        for last in range(size):
            ends = on[_before(best, added, on, last) == best[on]]
            path[ends ^ (1 << last)] = True
            place[last] = before if len(ends) else place[last]
    return Orders(int(best[-1]), int(count[-1]), path, best, place)


def each_order(found: Orders, against: Array) -> Iterator[tuple[int, ...]]:
    """The best orders, in lexicographic order."""
    size, added = len(against), _Added(against)
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack:
        mask, order = stack.pop()
        if len(order) == size:
            yield order
        for k in range(size - 1, -1, -1):
            after = mask | 1 << k
            if after != mask and found.path[after] and found.best[mask] + added.to(k, mask) == found.best[after]:
                stack.append((after, (*order, k)))


UNREACHED = np.iinfo(np.int64).max


def _before(best: Array, added: _Added, masks: Array, last: int) -> Array:
    """The cost of each set with that one last in it; a huge number where it is not in the set."""
    rest = masks ^ (1 << last)
    inside = rest < masks
    costs = np.full(len(masks), UNREACHED)
    rest = rest[inside]
    costs[inside] = best[rest] + added.to(last, rest)
    return costs


class _Added:
    """What it costs to put one thing after a set of others; looked up in two small tables of half a set each."""

    def __init__(self, against: Array) -> None:
        self.half = len(against) // 2
        self.low, self.high = _sums(against[: self.half]), _sums(against[self.half :])

    def to(self, last: int, masks: Array | int) -> Array:
        """For each set, as a number."""
        return self.low[last, masks & ((1 << self.half) - 1)] + self.high[last, masks >> self.half]


def _sums(rows: Array) -> Array:
    """`[m, 2^r]`: for each column the sums over all sets of rows."""
    sums = np.zeros((rows.shape[1], 1), np.int64)
    for row in rows:
        sums = np.hstack([sums, sums + row[:, None]])
    return sums


def _layers(size: int) -> list[Array]:
    """All sets as numbers, by how many are in them."""
    bits = np.zeros(1, np.int64)
    for _ in range(size):
        bits = np.concatenate([bits, bits + 1])
    order = np.argsort(bits, kind="stable")
    return np.split(order, np.cumsum(np.bincount(bits))[:-1])
