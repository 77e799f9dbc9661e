"""Lotteries over a list of payoffs, as what can be agreed upon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..solvers._highs import solve_lp
from ._agreements import CLOSE, Agreements

STEPS = 20_000
"""Steps towards the largest product."""


@dataclass(frozen=True)
class Points(Agreements):
    """Lotteries over payoffs `gains + disagreement`, `[K, n]`."""

    points: Array
    disagreement: Array

    @property
    def gains(self) -> Array:
        """What each point adds to disagreement, `[K, n]`."""
        return self.points - self.disagreement

    @property
    def unit(self) -> Array:
        """The most that each gains or loses by any point; 1 where that is nothing."""
        most = np.abs(self.gains).max(0)
        return np.where(most > 0, most, 1.0)

    def along(self, direction: Array) -> float:
        """By a linear program over odds."""
        return self._most(np.zeros(self.gains.shape[1]), direction)

    def ideal(self) -> Array:
        """By one linear program each."""
        best = [self._best(i) for i in range(self.gains.shape[1])]
        return self.disagreement + np.array(best)

    def product(self, weights: Array) -> tuple[Array, float]:
        """Frank–Wolfe steps between pairs of points (Lacoste-Julien and Jaggi 2015), from where everybody gains."""
        gains = self.gains
        scale = self.unit
        table = gains / scale
        odds = self._start(table)
        shares = weights / weights.sum()
        for _ in range(STEPS):
            u = odds @ table
            slope = table @ (shares / u)
            to = int(slope.argmax())
            used = np.flatnonzero(odds > 0)
            away = int(used[slope[used].argmin()])
            if slope[to] - 1 <= CLOSE or to == away:
                break
            step = _line(u, table[to] - table[away], shares, odds[away])
            odds[to] += step
            odds[away] = 0.0 if step >= odds[away] else odds[away] - step
        u = odds @ table
        gap = float((table @ (shares / u)).max() - 1)
        return self.disagreement + u * scale, max(gap, 0.0) * float(weights.sum())

    def _start(self, table: Array) -> Array:
        """Odds by which everybody gains."""
        found = solve_lp(
            np.append(np.zeros(len(table)), 1.0),
            np.hstack([-table.T, np.ones((table.shape[1], 1))]),
            np.zeros(table.shape[1]),
            np.append(np.ones(len(table)), 0.0)[None],
            np.ones(1),
            maximise=True,
        )
        assert found.x is not None
        odds = np.maximum(found.x[:-1], 0)
        return odds / odds.sum()

    def _most(self, least: Array, direction: Array) -> float:
        """The largest t for which all gain `least` and t times the direction, everybody in its own unit."""
        table = self.gains / self.unit
        found = solve_lp(
            np.append(np.zeros(len(table)), 1.0),
            np.hstack([-table.T, (direction / self.unit)[:, None]]),
            -least,
            np.append(np.ones(len(table)), 0.0)[None],
            np.ones(1),
            lower=np.append(np.zeros(len(table)), -np.inf),
            maximise=True,
        )
        return -np.inf if found.value is None else found.value

    def _best(self, player: int) -> float:
        unit = self.unit
        return self._most(np.zeros(len(unit)), np.eye(len(unit))[player] * unit) * unit[player]


def points_of(points: Array, d: Array) -> Points:
    if points.ndim != 2 or len(points) == 0 or d.shape != points.shape[1:] or points.shape[1] < 2:
        raise InputError(
            f"Points of shape {points.shape} and a disagreement of shape {d.shape}.",
            "Every point has a payoff for each of two or more players.",
            "Give points[k, n] and disagreement[n].",
        )
    if not np.isfinite(points).all() or not np.isfinite(d).all():
        raise InputError("Payoffs hold a NaN or an infinity.", do="Give finite numbers.")
    return Points(points, d)


def _line(u: Array, direction: Array, shares: Array, most: float) -> float:
    """How far to go so that Σ shares · log is largest: where its slope is 0, by halving."""
    low, high = 0.0, most
    for _ in range(80):
        middle = (low + high) / 2
        now = u + middle * direction
        rises = (now > 0).all() and float(shares @ (direction / now)) > 0
        low, high = (middle, high) if rises else (low, middle)
    now = u + most * direction
    whole = (now > 0).all() and float(shares @ (direction / now)) >= 0
    return most if whole else low
