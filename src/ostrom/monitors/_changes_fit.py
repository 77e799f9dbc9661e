"""Where the level of some series changes: the best partition, a test that there is none, and how sure the place is."""

from __future__ import annotations

import math

import numpy as np

SHORTEST = 3
"""Windows in a segment, at least."""

FAR = -math.log(1 - math.sqrt(0.95))
"""Nats by which the likeliest place beats the true one in 5 % of cases (Siegmund 1986, for small changes)."""


def partition(series: np.ndarray, penalty: float, shortest: int = SHORTEST) -> list[int]:
    """Where segments begin, except the first, in the partition of least squares plus a penalty for each change.

    Exact, by dynamic programming with the pruning of Killick, Fearnhead and Eckley, "Optimal detection of changepoints
    with a linear computational cost" (2012).

    Examples
    --------
    >>> partition(np.array([0.0] * 8 + [5.0] * 8), 3.0)
    [8]
    """
    n = len(series)
    sums, squares = (np.concatenate([[0.0], np.cumsum(x)]) for x in (series, series**2))
    best, last = np.full(n + 1, math.inf), np.zeros(n + 1, np.int64)
    best[0], starts = -penalty, np.zeros(0, np.int64)
    for end in range(shortest, n + 1):
        fresh = end - shortest
        starts = np.append(starts, fresh) if np.isfinite(best[fresh]) else starts
        size = end - starts
        cost = best[starts] + squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / size
        best[end], last[end] = cost.min() + penalty, starts[cost.argmin()]
        # What is worse by a whole penalty now stays worse; it may go once a segment from here on is long enough.
        starts = starts[(cost <= best[end]) | (size < 2 * shortest)]
    found, end = [], n
    while (end := int(last[end])) > 0:
        found.append(end)
    return found[::-1]


def noise(series: np.ndarray) -> float:
    """The standard deviation around a level that changes seldom, from the median of the steps; 0 if none."""
    steps = np.abs(np.diff(series))
    return float(np.median(steps) / (0.6744897501960817 * math.sqrt(2))) or float(steps.std() / math.sqrt(2))


def gains(series: np.ndarray, shortest: int = SHORTEST) -> np.ndarray:
    """What one change at each place takes off the squares, over the variance, `float[..., W]` of `float[..., W]`.

    0 where a segment would be too short, and for a series that never varies.
    """
    n = series.shape[-1]
    centred = series - series.mean(-1, keepdims=True)
    sizes = np.arange(1, n)
    sums = np.cumsum(centred, -1)[..., :-1]
    variance = np.maximum(centred.var(-1, keepdims=True), 1e-300)
    found = np.zeros(series.shape)
    found[..., 1:] = np.where(
        centred.var(-1, keepdims=True) > 1e-18, sums**2 * n / (sizes * (n - sizes)) / variance, 0.0
    )
    found[..., :shortest], found[..., n - shortest + 1 :] = 0.0, 0.0
    return found


def no_change(table: np.ndarray, rng: np.random.Generator, rounds: int = 1999, stop: int = 20) -> float:
    """The p-value of the largest gain among series `float[F, W]`, under permutations of the windows of all at once.

    Stops as soon as `stop` permutations had as much (Besag and Clifford 1991).
    """
    seen, reached, done = gains(table).max() - 1e-9, 0, 0
    while done < rounds:
        order = rng.permuted(np.tile(np.arange(table.shape[1]), (min(50, rounds - done), 1)), axis=1)
        hits = reached + np.cumsum(gains(np.moveaxis(table[:, order], 1, 0)).max((1, 2)) >= seen)
        if hits[-1] >= stop:
            return stop / (done + int((hits >= stop).argmax()) + 1)
        reached, done = int(hits[-1]), done + len(hits)
    return (reached + 1) / (rounds + 1)


def place(series: np.ndarray, at: int, left: int, right: int, spread: float) -> tuple[int, int]:
    """Between which windows a change is, 95 % sure, given the changes before and after it."""
    inside = series[left:right]
    lost = np.array([_squares(inside[:k]) + _squares(inside[k:]) for k in range(1, len(inside))])
    near = np.flatnonzero((lost - lost[at - left - 1]) / (2 * spread**2) <= FAR) + left + 1
    return int(near[0]), int(near[-1])


def _squares(part: np.ndarray) -> float:
    return float(((part - part.mean()) ** 2).sum())
