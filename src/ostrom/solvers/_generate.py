"""The best joint distribution that no incentive speaks against: column generation over joint moves."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ._highs import Growing, Outcome, Sparse
from ._incentives import Incentives

FEW = 1_000
"""Joint moves up to which all are put in at once."""

FIRST = 200
"""With more, how many of either kind to begin with."""

STEPS = {False: 400, True: 2_000}
"""Steps of the simplex method, coarse or not (coarse programs have the shorter ones), after which the quick ways count
as stuck; three times as many when all of many joint moves are in."""

ANY = 2**31 - 1
"""No limit on steps."""

CLOSE = 1e-9
"""The gap, in shares of the welfare's range, at which no more joint moves are looked for."""

AGREEMENT = 1e-6
"""How near, in shares of the welfare's range, the bound has to come for an optimum to be called one."""


@dataclass(frozen=True)
class Found:
    """The best joint distribution `[N]` (None when there was no end), the least bound, and the prices that prove it."""

    joint: Array | None
    bound: float
    prices: Array | None
    outcome: Outcome

    def gap(self, goal: Array) -> float:
        """How far the bound is from the value, in shares of the welfare's range."""
        if self.joint is None:
            return np.inf
        return abs(self.bound - float(goal @ self.joint)) / (float(np.ptp(goal)) or 1.0)


def maximise(goal: Array, incentives: Incentives, seconds: float) -> Found:
    """Many joint moves column by column, then all at once, then all with presolve, until the bound is confirmed.

    Presolve is the slowest of the three on random games, and the only way through a traveller's dilemma.
    """
    end, everything = time.monotonic() + seconds, np.arange(len(goal))
    steps, tries = STEPS[incentives.coarse], []
    if len(goal) > FEW:
        tries, steps = [(_promising(goal, incentives), steps)], 3 * steps
    found = []
    for first, limit in (*tries, (everything, steps), (everything, ANY)):
        found.append(_grow(goal, incentives, first, limit, end))
        if found[-1].outcome == "timed out" or found[-1].gap(goal) <= AGREEMENT:
            break
    return min(reversed(found), key=lambda one: one.gap(goal))


def _grow(goal: Array, incentives: Incentives, fresh: Array, steps: int, end: float) -> Found:
    """Maximise by column generation (Gilmore and Gomory 1961): only joint moves that can improve it are put in.

    After each run every joint move is priced, so `bound` holds for all of them. A first column, a way out that tempts
    nobody and is worth less than anything else, makes each program feasible. It is in no last one: prices that leave
    no joint move worth more than it would prove that there is no equilibrium, and there always is one (Nash 1951).
    """
    spread = float(np.ptp(goal)) or 1.0
    right, seconds = np.repeat([0.0, 1.0], [incentives.count, 1]), max(end - time.monotonic(), 0.0)
    way_out = Sparse(np.ones(1), np.array([incentives.count]), np.zeros(1, int), (incentives.count + 1, 1))
    away = np.array([goal.min() - spread])
    program = Growing(away, way_out, right, 1, time_limit=seconds, steps=steps, presolve=steps == ANY)
    places, bound, best = np.zeros(0, int), np.inf, None
    while True:
        places = np.concatenate([places, fresh])
        program.add(goal[fresh], incentives.columns(fresh))
        answer = program.maximise()
        if answer.x is None or answer.duals_ub is None or answer.duals_eq is None or answer.value is None:
            return Found(None, bound, best, answer.status)
        prices = np.maximum(answer.duals_ub, 0)
        worth = goal - incentives.price(prices)
        if worth.max() < bound:
            bound, best = float(worth.max()), prices
        fresh = np.zeros(0, int)
        if len(places) < len(goal) and bound - answer.value > CLOSE * spread:
            worth[places] = -np.inf
            fresh = _highest(worth, len(places), answer.duals_eq[0] + CLOSE * spread)
        if not len(fresh):
            return Found(_spread_out(answer.x[1:], places, len(goal)), bound, best, answer.status)
        if time.monotonic() > end:
            return Found(None, bound, best, "timed out")


def _promising(goal: Array, incentives: Incentives) -> Array:
    """The joint moves to begin with: the best, and the least tempting to leave (pure equilibria tempt nobody)."""
    return np.union1d(_highest(goal, FIRST, -np.inf), _highest(-incentives.temptation(), FIRST, -np.inf))


def _highest(worth: Array, count: int, above: float) -> Array:
    """Up to `count` places with the most worth, all of them worth more than `above`."""
    places = np.flatnonzero(worth > above)
    if len(places) <= count:
        return places
    return places[np.argpartition(-worth[places], count)[:count]]


def _spread_out(shares: Array, places: Array, count: int) -> Array:
    """Shares of some places as a distribution over all."""
    joint = np.zeros(count)
    joint[places] = np.maximum(shares, 0)
    return joint / joint.sum()
