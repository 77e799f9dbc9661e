"""95 % intervals of means of independent draws."""

from __future__ import annotations

import numpy as np

from ..core.game import Array

Z = 1.959963984540054

Intervals = tuple[tuple[float, float], ...]


def wilson(shares: Array, draws: int) -> Intervals:
    """Of shares `[n]` of draws that are 0 or 1 (Wilson 1927): a share of 0 has an interval too."""
    spread = Z * np.sqrt(np.maximum(shares * (1 - shares), 0) / draws + Z**2 / (4 * draws**2))
    middle, scale = shares + Z**2 / (2 * draws), 1 + Z**2 / draws
    return _pairs((middle - spread) / scale, (middle + spread) / scale)


def normal(means: Array, variances: Array, draws: int) -> Intervals:
    """Of means `[n]` of any numbers, by their variances; right only for many draws."""
    spread = Z * np.sqrt(np.maximum(variances, 0) / (draws - 1))
    return _pairs(means - spread, means + spread)


def _pairs(low: Array, high: Array) -> Intervals:
    return tuple(zip(low.tolist(), high.tolist(), strict=True))
