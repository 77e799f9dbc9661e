"""Independent Q-learners who play a finite game again and again, many seeds at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ._play import refuse_none, worth_table
from ._q_learners import QLearners


@dataclass(frozen=True)
class Learnt:
    """What became of Q-learners, one row for each of S seeds.

    Attributes
    ----------
    joint : how often each joint move was made in the counted rounds, `float[S, A_1, …, A_P]`, summing to 1.
    payoffs : mean payoff per counted round, `float[S, P]`.
    greedy : the move that each player thinks best at the end, per player `int[S]`, and with memory
        `int[S, A_1, …, A_P]`, one for each last joint move. Of equally good moves the first.
    seeds, rounds, counted : the seeds, how many rounds were played, and how many of the last were counted.
    method : the name of the learning rule.
    worth : the mean over the counted rounds of the table given as `worth`, `float[S]`; None without one.
    """

    joint: Array
    payoffs: Array
    greedy: tuple[Array, ...]
    seeds: tuple[int, ...]
    rounds: int
    counted: int
    method: str
    worth: Array | None = None


def q_learning(
    game: Game,
    seeds: int | Sequence[int] = 32,
    *,
    rounds: int = 100_000,
    memory: int = 0,
    alpha: float = 0.1,
    discount: float = 0.0,
    epsilon: tuple[float, float] = (1.0, 1e-4),
    start: float | Sequence[Any] | None = None,
    share: float = 0.1,
    worth: Any = None,
) -> Learnt:
    """Everybody learns by itself, from its own payoffs alone, what its moves are worth (Watkins 1989).

    After each round `Q[s, a] += alpha (payoff + discount max Q[s', .] - Q[s, a])` for the move a that was made. With
    probability epsilon a move is drawn from all one's own evenly, otherwise from the best. The state s is nothing, or
    with `memory=1` the last joint move (Sandholm and Crites 1996); the one before the first round is drawn evenly.
    Nobody sees what others earn or what another move would have earned.

    Parameters
    ----------
    seeds : how many (0, 1, …), or which. A seed gives the same row whatever the other seeds are.
    rounds : at least 1.
    alpha : how far a value moves towards what was met, in (0, 1].
    discount : what a payoff a round later is worth, in [0, 1).
    epsilon : in round t = 0, 1, … the probability to explore is `epsilon[0] exp(-epsilon[1] t)`.
    start : first Q-values: one number for all, or per player an array that broadcasts to `[seeds, states, A_i]`, states
        in the order of `game.profiles()`. None is what moves earn while others draw evenly, over 1 - discount, so
        that adding a constant to payoffs or changing their unit changes nothing.
    share : the share of the rounds, at the end, that is counted, in (0, 1].
    worth : a table `[A_1, …, A_P]` whose mean over the counted rounds the record shall have.

    Raises
    ------
    InputError : a number outside its range, or values or a worth of another shape.
    TooLarge : more joint moves than a table holds, or more Q-values or counts than 50 million.
    """
    listed = tuple(int(seed) for seed in (range(seeds) if isinstance(seeds, int) else seeds))
    refuse_none(rounds, "Q-learning")
    _check(len(listed), memory, alpha, discount, epsilon, share)
    table = game.dense()
    valued = None if worth is None else worth_table(table, worth)
    learners = QLearners(table, listed, memory, discount, start)
    first = rounds - max(1, round(share * rounds))
    counts = np.zeros(len(listed) * table.size)
    at = np.arange(len(listed)) * table.size
    for time in range(rounds):
        joint = learners.step(epsilon[0] * math.exp(-epsilon[1] * time), alpha)
        if time >= first:
            counts[at + joint] += 1
    shares = counts.reshape(len(listed), -1) / (rounds - first)
    return Learnt(
        joint=shares.reshape(-1, *table.sizes),
        payoffs=np.stack([row @ table.payoffs.reshape(table.size, -1) for row in shares]),
        greedy=learners.greedy(),
        seeds=listed,
        rounds=rounds,
        counted=rounds - first,
        method="Q-learning with memory one" if memory else "Q-learning",
        worth=None if valued is None else np.array([row @ valued.reshape(-1) for row in shares]),
    )


def _check(count: int, memory: int, alpha: float, discount: float, epsilon: tuple[float, float], share: float) -> None:
    ranges = {
        f"seeds: {count} of them": count >= 1,
        f"memory {memory}": memory in (0, 1),
        f"alpha {alpha}": 0 < alpha <= 1,
        f"discount {discount}": 0 <= discount < 1,
        f"epsilon {epsilon}": len(epsilon) == 2 and 0 <= epsilon[0] <= 1 and 0 <= epsilon[1] < math.inf,
        f"share {share}": 0 < share <= 1,
    }
    for said, fine in ranges.items():
        if not fine:
            raise InputError(
                f"Q-learning was asked for with {said}.",
                "Learners need a seed, remember nothing (0) or the last joint move (1), with alpha in (0, 1], discount "
                "in [0, 1), epsilon a probability and a rate of decay of at least 0, and share in (0, 1].",
                "Choose a value in its range.",
            )
