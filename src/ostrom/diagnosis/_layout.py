"""Where to draw the places of a network that has no map: near where they are few links apart."""

from __future__ import annotations

import numpy as np

from ..core.game import Array

LARGEST = 600
"""Places up to which distances between all of them are computed."""
ROUNDS = 200
GOLDEN = np.pi * (3 - np.sqrt(5))


def layout(count: int, tails: Array, heads: Array) -> Array | None:
    """Positions `float[N, 2]` between 0 and 1 whose distances follow the number of links between places.

    Stress majorisation (Gansner, Koren and North 2004) from a sunflower, so the same network is always drawn the same.
    None beyond `LARGEST` places.
    """
    if count > LARGEST:
        return None
    hops = _hops(count, tails, heads)
    angle = GOLDEN * np.arange(count)
    places = np.sqrt(np.arange(count) / count)[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1) * hops.max()
    weight = 1 / np.maximum(hops, 1.0) ** 2
    np.fill_diagonal(weight, 0)
    spread = np.linalg.pinv(np.diag(weight.sum(1)) - weight)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(places[:, None] - places, axis=-1)
        pull = -weight * hops / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, 0)
        places = spread @ ((pull - np.diag(pull.sum(1))) @ places)
    low, high = places.min(0), places.max(0)
    return np.round((places - low) / max(float((high - low).max()), 1e-9), 6)


def _hops(count: int, tails: Array, heads: Array) -> Array:
    """Links between any two places in either direction `float[N, N]`; one more than the longest where none lead."""
    beside = np.zeros((count, count), np.float32)
    beside[tails, heads] = beside[heads, tails] = 1
    hops, reached, step = np.full((count, count), np.inf), np.eye(count, dtype=bool), 0
    hops[reached] = 0
    while True:
        step += 1
        grown = reached | (reached @ beside > 0)
        if (grown == reached).all():
            break
        hops[grown & ~reached] = step
        reached = grown
    return np.where(np.isfinite(hops), hops, step)
