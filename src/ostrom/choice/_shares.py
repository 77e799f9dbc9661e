"""Maximin shares: the most that one can make sure of who cuts the goods into bundles and takes the last."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ..solvers._highs import solve_milp
from ._division_programs import CELLS, Budget, once_each

HALVES = 20
"""Goods up to which all ways to cut them in two are gone through."""


class Share(NamedTuple):
    """What a cut makes sure of, and what no cut can exceed; the same number where it is exact."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether it is known, up to a millionth of the value of all goods as integer programs count."""
        return self.low == self.high


def share(values: Array, parts: int, budget: Budget) -> Share:
    """The maximin share of who values goods so, `[M]`, cut into parts."""
    goods = np.sort(values[values > 0])[::-1]
    if len(goods) < parts:
        return Share(0.0, 0.0)
    if parts == 1:
        return Share(float(goods.sum()), float(goods.sum()))
    if parts == 2 and len(goods) <= HALVES:
        return _halved(goods)
    if parts * parts * len(goods) > CELLS:
        return Share(_got(goods, None, parts), max(_ceiling(goods, parts), _got(goods, None, parts)))
    return _program(goods, parts, budget)


def _halved(goods: Array) -> Share:
    sums = np.zeros(1)
    for value in goods[1:]:
        sums = np.concatenate([sums, sums + value])
    best = float(np.minimum(sums, goods.sum() - sums).max())
    return Share(best, best)


def _program(goods: Array, parts: int, budget: Budget) -> Share:
    """By an integer program over who of the parts has which good; the first goods go to the first parts."""
    whole = bool((goods % 1 == 0).all()) and goods.sum() <= 1e6
    scale = 1.0 if whole else float(goods.sum())
    values, count = goods / scale, len(goods)
    rows = np.zeros((parts, parts * count + 1))
    for k in range(parts):
        rows[k, k * count : (k + 1) * count] = -values
    rows[:, -1] = 1
    upper = np.append((np.arange(parts)[:, None] <= np.arange(count)).astype(float).ravel(), _ceiling(values, parts))
    answer = solve_milp(
        np.append(np.zeros(parts * count), -1.0),
        rows,
        np.zeros(parts),
        once_each(parts, count, 1),
        np.ones(count),
        0.0,
        upper,
        np.append(np.ones(parts * count, bool), whole),
        time_limit=budget.left,
    )
    low = _got(values, answer.x, parts)
    high = min(-answer.bound, _ceiling(values, parts))
    if answer.status == "optimal" and high - low <= (0.5 if whole else 1e-6):
        return Share(low * scale, low * scale)
    return Share(low * scale, max(high, low) * scale)


def _got(values: Array, x: Array | None, parts: int) -> float:
    """What the least part has; without an answer, where each good goes to the part that has least so far."""
    if x is not None:
        return float((x[:-1].reshape(parts, -1) @ values).min())
    sums = np.zeros(parts)
    for value in values:
        sums[sums.argmin()] += value
    return float(sums.min())


def _ceiling(values: Array, parts: int) -> float:
    """No cut exceeds the mean; nor the mean of the rest, once large goods have parts to themselves. `values` fall."""
    return min(float(values[k:].sum()) / (parts - k) for k in range(parts))
