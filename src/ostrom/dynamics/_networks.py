"""Who is linked to whom, and what a step of imitation on a network does."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game

Update = Literal["death-birth", "birth-death", "pairwise comparison", "imitation"]


def weights_of(links: Any, nodes: int | None = None) -> Array:
    """Links as a symmetric matrix `float[N, N]` of weights from 0, from such a matrix or from pairs `int[E, 2]`.

    Raises `InputError` for a node linked to itself or to nobody, and for what is no network.
    """
    given = np.asarray(links)
    if given.ndim == 2 and given.shape[0] == given.shape[1] and not (given.shape[0] == 2 and given.max(initial=0) > 1):
        weights = given.astype(float)
    elif given.ndim == 2 and given.shape[1] == 2 and len(given) and (given == given.astype(int)).all():
        weights = _from_pairs(given.astype(int), nodes)
    else:
        raise InputError(
            f"Links of shape {given.shape}.",
            "A network is a square matrix of weights, or a list of pairs of nodes numbered from 0.",
            "Give one of the two.",
        )
    fine = np.isfinite(weights).all() and (weights >= 0).all() and np.array_equal(weights, weights.T)
    if not fine or weights.diagonal().any() or not weights.sum(1).all() or len(weights) < 2:
        raise InputError(
            "These links are not symmetric weights from 0, or a node is linked to itself or to nobody.",
            "Everybody meets its neighbours, and links go both ways.",
            "Leave out lonely nodes, and write every link of a matrix twice.",
        )
    return weights


def _from_pairs(pairs: Array, nodes: int | None) -> Array:
    count = int(pairs.max()) + 1 if nodes is None else nodes
    if pairs.min() < 0 or pairs.max() >= count:
        raise InputError(
            f"A pair names node {pairs.max() if pairs.max() >= count else pairs.min()} of {count}.",
            "Nodes are numbered from 0.",
            "Number them so, or say how many there are.",
        )
    weights = np.zeros((count, count))
    weights[pairs[:, 0], pairs[:, 1]] = weights[pairs[:, 1], pairs[:, 0]] = 1.0
    return weights


def table_of(game: Game) -> Array:
    """Own payoffs `float[A, A]` of a symmetric game of two."""
    table = game.dense().payoffs if len(game.players) == 2 and game.sizes[0] == game.sizes[1] else None
    if table is None or not np.allclose(table[..., 0], table[..., 1].T, rtol=0, atol=1e-9 * np.abs(table).max()):
        raise InputError(
            f"{game.name} is no symmetric game of two.",
            "On a network everybody plays the same game with each neighbour.",
            "Give a game of two in which both are alike.",
        )
    return table[..., 0]


class Network:
    """Neighbours, and the odds of who is replaced by whose move: `odds(states)` is `float[R, N, N]`, [who, by whom].

    Everybody earns the weighted mean over neighbours. Odds sum to 1 over all pairs in every state, but for those that
    leave all as it is under pairwise comparison and imitation.
    """

    def __init__(self, table: Array, weights: Array, update: Update, strength: float) -> None:
        self.table, self.weights, self.update, self.strength = table, weights, update, strength
        self.share = weights / weights.sum(1, keepdims=True)
        self.count = len(weights)

    def earned(self, states: Array) -> Array:
        """Mean payoff over neighbours, `float[R, N]`, at moves `int[R, N]`."""
        met = np.einsum("ij,rja->ria", self.share, np.eye(len(self.table))[states])
        return (met * self.table[states]).sum(-1)

    def odds(self, states: Array) -> Array:
        """Odds that node i (second axis) takes over the move of node j (last axis) in a step."""
        worth = self.strength * self.earned(states)
        if self.update == "death-birth":  # somebody dies, neighbours compete for the place
            return _shares(worth[:, None, :], self.weights) / self.count
        if self.update == "birth-death":  # somebody is born in proportion to fitness, and replaces a neighbour
            fitness = np.exp(worth - worth.max(1, keepdims=True))
            return (fitness / fitness.sum(1, keepdims=True))[:, None, :] * self.share.T
        if self.update == "imitation":  # one's own move competes with the neighbours'
            own = np.eye(self.count) * (self.weights.sum(1) / (self.weights > 0).sum(1))
            return _shares(worth[:, None, :], self.weights + own) / self.count
        gain = worth[:, None, :] - worth[:, :, None]
        return self.share / self.count / (1 + np.exp(-np.clip(gain, -700, 700)))


def _shares(worth: Array, weights: Array) -> Array:
    raised = np.where(weights > 0, worth, -np.inf)
    fitness = weights * np.exp(raised - raised.max(-1, keepdims=True))
    return fitness / fitness.sum(-1, keepdims=True)
