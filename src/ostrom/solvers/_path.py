"""Predictor and corrector: walk along the curve on which m equations in m + 1 unknowns hold.

Pseudo-arclength continuation (Keller 1977; Allgower and Georg 2003): step along the tangent, come back to the curve
by Newton's method at right angles to it. Steps shrink where the curve bends, where Newton struggles, and where the
determinant of the bordered Jacobian would change sign: there the step has jumped to another branch or has crossed a
bifurcation, and only when the sign changes in the smallest step is it the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, pairwise

import numpy as np

from ..core.game import Array

System = Callable[[Array], tuple[Array, Array]]
"""`y[m + 1]` to residuals `F[m]` and Jacobian `J[m, m + 1]`; the last unknown is the parameter."""

SMALLEST = 1e-7
"""Shortest step, relative to 1 + |parameter|."""
LARGEST = 0.5
"""How far the parameter may go in a step, relative to 0.2 + |parameter|: the only scale is the distance to 0."""
BEND = 0.2
"""Angle in radians by which a step should turn; one that turns twice as much is taken again, shorter."""
STEPS = 3000
"""Points after which a walk is given up."""


def walk(system: System, y: Array, heading: Array, goal: float, settled: Callable[[Array], bool]) -> tuple[Array, bool]:
    """Points `[T, m + 1]` from `y` on until the parameter crosses `goal`, and whether it did; the last lies on it.

    The walk also ends, as if arrived, where `settled` says so, and short of the goal after `STEPS` points.
    """
    walked = [y]
    for ahead in islice(follow(system, y, heading), STEPS):
        if (walked[-1][-1] - goal) * (ahead[-1] - goal) <= 0:
            return np.array([*walked, land(system, walked[-1], ahead, goal)]), True
        walked.append(ahead)
        if settled(ahead):
            return np.array(walked), True
    return np.array(walked), False


def follow(system: System, y: Array, heading: Array, step: float = 0.05) -> Iterator[Array]:
    """The points after `y`, one after the other, on the side of `heading`; ends where Newton's method finds no next."""
    tangent, sign = _tangent(system(y)[1], heading)
    while True:
        least = SMALLEST * (1 + abs(y[-1]))
        step = max(min(step, LARGEST * (0.2 + abs(y[-1])) / (abs(tangent[-1]) + 0.1)), least)
        found = correct(system, y + step * tangent, tangent)
        if found is None:
            if step == least:
                return
            step = max(step / 4, least)
            continue
        ahead, jacobian, drift = found
        turned, turned_sign = _tangent(jacobian, tangent)
        bent = max(float(np.arccos(min(turned @ tangent, 1.0))) / BEND, 8 * drift / step)
        if step > least and (bent > 2 or turned_sign != sign):
            step = max(step / (2 if turned_sign == sign else 4), least)
            continue
        yield ahead
        y, tangent, sign = ahead, turned, turned_sign
        step *= min(2.0, max(0.5, 0.8 / (bent + 1e-9)))


def correct(
    system: System, y: Array, border: Array, most: int = 6, close: float = 1e-7
) -> tuple[Array, Array, float] | None:
    """Newton's method at right angles to `border`: the point, the Jacobian there, and how far the first step went.

    Ends with a step shorter than `close` (relative to 1 + |y|), which squares the error. None when the steps do not
    shrink, so that a far answer is never taken for a near one.
    """
    first = last = np.inf
    for turn in range(most):
        residual, jacobian = system(y)
        try:
            move = np.linalg.solve(np.vstack([jacobian, border]), -np.append(residual, 0.0))
        except np.linalg.LinAlgError:
            return None
        length, scale = float(np.linalg.norm(move)), 1 + float(np.abs(y).max())
        if not length < 0.6 * last:
            # Where only rounding is left to correct, steps stop shrinking.
            return (y, jacobian, first) if last < 1e-9 * scale else None
        y, last, first = y + move, length, first if turn else length
        if length < close * scale:
            return y, jacobian, first
    return None


def land(system: System, before: Array, after: Array, goal: float, tries: int = 5) -> Array:
    """The point of the curve between two neighbours at which the parameter is `goal`."""
    gap = after - before
    guess = before + gap * ((goal - before[-1]) / gap[-1] if gap[-1] else 0.0)
    guess[-1] = goal
    fixed = np.eye(len(guess))[-1]
    found = correct(system, guess, fixed, most=20, close=1e-11)
    if found is not None and np.linalg.norm(found[0] - guess) <= np.linalg.norm(gap):
        return found[0]
    if tries:
        nearer = islice(follow(system, before, gap, step=float(np.linalg.norm(gap)) / 8), 200)
        for one, two in pairwise([before, *nearer]):
            if (one[-1] - goal) * (two[-1] - goal) <= 0:
                return land(system, one, two, goal, tries - 1)
    return guess if found is None else found[0]


def tangent_at(jacobian: Array) -> Array:
    """A unit vector `[m + 1]` along which the Jacobian `[m, m + 1]` says that nothing changes."""
    return np.linalg.svd(jacobian)[2][-1]


def _tangent(jacobian: Array, heading: Array) -> tuple[Array, float]:
    """Unit tangent on the side of `heading`, and the sign of the determinant of the Jacobian bordered with it."""
    bordered = np.vstack([jacobian, heading])
    try:
        tangent = np.linalg.solve(bordered, np.eye(len(bordered))[-1])
    except np.linalg.LinAlgError:
        tangent = tangent_at(jacobian)
        tangent = tangent if tangent @ heading >= 0 else -tangent
    # Bordered with the heading instead of the tangent, the sign is the same: they are less than a right angle apart.
    return tangent / np.linalg.norm(tangent), float(np.linalg.slogdet(bordered)[0])
