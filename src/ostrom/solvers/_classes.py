"""Which moves must be played with the same odds: the component fixed by a game's symmetry.

Colour refinement on (player, move) pairs. Two moves share a class as long as nothing tells them apart: their players
have the same kinds of moves, and at mixtures that respect the classes they are worth the same compared with their
player's other moves. Random mixtures that respect the classes tell two moves apart with probability 1 when any such
mixture does, so no search through permutations is needed. The classes are never finer than the orbits of the game's
automorphisms, and every logit response to a mixture that respects them respects them too.
"""

from __future__ import annotations

import numpy as np

from ..core.game import Array
from ._responses import Layout, Responses

MIXTURES = 6
"""Random mixtures at which worths are compared: within a tolerance one alone would see false likeness."""


def classes(respond: Responses, layout: Layout, start: Array, tolerance: float) -> Array:
    """Class numbers `int[n]` of all moves; `start` `[n]` holds odds, and only moves of equal odds may share a class.

    `tolerance` is in payoff units: worths that near at every mixture tried count as equal.
    """
    rng = np.random.default_rng(20050701)
    labels = _by_player(_alike(start[:, None], 1e-9), layout)
    while True:
        tries = rng.normal(scale=2.0, size=(MIXTURES, labels.max() + 1))[:, labels]
        worth = np.stack([layout.centre @ respond(layout.softmax(z))[0] for z in tries], axis=1)
        finer = _by_player(_join(labels, _alike(worth, tolerance)), layout)
        if finer.max() == labels.max():
            return labels
        labels = finer


def _alike(rows: Array, tolerance: float) -> Array:
    """Number the rows so that rows linked by a chain of rows within the tolerance share a number."""
    linked = np.abs(rows[:, None] - rows).max(-1) <= tolerance
    while (further := linked @ linked).sum() > linked.sum():
        linked = further
    return np.unique(linked.argmax(1), return_inverse=True)[1]


def _join(left: Array, right: Array) -> Array:
    return np.unique(np.stack([left, right]), axis=1, return_inverse=True)[1].ravel()


def _by_player(labels: Array, layout: Layout) -> Array:
    """Split classes whose players do not have the same kinds of moves."""
    kinds: dict[tuple[int, ...], int] = {}
    owners = [kinds.setdefault(tuple(sorted(own)), len(kinds)) for own in map(np.ndarray.tolist, layout.split(labels))]
    return _join(labels, np.array(owners)[layout.owner])
