"""What is left of an institution that binds only some."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.claim import Claim
from ..core.game import Array
from ._amounts import Amounts, Number, along
from ._case import Case


class _Gain(NamedTuple):
    """What a player gains by a move, at a joint move at which it keeps to its part."""

    gain: Number
    player: int
    move: int
    place: tuple[int, ...]


def about_the_unbound(case: Case, numbers: Amounts, unbound: int) -> Claim:
    """That the bound keep to their parts, whatever up to so many others do who pay and receive nothing.

    Who is not bound is taken to do anything it can, not only what is best for it: the bound need not guess. What each
    would gain by not being bound while all others are is among the numbers, with the smallest number of players who
    have to be bound (all others may then do what they like).
    """
    players = len(case.game.players)
    most = min(unbound, players - 1)
    who = "one player is" if most == 1 else f"up to {most} players are"
    statement = f"If {who} not bound and does as it likes, all others still do best to keep to {case.where}."
    statement = statement if most == 1 else statement.replace("does as it likes", "do as they like")
    method = "comparing the moves of the bound at every joint move of the others"
    breaks = _first_to_gain(case, numbers)
    found = {
        "smallest number bound": None if 0 in breaks else players - min(breaks, default=players) + 1,
        "gain from not being bound": {
            player: float(along(numbers.bare, case.place, i).max() - numbers.payoffs[(*case.place, i)])
            for i, player in enumerate(case.game.players)
        },
    }
    if min(breaks, default=players) > most:
        evidence = {"kind": "fault tolerant", "target": case.target, "up_to": most}
        return case.settled(statement, True, evidence, method, numbers=found)
    gain, i, move, place = breaks[min(breaks)]
    witness = {"player": case.game.players[i], "move": case.game.moves[i][move], "gain": gain}
    evidence = {"kind": "gain", "at": case.game.labels(place), **witness}
    return case.settled(statement, False, evidence, method, numbers=found)


def _first_to_gain(case: Case, numbers: Amounts) -> dict[int, _Gain]:
    """By how many others left their parts: the largest gain from doing so too, where there is any."""
    found: dict[int, _Gain] = {}
    for i, part in enumerate(case.place):
        pay = np.moveaxis(numbers.payoffs[..., i], i, 0)
        gains, away = pay.max(0) - pay[part], _away(case, i)
        for count in np.unique(away[gains > numbers.slack]).tolist():
            others = max(
                np.argwhere((away == count) & (gains > numbers.slack)).tolist(), key=lambda at: gains[tuple(at)]
            )
            gain = gains[tuple(others)]
            if count not in found or gain > found[count].gain:
                move = int(np.argmax(pay[(slice(None), *others)]))
                found[count] = _Gain(gain, i, move, (*others[:i], part, *others[i:]))
    return found


def _away(case: Case, i: int) -> Array:
    """`int[A_others…]`: how many of the others are not at their part of the target."""
    parts = [(size, part) for j, (size, part) in enumerate(zip(case.game.sizes, case.place, strict=True)) if j != i]
    away = np.zeros([size for size, _ in parts], int)
    for axis, (size, part) in enumerate(parts):
        away += (np.arange(size) != part).reshape([-1 if k == axis else 1 for k in range(len(parts))])
    return away
