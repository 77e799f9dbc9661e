"""Players who are alike as one population, with an oracle fast enough to follow many paths."""

from __future__ import annotations

import math

import numpy as np

from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game, Mixture
from ..dynamics.one_population import one_population

SPAN = 1 << 20
"""Total of all amounts up to which sums are taken by a Fourier transform."""


def population(game: Symmetric) -> Game:
    """The game of one population that plays against itself: everybody draws from one and the same mixture."""
    if game.amounts is not None and int(game.amounts.max()) * (len(game.players) - 1) > SPAN:
        return one_population(game)
    return _Population(game)


class _Population(Game):
    """One "player", the population; what its moves earn when all others draw from its mixture."""

    def __init__(self, game: Symmetric) -> None:
        self.game, self.draws = game, len(game.players) - 1
        self.name = f"{game.name} in one population"
        self.players, self.moves = ("population",), (game.moves[0],)
        if game.amounts is None:
            ways = [math.lgamma(self.draws + 1) - sum(math.lgamma(k + 1) for k in row) for row in game.others.tolist()]
            self.ways = np.array(ways)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., 1]` where everybody makes the same move, `int[..., 1]`."""
        return self.game.payoffs_at(np.repeat(profiles, self.draws + 1, axis=-1))[..., :1]

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """What each own move earns, `float[..., A]`, when all others play the population's mixture."""
        odds = self._by_counts(mixture[0]) if self.game.amounts is None else self._by_total(mixture[0])
        return (odds @ self.game.payoffs.T,)

    def _by_counts(self, shares: Array) -> Array:
        """Probabilities `[..., C]` of the counts of the others: multinomial."""
        logs = np.log(np.maximum(shares, 1e-300))
        return np.exp(self.ways + logs @ self.game.others.T)

    def _by_total(self, shares: Array) -> Array:
        """Probabilities `[..., C]` of the total of the others: so many copies of one distribution, convolved."""
        amounts = self.game.amounts
        assert amounts is not None
        one = np.zeros((*shares.shape[:-1], int(amounts.max()) + 1))
        for a, amount in enumerate(amounts):
            one[..., amount] += shares[..., a]
        length = int(amounts.max()) * self.draws + 1
        odds = np.fft.irfft(np.fft.rfft(one, max(length, 2)) ** self.draws, max(length, 2))
        odds = np.maximum(odds[..., self.game.others], 0.0)
        return odds / odds.sum(-1, keepdims=True)
