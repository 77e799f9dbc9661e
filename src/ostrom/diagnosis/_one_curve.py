"""Players who are alike and have two moves: everything hangs on one curve.

When each plays the second move with probability x, the others who play it are a binomial number, and what decides is
Δ(x), what the second move pays more than the first. Its zeros are the symmetric equilibria; its sign says where
evolution in one population, and the logit branch, lead.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ..core.game import Array
from ..core.symmetric import Symmetric
from ._tables import TIE

GRID = 2001
"""Probabilities at which the sign of Δ is read; zeros between two of them are found by bisection."""


class OneCurve:
    """Δ of a game; `lead` is what the second move pays more when 0, 1, … of the others play it, `float[P]`."""

    def __init__(self, game: Symmetric) -> None:
        count = len(game.players)
        others = np.arange(count - 1) < np.arange(count)[:, None]
        first, second = (np.column_stack([np.full(count, own), others]).astype(int) for own in (0, 1))
        worth = np.stack([game.payoffs_at(rows)[:, 0] for rows in (first, second)])
        lead = worth[1] - worth[0]
        self.lead = np.where(np.abs(lead) <= TIE * np.ptp(worth), 0.0, lead)

    def at(self, share: Array) -> Array:
        """Δ at probabilities `share[S]`; what is zero up to rounding is zero."""
        second = np.arange(len(self.lead))
        others = np.column_stack([len(self.lead) - 1 - second, second])
        curve = multinomial(others, np.column_stack([1 - share, share])) @ self.lead
        return np.where(np.abs(curve) <= TIE * np.abs(self.lead).max(), 0.0, curve)

    def rests(self) -> dict[float, float]:
        """Symmetric equilibria by rising probability, and from which part of [0, 1] one population evolves there.

        Where nothing matters everything is at rest; the middle stands for it.
        """
        grid = np.sin(np.linspace(0, np.pi / 2, GRID)) ** 2
        signs = np.sign(self.at(grid))
        if not signs.any():
            return {0.5: 1.0}
        apart = np.flatnonzero(signs)
        turns = [(a, b) for a, b in pairwise(apart) if signs[a] != signs[b]]
        zeros = [self._zero(float(grid[a]), float(grid[b])) for a, b in turns]
        flows = [signs[apart[0]], *(signs[b] for _, b in turns)]
        ends = [0.0, *zeros, 1.0]
        basins = dict.fromkeys(ends, 0.0)
        for (low, high), flow in zip(pairwise(ends), flows, strict=True):
            basins[high if flow > 0 else low] += high - low
        left = ([0.0] if self.lead[0] > 0 else []) + ([1.0] if self.lead[-1] < 0 else [])
        return {share: basin for share, basin in basins.items() if share not in left}

    def limit(self) -> float:
        """Where the logit branch leads from chance: the first equilibrium on the side that pays more there."""
        way = float(self.at(np.array([0.5]))[0])
        ahead = [share for share in self.rests() if (share - 0.5) * way > 0]
        return min(ahead, key=lambda share: abs(share - 0.5)) if way else 0.5

    def _zero(self, low: float, high: float) -> float:
        sign = self.at(np.array([low]))[0]
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(np.array([middle]))[0] * sign > 0 else (low, middle)
        return (low + high) / 2


def multinomial(crowds: Array, mixture: Array) -> Array:
    """How likely every crowd `int[N, A]` is, `[..., N]`, when everybody in it plays `mixture[..., A]`."""
    ways = math.lgamma(crowds[0].sum() + 1) - np.vectorize(math.lgamma)(crowds + 1.0).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(crowds == 0, 0.0, crowds * np.log(mixture[..., None, :])).sum(-1)
    return np.exp(ways + logs)
