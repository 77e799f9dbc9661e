"""The program of the best mechanism in units in which numbers are neither large nor small."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ..core.forms.direct_mechanism import DirectMechanism
from ..core.game import Array
from ..solvers._highs import Linear, Sparse, solve_lp, solve_milp
from ._mechanism_asked import Terms
from ._mechanism_certificate import REACH, MechanismCertificate
from ._mechanism_prices import read
from ._mechanism_rows import one_outcome, rows

WHOLE = 1e-9
"""How near odds have to be to 0 or 1 for no lot to be drawn."""

MANY = 15_000
"""Lies beyond which only those are written by which somebody gains; with fewer that takes longer."""

NO_GAIN = 1e-9
"""What a lie may gain, in largest values, without being written."""


class Program:
    """The program in units in which the largest value and the largest coefficient of the objective are 1."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        largest = max(float(abs(own).max()) for own in terms.space.values)
        self.unit = largest or 1.0
        asked = rows(terms, [own / self.unit for own in terms.space.values])
        tills = terms.combinations if terms.budget == "balanced" and terms.payments else 0
        first = np.arange(asked.shape[0]) < asked.shape[0] - tills
        self.asked, self.tills = _of(asked, first), _of(asked, ~first)
        self.lies = sum(one.size - one[0].size for one in read(terms, np.zeros(asked.shape[0])).incentive)
        self.sums = one_outcome(terms)
        odds, paid = terms.goal()
        goal = terms.joined(odds, np.repeat(paid[..., None] * self.unit, terms.space.count, -1))
        self.weight = float(abs(goal).max()) or 1.0
        self.goal = goal / self.weight
        free = np.full((*terms.space.sizes, terms.space.count), np.inf)
        self.lower, self.upper = terms.joined(0.0 * terms.allowed, -free), terms.joined(1.0 * terms.allowed, free)

    def relaxed(self, seconds: float, fixed: Array | None = None) -> Linear:
        """The best mechanism with lots; or only the payments, where odds are `fixed`."""
        lower, upper = self.lower.copy(), self.upper.copy()
        if fixed is not None:
            lower[: self.sums.column.size] = upper[: self.sums.column.size] = fixed
        if self.lies <= MANY or fixed is not None:
            return self._solved(self.asked, lower, upper, seconds)
        return self._row_by_row(lower, upper, time.monotonic() + seconds)

    def _solved(self, asked: Sparse, lower: Array, upper: Array, seconds: float) -> Linear:
        return solve_lp(
            self.goal,
            asked,
            np.zeros(asked.shape[0]),
            Sparse.stack([self.sums, self.tills]),
            np.concatenate([np.ones(self.sums.shape[0]), np.zeros(self.tills.shape[0])]),
            lower=lower,
            upper=upper,
            maximise=True,
            time_limit=max(seconds, 0.0),
        )

    def _row_by_row(self, lower: Array, upper: Array, end: float) -> Linear:
        """Without lies first, and then with those by which somebody gains, until nobody does."""
        kept = np.arange(self.asked.shape[0]) >= self.lies
        while True:
            found = self._solved(_of(self.asked, kept), lower, upper, end - time.monotonic())
            if found.x is None or found.duals_ub is None:
                if found.status in ("infeasible", "timed out"):
                    return found
                return self._solved(self.asked, lower, upper, end - time.monotonic())
            gains = np.bincount(self.asked.row, self.asked.values * found.x[self.asked.column], len(kept))
            fresh = (gains > NO_GAIN) & ~kept
            if not fresh.any():
                duals = np.zeros(len(kept))
                duals[kept] = found.duals_ub
                return replace(found, duals_ub=duals)
            kept |= fresh

    def whole(self, seconds: float) -> tuple[str, Array | None, float]:
        """Status, unknowns and bound of the best mechanism that draws no lots."""
        kinds = np.arange(len(self.goal)) < self.sums.column.size
        right, equal = np.zeros(self.asked.shape[0]), np.zeros(self.tills.shape[0])
        found = solve_milp(
            -self.goal,
            self.asked,
            right,
            Sparse.stack([self.sums, self.tills]),
            np.concatenate([np.ones(self.sums.shape[0]), equal]),
            lower=self.lower,
            upper=self.upper,
            integer=kinds,
            time_limit=max(seconds, 0.0),
        )
        return found.status, found.x, -found.bound * self.weight

    def refuted(self, seconds: float) -> Linear:
        """The least that all rows together have to give way by for some mechanism to keep to them; its prices."""
        back = Sparse(-self.tills.values, self.tills.row, self.tills.column, self.tills.shape)
        asked = Sparse.stack([self.asked, self.tills, back])
        width = len(self.goal) + 1
        give = np.arange(asked.shape[0])
        slack = Sparse(
            np.concatenate([asked.values, -np.ones(len(give))]),
            np.concatenate([asked.row, give]),
            np.concatenate([asked.column, np.full(len(give), width - 1)]),
            (asked.shape[0], width),
        )
        return solve_lp(
            np.append(np.zeros(width - 1), -1.0),
            slack,
            np.zeros(len(give)),
            self.sums._replace(shape=(self.sums.shape[0], width)),
            np.ones(self.sums.shape[0]),
            lower=np.append(self.lower, 0.0),
            upper=np.append(self.upper, np.inf),
            maximise=True,
            time_limit=max(seconds, 0.0),
        )

    def mechanism(self, x: Array) -> DirectMechanism:
        """Unknowns as a mechanism, in units of value."""
        odds, paid = self.terms.split(x)
        odds = np.where(abs(odds - np.rint(odds)) <= WHOLE, np.rint(odds), odds)
        return DirectMechanism(
            self.terms.space,
            odds / odds.sum(-1, keepdims=True),
            None if paid is None else paid * self.unit + 0.0,
            name=f"designed for {self.terms.objective}",
        )

    def certificate(self, duals: Array, mechanism: DirectMechanism | None) -> MechanismCertificate:
        """With the solver's multipliers as prices in units of the objective per unit of value."""
        scale = self.weight / self.unit if mechanism is not None else 1.0
        return MechanismCertificate(self.terms, mechanism, read(self.terms, duals * scale), REACH * self.unit)


def _of(matrix: Sparse, kept: Array) -> Sparse:
    """The rows that are kept (`bool`), in their order."""
    entries, place = kept[matrix.row], np.cumsum(kept) - 1
    row, count = place[matrix.row[entries]], int(kept.sum())
    return Sparse(matrix.values[entries], row, matrix.column[entries], (count, matrix.shape[1]))
