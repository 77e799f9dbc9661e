"""Ridge regression in which each group of columns has a penalty of its own, found from what is fitted."""

from __future__ import annotations

import numpy as np

STEPS = 30
"""Steps in which penalties are found."""

LOOSER = 10.0
"""Penalties are divided by this: what they leave of a common cause must be small beside noise (undersmoothing)."""

LEAST, MOST = 1e-6, 1e6
"""Bounds on a penalty, in sums of squares of a column."""


def penalties(x: np.ndarray, y: np.ndarray, group: np.ndarray, free: int) -> np.ndarray:
    """The penalty of each column of `x`, `float[K]`, by the evidence of `y` for each `group` (MacKay 1992).

    The slopes of a group are taken to be drawn with a variance of their own, and that to be the one under which `y` is
    most likely: a group that explains nothing is penalised away, and one that explains much is left nearly as it is.
    `free` numbers were fitted to `y` before.
    """
    gram, right, total = x.T @ x, x.T @ y, float(y @ y)
    count, size = len(y), np.maximum(np.bincount(group), 1)
    low, high = LEAST * count, MOST * count
    by_group = np.full(len(size), float(x.shape[1]))
    for _ in range(STEPS):
        spread = np.linalg.inv(gram + np.diag(by_group[group]))
        slope = spread @ right
        used = np.clip(size - by_group * np.bincount(group, spread.diagonal(), len(size)), 1e-9, size)
        rest = max(total - 2 * slope @ right + slope @ gram @ slope, 1e-12 * total)
        noise = rest / max(count - free - used.sum(), 1.0)
        by_group = np.clip(noise * used / np.maximum(np.bincount(group, slope**2, len(size)), 1e-300), low, high)
    return np.maximum(by_group / LOOSER, low)[group]


def ridge(x: np.ndarray, y: np.ndarray, penalty: np.ndarray, free: int) -> tuple[np.ndarray, float]:
    """What is left of `y` beside a penalised line in `x`, and the share of the rounds that is left beside the fit.

    The share is (Σ m²)² / (N Σ m⁴) over the shares m of each direction that are left: 1 less the columns over the
    rounds for a plain fit.
    """
    root = np.sqrt(penalty)
    scaled = x / root
    gram = scaled.T @ scaled
    slope = np.linalg.solve(gram + np.eye(len(gram)), scaled.T @ y)
    kept = 1 / (1 + np.maximum(np.linalg.eigvalsh(gram), 0.0))
    whole = max(len(y) - free - len(gram), 0)
    second, fourth = whole + float((kept**2).sum()), whole + float((kept**4).sum())
    return y - scaled @ slope, second**2 / (len(y) * max(fourth, 1e-300))
