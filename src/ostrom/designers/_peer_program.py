"""The program behind the cheapest payments for truth: its rows, what bounds its cost, and what scoring rules cost."""

from __future__ import annotations

from itertools import product

import numpy as np

from ..choice.peer_prediction import SCORES, score
from ..core.game import Array


def rows_of(beliefs: Array, joint: Array, gaps: Array, agreed: bool) -> tuple[Array, Array]:
    """Rows `A τ ≤ b`: for all seen and said, the lie lacks the gap; and no agreed report pays more than the truth."""
    size, width = beliefs.shape
    rows, right = [], []
    for seen, said in product(range(size), repeat=2):
        if seen != said:
            row = np.zeros((size, width))
            row[said], row[seen] = beliefs[seen], -beliefs[seen]
            rows.append(row.ravel())
            right.append(-gaps[seen, said])
    if not agreed:
        for said in range(size):
            row = -joint.copy()
            row[said, all_alike(said, size, width)] += 1
            rows.append(row.ravel())
            right.append(0.0)
    return np.array(rows), np.array(right)


def all_alike(said: int, size: int, width: int) -> int:
    """The number of the combination in which all references say the same."""
    return said * (width - 1) // (size - 1)


def least_cost(cost: Array, rows: Array, right: Array, duals: Array, unit: float) -> float:
    """Weak duality for payments of up to a thousand times the largest: prices on rows, and what they leave undone."""
    prices = np.minimum(duals, 0.0)
    left = cost - prices @ rows
    return float(right @ prices + np.minimum(left, 0.0).sum() * 1_000 * unit)


def spare(beliefs: Array, paid: Array, gaps: Array) -> float:
    """By how much the truth beats a lie more than asked, at the least (below 0 by rounding only)."""
    worth = beliefs @ paid.T  # [seen, said]
    more = np.diagonal(worth)[:, None] - worth - gaps
    return float(more[~np.eye(len(worth), dtype=bool)].min())


def scored(beliefs: Array, joint: Array, gaps: Array, least: float) -> dict[str, float]:
    """The cost of each scoring rule, scaled so that its least gap is kept and its least score is the least payment."""
    found: dict[str, float] = {}
    different = ~np.eye(len(beliefs), dtype=bool)
    for name in SCORES:
        if name == "log" and (beliefs <= 0).any():
            continue
        scores = score(beliefs, name)  # type: ignore[arg-type]
        worth = beliefs @ scores.T
        gained = (np.diagonal(worth)[:, None] - worth)[different]
        if gained.min() > 0:
            scale = float((gaps[different] / gained).max())
            found[name] = scale * float((joint * (scores - scores.min())).sum()) + least
    return found
