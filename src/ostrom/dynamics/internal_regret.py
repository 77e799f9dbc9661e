"""Internal regret matching: nobody would gain by having made another move whenever it made one; play correlates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, Game, Mixture, amount
from ._play import Learner, Play, play

LIMIT = 20_000_000
"""Numbers kept, for all starts together, beyond which nothing is begun (160 MB)."""
ROUNDING = 1e-12
"""Regret below this share of what the moves have been worth in total is rounding."""
REST = 1e-9
"""How far the mixture that answers is pulled towards the last one, which decides where regret leaves it open."""


@dataclass(frozen=True, eq=False)
class Correlated(Play):
    """The record of play, with what makes it a correlated equilibrium.

    Attributes
    ----------
    joint : the mean of joint play over all rounds, `float[..., A_1, …, A_P]`.
    swap_regrets : what the best plan "whenever I made this move, make that one instead" would have added per round,
        `float[..., P]`: `joint` is a correlated equilibrium up to these.
    """

    joint: Array = field(default_factory=lambda: np.zeros(0))
    swap_regrets: Array = field(default_factory=lambda: np.zeros(0))


def internal_regret_matching(game: Game, start: Mixture, rounds: int = 1000) -> Correlated:
    """Everybody plays so that what it regrets of each move balances (Foster and Vohra 1997; Hart and Mas-Colell 2000).

    For every pair of own moves, a player knows what it would have gained by making k whenever it made j. It plays the
    mixture that stays as it is when weight flows from j to k in proportion to that regret. Then swap regret per round
    falls like 1 / sqrt(rounds), and the mean of joint play comes near the correlated equilibria of the game, whatever
    the game (Blackwell 1956 gives the rate). `start[..., A_i]` is played first; feedback is the expected worth of
    every move.

    Raises
    ------
    InputError : no rounds, or a start that is not a mixture of every player.
    TooLarge : more joint moves and pairs of moves than can be kept for all starts.
    """
    batch = math.prod(np.broadcast_shapes(*(np.shape(x)[:-1] for x in start)))
    kept = batch * (game.size + sum(size**2 for size in game.sizes))
    if kept > LIMIT:
        raise TooLarge(f"{amount(kept)} numbers to keep.", f"At most {LIMIT:,} fit.", "Give fewer starts or moves.")
    books = _Books()
    record = play(game, start, rounds, books, "internal regret matching")
    books.enter(record.last, game.deviation_payoffs(record.last))
    return Correlated(
        **{name: getattr(record, name) for name in Play.__dataclass_fields__},
        joint=books.joint / rounds,
        swap_regrets=np.stack([np.maximum(r.max(-1), 0.0).sum(-1) for r in books.regret], axis=-1) / rounds,
    )


class _Books:
    """The rule, and what it keeps: per player the regret `[..., A, A]` of j for k, its size, and joint play."""

    def __init__(self) -> None:
        self.regret: list[Array] = []
        self.size: list[Array] = []
        self.joint: Array = np.zeros(0)

    def __call__(self, learners: Sequence[Learner]) -> list[Array]:
        last = tuple(one.last for one in learners)
        self.enter(last, tuple(one.heard for one in learners))
        return [_balanced(r, s, x) for r, s, x in zip(self.regret, self.size, last, strict=True)]

    def enter(self, played: Mixture, worths: Mixture) -> None:
        """Enter one round into the books."""
        if not self.regret:
            self.regret = [np.zeros((*x.shape, x.shape[-1])) for x in played]
            self.size = [np.zeros((*x.shape[:-1], 1, 1)) for x in played]
            self.joint = np.zeros((*played[0].shape[:-1], *(x.shape[-1] for x in played)))
        for i, (x, worth) in enumerate(zip(played, worths, strict=True)):
            self.regret[i] += x[..., :, None] * (worth[..., None, :] - worth[..., :, None])
            self.size[i] += np.abs(worth).max(-1)[..., None, None]
        joint = np.ones((*played[0].shape[:-1], 1))
        for x in played:
            joint = (joint[..., :, None] * x[..., None, :]).reshape(*x.shape[:-1], -1)
        self.joint += joint.reshape(self.joint.shape)


def _balanced(regret: Array, size: Array, last: Array) -> Array:
    """The mixture that flows of weight in proportion to `regret[..., j, k]` leave as it is, the one nearest `last`."""
    flow = np.where(regret > ROUNDING * size, regret, 0.0)
    most = flow.sum(-1).max(-1)[..., None, None]
    flow = flow / np.where(most > 0, most, 1.0)
    stays = np.eye(last.shape[-1])
    chain = flow + stays * (1 - flow.sum(-1, keepdims=True))
    x = np.linalg.solve(np.swapaxes(stays - (1 - REST) * chain, -1, -2), REST * last[..., None])[..., 0]
    x = np.maximum(x, 0.0)
    return x / x.sum(-1, keepdims=True)
