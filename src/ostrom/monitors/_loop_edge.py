"""Whether a round runs away: histories at the edge of it, and how often one shows as much."""

from __future__ import annotations

import numpy as np

from ._loop_fit import Lagged
from ._loop_gains import radius, rounds

Array = np.ndarray


def runs_away(lagged: Lagged, rng: np.random.Generator, most: int = 9999, stop: int = 20) -> float:
    """The p-value of the radius: how often a round that does not run away shows as large a one.

    Histories are drawn with the slopes shrunk until the radius is 1 + 1/M, with M rounds, and signs of residuals
    flipped; 1.0 where least squares finds no larger radius. The M-th part pays for what least squares leaves out at
    radius 1, where flipping alone is a little too bold. Stops early where many have it (Besag and Clifford 1991).
    """
    plain = lagged.slopes(lagged.values)
    seen, calm = radius(rounds(plain, lagged.turn)), 1 + 1 / len(lagged.now)
    if seen <= calm:
        return 1.0
    edge = _edge(plain, lagged.turn, calm)
    left, reached, made = lagged.left(plain), 0, 0
    for size in (99, 400, *[500] * 20):
        size = min(size, most - made)
        if size <= 0:
            break
        found = radius(rounds(lagged.slopes(lagged.drawn(edge, left, rng, size)), lagged.turn)) >= seen - 1e-12
        if reached + found.sum() >= stop:
            return float(stop / (made + 1 + np.flatnonzero(np.cumsum(found) + reached >= stop)[0]))
        reached, made = reached + int(found.sum()), made + size
    return (reached + 1) / (made + 1)


def _edge(blocks: Array, turn: Array, most: float) -> Array:
    """Slopes multiplied by the largest share for which the radius is at most `most`."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if radius(rounds(middle * blocks, turn)) <= most else (low, middle)
    return low * blocks
