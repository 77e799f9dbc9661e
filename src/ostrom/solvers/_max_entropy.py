"""The mixture of largest entropy among all that secure the value of a zero-sum matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._highs import solve_lp
from ._minimax import minimax

STEPS = 200
"""Newton steps; some twenty suffice."""

DONE, BARRIER = 1e-12, 1e-13
"""How nearly the slope of entropy has to vanish along the face, and slack times price of what may be passed."""

NEAR, ROUNDING = 1e-5, 1e-14
"""Slack that may be none in truth, and slack below 0 that is rounding."""

LARGEST = 1e6
"""Ratio of the largest to the smallest odds where the linear program does not come to an end without a bound."""

RANK = 1e-10
"""Singular values below this share of the largest are rounding: rows that say the same."""


class Spread(NamedTuple):
    """A mixture `x[m]`, its entropy in nats, and by how much at most another optimal one could have more."""

    x: Array
    entropy: float
    gap: float


class Face(NamedTuple):
    """The optimal mixtures: what they may play, what they meet with equality, what they may pass, a point inside."""

    support: Array
    tight: Array
    loose: Array
    inside: Array


def max_entropy(matrix: Array, value: float) -> Spread | None:
    """The mixture `x` of the rows with `x @ matrix >= value` that has most entropy; None where the program fails.

    The optimal mixtures are a polytope. By strict complementarity (Goldman and Tucker 1956) one linear program finds
    which moves any of them plays and which columns all of them meet; inside, entropy is maximised by a primal-dual
    interior-point method, and its weak dual bounds what is missing. Where that program fails, any optimal mixture is
    given, with an infinite gap.
    """
    unit = (matrix - value) / (np.ptp(matrix) or 1.0)
    face = _face(unit, np.inf) or _face(unit, LARGEST)
    if face is None:  # payoffs that differ by what the program takes for rounding
        found = minimax(matrix)
        return None if found is None else Spread(found.x, -float(found.x @ np.log(np.maximum(found.x, 1e-300))), np.inf)
    rows, own = unit[face.support], np.zeros(len(matrix))
    tight, loose = rows[:, face.tight].T, rows[:, face.loose].T
    inside, price, slack = _climb(tight, loose, face.inside)
    tried = [_judged(inside, price, np.vstack([tight, loose]), len(tight))]
    if len(loose):  # rows that are met almost are met at the top: there the barrier is in the way of the last digits
        met = loose[slack < NEAR]
        bound = np.vstack([tight, met])
        inside, price, _ = _climb(bound, loose[:0], inside)
        if (loose @ inside > -ROUNDING).all():
            tried.append(_judged(inside, price, bound, len(tight)))
    best = min(tried, key=lambda spread: spread.gap)
    own[face.support] = best.x
    return best._replace(x=own)


def _judged(x: Array, prices: Array, rows: Array, free: int) -> Spread:
    """A mixture with its entropy, and the gap to the bound from prices, all but the first `free` of them from 0."""
    entropy = float(-(x * np.log(x)).sum())
    worth = np.concatenate([prices[:free], np.maximum(prices[free:], 0.0)]) @ rows
    bound = float(worth.max() + np.log(np.exp(worth - worth.max()).sum()))
    return Spread(x, entropy, max(bound - entropy, 0.0))


def _face(unit: Array, largest: float) -> Face | None:
    """By one linear program over the cone of optimal mixtures: as many positive odds and slacks as can be.

    Weights are scaled so that the smallest in use is 1; those that would need others beyond `largest` count as none.
    """
    rows, columns = unit.shape
    nothing, eye = np.zeros((columns, rows)), np.eye(rows)
    found = solve_lp(
        np.concatenate([np.zeros(rows), np.ones(rows + columns)]),
        np.block([[-eye, eye, nothing.T], [-unit.T, nothing, np.eye(columns)]]),
        np.zeros(rows + columns),
        upper=np.concatenate([np.full(rows, largest), np.ones(rows + columns)]),
        maximise=True,
    )
    if found.status != "optimal" or found.x is None:
        return None
    weights, positive, slack = np.split(found.x, [rows, 2 * rows])
    support, loose = np.flatnonzero(positive > 0.5), np.flatnonzero(slack > 0.5)
    if not len(support):
        return None
    return Face(support, np.setdiff1d(np.arange(columns), loose), loose, weights[support] / weights[support].sum())


def _climb(tight: Array, loose: Array, x: Array) -> tuple[Array, Array, Array]:
    """The best point, prices of the rows `tight @ x = 0` (any) and `loose @ x >= 0` (from 0), and the latter's slack.

    Steps stay on what is tight, whatever rows repeat others, and inside what is loose.
    """
    equal = np.vstack([np.ones((1, len(x))), tight])
    left, sizes, right = np.linalg.svd(equal)
    rank = int((sizes > RANK * sizes[0]).sum())
    inverse = right[:rank].T @ (left[:, :rank].T / sizes[:rank, None])
    free = right[rank:].T
    for _ in range(2):  # the linear program meets its rows to 1e-7 only
        x = x - inverse @ (equal @ x - np.eye(len(equal))[0])
    slack, z = loose @ x, np.ones(len(loose))
    for _ in range(STEPS):
        apart = float(slack @ z) / len(loose) if len(loose) else 0.0
        slope = np.log(x) - loose.T @ z
        if np.abs(slope @ free).max(initial=0.0) < DONE and apart < BARRIER:
            break
        aim = max(0.1 * apart, BARRIER / 10)
        curve = free.T @ ((1 / x)[:, None] * free) + (loose @ free).T @ ((z / slack)[:, None] * (loose @ free))
        try:
            step = free @ np.linalg.solve(curve, (loose.T @ (aim / slack) - np.log(x)) @ free)
        except np.linalg.LinAlgError:  # as far as rounding lets it come; the bound says how far that is
            break
        raised = (aim - z * (loose @ step)) / slack - z
        size = min(_room(x, step), _room(slack, loose @ step))
        x, slack, z = x + size * step, slack + size * (loose @ step), z + _room(z, raised) * raised
    return x, np.concatenate([((np.log(x) - loose.T @ z) @ inverse)[1:], z]), slack


def _room(now: Array, step: Array) -> float:
    """How far along `step` numbers stay above 0, a little less, at most all the way."""
    falling = step < 0
    return min(1.0, 0.995 * float((now[falling] / -step[falling]).min(initial=np.inf)))
