"""Where a logit branch leads as λ → ∞: Newton's method on the support that is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..core.game import Array

if TYPE_CHECKING:
    from ._branch import LogitMap

CLEAR = 30.0
"""Log-odds by which a move has to lie behind before it is left out for good."""
PLAYED = 1e-5
"""Odds from which a move counts as part of the support that is left."""
FARTHEST = 1e5
"""Precision, in units of the game's own spread of worth, at which a limit that has not settled is extrapolated."""


class Limit:
    """Watches a walk to λ = ∞ and ends it once the limit is certain to rounding, or extrapolates it at `FARTHEST`.

    Certain means: Newton's method on the support converges to one isolated point (within the followed classes), every
    move outside the support is behind by `CLEAR` log-odds, and the walk comes nearer to the point like 1/λ, as the
    implicit function theorem says it must from there on.
    """

    def __init__(self, logit: LogitMap, lift: Array) -> None:
        self.logit, self.lift = logit, lift
        self.x: Array | None = None
        self.isolated = False
        self._seen, self._seen_at = np.zeros(0), 6.0
        self._distance, self._distance_at = 0.0, 0.0

    def __call__(self, y: Array) -> bool:
        """Whether the walk may end at `y`."""
        lam, far = y[-1], y[-1] >= FARTHEST
        if lam < 1.5 * self._seen_at:
            return False
        x = self.logit.layout.softmax(self.lift @ y[:-1])
        undecided = (x < PLAYED) & (x > math.exp(-CLEAR)) & np.isinf(self.logit.caps)
        if not undecided.any() or far:
            self._check(x, lam)
        if far and self.x is None and self._seen.size:
            # On a component of equilibria the odds still move like 1/λ: go to 1/λ = 0 in a straight line.
            further = x + (x - self._seen) * self._seen_at / (lam - self._seen_at)
            self.x = self._polish(np.maximum(further, 0.0))[0]
        self._seen, self._seen_at = x, lam
        return self.x is not None

    def _check(self, x: Array, lam: float) -> None:
        """Take the equilibrium nearest to `x` as the limit if that is certain."""
        point, margin, isolated = self._polish(x)
        distance = float(np.abs(point - x).max())
        nearing = distance < min(1.3 * self._distance * self._distance_at / lam, 0.05)
        self._distance, self._distance_at = distance, lam
        self.isolated = bool(isolated and (distance < 1e-9 or nearing) and lam * margin > CLEAR)
        if self.isolated:
            self.x = point

    def _polish(self, x: Array) -> tuple[Array, float, bool]:
        """The equilibrium nearest to `x` on its support, how far behind other moves are, and whether it is isolated."""
        sharp = np.isinf(self.logit.caps)
        support = (x > PLAYED) | ~sharp
        point, rank, move = x, 0, np.inf
        for _ in range(25):
            residual, jacobian = self._equations(point, support)
            move, _, rank, _ = np.linalg.lstsq(jacobian, -residual, rcond=1e-11)
            point = point + move
            if np.abs(move).max() < 1e-14:
                break
        if point.min() < -1e-9 or not np.abs(move).max() < 1e-9:  # left the simplex, or did not converge
            return x, 0.0, False
        layout = self.logit.layout
        point = np.where(support, np.maximum(point, 0.0), 0.0)
        point = point / np.add.reduceat(point, layout.starts)[layout.owner]
        worth, _ = self.logit.worth(point)
        best = np.maximum.reduceat(np.where(support, worth, -np.inf), layout.starts)[layout.owner]
        margin = float(np.min((best - worth)[~support], initial=np.inf))
        # Odds that vanish in the limit, though slower than exponentially, are no support.
        return point, margin, bool(rank == len(x) and point[support & sharp].min(initial=1.0) > 1e-9)

    def _equations(self, x: Array, support: Array) -> tuple[Array, Array]:
        """What holds at an equilibrium on `support`: equal worth, odds that sum to 1, equal odds within classes;
        whoever is held back at a cap answers by logit."""
        layout, caps = self.logit.layout, self.logit.caps
        worth, second = self.logit.worth(x)
        size = np.add.reduceat(support, layout.starts, dtype=float)[layout.owner]
        centre = np.where(support[:, None] & support, np.eye(len(x)) - layout.same / size, 0.0)
        outside = np.diag(1.0 - support)
        residual, jacobian = centre @ worth + outside @ x, centre @ second + outside
        held = np.isfinite(caps)
        if held.any():
            lam = np.where(held, caps, 0.0)
            answer = layout.softmax(lam * worth)
            slope = answer[:, None] * second
            slope = lam[:, None] * (slope - answer[:, None] * (layout.same @ slope))
            residual = np.where(held, x - answer, residual)
            jacobian = np.where(held[:, None], np.eye(len(x)) - slope, jacobian)
        sums = (np.arange(len(layout.sizes))[:, None] == layout.owner).astype(float)
        apart = np.eye(len(x)) - self.lift @ np.linalg.pinv(self.lift)
        return (
            np.concatenate([residual, sums @ x - 1, apart @ x]),
            np.concatenate([jacobian, sums, apart]),
        )
