"""What a restriction of an interval leaves, as the institution takes it, and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import numpy as np

from ._figures import figure, percent
from ._interval_claims import Left, written
from ._interval_target import Tempting
from ._quadratic import Point, Quadratic

GoalName = Literal["worst", "unique", "best"]
GOALS = {
    "worst": "leaves no equilibrium with less welfare than {floor}",
    "unique": "leaves {where} as the only equilibrium",
    "best": "makes {where} an equilibrium",
}


def kept(game: Quadratic, parts: Sequence[Tempting]) -> tuple[tuple[Fraction, Fraction], ...]:
    """The range without what tempts."""
    ends, start = [], game.low
    for t in parts:
        if t.low >= start:
            ends.append((start, t.low))
        start = max(start, t.high)
    return (*ends, *([(start, game.high)] if start <= game.high else []))


def merged(left: Left) -> tuple[tuple[Fraction, Fraction], ...]:
    """Intervals that touch are one."""
    joined = [left[0]]
    for s, t in left[1:]:
        if s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(t, joined[-1][1]))
        else:
            joined.append((s, t))
    return tuple(joined)


def gaps(game: Quadratic, left: Left) -> tuple[tuple[float, float], ...]:
    """Gaps (a, b] as the institution takes them, which keep the low end of the next interval in 32 bits as well."""
    found = [(float(t), _below(s)) for (_, t), (s, _) in pairwise(left)]
    if left[0][0] > game.low:
        found.insert(0, (float(game.low - game.range), _below(left[0][0])))
    if left[-1][1] < game.high:
        found.append((float(left[-1][1]), math.inf))
    return tuple((a, b) for a, b in found if a < b)


def _below(number: Fraction) -> float:
    """The largest number in 32 bits that is smaller than `number` as it is stored there."""
    return float(np.nextafter(np.float32(float(number)), np.float32(-np.inf)))


def sentence(
    game: Quadratic,
    goal: GoalName,
    place: Point,
    floor: Fraction,
    left: Left,
    share: float,
) -> str:
    """What stays open, and what that does."""
    does = GOALS[goal].format(where=written(place), floor=figure(float(floor)))
    if share == 0 and len(left) == 1:
        return f"Nothing needs to be forbidden: the range as it is {does}."
    names = [f"{float(s):.6g}" if s == t else f"{float(s):.6g} to {float(t):.6g}" for s, t in left]
    return f"Leaving {' and '.join(names)} to everybody ({percent(share, 1)} forbidden) {does}."


def objection(game: Quadratic, goal: GoalName, before: Sequence[Point], after: Sequence[Point]) -> str:
    """Why it is not proposed, by the worst equilibrium before and after (for "best", the best)."""
    if not before or not after:
        return ""
    pick = max if goal == "best" else min
    was, now = (pick(points, key=game.welfare) for points in (before, after))
    if game.public is not None:
        (*own, public), (*own_now, public_now) = game.utilities(was), game.utilities(now)
        if sum(own_now) > sum(own) and public_now < public:
            return "The players would gain by taking from those who have no move: the public would lose."
    return "What is played now is as good." if game.welfare(now) <= game.welfare(was) else ""


def extremes(game: Quadratic, points: Sequence[Point]) -> tuple[Fraction, Fraction] | None:
    """The welfare of the worst and of the best of these points; None where there is none."""
    worth = [game.welfare(point) for point in points]
    return (min(worth), max(worth)) if worth else None
