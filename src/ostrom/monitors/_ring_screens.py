"""Tests on panels of moves: whether they go together, follow one rule, or vary less than they used to."""

from __future__ import annotations

import numpy as np

from ._ring_panel import Panel
from ._ring_tests import flipped

SWAPS = 4_999


def together(
    first: np.ndarray, second: np.ndarray, same: np.ndarray, rng: np.random.Generator, share: float = 1.0
) -> tuple[float, float]:
    """The correlation of what is left of two agents' moves, and the two-sided p-value that there is none.

    Products of what is left are summed over each cluster (`same`), and their signs are flipped: exact where a sum is
    as likely as its opposite, and near that for many clusters (the generalised covariance measure of Shah and Peters
    2020, with flips for the normal law). Fitting leaves a `share` of the rounds, and makes sums over clusters depend on
    one another: their total varies by one over that share more than flips do, and is shrunk by its root.
    """
    size = np.sqrt(float((first**2).sum()) * float((second**2).sum()))
    if size <= 0:
        return 0.0, 1.0
    products = first * second / size
    sides = [flipped(sign * products, rng, same, share**0.5) for sign in (1, -1)]
    return float(products.sum()), min(1.0, 2 * min(sides))


def spread_of_correlation(
    first: np.ndarray, second: np.ndarray, same: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """A 95 % interval of the correlation, by drawing clusters."""
    first, second = (part / max(float(np.abs(part).max(initial=0.0)), 1e-300) for part in (first, second))
    sums = np.stack([np.bincount(same, part) for part in (first * second, first**2, second**2)])
    drawn = rng.multinomial(sums.shape[1], np.full(sums.shape[1], 1 / sums.shape[1]), 2_000) @ sums.T
    kept = drawn[(drawn[:, 1] > 0) & (drawn[:, 2] > 0)]
    found = kept[:, 0] / np.sqrt(kept[:, 1] * kept[:, 2])
    low, high = np.quantile(found, [0.025, 0.975]) if len(found) else (-1.0, 1.0)
    return float(low), float(high)


def one_rule(panel: Panel, i: int, j: int, kept: np.ndarray, same: np.ndarray, rng: np.random.Generator):
    """How far apart the rules of two agents are, in units of their moves, and the p-value that they are one.

    A rule is a line in what an agent was shown and in the last moves, its own and the mean of others. Under one rule
    the two may be swapped in any cluster: exact under exchangeability (Bajari and Ye 2003).
    """
    x = np.stack([_own(panel, agent, kept) for agent in (i, j)])
    y = panel.moves[kept][:, [i, j]].T
    scale = np.maximum(np.abs(x).max((0, 1)), 1e-300)
    x, count = x / scale, int(same.max()) + 1
    xx, xy = np.zeros((2, count, x.shape[2], x.shape[2])), np.zeros((2, count, x.shape[2]))
    for a in range(2):
        np.add.at(xx[a], same, x[a][:, :, None] * x[a][:, None, :])
        np.add.at(xy[a], same, x[a] * y[a][:, None])
    swapped = np.vstack([np.zeros(count), rng.integers(2, size=(SWAPS, count))]) > 0
    fit = _explained(swapped, xx, xy) + _explained(~swapped, xx, xy)
    p = float((fit >= fit[0] - 1e-9 * abs(fit[0])).mean())
    rules = [np.linalg.lstsq(x[a], y[a], rcond=1e-8)[0] for a in range(2)]
    return float(np.sqrt(np.mean((np.concatenate(x) @ (rules[0] - rules[1])) ** 2))), p


def _explained(swapped: np.ndarray, xx: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """What the line of one of the two explains under each swap, `float[B]`."""
    weight = swapped.astype(float)
    inside = np.tensordot(1 - weight, xx[0], 1) + np.tensordot(weight, xx[1], 1)
    right = (1 - weight) @ xy[0] + weight @ xy[1]
    ridge = 1e-8 * np.trace(inside, axis1=1, axis2=2)[:, None, None] * np.eye(right.shape[1])
    return (np.linalg.solve(inside + ridge, right[..., None])[..., 0] * right).sum(1)


def _own(panel: Panel, agent: int, kept: np.ndarray) -> np.ndarray:
    parts = [np.ones((int(kept.sum()), 1)), _plain(panel, agent, kept)]
    if panel.staged:
        last = panel.past[0][kept]
        parts += [last[:, [agent]], np.delete(last, agent, 1).mean(1, keepdims=True)]
    return np.hstack(parts)


def _plain(panel: Panel, agent: int, kept: np.ndarray) -> np.ndarray:
    """The numbers that an agent was shown, 0 where none; of very many fields the first twelve."""
    numbers = [k for k in range(panel.seen.shape[2]) if k not in panel.coded][:12]
    return np.nan_to_num(panel.seen[kept, agent][:, numbers])


def calmer(spread: np.ndarray, clean: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Log ratio of the spread of moves in other episodes to that in clean ones, and the p-value that it is not below 0.

    Episodes are exchanged: exact where those that are not known to be clean are like those that are.
    """
    logs = np.log(np.maximum(spread, 1e-12 * max(float(spread.max(initial=0.0)), 1e-300)))
    seen = float(logs[~clean].mean() - logs[clean].mean())
    count, whole = int(clean.sum()), float(logs.sum())
    drawn = rng.permuted(np.tile(logs, (9_999, 1)), axis=1)[:, :count].sum(1)
    ratio = (whole - drawn) / (len(logs) - count) - drawn / count
    return seen, float((1 + (ratio <= seen + 1e-12).sum()) / 10_000)
