"""Which moves to remove so that one joint move is the only pure equilibrium of what is left."""

from __future__ import annotations

from itertools import combinations, islice
from math import comb

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, amount
from ..core.solution import Status
from ._remedy import ROUNDING, Profile

ENTRIES = 10_000_000
"""Joint moves times moves beyond which a restriction is not looked for."""

BATCH, CELLS = 2**10, 2**22
"""At most so many sets of moves are tried at once, and so many numbers held for them."""


class Search:
    """Which sets of moves, once removed, leave no joint move stable but the target.

    A joint move is out when it uses a removed move or has a better reply that is kept. For a set as a row of zeros
    and ones that is linear: removed moves used + better replies − better replies removed > 0.
    """

    def __init__(self, payoffs: Array, place: Profile) -> None:
        sizes = payoffs.shape[:-1]
        self.moves = [(i, move) for i, size in enumerate(sizes) for move in range(size)]
        used, better = _incidence(payoffs, self.moves)
        target = int(np.ravel_multi_index(place, sizes))
        self.forced = better[target]
        own = np.array([place[i] == move for i, move in self.moves])
        self.free = np.flatnonzero(~own & ~self.forced)
        others = (np.arange(len(used)) != target) & ~(used[:, self.forced].any(1) | better[:, own].any(1))
        change = used[others].astype(np.float32) - better[others]
        start = better[others].sum(1) + change[:, self.forced].sum(1)
        self._rows = np.unique(np.column_stack([start, change[:, self.free]]), axis=0)

    def smallest(self, subsets: int) -> tuple[set[tuple[int, int]], int, Status]:
        """The moves to remove, below how many nothing suffices, and whether that was settled."""
        size, free, forced = 0, len(self.free), int(self.forced.sum())
        while (found := self._first(size)) is None:
            subsets, size = subsets - comb(free, size), size + 1
            if comb(free, size) > subsets:
                return self._named(self._pruned()), forced + size, "timed out"
        return self._named(found), forced + size, "complete"

    def _first(self, size: int) -> Array | None:
        """The first set of that many free moves that suffices, if any."""
        sets = combinations(range(len(self.free)), size)
        batch = max(1, min(BATCH, CELLS // max(1, len(self._rows))))
        while chosen := list(islice(sets, batch)):
            rows = np.zeros((len(chosen), len(self.free)), bool)
            np.put_along_axis(rows, np.array(chosen, int).reshape(len(chosen), size), True, axis=1)
            if (good := self._enough(rows)).any():
                return rows[int(np.argmax(good))]
        return None

    def _pruned(self) -> Array:
        """A set that suffices and none of whose moves could be allowed again: all, given back while it is."""
        chosen = np.ones(len(self.free), bool)
        while True:
            fewer = chosen & ~np.eye(len(chosen), dtype=bool)[chosen]
            good = np.flatnonzero(self._enough(fewer))
            if not len(good):
                return chosen
            chosen = fewer[good[0]]

    def _enough(self, chosen: Array) -> Array:
        """For sets of free moves `bool[N, F]`, whether removing them (and the forced ones) suffices: `bool[N]`."""
        out = self._rows[:, 0] + chosen.astype(np.float32) @ self._rows[:, 1:].T
        return np.all(out > 0, axis=1)

    def _named(self, chosen: Array) -> set[tuple[int, int]]:
        return {self.moves[k] for k in (*np.flatnonzero(self.forced), *self.free[chosen])}


def _incidence(payoffs: Array, moves: list[tuple[int, int]]) -> tuple[Array, Array]:
    """For every joint move and every (player, move): whether it is used, whether it is a better reply; `bool[S, M]`."""
    sizes = payoffs.shape[:-1]
    if payoffs[..., 0].size * len(moves) > ENTRIES:
        raise TooLarge(
            f"The game has {amount(payoffs[..., 0].size)} joint moves and {len(moves)} moves in all.",
            f"Looking for a restriction holds more than {ENTRIES:,} replies in memory.",
            "Use fewer players or moves.",
        )
    used, better = np.zeros((2, *sizes, len(moves)), bool)
    for k, (i, move) in enumerate(moves):
        own = payoffs[..., i]
        np.moveaxis(used[..., k], i, 0)[move] = True
        better[..., k] = own.take([move], axis=i) - own > ROUNDING * np.ptp(own)
    return used.reshape(-1, len(moves)), better.reshape(-1, len(moves))
