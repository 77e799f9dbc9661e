"""Long-run odds of large Markov chains whose states, in order, reach only neighbours: banded elimination."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..core.game import Array

BLOCK, LEAF = 32, 4
"""States that are removed before the rest of the window hears of it, and so many of them one by one."""

HUGE = 1e100
"""Odds, as multiples of the first, beyond which all are scaled down."""


class Rates(NamedTuple):
    """Moves from state `tails[k]` to state `heads[k]` at `rates[k]` > 0, among `count` states; each pair once."""

    count: int
    tails: Array
    heads: Array
    rates: Array

    @property
    def band(self) -> int:
        """How far apart the numbers of two states that lead to each other can be."""
        return int(np.abs(self.tails - self.heads).max(initial=1))

    def flow(self, odds: Array) -> Array:
        """What a unit of time changes in `odds`, `float[count]`."""
        moved = odds[self.tails] * self.rates
        into, out = (np.bincount(at, moved, self.count) for at in (self.heads, self.tails))
        return into - out


def stationary(chain: Rates) -> Array:
    """The stationary distribution `float[count]` of a chain in which every state but the first has a lower neighbour.

    Elimination without subtractions (Grassmann, Taksar and Heyman 1985), last state first, within a window as wide as
    the band, in blocks so that most of the work is products of matrices. Nothing cancels, so every entry is right to a
    few roundings however small it is.
    """
    count, band = chain.count, min(chain.band, chain.count - 1)
    entries = _Entries(chain)
    cuts = [*range(count, 1, -max(BLOCK, band // 8)), 1]
    window, low = np.zeros((0, 0)), count
    columns = []
    for high, first in pairwise(cuts):
        bottom = max(first - band, 0)
        window = _widened(window, low - bottom)
        low = bottom
        entries.add(window, low, high)
        _eliminate(window, first - low, high - low)
        _pass_on(window, 0, first - low, high - low)
        columns.append((low, first, window[:, first - low :].copy()))
        window = window[: first - low, : first - low]
    odds = np.zeros(count)
    odds[0] = 1.0
    for low, first, block in reversed(columns):
        for k in range(block.shape[1]):
            odds[first + k] = odds[low : first + k] @ block[: first + k - low, k]
            if odds[first + k] > HUGE:
                odds /= odds[first + k]  # what vanishes beside it is 0
    return odds / odds.sum()


class _Entries:
    """The moves of the chain by the lower of their two states, so that a window that grows downwards finds its own."""

    def __init__(self, chain: Rates) -> None:
        lower = np.minimum(chain.tails, chain.heads)
        order = np.argsort(-lower, kind="stable")
        self.tails, self.heads, self.rates = chain.tails[order], chain.heads[order], chain.rates[order]
        self.lower, self.used = -lower[order], 0

    def add(self, window: Array, low: int, high: int) -> None:
        """Put those moves into the window that have come into it."""
        until = int(np.searchsorted(self.lower, -low, side="right"))
        new = slice(self.used, until)
        window[self.tails[new] - low, self.heads[new] - low] += self.rates[new]
        self.used = until


def _widened(window: Array, more: int) -> Array:
    """The window with room for `more` states before those that it has."""
    size = len(window) + more
    wide = np.zeros((size, size))
    wide[more:, more:] = window
    return wide


def _eliminate(window: Array, first: int, high: int) -> None:
    """Remove states `first` to `high - 1`; below it, the rates become those of the chain watched only there.

    The column of each removed state is left as what the odds of lower states are multiplied by. A block halves itself:
    the upper half is removed, what that means for the lower half is added up at once, and then the lower half.
    """
    if high - first > LEAF:
        middle = (first + high) // 2
        _eliminate(window, middle, high)
        _pass_on(window, first, middle, high)
        _eliminate(window, first, middle)
        return
    for k in range(high - 1, first - 1, -1):
        column = window[:k, k]
        column /= window[k, :k].sum()
        if k > first:
            window[first:k, :k] += column[first:, None] * window[k, :k]
            window[:first, first:k] += column[:first, None] * window[k, first:k]


def _pass_on(window: Array, first: int, middle: int, high: int) -> None:
    """Add what the removed states `middle` to `high - 1` lead on to, to the rows and columns of `first` to `middle`."""
    window[first:middle, :middle] += window[first:middle, middle:high] @ window[middle:high, :middle]
    window[:first, first:middle] += window[:first, middle:high] @ window[middle:high, first:middle]
