"""What lines between payoffs are made of: vectors, and the odds within reach; for symmetric games of two, two moves."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from ..core.automaton import Automaton, trembled
from ..core.errors import InputError
from ..core.game import Array, Game
from ._named import automaton
from ._rules import Rule

CLOSE = 1e-9
"""Residuals below this share of the largest payoff difference are rounding."""


def normals(p: Array, first: float, delta: float) -> Array:
    """Vectors `float[4, N]` to which the share of time in CC, CD, DC and DD is orthogonal against everybody."""
    stays = (p[0] == p[1] == first == 1.0) or (p[2] == p[3] == first == 0.0)
    if stays or (np.ptp(p) == 0 and (delta == 1 or first == p[0])):
        x = first if stays else p[0]
        return np.array([[1 - x, 0.0, -x, 0.0], [0.0, 1 - x, 0.0, -x]]).T
    return (delta * p + (1 - delta) * first - np.array([1.0, 1, 0, 0]))[:, None]


def corners(tilt: Array, delta: float) -> Array:
    """The corners `float[N, 2]` of all (reaction, first odds) for which the odds after every round lie in [0, 1]."""
    lines = [(tilt[k], -(1 - delta), -one, delta - one) for k, one in enumerate((1, 1, 0, 0))]
    lines += [(0.0, 1.0, 0.0, 1.0)]
    edges = [(a, b, c) for a, b, low, high in lines for c in (low, high)] + [(1.0, 0.0, 0.0)]
    found = []
    for (a, b, c), (d, e, f) in combinations(edges, 2):
        if abs(a * e - b * d) > 1e-14:
            point = np.array([c * e - b * f, a * f - c * d]) / (a * e - b * d)
            fits = all(low - CLOSE <= a * point[0] + b * point[1] <= high + CLOSE for a, b, low, high in lines)
            found += [point] if fits and point[0] >= -CLOSE else []
    return np.array(found).reshape(-1, 2)


def first_odds(tilt: Array, delta: float, reaction: float) -> float:
    """The odds of C in the first round nearest to 1 with which that reaction fits."""
    if delta == 1:
        return 1.0
    highest = (reaction * tilt + np.array([1.0, 1, 0, 0])) / (1 - delta)
    return float(np.clip(highest.min(), 0.0, 1.0))


def rewards_of(game: Game) -> Array:
    """Own payoffs `float[4]` after CC, CD, DC, DD of a symmetric game of two with two moves."""
    table = game.dense().payoffs if game.sizes == (2, 2) else np.zeros((2, 2, 2))
    if game.sizes != (2, 2) or not np.array_equal(table[..., 0], table[..., 1].T) or table[0, 1, 0] == table[1, 0, 0]:
        raise InputError(
            f"{game.name} is no symmetric game of two with two moves.",
            "Lines between payoffs are enforced there, where the moves have different payoffs.",
            "Give such a game, for example PrisonersDilemma().",
        )
    return table[..., 0].ravel()


def memory_one(strategy: Any, first: float | None) -> tuple[Array, float]:
    if isinstance(strategy, str | Rule):
        strategy = automaton(strategy)
    if isinstance(strategy, Automaton):
        odds = strategy.memory_one_odds()
        own = float(strategy.odds[strategy.start, 0])
    else:
        odds, own = np.asarray(strategy, float), 1.0
    if odds is None or odds.shape != (4,) or not ((odds >= 0) & (odds <= 1)).all():
        raise InputError(
            f"{getattr(strategy, 'name', '') or repr(strategy)[:80]} is no memory-one strategy.",
            "It has odds of C after CC, CD, DC and DD, and nothing else counts.",
            "Give four such odds, or an automaton that remembers one round.",
        )
    own = own if first is None else float(first)
    if not 0 <= own <= 1:
        raise InputError(f"The odds of C in the first round are {own}.", do="Give a number from 0 to 1.")
    return odds, own


def slipping(odds: Array, noise: float) -> Array:
    return trembled(np.stack([odds, 1 - odds], -1), noise)[..., 0]


def delta_of(discount: float | None) -> float:
    if discount is not None and not 0 < discount < 1:
        raise InputError(
            f"The discount factor is {discount}.",
            "Who enforces a line by its answers needs a future: 0 < δ < 1.",
            "Give such a number, or None for the limit of means.",
        )
    return 1.0 if discount is None else float(discount)
