"""Who may change without a mistake: steps among the compositions of a population, or among joint moves."""

from __future__ import annotations

from math import comb

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, Game
from ..dynamics._groups import Groups, compositions
from ..dynamics._imitation import after
from ._mistakes import Steps

TIE = 1e-9
"""Share of the range of payoffs below which two are equal."""

EFFORT = 4_000_000
"""Steps between states beyond which none are listed."""


def require_few(name: str, steps: int, what: str) -> None:
    """`TooLarge` where there are too many steps."""
    if steps > EFFORT:
        raise TooLarge(
            f"{name} has {steps:,} steps between {what}.",
            f"Every one of them is looked at, up to {EFFORT:,}.",
            "Take a smaller population, or fewer players or moves.",
        )


def fitting(strategies: int, most: int) -> int:
    """The largest population up to `most` whose compositions are quickly gone through."""
    sizes = (size for size in range(most, 1, -1) if comb(size + strategies - 1, strategies - 1) * strategies**2 <= 5e5)
    return next(sizes, 2)


def in_population(game: Game, population: int, imitates: bool) -> tuple[Array, Steps, Array]:
    """Compositions `int[M, S]`, the steps between them, and what all earn on average in each, `float[M]`.

    Who imitates goes over to what somebody has that earns at least as much; else, to a best reply to all others.
    """
    size = game.sizes[0]
    groups = Groups(game)
    groups.require_population(population)
    require_few(game.name, comb(population + size - 1, size - 1) * size**2, "compositions")
    counts = compositions(size, population)
    worth = np.stack([_worth_of_others(groups, counts, own) for own in range(size)], axis=1)  # [M, from, to]
    earned = np.diagonal(worth, axis1=1, axis2=2)
    close = TIE * np.ptp(groups.payoffs)
    if imitates:
        better = (counts[:, None, :] > 0) & (earned[:, None, :] >= earned[:, :, None] - close)
    else:
        better = worth >= worth.max(-1, keepdims=True) - close
    possible = (counts[:, :, None] > 0) & ~np.eye(size, dtype=bool)
    tails, left, taken = np.nonzero(possible)
    heads = after(counts, tails, left, taken)
    return counts, Steps(len(counts), tails, heads, better[tails, left, taken]), (earned * counts).sum(1) / population


def among_players(game: Game) -> tuple[Array, Steps, Array]:
    """Joint moves `int[M, P]`, the steps between them, and the mean payoff in each; players go over to best replies."""
    require_few(game.name, game.size * sum(game.sizes), "joint moves")
    profiles = game.profiles()
    strides = np.array([int(np.prod(game.sizes[i + 1 :], dtype=int)) for i in range(len(game.sizes))])
    tails, heads, free = [], [], []
    for i, size in enumerate(game.sizes):
        moved = np.repeat(profiles[:, None, :], size, axis=1)
        moved[:, :, i] = np.arange(size)
        worth = game.payoffs_at(moved)[..., i]
        best = worth >= worth.max(1, keepdims=True) - TIE * np.ptp(worth)
        rows, to = np.nonzero(np.arange(size) != profiles[:, i : i + 1])
        tails.append(rows)
        heads.append(rows + (to - profiles[rows, i]) * strides[i])
        free.append(best[rows, to])
    steps = Steps(len(profiles), np.concatenate(tails), np.concatenate(heads), np.concatenate(free))
    return profiles, steps, game.payoffs_at(profiles).mean(-1)


def _worth_of_others(groups: Groups, counts: Array, own: int) -> Array:
    """What each move would earn one who has `own`, `float[M, S]`; 0 where nobody has it."""
    there = counts[:, own] > 0
    worth = np.zeros(counts.shape)
    worth[there] = groups.worth(counts[there] - np.eye(counts.shape[1], dtype=int)[own])
    return worth
