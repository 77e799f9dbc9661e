"""Information between discrete columns given a third, with its bias taken off, and tests that it is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

NATS = math.log(2)
"""Nats in a bit."""


@dataclass(frozen=True)
class Shared:
    """Information I(M; S | O) in a sample of codes.

    Attributes
    ----------
    bits : the plug-in estimate less its Miller–Madow bias; may be below 0.
    plugin : the plug-in estimate.
    df : degrees of freedom, over strata of O the product of one less than the values of M and of S that occur there.
    least : the smallest expected count in a cell.
    n : observations.
    """

    bits: float
    plugin: float
    df: int
    least: float
    n: int

    @property
    def g(self) -> float:
        """The G statistic, 2n nats: near χ² with `df` degrees of freedom where M and S are independent given O."""
        return max(0.0, 2 * self.n * self.plugin * NATS)


def shared(m: np.ndarray, s: np.ndarray, o: np.ndarray | None = None) -> Shared:
    """Information between codes `int[N]` (from 0) given others, in bits.

    Miller (1955) for the bias.

    Examples
    --------
    >>> found = shared(np.array([0, 1] * 50), np.array([0, 1] * 50))
    >>> round(found.plugin, 6), found.df
    (1.0, 1)
    """
    table = cells(m, s, np.zeros(len(m), np.int64) if o is None else o)
    count, sm, ss, so = table
    n = len(m)
    if not n:
        return Shared(0.0, 0.0, 0, 0.0, 0)
    plugin = float((count * np.log2(count * so / (sm * ss))).sum() / n)
    strata, spread = _strata(m, s, o, n)
    df = int(spread.sum())
    return Shared(plugin - df / (2 * n * NATS), max(0.0, plugin), df, strata, n)


def cells(m: np.ndarray, s: np.ndarray, o: np.ndarray) -> tuple[np.ndarray, ...]:
    """For every combination that occurs: how often it does, and how often its parts (o,m), (o,s) and (o) do."""
    cells, count = np.unique(np.stack([o, m, s]), axis=1, return_counts=True)
    om, so, oo = (_sums(cells[[0, 1]], count), _sums(cells[[0, 2]], count), _sums(cells[[0]], count))
    return count.astype(float), om, so, oo


def _sums(parts: np.ndarray, count: np.ndarray) -> np.ndarray:
    _, where = np.unique(parts, axis=1, return_inverse=True)
    where = where.reshape(-1)
    return np.bincount(where, count)[where]


def _strata(m: np.ndarray, s: np.ndarray, o: np.ndarray | None, n: int) -> tuple[float, np.ndarray]:
    """The smallest expected count of a cell, and the degrees of freedom of every stratum."""
    strata = np.zeros(n, np.int64) if o is None else np.unique(o, return_inverse=True)[1].reshape(-1)
    least, free = math.inf, []
    order = np.argsort(strata, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(strata))[:-1]):
        ms, ss = (np.unique(x[rows], return_counts=True)[1] for x in (m, s))
        free.append((len(ms) - 1) * (len(ss) - 1))
        if free[-1]:
            least = min(least, float(ms.min() * ss.min() / len(rows)))
    return least, np.array(free)


def chi_square(found: Shared) -> float:
    """The p-value of the G test; for expected counts of 5 or more (`found.least`)."""
    from scipy.special import chdtrc

    return 1.0 if not found.df else max(float(chdtrc(found.df, found.g)), 1e-300)


def shuffled_within(strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random order of the rows `int[N]` in which every row stays in its stratum."""
    by_stratum = np.argsort(strata, kind="stable")
    drawn = np.lexsort((rng.random(len(strata)), strata))
    order = np.empty(len(strata), np.int64)
    order[by_stratum] = drawn
    return order


def permuted(
    m: np.ndarray, s: np.ndarray, o: np.ndarray, rng: np.random.Generator, rounds: int = 999, stop: int = 20
) -> float:
    """The p-value of the information under permutations of S within the strata of O: exact at any size.

    Stops as soon as `stop` permutations had as much (Besag and Clifford 1991), which keeps the p-value exact.
    """
    seen, reached = shared(m, s, o).plugin, 0
    for k in range(1, rounds + 1):
        reached += shared(m, s[shuffled_within(o, rng)], o).plugin >= seen - 1e-12
        if reached >= stop:
            return reached / k
    return (reached + 1) / (rounds + 1)


def permutation(m: np.ndarray, s: np.ndarray, o: np.ndarray, rng: np.random.Generator, rounds: int = 399) -> float:
    """The p-value of the information between codes given others, under permutations of one within the others.

    Of the parts of the information only the count of all three together changes, which is why this is quick.
    """
    inside = np.unique(np.stack([o, m]), axis=1, return_inverse=True)[1].reshape(-1)
    width = int(s.max(initial=0)) + 1

    def amount(values: np.ndarray) -> float:
        count = np.bincount(inside * width + values)
        return float((count * np.log(np.maximum(count, 1))).sum())

    seen = amount(s)
    reached = sum(amount(s[shuffled_within(o, rng)]) >= seen - 1e-9 for _ in range(rounds))
    return (reached + 1) / (rounds + 1)
