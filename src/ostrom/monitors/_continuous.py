"""Information between continuous quantities given others, by nearest neighbours, and a second opinion on it."""

from __future__ import annotations

import math

import numpy as np

from ._canary import sequential
from ._discrete import NATS

NEIGHBOURS = 5
"""Rows near in context among which values are exchanged."""


def information(m: np.ndarray, s: np.ndarray, o: np.ndarray | None = None, k: int = 5) -> float:
    """I(M; S | O) in bits, from samples `float[N, d]`, of which parts may be discrete; noise-free, may be below 0.

    Frenzel and Pompe (2007) by the nearest neighbours of Kraskov, Stögbauer and Grassberger (2004). Where ties put more
    than k others at distance 0, all of them count (Mesner and Shalizi 2021). For up to five columns or so.
    """
    from scipy.special import digamma

    m, s = _columns(m), _columns(s)
    n = len(m)
    if n <= k + 1:
        return 0.0
    o = np.zeros((n, 0)) if o is None else _columns(o)
    reach, near = _reach(np.column_stack([m, s, o]), k)
    parts = [_within(np.column_stack(part), reach) for part in ((m, o), (s, o))]
    whole = _within(o, reach) if o.shape[1] else np.full(n, n)
    return float((digamma(near) + digamma(whole) - digamma(parts[0]) - digamma(parts[1])).mean() / NATS)


def locally_permuted(
    m: np.ndarray,
    s: np.ndarray,
    o: np.ndarray | None,
    rng: np.random.Generator,
    rounds: int = 999,
    k: int | None = None,
    stop: int = 20,
) -> float:
    """The p-value of no information, by exchanging S among rows near in O (Runge 2018). k : default a tenth of N.

    Valid as far as neighbours in O could have had each other's S. No test has power against everything and holds
    without such an assumption (Shah and Peters 2020).
    """
    m, s = _columns(m), _columns(s)
    k = max(3, len(m) // 10) if k is None else k
    seen = information(m, s, o, k)
    order = (lambda: rng.permutation(len(m))) if o is None else _local(_columns(o), rng)
    return sequential(
        lambda count: np.array([information(m, s[order()], o, k) >= seen - 1e-9 for _ in range(count)]), rounds, stop
    )[0]


def residual_product(m: np.ndarray, s: np.ndarray, o: np.ndarray | None = None) -> float:
    """The p-value of the generalised covariance measure (Shah and Peters 2020): a second opinion, two-sided.

    Residuals of M and of S given O, by regression on smooth functions of O, multiplied: their mean is 0 where nothing
    is told, even if both regressions are off a little. It sees covariance only. m, s : `float[N]`. o : `float[N, d]`.
    """
    from scipy.special import ndtr

    x = np.ones((len(m), 1)) if o is None else _smooth(_columns(o))
    hat = x @ np.linalg.pinv(x)
    product = (m - hat @ m) * (s - hat @ s)
    size = math.sqrt(float(((product - product.mean()) ** 2).sum()))
    return 1.0 if size < 1e-12 else max(2 * float(ndtr(-abs(product.sum()) / size)), 1e-300)


def gaussian(correlation: float) -> float:
    """Bits that one of two normal variables tells of the other.

    Examples
    --------
    >>> gaussian(0.0), round(gaussian(0.6), 4)
    (0.0, 0.3219)
    """
    return -0.5 * math.log2(1 - correlation**2) + 0.0


def _columns(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, float)
    return values[:, None] if values.ndim == 1 else values


def _reach(points: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """How far the k-th neighbour of each is, and how many are that near, itself left out."""
    from scipy.spatial import KDTree

    tree = KDTree(points)
    reach = tree.query(points, k + 1, p=np.inf)[0][:, -1]
    tied = reach <= 0
    near = np.full(len(points), k)
    if tied.any():
        near[tied] = tree.query_ball_point(points[tied], 0.0, p=np.inf, return_length=True) - 1
    return reach, near


def _within(points: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """How many are nearer than the reach of each (as near, where the reach is 0), itself counted where it is above."""
    from scipy.spatial import KDTree

    inside = np.where(reach > 0, np.nextafter(reach, 0), 0)
    found = KDTree(points).query_ball_point(points, inside, p=np.inf, return_length=True)
    return np.where(reach > 0, found, found - 1)


def _local(o: np.ndarray, rng: np.random.Generator):
    """Draws orders in which every row gets the value of one near it in O, each value used once where that can be."""
    from scipy.spatial import KDTree

    near = KDTree(o).query(o, min(NEIGHBOURS, len(o)), p=np.inf)[1].reshape(len(o), -1)

    def order() -> np.ndarray:
        mixed, taken, found = rng.permuted(near, axis=1), np.zeros(len(o), bool), np.empty(len(o), np.int64)
        for row in rng.permutation(len(o)):
            free = next((one for one in mixed[row] if not taken[one]), mixed[row, 0])
            found[row], taken[free] = free, True
        return found

    return order


def _smooth(o: np.ndarray) -> np.ndarray:
    """A constant, and powers and steps of each column."""
    parts = [np.ones(len(o))]
    for column in o.T:
        size = max(float(column.std()), 1e-12)
        scaled = (column - column.mean()) / size
        parts += [scaled, scaled**2, np.tanh(2 * scaled), *(np.maximum(0, scaled - c) for c in (-1, 0, 1))]
    return np.column_stack(parts)
