"""Learning without regret: hedge and regret matching, thousands of starts at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture
from ._mixtures import checked

ROUNDING = 1e-12
"""Regret below this share of what a move has been worth in total is rounding; proportions of it would be noise."""


@dataclass(frozen=True)
class Play:
    """What became of learners who play one another.

    Attributes
    ----------
    last : the mixtures of the last round, `float[..., A_i]` per player.
    average : the mean of each player's mixtures over all rounds, `float[..., A_i]`. The time average of joint play is
        the mean of the products, which is not the product of these means.
    payoffs : mean expected payoff per round, `float[..., P]`.
    regrets : what the best fixed move would have added per round, `float[..., P]`. Joint play, averaged over time, is
        a coarse correlated equilibrium up to the largest of these (Hannan 1957); below 0 counts as none.
    rounds : how many were played.
    method : the name of the learning rule.
    """

    last: Mixture
    average: Mixture
    payoffs: Array
    regrets: Array
    rounds: int
    method: str


def hedge(game: Game, start: Mixture, rounds: int = 1000) -> Play:
    """Everybody multiplies weights by exp(rate x worth of the move) (Littlestone and Warmuth 1994).

    `start[..., A_i]` is played first; later weights are `start x exp(rate x total worth)`. The rate of a player with A
    moves is sqrt(ln A) over the root of the sum of the squared payoff differences it has met, which needs neither
    scale nor horizon (Orabona and Pal 2015): regret per round falls like 1 / sqrt(rounds). Feedback is the expected
    worth of every move. A move with weight 0 at the start is never played.

    Raises
    ------
    InputError : no rounds, or a start that is not a mixture of every player.
    """
    return _play(game, start, rounds, _hedge, "hedge")


def regret_matching(game: Game, start: Mixture, rounds: int = 1000) -> Play:
    """Everybody plays moves in proportion to the regret of not having played them (Hart and Mas-Colell 2000).

    `start[..., A_i]` is played first, and a player who regrets nothing repeats its last mixture. Feedback is the
    expected worth of every move; regret per round falls like 1 / sqrt(rounds) (Blackwell 1956).

    Raises
    ------
    InputError : no rounds, or a start that is not a mixture of every player.
    """
    return _play(game, start, rounds, _regret_matching, "regret matching")


class _Learner:
    """What one player remembers: its start and last mixture, and sums over rounds, each `[..., A]` or `[..., 1]`."""

    def __init__(self, start: Array) -> None:
        self.start = self.last = start
        self.played, self.worth = np.zeros(start.shape), np.zeros(start.shape)
        self.earned, self.squares = np.zeros((*start.shape[:-1], 1)), np.zeros((*start.shape[:-1], 1))

    def hear(self, worth: Array) -> None:
        """Take in what each own move was worth this round."""
        self.played += self.last
        self.worth += worth
        self.earned += (self.last * worth).sum(-1, keepdims=True)
        self.squares += np.ptp(worth, axis=-1, keepdims=True) ** 2


def _hedge(learner: _Learner) -> Array:
    rate = np.sqrt(np.log(learner.start.shape[-1]) / np.where(learner.squares > 0, learner.squares, np.inf))
    best = np.where(learner.start > 0, learner.worth, -np.inf).max(-1, keepdims=True)
    weights = learner.start * np.exp(np.minimum(rate * (learner.worth - best), 0.0))
    return weights / weights.sum(-1, keepdims=True)


def _regret_matching(learner: _Learner) -> Array:
    regret = np.maximum(learner.worth - learner.earned, 0.0)
    regret[regret <= ROUNDING * np.abs(learner.worth)] = 0.0
    total = regret.sum(-1, keepdims=True)
    return np.where(total > 0, regret / np.where(total > 0, total, 1.0), learner.last)


def _play(game: Game, start: Mixture, rounds: int, rule: Callable[[_Learner], Array], method: str) -> Play:
    if rounds < 1:
        raise InputError(f"{rounds} rounds of {method}.", "Nothing can be learnt in no time.", "Play at least one.")
    learners = [_Learner(x) for x in checked(game, start)]
    for played in range(rounds):
        if played:
            for learner in learners:
                learner.last = rule(learner)
        for learner, worth in zip(learners, game.deviation_payoffs(tuple(k.last for k in learners)), strict=True):
            learner.hear(worth)
    return Play(
        last=tuple(learner.last for learner in learners),
        average=tuple(learner.played / rounds for learner in learners),
        payoffs=np.concatenate([learner.earned for learner in learners], axis=-1) / rounds,
        regrets=np.stack([(k.worth - k.earned).max(-1) for k in learners], axis=-1) / rounds,
        rounds=rounds,
        method=method,
    )
