"""Windows of numbers that get out of line with those before them: ranks, and a bet on ranks.

If windows are exchangeable, the rank of each among those so far is uniform and independent of earlier ranks, whatever
the law of what is in them (Vovk, Gammerman and Shafer 2005). Capital that bets on high ranks is then an e-value at any
time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ._loop_series import Series

Array = np.ndarray

BAG = 400
"""Windows that are compared with one another; then a new bag is begun, and the capital kept."""

FIRST = 64
"""Rounds from which it is told whether a number is a level or an order."""

JOIN = 0.03
"""The share of what is not staked yet that is staked at each window."""

POWERS = np.array([0.15, 0.3, 0.5])
"""A stake becomes κ p^(κ-1) times as much at rank p: for each κ a third of it."""

SIGNALS = {"push": 1, "swing": 4, "memory": 4}
"""What is looked at in each window, and how many windows it takes."""


def changes(series: Series) -> Array:
    """What moves in each round, `float[N, d]`: log changes of positive numbers, orders, changes of other levels.

    Numbers of both signs are orders where they do not hang together in the first rounds (a first autocorrelation below
    0.8), and levels otherwise: what comes later has no say in how it is read.
    """
    values, made = series.values, np.zeros(series.values.shape)
    fresh = np.isin(np.arange(len(series)), series.starts)
    for k in range(values.shape[1]):
        y = values[:, k]
        positive = bool((y > 0).all())
        gap = y[:FIRST] - y[:FIRST].mean()
        level = positive or (gap[1:] * gap[:-1]).sum() > 0.8 * (gap**2).sum()
        z = np.log(y) if positive else y
        made[:, k] = np.where(fresh, 0.0, np.diff(z, prepend=z[0])) if level else z
    return made


def features(moves: Array, signal: str, window: int) -> Array:
    """One number for each window and column, `float[K, d]`.

    "push": the sum of moves, for how far all lean to one side. "swing": their sum of squares about the mean of the
    window, "memory": their first autocorrelation in it.
    """
    width = window * SIGNALS[signal]
    count = len(moves) // width
    parts = moves[: count * width].reshape(count, width, -1)
    if signal == "push":
        return parts.sum(1)
    gap = parts - parts.mean(1, keepdims=True)
    power = (gap**2).sum(1)
    if signal == "swing":
        return power
    return (gap[:, 1:] * gap[:, :-1]).sum(1) / np.maximum(power, 1e-300)


def ranks(found: Array, sides: bool, rng: np.random.Generator) -> Iterator[float]:
    """For each window from the second on, the share of windows so far that stand out as much, in (0, 1].

    How far one stands out is its mean rank over columns: of its distance from the median where both `sides` count.
    Windows that stand out as much as the last are counted in a share drawn at random, so that shares are uniform.
    """
    yield 1.0
    for k in range(2, len(found) + 1):
        seen = found[:k]
        if sides:
            seen = np.abs(seen - np.median(seen, axis=0))
        score = np.mean([np.searchsorted(np.sort(one), one, "left") + np.searchsorted(np.sort(one), one, "right")
                         for one in seen.T], axis=0)  # fmt: skip
        above, same = (score > score[-1]).sum(), (score == score[-1]).sum()
        yield (above + same * (1 - rng.random())) / k


def capital(shares: Iterator[float]) -> Array:
    """What a bet on small shares is worth after each window, `float[K]`, having begun with 1."""
    waiting, staked, worth = 1.0, np.zeros(len(POWERS)), []
    for share in shares:
        if share < 1:
            staked = staked + waiting * JOIN / len(POWERS)
            waiting *= 1 - JOIN
            staked = np.minimum(staked * POWERS * share ** (POWERS - 1), 1e300)
        worth.append(waiting + staked.sum())
    return np.array(worth)


def followed(moves: Array, window: int, seed: int) -> dict[str, Array]:
    """The capital on every signal as of each round, `float[N]`."""
    made = {}
    for place, (signal, wide) in enumerate(SIGNALS.items()):
        rng = np.random.default_rng([seed, place])
        found = features(moves, signal, window)
        shares = (
            share for k in range(0, len(found), BAG) for share in ranks(found[k : k + BAG], signal == "push", rng)
        )
        path, width = np.ones(len(moves)), window * wide
        for k, worth in enumerate(capital(shares)):
            path[(k + 1) * width - 1 :] = worth
        made[signal] = path
    return made
