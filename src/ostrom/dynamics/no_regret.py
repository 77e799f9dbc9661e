"""Learning without regret: hedge and regret matching, with forecasts and without, thousands of starts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np

from ..core.errors import UnknownName
from ..core.game import Array, Game, Mixture
from ._play import Learner, play
from ._play import Play as Play

ROUNDING = 1e-12
"""Regret below this share of what a move has been worth in total is rounding; proportions of it would be noise."""

Kind = Literal["plain", "plus", "predictive"]


def hedge(game: Game, start: Mixture, rounds: int = 1000, *, optimistic: bool = False, worth: Any = None) -> Play:
    """Everybody multiplies weights by exp(rate x worth of the move) (Littlestone and Warmuth 1994).

    `start[..., A_i]` is played first; later weights are `start x exp(rate x total worth)`. The rate of a player with A
    moves is sqrt(ln A) over the root of the sum of the squared payoff differences it has met, which needs neither
    scale nor horizon (Orabona and Pal 2015): regret per round falls like 1 / sqrt(rounds). Feedback is the expected
    worth of every move. A move with weight 0 at the start is never played. With a table `worth[A_1, …, A_P]` (a
    welfare of every joint move, say) the record also has its mean under joint play.

    `optimistic` learners expect the last round once more: its worth counts twice, and the rate is over the root of the
    sum of squared *changes* of worth (Rakhlin and Sridharan 2013). Where others change little, regret grows little; in
    zero-sum games `last` then comes to rest where plain hedge circles.

    Raises
    ------
    InputError : no rounds, a start that is not a mixture of every player, or a worth that is not such a table.
    """
    rule, name = (_optimistic, "optimistic hedge") if optimistic else (_hedge, "hedge")
    return play(game, start, rounds, lambda learners: [rule(one) for one in learners], name, worth)


def regret_matching(game: Game, start: Mixture, rounds: int = 1000, *, kind: Kind = "plain", worth: Any = None) -> Play:
    """Everybody plays moves in proportion to the regret of not having played them (Hart and Mas-Colell 2000).

    `start[..., A_i]` is played first, and a player who regrets nothing repeats its last mixture. Feedback is the
    expected worth of every move; regret per round falls like 1 / sqrt(rounds) (Blackwell 1956). With a table
    `worth[A_1, …, A_P]` the record also has its mean under joint play.

    `kind` "plus" forgets regret below 0 at once (Tammelin 2014), and "predictive" besides expects the last round once
    more (Farina, Kroer and Sandholm 2021): the same bound, and in practice far less regret.

    Raises
    ------
    InputError : no rounds, a start that is not a mixture of every player, or a worth that is not such a table.
    UnknownName : another kind.
    """
    if kind not in get_args(Kind):
        raise UnknownName("kind of regret matching", str(kind), get_args(Kind))
    if kind == "plain":
        return play(
            game, start, rounds, lambda learners: [_regret_matching(one) for one in learners], "regret matching", worth
        )
    name = "predictive regret matching+" if kind == "predictive" else "regret matching+"
    return play(game, start, rounds, _Plus(kind == "predictive"), name, worth)


def _hedge(learner: Learner) -> Array:
    rate = np.sqrt(np.log(learner.start.shape[-1]) / np.where(learner.squares > 0, learner.squares, np.inf))
    best = np.where(learner.start > 0, learner.worth, -np.inf).max(-1, keepdims=True)
    weights = learner.start * np.exp(np.minimum(rate * (learner.worth - best), 0.0))
    return weights / weights.sum(-1, keepdims=True)


def _optimistic(learner: Learner) -> Array:
    rate = np.sqrt(np.log(learner.start.shape[-1]) / np.where(learner.surprises > 0, learner.surprises, np.inf))
    total = learner.worth + learner.heard
    best = np.where(learner.start > 0, total, -np.inf).max(-1, keepdims=True)
    weights = learner.start * np.exp(np.minimum(rate * (total - best), 0.0))
    return weights / weights.sum(-1, keepdims=True)


class _Plus:
    """Regret of each learner that is cut off at 0 in every round, and what is made of it."""

    def __init__(self, predictive: bool) -> None:
        self.predictive = predictive
        self.regret: list[Array] = []

    def __call__(self, learners: Sequence[Learner]) -> list[Array]:
        self.regret = self.regret or [np.zeros(one.start.shape) for one in learners]
        return [self._next(k, one) for k, one in enumerate(learners)]

    def _next(self, k: int, one: Learner) -> Array:
        news = one.heard - (one.last * one.heard).sum(-1, keepdims=True)
        # A learner that nothing told apart hears rounding, which is no regret.
        news = np.where(np.abs(news) <= ROUNDING * np.abs(one.heard), 0.0, news)
        self.regret[k] = np.maximum(self.regret[k] + news, 0.0)
        return _in_proportion(np.maximum(self.regret[k] + news, 0.0) if self.predictive else self.regret[k], one.last)


def _regret_matching(learner: Learner) -> Array:
    regret = np.maximum(learner.worth - learner.earned, 0.0)
    regret[regret <= ROUNDING * np.abs(learner.worth)] = 0.0
    return _in_proportion(regret, learner.last)


def _in_proportion(regret: Array, otherwise: Array) -> Array:
    total = regret.sum(-1, keepdims=True)
    return np.where(total > 0, regret / np.where(total > 0, total, 1.0), otherwise)
