"""Rounds that were asked about, what tells records apart, and falls of dice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

import numpy as np

from ..core.game import Array

TOLERANCE = 1e-9
"""Payments that differ by no more, in units of payoff, are the same."""

FALLS, DRAWN = 128, 16
"""Falls of all dice up to which all are looked at; beyond, so many are drawn."""

Moves = Mapping[str, Array]
Records = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Seen:
    """N rounds that were asked about, one a row.

    Attributes
    ----------
    moves : part -> `[N, P]`; `luck` : per layer, die -> `int[N, R]`; `weight` : `float[N]`, the odds of that luck.
    legal : `bool[N]`, whether every move was permitted; `masks` : part -> what was, `bool[N, P, A]`.
    levels : the moves as each layer saw them, base first; `deeds` : `int[N, P]`, what was done in the game.
    before, paid, wished : `float[N, P]`: what the game pays, what the rules add to it in money, and in all.
    """

    moves: Moves
    luck: tuple[Moves, ...]
    weight: Array
    legal: Array
    masks: Mapping[str, Array]
    levels: Sequence[Moves]
    facts: Mapping[str, Array]
    before: Array
    paid: Array
    wished: Array

    @property
    def deeds(self) -> Array:
        """`int[N, P]`: what was done in the game; -1 where its part of a move is another one."""
        return self.levels[0]["act"]

    def part(self, first: int, last: int) -> Seen:
        """The rows from `first` to before `last`."""

        def cut(value: Any) -> Any:
            if isinstance(value, Mapping):
                return {name: cut(one) for name, one in value.items()}
            return type(value)(cut(one) for one in value) if isinstance(value, list | tuple) else value[first:last]

        return Seen(**{one.name: cut(getattr(self, one.name)) for one in fields(self)})


def key(records: Records) -> tuple[Any, ...]:
    """What tells records apart."""
    return tuple((name, np.asarray(value).tobytes()) for layer in records for name, value in sorted(layer.items()))


def fallen(odds: Sequence[Moves], seed: int) -> tuple[tuple[tuple[dict[str, Array], ...], Array], bool]:
    """Falls of the dice, per layer die -> `int[L, R]`, with their odds `float[L]`; and whether these are all."""
    axes = [row for layer in odds for table in layer.values() for row in np.asarray(table, float)]
    ways = math.prod(len(row) for row in axes)
    if ways <= FALLS:
        faces = np.array(list(product(*(range(len(row)) for row in axes))), np.int32).reshape(ways, len(axes))
        chance = np.array([math.prod(row[f] for row, f in zip(axes, fall, strict=True)) for fall in faces.tolist()])
        faces, chance = faces[chance > 0], chance[chance > 0]
    else:
        random = np.random.default_rng((seed, 2))
        faces = np.stack([random.choice(len(row), DRAWN, p=row / row.sum()) for row in axes], -1).astype(np.int32)
        chance = np.full(DRAWN, 1 / DRAWN)
    column, layers = 0, []
    for layer in odds:
        own = {}
        for name, table in layer.items():
            own[name] = faces[:, column : column + len(table)]
            column += len(table)
        layers.append(own)
    return (tuple(layers), chance), ways <= FALLS
