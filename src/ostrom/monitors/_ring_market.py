"""What firms get if each looks after itself, and if they act as one; how far between the two they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.game import Game

LARGEST = 4_000
"""Joint moves up to which correlated equilibria are computed; beyond, the best pure equilibrium is taken."""


@dataclass(frozen=True)
class Levels:
    """Payoffs of a round, over all players together.

    Attributes
    ----------
    competitive : the most that an equilibrium of one round brings. monopoly : the most that any joint move does.
    lowest : the least that any joint move brings.
    """

    competitive: float
    monopoly: float
    lowest: float

    def gain(self, total: np.ndarray) -> np.ndarray:
        """Δ of payoffs: 0 where they are competitive, 1 where they are a monopoly's (Calvano and others 2020)."""
        return (np.asarray(total, float) - self.competitive) / (self.monopoly - self.competitive)

    @property
    def least(self) -> float:
        """The least Δ that there can be."""
        return float(self.gain(np.array(self.lowest)))


def levels(game: Game, competitive: float | None = None, monopoly: float | None = None) -> Levels:
    """The levels of a game, or as given: payoffs of a round, the mean over players.

    Competition is taken at its best: the correlated equilibrium of one round with the highest total, which no Nash
    equilibrium passes. So a market whose equilibria are many is not blamed for a high one.

    Raises `InputError` where there is nothing between the two, or no equilibrium was found to compare with.
    """
    table = game.dense()
    total, count = table.payoffs.sum(-1), len(game.players)
    low = _competitive(game) if competitive is None else competitive * count
    high = float(total.max()) if monopoly is None else monopoly * count
    if not (math.isfinite(low) and math.isfinite(high)) or high - low <= 1e-9 * max(1.0, float(np.abs(total).max())):
        raise InputError(
            f"In {game.name} players get {low:g} together if each looks after itself, and {high:g} if they act as one.",
            "There is nothing to gain from acting as one.",
            "Ask about a game in which there is, or give `competitive` and `monopoly` payoffs.",
        )
    return Levels(float(low), float(high), float(total.min()))


def _competitive(game: Game) -> float:
    from ..solvers.correlated import correlated
    from ..solvers.pure_equilibria import pure_equilibria

    if game.size <= LARGEST:
        found = correlated(game, lambda utilities: utilities[..., : len(game.players)].sum(-1))
        if found.joint is not None:
            return min(float(found.bound), float(game.dense().payoffs.sum(-1).max()))
    profiles = pure_equilibria(game).profiles
    if not profiles:
        raise InputError(
            f"{game.name} has {game.size:,} joint moves and no pure equilibrium.",
            "What competition brings was not found.",
            "Give the `competitive` payoff of a round, the mean over players.",
        )
    return float(game.payoffs_at(np.array(profiles)).sum(-1).max())
