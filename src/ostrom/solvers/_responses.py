"""First and second order answers of a game: what each move is worth, and how that shifts with others' odds.

The mixtures of all players are laid end to end in one vector `x` of n = ΣA_i odds. Expected payoffs are linear in
each player's mixture, so both orders are exact for every finite game.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture

PAIR_TABLES = 4_000_000
"""Numbers up to which a copy of the payoff table is kept for every pair of players (32 MB)."""


class Layout:
    """Where each player's moves lie in the long vector, and the operations that go player by player."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes = sizes
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        self.owner = np.repeat(np.arange(len(sizes)), sizes)
        self.same = (self.owner[:, None] == self.owner).astype(float)
        self.centre = np.eye(len(self.owner)) - self.same / np.array(sizes)[self.owner]

    def split(self, x: Array) -> Mixture:
        """The long vector `[..., n]` as one array per player."""
        return tuple(x[..., k : k + size] for k, size in zip(self.starts, self.sizes, strict=True))

    def softmax(self, z: Array) -> Array:
        """Odds proportional to exp z, player by player."""
        weights = np.exp(z - np.maximum.reduceat(z, self.starts)[self.owner])
        return weights / np.add.reduceat(weights, self.starts)[self.owner]


Responses = Callable[[Array], tuple[Array, Array]]
"""`x` to `(d, T)`: worth `d[n]` of every move, and `T[n, n] = ∂d/∂x`, zero within one player."""


def responses(game: Game, layout: Layout) -> Responses:
    """The function that answers both orders at once, by pair tables where the game is a table of moderate size."""
    players = len(game.players)
    if isinstance(game, NormalForm) and players > 1 and players**2 * max(game.sizes) ** players <= PAIR_TABLES:
        return _by_pairs(game, layout)
    return _by_substitution(game, layout)


def _by_pairs(game: NormalForm, layout: Layout) -> Responses:
    """For players i, j: their two payoffs averaged over everybody else, for all pairs in one product.

    Players with fewer moves than the most get idle ones, worth nothing and never played.
    """
    count, most = len(game.sizes), max(game.sizes)
    first, second = np.array(list(combinations(range(count), 2))).T
    others = np.array([[k for k in range(count) if k not in pair] for pair in zip(first, second, strict=True)], int)
    padded = np.zeros((most,) * count + (count,))
    padded[tuple(map(slice, game.sizes))] = game.payoffs
    tables = np.stack([_pair_table(padded, i, j) for i, j in zip(first, second, strict=True)])
    real = layout.owner * most + np.concatenate([np.arange(size) for size in game.sizes])
    # Against the mixture of any one other player: player 1, or for player 1 player 2.
    partner = (layout.owner == (layout.owner == 0)[:, None]).astype(float)
    idle = most * count > len(real)

    def answer(x: Array) -> tuple[Array, Array]:
        mixtures = np.zeros(count * most)
        mixtures[real] = x
        mixtures = mixtures.reshape(count, most)
        odds = np.ones((len(first), 1))
        for k in range(count - 2):
            odds = (odds[:, :, None] * mixtures[others[:, k], None]).reshape(len(first), -1)
        worth = (tables @ odds[:, :, None]).reshape(-1, 2, most, most)
        shift = np.zeros((count, most, count, most))
        shift[first, :, second] = worth[:, 0]
        shift[second, :, first] = worth[:, 1].transpose(0, 2, 1)
        shift = shift.reshape(count * most, -1)
        shift = shift[np.ix_(real, real)] if idle else shift
        return (shift * partner) @ x, shift

    return answer


def _pair_table(payoffs: Array, i: int, j: int) -> Array:
    """Payoffs of i and of j, by their own two moves and then everybody else's: `[2 · A_i · A_j, others]`."""
    pair = np.moveaxis(payoffs[..., [i, j]], [-1, i, j], [0, 1, 2])
    return pair.reshape(2 * pair.shape[1] * pair.shape[2], -1)


def _by_substitution(game: Game, layout: Layout) -> Responses:
    """∂d/∂x_j(l) is what everything is worth when player j surely plays l: one batch of n mixtures."""
    count = len(layout.owner)
    sure = np.eye(count)

    def answer(x: Array) -> tuple[Array, Array]:
        batch = np.where(layout.same > 0, sure, x)
        second = np.concatenate(game.deviation_payoffs(layout.split(batch)), axis=-1).T
        # Whom player i faces when it is i itself that is replaced: the mixture x as it is.
        worth = second[np.arange(count), layout.starts[layout.owner]]
        return worth, np.where(layout.same > 0, 0.0, second)

    return answer
