"""First and second order answers of a game: what each move is worth, and how that shifts with others' odds.

The mixtures of all players are laid end to end in one vector `x` of n = ΣA_i odds. Expected payoffs are linear in
each player's mixture, so both orders are exact for every finite game.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from ..core.game import Array, Game, Mixture
from ..core.normal_form import NormalForm

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


ONE = np.ones(1)

Responses = Callable[[Array], tuple[Array, Array]]
"""`x` to `(d, T)`: worth `d[n]` of every move, and `T[n, n] = ∂d/∂x`, zero within one player."""


def responses(game: Game, layout: Layout) -> Responses:
    """The function that answers both orders at once, by pair tables where the game is a table of moderate size."""
    players = len(game.players)
    if isinstance(game, NormalForm) and players * (players - 1) * game.size <= PAIR_TABLES:
        return _by_pairs(game, layout)
    return _by_substitution(game, layout)


def _by_pairs(game: NormalForm, layout: Layout) -> Responses:
    """For players i, j: their two payoffs averaged over everybody else, one product each."""
    everyone = range(len(game.players))
    blocks = [slice(k, k + size) for k, size in zip(layout.starts, layout.sizes, strict=True)]
    tables = []
    for i, j in combinations(everyone, 2):
        pair = np.moveaxis(game.payoffs[..., [i, j]], [-1, i, j], [0, 1, 2])
        pair = np.ascontiguousarray(pair).reshape(2 * game.sizes[i] * game.sizes[j], -1)
        tables.append((i, j, [k for k in everyone if k not in (i, j)], pair))

    def answer(x: Array) -> tuple[Array, Array]:
        mixture = [x[block] for block in blocks]
        second = np.zeros((len(x), len(x)))
        for i, j, others, pair in tables:
            odds = ONE
            for k in others:
                odds = (odds[:, None] * mixture[k]).ravel()
            mine, theirs = (pair @ odds).reshape(2, len(mixture[i]), len(mixture[j]))
            second[blocks[i], blocks[j]] = mine
            second[blocks[j], blocks[i]] = theirs.T
        # Against the mixture of any one other player: the neighbour in seat order.
        return (second * neighbour) @ x, second

    neighbour = layout.owner == np.where(layout.owner == 0, 1, 0)[:, None]
    return answer


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
