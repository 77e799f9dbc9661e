"""Intervals for what was sampled: Student's for means of independent runs, Wilson's for shares."""

from __future__ import annotations

import math

import numpy as np

from ..core.game import Array

DEVIATIONS = 1.959963984540054
"""Standard deviations either side of the mean that hold 95 % of a normal distribution."""


def interval(values: Array) -> list[float]:
    """`[low, high]`: the 95 % interval of the mean of independent values `float[n]`, n ≥ 2 (Student 1908).

    Values that are all the same up to rounding give an interval of no width; the Wilson interval of a share says what
    so few runs may have missed.
    """
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = quantile(len(values) - 1) * error
    return [mean - half, mean + half]


def quantile(freedom: int) -> float:
    """The 97.5 % quantile of Student's t with that many degrees of freedom, by bisection of its distribution."""
    low, high = 0.0, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(middle, freedom) < 0.975 else (low, middle)
    return high


def _below(t: float, freedom: int) -> float:
    """The distribution of Student's t at t ≥ 0: finite sums in the angle (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan2(t, math.sqrt(freedom))
    squared, odd = math.cos(angle) ** 2, freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= squared * (k - 1) / k
        total += term
    share = (angle + math.sin(angle) * total) * 2 / math.pi if odd else math.sin(angle) * total
    return (1 + share) / 2


def wilson(count: int, of: int) -> list[float]:
    """`[low, high]`: the 95 % score interval of a share (Wilson 1927), not empty at 0 or 1."""
    z2 = DEVIATIONS**2
    centre = (count + z2 / 2) / (of + z2)
    half = DEVIATIONS * math.sqrt(count * (1 - count / of) + z2 / 4) / (of + z2)
    return [max(0.0, min(centre - half, count / of)), min(1.0, max(centre + half, count / of))]
