"""By how much what holds of a joint move holds: the least loss from leaving it, and the least gain elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._amounts import Amounts, Number, along, departures
from ._case import Case


class Margin(NamedTuple):
    """The size of a margin, and where it is smallest: which player, by which move, at which joint move."""

    size: Number
    player: int
    move: int
    place: tuple[int, ...]


def leaving(case: Case, numbers: Amounts) -> Margin:
    """The least that anybody loses by leaving the target alone; below 0 where somebody gains."""
    best = Margin(np.inf, 0, 0, case.place)
    for i, move in departures(case):
        own = along(numbers.payoffs, case.place, i)
        if (loss := own[case.place[i]] - own[move]) < best.size:
            best = Margin(loss, i, move, case.place)
    return best


def dominance(case: Case, numbers: Amounts) -> Margin:
    """The least that anybody loses by another move than its part of the target, whatever the others do."""
    best = Margin(np.inf, 0, 0, case.place)
    for i, part in enumerate(case.place):
        pay = np.moveaxis(numbers.payoffs[..., i], i, 0)
        for move in range(len(pay)):
            losses = pay[part] - pay[move]
            if move != part and losses.min() < best.size:
                place = [int(k) for k in np.unravel_index(int(losses.argmin()), losses.shape)]
                best = Margin(losses.min(), i, move, (*place[:i], part, *place[i:]))
    return best


def best_gains(case: Case, numbers: Amounts) -> Array:
    """`[A_1, …, A_P]`: the most that anybody gains by a move of its own at each joint move, at least 0."""
    tables = (numbers.payoffs[..., i] for i in range(len(case.place)))
    return np.max(np.stack([pay.max(i, keepdims=True) - pay for i, pay in enumerate(tables)]), axis=0)


def others(case: Case, gains: Array) -> Margin:
    """The least of the best gains at joint moves other than the target."""
    if gains.size < 2:
        return Margin(np.inf, 0, 0, case.place)
    order = np.delete(np.arange(gains.size), np.ravel_multi_index(case.place, gains.shape))
    least = order[int(np.argmin(gains.ravel()[order]))]
    place = tuple(int(k) for k in np.unravel_index(least, gains.shape))
    return Margin(gains[place], 0, 0, place)
