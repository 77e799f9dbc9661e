"""The precision that explains observed play best."""

from __future__ import annotations

import math

import numpy as np

from ..core.game import Mixture
from ..solvers.logit import Branch

GOLDEN = (5**0.5 - 1) / 2
BETWEEN = 4
"""Precisions looked at between two points of the walk."""


def fit_precision(branch: Branch, counts: Mixture) -> float:
    """The λ in [0, ∞], one over payoff units, at which the principal branch makes the counts most likely.

    Maximum likelihood over the first crossings of every λ (McKelvey and Palfrey 1995); players count by how often
    they were seen. 0 means that blind chance explains the counts at least as well as any λ > 0.
    """

    def fit(precision: float) -> float:
        return log_likelihood(branch.at(precision), counts)

    rising = np.unique(np.maximum.accumulate(branch.precisions))
    shares = np.arange(BETWEEN) / BETWEEN
    grid = np.append((rising[:-1, None] + np.diff(rising)[:, None] * shares).ravel(), rising[-1])
    found = [fit(precision) for precision in grid]
    best = int(np.argmax(found))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    while high - low > 1e-9 * (1e-6 + high):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, right) if fit(left) >= fit(right) else (left, high)
    peak = (low + high) / 2
    slack = 1e-9 * (1 + abs(found[0]))
    if fit(math.inf) >= max(fit(peak), *found) - slack:
        return math.inf
    return 0.0 if found[0] >= fit(peak) - 1e-3 * slack else float(peak)


def log_likelihood(mixture: Mixture, counts: Mixture) -> float:
    """Σ counts · log odds over all players' moves; −∞ when something seen has odds 0."""
    odds, seen = np.concatenate(mixture), np.concatenate(counts)
    if np.any(odds[seen > 0] <= 0):
        return -math.inf
    return float(seen[seen > 0] @ np.log(odds[seen > 0]))
