"""Payments in the core: no group of bidders and the seller could do better among themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._bundles import Bids
from ._winners import TimeUp, surely

ROUNDS = 10_000

EQUAL = 1e-9
"""What payments may be off by, in highest prices."""


class Blocking(NamedTuple):
    """The allocation that bidders would offer the seller instead, `bool[K]`, and what it would gain by it; what no
    other would give it more than; who takes part, `bool[N]`."""

    chosen: Array
    gain: float
    most: float
    members: Array


def blocking(bids: Bids, won: Array, paid: Array) -> Blocking:
    """The most that the seller gains by selling to others, all of whom keep what they gain now (Day and Raghavan 2007).

    `won` and `paid` are `[N]`: what each offered for what it gets, and what it pays.
    """
    found = surely(bids, keeps=np.maximum(won - paid, 0))
    members = np.zeros(len(bids.bidders), bool)
    members[bids.owner[found.chosen]] = True
    revenue = float(paid.sum())
    return Blocking(found.chosen, found.value - revenue, found.bound - revenue, members)


def nearest_in_core(bids: Bids, won: Array, reference: Array) -> tuple[Array, float]:
    """Of the payments in the core that sum to the least, those nearest to `reference`, `[N]`; and what is missing.

    Groups are found one at a time, where the payments so far leave one (Day and Cramton 2012). The nearest payments
    are a least distance program (Lawson and Hanson 1974).
    """
    winners = np.flatnonzero(won > 0)
    low, high = np.minimum(reference[winners], won[winners]), won[winners]
    asked, least, paid = np.zeros((0, len(winners))), np.zeros(0), reference.copy()
    for _ in range(ROUNDS):
        found = blocking(bids, won, paid)
        if found.gain <= 10 * EQUAL * bids.unit:
            return paid, max(found.most, 0.0)
        outside = ~found.members[winners]
        offered = float(bids.price[found.chosen].sum())
        asked = np.vstack([asked, outside.astype(float)])
        least = np.append(least, offered - float(won[winners][~outside].sum()))
        paid[winners] = _nearest(asked, least, low, high, bids.unit)
    raise TimeUp


def _nearest(asked: Array, least: Array, low: Array, high: Array, unit: float) -> Array:
    """The point nearest to `low` with `asked p ≥ least` and `low ≤ p ≤ high`, of those with the least sum."""
    from scipy.optimize import nnls

    from ..solvers._highs import solve_lp

    need, room = np.maximum(least - asked @ low, 0) / unit, (high - low) / unit
    found = solve_lp(np.ones(len(low)), -asked, -need, upper=room)
    total = float(found.x.sum()) if found.x is not None else float(room.sum())
    one = np.ones((1, len(low)))
    rows = np.vstack([asked, np.eye(len(low)), -np.eye(len(low)), one, -one])
    right = np.concatenate([need, np.zeros(len(low)), -room, [total], [-total - EQUAL / 100]])
    target = np.append(np.zeros(len(low)), 1.0)
    matrix = np.vstack([rows.T, right])
    weights, _ = nnls(matrix, target, maxiter=100 * len(right))
    rest = matrix @ weights - target
    return low + np.clip(-rest[:-1] / rest[-1], 0, room) * unit
