"""Learning without regret: hedge and regret matching, thousands of starts at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.game import Array, Game, Mixture
from ._play import Learner, play
from ._play import Play as Play

ROUNDING = 1e-12
"""Regret below this share of what a move has been worth in total is rounding; proportions of it would be noise."""


def hedge(game: Game, start: Mixture, rounds: int = 1000, *, worth: Any = None) -> Play:
    """Everybody multiplies weights by exp(rate x worth of the move) (Littlestone and Warmuth 1994).

    `start[..., A_i]` is played first; later weights are `start x exp(rate x total worth)`. The rate of a player with A
    moves is sqrt(ln A) over the root of the sum of the squared payoff differences it has met, which needs neither
    scale nor horizon (Orabona and Pal 2015): regret per round falls like 1 / sqrt(rounds). Feedback is the expected
    worth of every move. A move with weight 0 at the start is never played. With a table `worth[A_1, …, A_P]` (a
    welfare of every joint move, say) the record also has its mean under joint play.

    Raises
    ------
    InputError : no rounds, a start that is not a mixture of every player, or a worth that is not such a table.
    """
    return play(game, start, rounds, lambda learners: [_hedge(one) for one in learners], "hedge", worth)


def regret_matching(game: Game, start: Mixture, rounds: int = 1000, *, worth: Any = None) -> Play:
    """Everybody plays moves in proportion to the regret of not having played them (Hart and Mas-Colell 2000).

    `start[..., A_i]` is played first, and a player who regrets nothing repeats its last mixture. Feedback is the
    expected worth of every move; regret per round falls like 1 / sqrt(rounds) (Blackwell 1956). With a table
    `worth[A_1, …, A_P]` the record also has its mean under joint play.

    Raises
    ------
    InputError : no rounds, a start that is not a mixture of every player, or a worth that is not such a table.
    """
    rule = "regret matching"
    return play(game, start, rounds, lambda learners: [_regret_matching(one) for one in learners], rule, worth)


def _hedge(learner: Learner) -> Array:
    rate = np.sqrt(np.log(learner.start.shape[-1]) / np.where(learner.squares > 0, learner.squares, np.inf))
    best = np.where(learner.start > 0, learner.worth, -np.inf).max(-1, keepdims=True)
    weights = learner.start * np.exp(np.minimum(rate * (learner.worth - best), 0.0))
    return weights / weights.sum(-1, keepdims=True)


def _regret_matching(learner: Learner) -> Array:
    regret = np.maximum(learner.worth - learner.earned, 0.0)
    regret[regret <= ROUNDING * np.abs(learner.worth)] = 0.0
    total = regret.sum(-1, keepdims=True)
    return np.where(total > 0, regret / np.where(total > 0, total, 1.0), learner.last)
