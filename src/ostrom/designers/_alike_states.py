"""The states of players who are alike: which pure equilibria a game has when only some of its moves are left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..core.forms.symmetric import Symmetric
from ..core.game import Array
from ..diagnosis._large_spreads import _others_of
from ._remedy import ROUNDING


class States:
    """A `Symmetric` game, with what is asked again and again for one set of moves after the other.

    Attributes
    ----------
    moves, count : the labels of the moves, and how many players there are.
    home : `int[A]`, the row of `others` where all others make a move.
    alone : `float[A, A]`, what move j is worth where all others make move k, at `[k, j]`.
    scale, slack : the range of payoffs, and the difference that counts as none.
    """

    def __init__(self, game: Symmetric) -> None:
        self.game, self.moves, self.count = game, game.moves[0], len(game.players)
        self.everybody = np.repeat(np.arange(len(self.moves))[:, None], self.count, axis=1)
        self.home = game.others_at(self.everybody)[:, 0]
        self.alone = game.payoffs[:, self.home].T
        self.scale = float(np.ptp(game.payoffs)) or 1.0
        self.slack = ROUNDING * self.scale
        self._reached: dict[tuple[int, ...], list[int]] = {}

    @cached_property
    def faced(self) -> tuple[Array, Array]:
        """For every state of all and own move `[T, A]`, which state of the others it faces, and whether it can be."""
        return _others_of(self.game)

    def symmetric(self, kept: Sequence[int]) -> list[int]:
        """Moves of `kept` that nobody gains by leaving, for another of them, where all make them."""
        top = self.alone[:, list(kept)].max(1)
        return [k for k in kept if self.alone[k, k] >= top[k] - self.slack]

    def another(self, kept: Sequence[int], target: int) -> Array | None:
        """A pure equilibrium within `kept` besides that all make the target's move, as counts `int[A]`; None if none.

        Complete: every state of the players is looked at, and whether its stable moves can be filled up to it.
        """
        rows, valid = self.faced
        size = rows.shape[1]
        own = self.game.payoffs[np.arange(size), rows]
        stable = valid & (self.game.payoffs[list(kept)].max(0)[rows] - own <= self.slack)
        stable[:, np.setdiff1d(np.arange(size), kept)] = False
        others = np.arange(size) != target
        if self.game.amounts is None:
            fits = (stable | (self.game.totals == 0)).all(1) & (self.game.totals[:, others] > 0).any(1)
            return self.game.totals[int(np.argmax(fits))] if fits.any() else None
        for state in np.flatnonzero((stable & others).any(1)):
            found = self._filled(np.flatnonzero(stable[state]), int(self._totals[state]), target)
            if found is not None:
                return found
        return None

    @cached_property
    def _steps(self) -> Array:
        """What each move adds to the total, in the coarsest whole steps above the least."""
        assert self.game.amounts is not None
        above = self.game.amounts - self.game.amounts.min()
        return above // max(int(np.gcd.reduce(above)), 1)

    @cached_property
    def _totals(self) -> Array:
        assert self.game.amounts is not None
        least, above = self.game.amounts.min(), self.game.amounts - self.game.amounts.min()
        return (self.game.totals - self.count * least) // max(int(np.gcd.reduce(above)), 1)

    def _filled(self, moves: Array, total: int, target: int) -> Array | None:
        """Counts of these moves whose amounts sum to `total`, at least one of them not the target's; or None."""
        steps, reached = self._steps.tolist(), self._sums(tuple(map(int, moves)))

        def open_(players: int, left: int) -> bool:
            return left >= 0 and bool(reached[players] >> left & 1)

        for first in (int(k) for k in moves if k != target):
            if not open_(self.count - 1, total - steps[first]):
                continue
            counts, left = np.zeros(len(steps), int), total - steps[first]
            counts[first] = 1
            for players in range(self.count - 2, -1, -1):
                pick = next(int(k) for k in moves if open_(players, left - steps[k]))
                counts[pick] += 1
                left -= steps[pick]
            return counts
        return None

    def _sums(self, moves: tuple[int, ...]) -> list[int]:
        """For 0, 1, … players, the sums that their amounts can have, as bits."""
        if moves not in self._reached:
            found = [1]
            for _ in range(self.count - 1):
                sums = 0
                for k in moves:
                    sums |= found[-1] << int(self._steps[k])
                found.append(sums)
            self._reached[moves] = found
        return self._reached[moves]


def spread_words(moves: Sequence[str], counts: Array) -> str:
    """How many play what, most first: `all play 4`, `4 play 4 and 3 play 5`."""
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda k: -counts[k])
    if len(order) == 1:
        return f"all play {moves[order[0]]}"
    words = [f"{counts[k]} play{'s' if counts[k] == 1 else ''} {moves[k]}" for k in order]
    return ", ".join(words[:-1]) + f" and {words[-1]}"
