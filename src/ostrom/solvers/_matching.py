"""Which vertices of the two best-reply polytopes are an equilibrium together."""

from __future__ import annotations

import numpy as np

from ..core.game import Array
from ._vertices import Vertices

CHUNK = 64
"""Vertices of one player matched at once with all vertices of the other."""


def matches(x: Vertices, y: Vertices) -> Array:
    """Pairs of vertices that together make every move unplayed or a best reply, `int[K, 2]`."""
    tight_x = np.roll(x.tight, -len(x.matrix), axis=1)  # player 1's moves first, as they come in y
    simple_x, simple_y = (v.tight.sum(axis=1) == v.matrix.shape[1] for v in (x, y))
    # Where neither vertex has more tight inequalities than it needs, one's loose ones are the other's tight ones.
    loose = {key: k for k, key in enumerate(map(bytes, np.packbits(~y.tight, axis=1))) if simple_y[k]}
    partner = [loose.get(key, -1) for key in map(bytes, np.packbits(tight_x[simple_x], axis=1))]
    i, j = np.flatnonzero(simple_x), np.array(partner, dtype=int)
    pairs = [np.stack([i[j >= 0], j[j >= 0]], axis=1)]
    for some_x, some_y in ((~simple_x, simple_y | ~simple_y), (simple_x, ~simple_y)):
        some = np.flatnonzero(some_x), np.flatnonzero(some_y)
        found = _disjoint(~tight_x[some[0]], ~y.tight[some[1]])
        pairs.append(np.stack([some[0][found[:, 0]], some[1][found[:, 1]]], axis=1))
    return np.concatenate(pairs)


def _disjoint(one: Array, two: Array) -> Array:
    """Pairs `int[K, 2]` of rows of masks `bool[N, L]`, `bool[M, L]` that have nothing in common."""
    one, two = _words(one), _words(two)
    pairs = [np.empty((0, 2), dtype=int)]
    for first in range(0, len(one), CHUNK):
        clashes = np.zeros((len(one[first : first + CHUNK]), len(two)), dtype=bool)
        for a, b in zip(one[first : first + CHUNK].T, two.T, strict=True):
            clashes |= (a[:, None] & b) != 0
        some = np.flatnonzero(~clashes.all(axis=1))
        pairs.append(np.argwhere(~clashes[some]))
        pairs[-1][:, 0] = some[pairs[-1][:, 0]] + first
    return np.concatenate(pairs)


def _words(masks: Array) -> Array:
    """Masks `bool[N, L]` as 64-bit words `[N, L / 64]`."""
    padded = np.pad(masks, ((0, 0), (0, -masks.shape[1] % 64)))
    return np.packbits(padded, axis=1).view(np.uint64)
