"""Where a logit branch gives way: the points at which small tilts of payoffs move it most.

Where the Jacobian bordered with the tangent is singular the branch meets another one, a bifurcation, and an
arbitrarily small tilt decides which way play goes. Near such a point a tilt of a percent may do as much. Candidates
are the peaks of what a tilt does, the steps over which the determinant of the bordered Jacobian changes sign, and the
end of the walk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.game import Array, Mixture
from ._branch import Branch
from ._golden import peak
from ._path import correct, tangent_at

SINGULAR = 1e4
"""Gain, in odds per game's own spread of worth, from which a point counts as a bifurcation."""
MOST = 4
"""Weak points looked at closely, the weakest first."""
TIE = 1e-4
"""Share of the largest response below which another is as large, and below which one is none."""


@dataclass(frozen=True, eq=False)
class WeakPoint:
    """A point of the branch where play yields most to tilts of at most 1 in every move's worth.

    Attributes
    ----------
    precision : λ there, one over payoff units.
    gain : by how much some move's odds change there per unit of tilt (one over payoff units), to first order.
    tilts : what is added to every own move's worth to change some odds that much, entries −1, 0 or 1, per player
        `float[A_i]`; several where several odds change as much, by symmetry say. Their opposites do as much.
    bifurcation : whether the branch meets another one there.
    """

    precision: float
    gain: float
    tilts: tuple[Mixture, ...]
    bifurcation: bool


def weak_points(branch: Branch) -> tuple[WeakPoint, ...]:
    """The up to four weakest points of a branch, the weakest first."""
    walked = branch.walked
    ahead = np.gradient(walked, axis=0)
    seen = [_response(branch, y, towards) for y, towards in zip(walked, ahead, strict=True)]
    gains, signs = np.array([_gain(odds) for odds, _ in seen]), np.array([sign for _, sign in seen])
    padded = np.concatenate([[-1.0], gains, [-1.0]])
    candidate = (gains > 0) & (gains >= padded[:-2]) & (gains > padded[2:])
    candidate[1:] |= signs[1:] != signs[:-1]
    found: list[WeakPoint] = []
    for k in sorted(np.flatnonzero(candidate), key=lambda k: -gains[k])[:MOST]:
        y = _refined(branch, walked[max(k - 1, 0)], walked[k], walked[min(k + 1, len(walked) - 1)])
        precision = float(y[-1] / branch.logit.unit)
        if not any(abs(precision - point.precision) < 1e-3 * precision for point in found):
            found.append(_weak_point(branch, y, ahead[k], precision))
    return tuple(sorted(found, key=lambda point: -point.gain))


def _weak_point(branch: Branch, y: Array, ahead: Array, precision: float) -> WeakPoint:
    odds, _ = _response(branch, y, ahead)
    sums, gain = np.abs(odds).sum(1), _gain(odds)
    tilts = {_directed(np.where(np.abs(row) > TIE * gain, np.sign(row), 0.0)) for row in odds[sums >= (1 - TIE) * gain]}
    split = branch.logit.layout.split
    # An indifferent player yields more and more as λ grows: that is no crossing of branches.
    singular = bool(gain > SINGULAR * max(1.0, y[-1]))
    return WeakPoint(precision, gain / branch.logit.unit, tuple(split(np.array(t)) for t in sorted(tilts)), singular)


def _directed(tilt: Array) -> tuple[float, ...]:
    """Of a tilt and its opposite the one whose first entry that is not 0 is 1."""
    return tuple((tilt * tilt[np.flatnonzero(tilt)[0]]).tolist())


def _gain(odds: Array) -> float:
    """The most that a tilt of at most 1 everywhere can change any odds."""
    return float(np.abs(odds).sum(1).max())


def _response(branch: Branch, y: Array, ahead: Array) -> tuple[Array, float]:
    """How odds change across the branch by the tilt of every move's worth `[n, n]`, and the sign of the bordered
    determinant when the tangent points `ahead`."""
    logit = branch.logit
    x = logit.layout.softmax(branch.lift @ y[:-1])
    worth, jacobian = logit.linear(x, np.full(len(x), y[-1]))
    along = tangent_at(logit.system(branch.lift)(y)[1])
    along = along if along @ ahead >= 0 else -along
    border = np.append(branch.lift @ along[:-1], along[-1])
    bordered = np.vstack([np.column_stack([jacobian, -worth]), border / np.linalg.norm(border)])
    push = np.vstack([y[-1] * logit.layout.centre, np.zeros(len(x))])
    try:
        moved = np.linalg.solve(bordered, push)[:-1]
    except np.linalg.LinAlgError:  # singular to the last bit
        moved = (np.linalg.pinv(bordered, rcond=0.0) @ push)[:-1]
    odds = x[:, None] * (moved - logit.layout.same @ (x[:, None] * moved))
    return odds, float(np.linalg.slogdet(bordered)[0])


def _refined(branch: Branch, before: Array, y: Array, after: Array) -> Array:
    """The weakest point near `y`, by golden section along the chord from `before` to `after`."""
    system, chord = branch.logit.system(branch.lift), after - before
    if not chord.any():
        return y

    def place(share: float) -> Array:
        found = correct(system, before + share * chord, chord / np.linalg.norm(chord), most=12)
        return y if found is None else found[0]

    def gain(at: Array) -> float:
        return _gain(_response(branch, at, chord)[0])

    weakest = place(peak(lambda share: gain(place(share)), 0.0, 1.0, 1e-6))
    return weakest if gain(weakest) > gain(y) else y
