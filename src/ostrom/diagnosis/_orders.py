"""Names of two-move dilemmas by the order of their payoffs: for two players, and for many who are alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..core.game import Array
from ._tables import ranked

Name = Literal[
    "prisoner's dilemma",
    "chicken",
    "stag hunt",
    "threshold dilemma",
    "harmony",
    "deadlock",
    "coordination",
    "battle of the sexes",
    "none",
]


def two_by_two(own: Sequence[Array]) -> Name:
    """The name of a 2×2 game under one labelling, or "none".

    `own[i][mine, theirs]` is player i's payoff, move 0 being cooperation, so [[R, S], [T, P]]. Each player is looked
    at on its own scale, and all have to agree.
    """
    orders = [ranked(table) for table in own]
    names: set[Name] = {_by_order(*order.ravel()) for order in orders}
    if names == {"stag hunt", "coordination"}:
        return "stag hunt"
    return names.pop() if len(names) == 1 else "none"


def meeting(own: Sequence[Array]) -> Name:
    """ "coordination" or "battle of the sexes" when both players prefer either diagonal outcome to both others."""
    orders = [ranked(table) for table in own]
    if any(min(r, p) <= max(s, t) for (r, s), (t, p) in orders):
        return "none"
    wishes = [int(order[0, 0]) - int(order[1, 1]) for order in orders]
    return "battle of the sexes" if min(wishes) < 0 < max(wishes) else "coordination"


def schelling(curves: Array) -> Name:
    """The name of a game among P players who are alike, by its curves `[2, P]` (cooperators, defectors)."""
    cooperators, defectors = ranked(curves)
    r, s, t, p = cooperators[-1], cooperators[0], defectors[-1], defectors[0]
    name = _by_order(r, s, t, p)
    if name == "prisoner's dilemma" and not (defectors > cooperators).all():
        return "threshold dilemma"
    if name in ("harmony", "deadlock") and not (defectors <= cooperators).all():
        return "none"
    return name


def _by_order(r: int, s: int, t: int, p: int) -> Name:
    """What greed (T > R) and fear (P > S) make of a game in which mutual cooperation beats mutual defection."""
    greed, fear = t > r, p > s
    if r <= p or (greed and r < s):
        return "none"
    if greed:
        return "prisoner's dilemma" if fear else "chicken"
    if fear:
        return "stag hunt" if t >= p else "coordination"
    return "harmony" if r >= s else "deadlock"
