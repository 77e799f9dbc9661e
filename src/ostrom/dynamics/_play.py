"""What rules that learn from expected worths share: what each learner remembers, the rounds, and their record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture
from ._mixtures import checked


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
    worth : the mean per round, under joint play, of the table that was given as `worth`, `float[...]`; None without
        one. The welfare of what was played, for any welfare: `worth` of the averages would be another number.
    """

    last: Mixture
    average: Mixture
    payoffs: Array
    regrets: Array
    rounds: int
    method: str
    worth: Array | None = None


class Learner:
    """What one player remembers: its start and last mixture, what it heard last, and sums over rounds, each `[..., A]`
    or `[..., 1]`. `squares` sums squared differences between what moves were worth, `surprises` between what they were
    worth and what they had been worth the round before."""

    def __init__(self, start: Array) -> None:
        self.start = self.last = start
        self.heard = np.zeros(start.shape)
        self.played, self.worth = np.zeros(start.shape), np.zeros(start.shape)
        self.earned, self.squares, self.surprises = np.zeros((3, *start.shape[:-1], 1))

    def hear(self, worth: Array) -> None:
        """Take in what each own move was worth this round."""
        self.played += self.last
        self.worth += worth
        self.earned += (self.last * worth).sum(-1, keepdims=True)
        self.squares += np.ptp(worth, axis=-1, keepdims=True) ** 2
        self.surprises += np.ptp(worth - self.heard, axis=-1, keepdims=True) ** 2
        self.heard = worth


Rule = Callable[[Sequence[Learner]], Sequence[Array]]
"""From what the players remember to the mixtures they play next."""


def play(game: Game, start: Mixture, rounds: int, rule: Rule, method: str, worth: Any = None) -> Play:
    """Play `start` first, then what `rule` says, and keep the books; `worth` is a table `[A_1, …, A_P]` or None."""
    refuse_none(rounds, method)
    table = None if worth is None else worth_table(game, worth)
    learners = [Learner(x) for x in checked(game, start)]
    total = np.zeros(learners[0].start.shape[:-1])
    for played in range(rounds):
        if played:
            for learner, mixture in zip(learners, rule(learners), strict=True):
                learner.last = mixture
        mixtures = tuple(learner.last for learner in learners)
        for learner, heard in zip(learners, game.deviation_payoffs(mixtures), strict=True):
            learner.hear(heard)
        if table is not None:
            total += expected(table, mixtures)
    return Play(
        last=tuple(learner.last for learner in learners),
        average=tuple(learner.played / rounds for learner in learners),
        payoffs=np.concatenate([learner.earned for learner in learners], axis=-1) / rounds,
        regrets=np.stack([(k.worth - k.earned).max(-1) for k in learners], axis=-1) / rounds,
        rounds=rounds,
        method=method,
        worth=None if table is None else total / rounds,
    )


def expected(table: Array, mixture: Mixture) -> Array:
    """The mean `float[...]` of `table[A_1, …, A_P]` when all play `mixture` independently."""
    batch, mean = mixture[0].shape[:-1], table[None]
    for x in reversed(mixture):
        x = x.reshape(-1, x.shape[-1], 1)
        mean = (mean.reshape(len(mean), -1, x.shape[1]) @ x)[..., 0]
    return mean.reshape(batch)


def worth_table(game: Game, worth: Any) -> Array:
    """`worth` as `float[A_1, …, A_P]`; `InputError` when it is not one finite number per joint move."""
    table = np.asarray(worth, float)
    if table.shape != game.sizes or not np.isfinite(table).all():
        raise InputError(
            f"Worth is a table of shape {table.shape}, and {game.name} has {game.sizes} moves.",
            "Joint play is averaged over one finite number per joint move.",
            "Give such a table, for example a welfare of the utilities: welfare.on_table(utilities).",
        )
    return table


def refuse_none(rounds: int, method: str) -> None:
    """`InputError` unless there is a round to learn from."""
    if rounds < 1:
        raise InputError(f"{rounds} rounds of {method}.", "Nothing can be learnt in no time.", "Play at least one.")
