"""Points below a frontier, as what two can agree upon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..solvers._golden import peak
from ._agreements import CLOSE, Agreements

HALVINGS = 200
"""Halvings of an interval; it is then as small as floats get."""

GRID = 257
"""Points at which a frontier is looked at."""


@dataclass(frozen=True)
class Frontier(Agreements):
    """Of two players: the second can have up to f(x) where the first has x in [low, high]; f falls and is concave."""

    most: Callable[[float], float]
    low: float
    high: float
    disagreement: Array

    @property
    def unit(self) -> Array:
        """The range of what each can have; 1 where that is nothing."""
        return np.array([self.high - self.low, self.most(self.low) - self.most(self.high) or 1.0])

    def along(self, direction: Array) -> float:
        """By halving: more for both is less likely to be possible."""
        d, reach = self.disagreement, (self.high - self.disagreement[0]) / direction[0]
        return _last(lambda t: self._fits(d + t * direction), 0.0, reach)

    def ideal(self) -> Array:
        """The first where the second has what it has in disagreement, and the other way round."""
        d = self.disagreement
        first = _last(lambda x: self._fits(np.array([x, d[1]])), d[0], self.high)
        return np.array([first, self.most(max(d[0], self.low))])

    def product(self, weights: Array) -> tuple[Array, float]:
        """By golden section: the logarithm of the product is concave along the frontier."""
        d, (low, high) = self.disagreement, (max(self.low, self.disagreement[0]), self.ideal()[0])

        def worth(x: float) -> float:
            gains = np.array([x - d[0], self.most(x) - d[1]])
            return float(weights @ np.log(gains)) if (gains > 0).all() else -np.inf

        x = peak(worth, low, high, CLOSE * (high - low))
        return np.array([x, self.most(x)]), 0.0

    def _fits(self, u: Array) -> bool:
        return bool(u[0] <= self.high and u[1] <= self.most(max(float(u[0]), self.low)))


def frontier_of(most: Callable[..., Any], d: Array, span: tuple[float, float] | None) -> Frontier:
    if span is None or not span[0] < span[1] or d.shape != (2,) or not np.isfinite([*span, *d]).all():
        raise InputError(
            f"A frontier between {span} with a disagreement {d.tolist()}.",
            "It says what the second player can have where the first has x, for x between two numbers.",
            "Give span=(low, high) with low < high, and two payoffs of disagreement.",
        )
    x = np.linspace(*span, GRID)
    y = np.array([float(most(float(one))) for one in x])
    slack = 1e-9 * (np.abs(y).max() or 1.0)
    if not np.isfinite(y).all() or (np.diff(y) > slack).any() or (np.diff(y, 2) > slack).any():
        raise InputError(
            "The frontier rises somewhere, is not concave, or is no number.",
            "What one has, the other has not; and lotteries fill every hollow.",
            "Give a falling concave function, or points, whose lotteries are taken in.",
        )
    return Frontier(most, float(span[0]), float(span[1]), d)


def _last(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The last number of an interval at which something holds that stops to hold somewhere in it."""
    if holds(high):
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
