"""Evidence that a mean is above a bound: bets on bounded numbers, sign flips of differences, intervals by bootstrap."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

FLIPS = 99_999
"""Sign flips drawn at most where not all are gone through: a p-value of 1e-5 is the least, as of `SURE`."""

SURE = 1e-5
"""A bound on the share of flips from which on none are drawn."""

ENOUGH = 20
"""Flips that do as well as what was seen, after which no more are drawn (Besag and Clifford 1991)."""

BOOTSTRAPS = 2_000
EXACT = 13
"""Differences up to which all sign flips are gone through."""

STAKES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Shares of what may be lost in a round that are put at stake, each with an equal part of the money."""


def bet(values: np.ndarray, bound: float, lowest: float) -> float:
    """An e-value against "the mean of `values` is expected to be at most `bound`", for values of `lowest` or more.

    The mean over stakes λ of the product of 1 + λ (x - bound), which stays positive. Each factor has a mean of
    at most exp(λ (mean - bound)) whatever was before, so that the product has a mean of at most 1 whenever the means,
    averaged over all values, do not pass the bound, even if each alone may (Waudby-Smith and Ramdas 2024).

    Examples
    --------
    >>> bet(np.ones(20), 0.5, 0.0) > 2000, bet(np.full(20, 0.5), 0.5, 0.0)
    (True, 1.0)
    """
    if not len(values):
        return 1.0
    room = max(bound - lowest, 1e-12)
    grown = [np.log1p(stake / room * (values - bound)).sum() for stake in STAKES]
    return float(np.exp(np.minimum(np.logaddexp.reduce(grown) - np.log(len(STAKES)), 690.0)))


def flipped(values: np.ndarray, rng: np.random.Generator, same: np.ndarray | None = None, shrink: float = 1.0) -> float:
    """The p-value that the mean of differences is not below 0, by flipping their signs.

    Exact where each difference is as likely as its opposite. What so few flips reach that drawing them would not show
    it has the bound of Hoeffding (1963) on their share instead, exp(-sum² / 2 sum of squares). Flips leave the sum of
    squares as it is, so that this is the test of Student's t too. Values with the same number in `same` flip together;
    what was seen counts `shrink`.
    """
    if same is not None:
        values = np.bincount(same, values)
    n, seen = len(values), float(values.sum()) * shrink
    if not n or seen >= 0:
        return 1.0
    edge = seen + 1e-12 * float(np.abs(values).sum())
    bound = math.exp(-(seen**2) / (2 * max(float(values @ values), 1e-300)))
    if bound <= SURE:
        return max(bound, 1e-300)
    if n <= EXACT:
        signs = 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
        return float((signs @ values <= edge).mean())
    reached = drawn = 0
    for block in _blocks(n):
        signs = rng.integers(2, size=(block, n), dtype=np.int8) * 2.0 - 1
        below = np.cumsum(signs @ values <= edge)
        if reached + below[-1] >= ENOUGH:
            return ENOUGH / (drawn + int(np.searchsorted(below, ENOUGH - reached)) + 1)
        reached, drawn = reached + int(below[-1]), drawn + block
    return (reached + 1) / (drawn + 1)


def _blocks(n: int) -> Iterator[int]:
    """How many sign flips of `n` differences to draw at a time, `FLIPS` in all: few first, and never too many."""
    block, drawn = 199, 0
    while drawn < FLIPS:
        yield min(block, FLIPS - drawn)
        drawn, block = drawn + block, min(2 * block, max(50, 2_000_000 // n))


def interval(values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """A 95 % interval of the mean of independent values, by the bootstrap of Student's t.

    Examples
    --------
    >>> interval(np.ones(30), np.random.default_rng(0))
    (1.0, 1.0)
    """
    n, mean = len(values), float(np.mean(values))
    error = float(np.std(values, ddof=1)) / np.sqrt(n) if n > 1 else 0.0
    if error <= 1e-12 * max(abs(mean), 1e-300):
        return (mean, mean)
    drawn = values[rng.integers(n, size=(BOOTSTRAPS, n))]
    spread = drawn.std(1, ddof=1) / np.sqrt(n)
    kept = spread > 0
    t = (drawn.mean(1)[kept] - mean) / spread[kept]
    low, high = np.quantile(t, [0.025, 0.975]) if len(t) else (-2.0, 2.0)
    return (float(mean - high * error), float(mean - low * error))
