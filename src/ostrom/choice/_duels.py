"""What the rules that look at duels share: measures, and sets and layers of a relation between alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from ..core.errors import UnknownName
from ..core.game import Array
from ._tally import Measure


def measured(measure: Measure) -> Measure:
    """The measure, or `UnknownName`."""
    if measure not in get_args(Measure):
        raise UnknownName("measure of a duel", str(measure), get_args(Measure))
    return measure


def layers(names: Sequence[str], beats: Array) -> tuple[tuple[str, ...], ...]:
    """Tiers by a relation without circles `bool[m, m]`: whom nothing beats, whom nothing else beats, and so on."""
    left, found = np.ones(len(names), bool), []
    while left.any():
        free = left & ~beats[left].any(0)
        found.append(tuple(names[k] for k in np.flatnonzero(free).tolist()))
        left &= ~free
    return tuple(found)


def reached(links: Array) -> Array:
    """Who reaches whom over links, `bool[m, m]`, itself included."""
    found = links | np.eye(len(links), dtype=bool)
    for via in range(len(found)):
        found |= found[:, via, None] & found[via]
    return found
