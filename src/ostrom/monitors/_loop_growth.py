"""Numbers that grow from round to round by more than chance and a trend make them, whatever the size of changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._loop_series import Series

Array = np.ndarray

DRAWS = 9999


@dataclass(frozen=True)
class Growth:
    """Steady growth.

    Attributes
    ----------
    rates : `float[d]`, mean log change a round.
    low, high : 95 % bounds of `rates`, with changes that hang together over `block` rounds (Newey and West 1987).
    p : odds of as much in any number and either direction, for signs of changes that are fair coins.
    members : which numbers grow (or fall) by more than the trend, each by itself at 5 %.
    """

    rates: Array
    low: Array
    high: Array
    block: int
    p: float
    members: tuple[int, ...]


def growth(series: Series, trend: float, rng: np.random.Generator) -> Growth:
    """Whether positive numbers grow by more than a factor of `1 + trend` a round, for longer than chance does.

    The sum of log changes less the trend, over the root of their sum of squares, is compared with what it is when signs
    are flipped in blocks of rounds, all numbers together: exact where changes given the past are symmetric about the
    trend or something less, of whatever size and tails. Blocks are as long as changes hang together. Growth that has
    slowed to less than half of what it was is on its way to rest and does not count.
    """
    steps = series.steps
    changes = np.log(series.values[steps]) - np.log(series.values[steps - 1])
    block = _block(changes)
    sums = [_blocks(sign * changes - np.log1p(trend), block) for sign in (1, -1)]
    size = [np.sqrt(((sign * changes - np.log1p(trend)) ** 2).sum(0)) + 1e-300 for sign in (1, -1)]
    scores = [np.where(_slows(sign * changes), -np.inf, one.sum(0) / by)
              for sign, one, by in zip((1, -1), sums, size, strict=True)]  # fmt: skip
    p = min(1.0, 2 * min(_flipped(one / by, score.max(), rng)
            for one, by, score in zip(sums, size, scores, strict=True)))  # fmt: skip
    mean, error = changes.mean(0), _errors(changes, block)
    large = np.abs(mean) - 1.7 * error > np.log1p(trend)
    large &= np.where(mean > 0, np.isfinite(scores[0]), np.isfinite(scores[1]))
    from scipy.stats import t as student

    wide = student.ppf(0.975, max(len(changes) / block - 1, 1)) * error
    return Growth(mean, mean - wide, mean + wide, block, p, tuple(np.flatnonzero(large).tolist()))


def _block(changes: Array) -> int:
    """Rounds over which changes hang together: until a first-order autocorrelation has fallen to a tenth."""
    n = len(changes)
    gap = changes - changes.mean(0)
    power = (gap**2).sum(0)
    moved = power > 1e-18 * n * np.maximum(changes.mean(0) ** 2, 1e-300)
    if n < 8 or not moved.any():
        return 1
    one = np.where(moved, (gap[1:] * gap[:-1]).sum(0) / np.where(moved, power, 1.0), 0.0).max()
    return 1 if one < 1.3 / np.sqrt(n) else int(np.ceil(np.log(0.1) / np.log(min(one, 0.99)))) + 1


def _blocks(x: Array, block: int) -> Array:
    return np.add.reduceat(x, np.arange(0, len(x), block), axis=0)


def _slows(changes: Array) -> Array:
    """Which numbers moved less than half as much in the last third of the rounds as in the first, `bool[d]`."""
    third = len(changes) // 3
    if third < 2:
        return np.zeros(changes.shape[1], bool)
    return changes[-third:].mean(0) < 0.5 * changes[:third].mean(0)


def _flipped(parts: Array, seen: float, rng: np.random.Generator) -> float:
    """How often the largest sum of `parts`, `float[K, d]`, with signs flipped is at least `seen`.

    Where none of the draws is, by Hoeffding's bound on sums with fair signs, if that is less than the draws resolve.
    """
    count = len(parts)
    if seen == -np.inf:
        return 1.0
    if count <= 13:
        signs = 1 - 2 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
        return float(((signs @ parts).max(1) >= seen - 1e-9).mean())
    reached = made = 0
    while made < DRAWS and reached < 20:
        signs = 1 - 2 * rng.integers(0, 2, (min(1111, DRAWS - made), count))
        hits = np.cumsum((signs @ parts).max(1) >= seen - 1e-9) + reached
        if hits[-1] >= 20:
            return 20 / (made + 1 + int(np.argmax(hits >= 20)))
        reached, made = int(hits[-1]), made + len(signs)
    bound = float(np.exp(-(seen**2) / 2 / (parts**2).sum(0)).sum())
    return (reached + 1) / (made + 1) if reached else max(min(bound, 1 / (made + 1)), 1e-300)


def _errors(changes: Array, block: int) -> Array:
    """Standard errors of mean changes, with Bartlett's weights over a block."""
    n, gap = len(changes), changes - changes.mean(0)
    total = (gap**2).sum(0)
    for lag in range(1, min(block, n - 1)):
        total = total + 2 * (1 - lag / block) * (gap[lag:] * gap[:-lag]).sum(0)
    return np.sqrt(np.maximum(total, 0.0) / max(n - 1, 1) / n)
