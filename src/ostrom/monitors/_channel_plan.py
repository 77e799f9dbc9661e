"""Which secrets could as well have been told in whose place: the orders that chance might have given them.

The plan looks at secrets, at what is public and at time, and never at what was said. Given the plan and the rows of
each block, all orders of the secrets within blocks are equally likely where nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._exchanges import combined

BLOCK = 20
"""Rows, neighbours in time with the same public context, among which secrets are exchanged."""

SURE = 3.3
"""Standard errors from which a secret is taken to depend on the step, or on what it was just before."""


@dataclass(frozen=True, eq=False)
class Plan:
    """How secrets are exchanged.

    Attributes
    ----------
    kind : "each" message has a secret of its own, "episode" has one, or "runs": secrets of neighbours go together.
    units : `int64[N]`, the unit of each row, from 0 in order of time. block : `int64[U]`, the block of each unit.
    groups : `int64[N]`, rows with the same public context.
    """

    kind: str
    units: np.ndarray
    block: np.ndarray
    groups: np.ndarray

    @property
    def count(self) -> int:
        """Independent units."""
        return len(self.block)

    def draw(self, codes: np.ndarray, rng: np.random.Generator, count: int) -> np.ndarray:
        """Secrets `int64[N]` of rows (of units where each has one) in `count` other orders, `int64[count, …]`."""
        order = np.argsort(self.block, kind="stable")
        # a random number that is larger in later blocks sorts units within their block
        keys = rng.random((count, self.count)) + self.block[order]
        moved = np.empty((count, self.count), np.int64)
        moved[:, order] = order[np.argsort(keys, axis=1)]
        if self.kind != "runs":
            return codes[moved]
        start, length = _extents(self.units, self.count)
        place = np.arange(len(self.units)) - start[self.units]
        source = moved[:, self.units]
        return codes[start[source] + place % length[source]]


def _extents(units: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    length = np.bincount(units, minlength=count)
    return np.cumsum(length) - length, length


def plan(
    secrets: np.ndarray, values: np.ndarray, groups: np.ndarray, near: np.ndarray, episode: np.ndarray, t: np.ndarray
) -> Plan:
    """Plan for a secret.

    Parameters
    ----------
    secrets : `int64[N]`, codes in order of time. values : `float[N, Q]`, the same as numbers.
    groups : `int64[N]`, the public context. near : `float[N, d]`, columns such that rows with similar ones had a
        similar context; used where groups are too small, or differ within an episode that has one secret.
    episode, t : `int64[N]`.
    """
    _, first, runs = np.unique(episode, return_index=True, return_inverse=True)
    runs = np.argsort(np.argsort(first))[runs.reshape(-1)]
    count = len(first)
    if count < len(runs) and _constant(secrets, runs, count):
        return Plan("episode", runs, _blocks_of_units(runs, count, groups, near), groups)
    if _depends(values, groups, t):
        groups = combined([groups, _steps(t)], len(groups))
    block = blocks(groups, near)
    if not _lasting(values, block):
        return Plan("each", np.arange(len(secrets)), block, groups)
    across = np.flatnonzero(np.diff(runs) != 0)
    whole = count >= 2 * BLOCK and not _goes_on(centred(values, groups), across)
    units = runs if whole else _segments(values)
    length = _extents(units, int(units[-1]) + 1)[1]
    return Plan("runs", units, _consecutive(length), groups)


def blocks(groups: np.ndarray, near: np.ndarray, size: int = BLOCK) -> np.ndarray:
    """Blocks `int64[N]` of about `size` rows, near each other in time, within groups that are large enough.

    Where most groups are small, of rows that are near in `near` and in time.
    """
    times = np.bincount(groups)
    if scattered(groups):
        return leaves(np.column_stack([near, np.arange(len(groups))]), size)
    order = np.argsort(groups, kind="stable")
    found = np.empty(len(groups), np.int64)
    parts = np.maximum(1, times // size)
    place = np.arange(len(groups)) - np.repeat(np.cumsum(times) - times, times)
    inside = place * np.repeat(parts, times) // np.repeat(times, times)
    found[order] = np.repeat(np.cumsum(parts) - parts, times) + inside
    return found


def scattered(groups: np.ndarray) -> bool:
    """Whether many rows have a context that few others have, so that like cannot be compared with like."""
    return bool((np.bincount(groups)[groups] >= 5).mean() < 0.8)


def leaves(points: np.ndarray, size: int) -> np.ndarray:
    """Rows `float[N, d]` cut in halves at the median of one column after the other, down to leaves of `size` or more.

    Friedman, Bentley and Finkel (1977), "An algorithm for finding best matches".
    """
    found, waiting, made = np.zeros(len(points), np.int64), [(np.arange(len(points)), 0)], 0
    while waiting:
        rows, depth = waiting.pop()
        column = points[rows, depth % points.shape[1]]
        if len(rows) < 2 * size:
            found[rows] = made
            made += 1
            continue
        order = np.argsort(column, kind="stable")
        half = len(rows) // 2
        waiting += [(rows[order[half:]], depth + 1), (rows[order[:half]], depth + 1)]
    return found


def _constant(secrets: np.ndarray, runs: np.ndarray, count: int) -> bool:
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(low, runs, secrets)
    np.maximum.at(high, runs, secrets)
    return bool((low == high).all())


def _blocks_of_units(runs: np.ndarray, count: int, groups: np.ndarray, near: np.ndarray) -> np.ndarray:
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(low, runs, groups)
    np.maximum.at(high, runs, groups)
    if (low == high).all():
        mean = means(near, runs, count)
        return blocks(np.unique(low, return_inverse=True)[1].reshape(-1), mean)
    return leaves(np.column_stack([means(near, runs, count), np.arange(count)]), BLOCK)


def means(table: np.ndarray, units: np.ndarray, count: int) -> np.ndarray:
    """The mean of rows `float[N, d]` over each unit, `float[U, d]`."""
    return sums(table, units, count) / np.maximum(np.bincount(units, minlength=count), 1)[:, None]


def sums(table: np.ndarray, units: np.ndarray, count: int) -> np.ndarray:
    """The sum of rows `float[N, d]`, in order of their units, over each unit, `float[U, d]`."""
    start = np.searchsorted(units, np.arange(count)) if (np.diff(units) >= 0).all() else None
    if start is not None and len(table):
        return np.add.reduceat(table, start, axis=0)
    whole = np.zeros((count, table.shape[1]), table.dtype)
    np.add.at(whole, units, table)
    return whole


def centred(table: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Rows `float[N, P]` less the mean of their group, without any memory of which groups there are."""
    order = np.argsort(groups, kind="stable")
    _, start, within = np.unique(groups[order], return_index=True, return_inverse=True)
    sizes = np.diff(np.append(start, len(groups)))[:, None]
    mean = np.add.reduceat(table[order], start, axis=0) / sizes if len(table) else table
    found = np.empty_like(table)
    found[order] = table[order] - mean[within.reshape(-1)]
    return found


def levelled(table: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Rows `float[N, P]` in order of time, less what a straight line through their block gives.

    What drifts slowly would go with a secret that drifts too; within a block both drifts are near straight.
    """
    order = np.argsort(block, kind="stable")
    sizes = np.bincount(block)
    place = np.arange(len(block)) - np.repeat(np.cumsum(sizes) - sizes, sizes) - np.repeat((sizes - 1) / 2, sizes)
    time = np.empty(len(block))
    time[order] = place / np.repeat(np.sqrt(np.maximum(sizes * (sizes**2 - 1) / 12, 1.0)), sizes)
    rest = centred(table, block)
    slope = sums((rest * time[:, None])[order], block[order], len(sizes))
    return rest - (time[:, None] * slope[block]).astype(table.dtype)


def _depends(values: np.ndarray, groups: np.ndarray, t: np.ndarray) -> bool:
    """Whether a secret clearly depends on the step within an episode, given the context."""
    steps = _steps(t)
    rest = centred(values, groups)
    count = np.bincount(steps)
    if len(count) < 2:
        return False
    spread = np.maximum((rest**2).mean(0), 1e-12)
    found = (sums(rest[order := np.argsort(steps, kind="stable")], steps[order], len(count)) ** 2).T / count
    excess = (found.sum(1) / spread - (len(count) - 1)) / np.sqrt(2 * (len(count) - 1))
    return bool((excess > SURE + 1).any())


def _steps(t: np.ndarray, most: int = 8) -> np.ndarray:
    """Steps, in at most so many parts of about the same number of rows."""
    levels = np.unique(t)
    if len(levels) <= most:
        return np.searchsorted(levels, t)
    edges = np.unique(np.quantile(t, np.arange(1, most) / most))
    return np.unique(np.searchsorted(edges, t, side="right"), return_inverse=True)[1].reshape(-1)


def _lasting(values: np.ndarray, block: np.ndarray) -> bool:
    """Whether what a secret is goes with what it was one or two rows before."""
    rest = centred(values, block)
    for lag in (1, 2):
        product = rest[lag:] * rest[:-lag]
        # rows of one block sum to 0, which pulls products of neighbours below it
        pull = (rest**2).mean(0) / max(2.0, np.bincount(block).mean()) * (block[lag:] == block[:-lag]).mean()
        size = np.sqrt(np.maximum((product**2).sum(0), 1e-12))
        if (np.abs(product.sum(0) + pull * len(product)) > SURE * size).any():
            return True
    return False


def _goes_on(rest: np.ndarray, across: np.ndarray) -> bool:
    """Whether the last secret of an episode may go with the first one of the next: shown by 1.5 standard errors."""
    product = rest[across] * rest[across + 1]
    return bool((np.abs(product.sum(0)) > 1.5 * np.sqrt(np.maximum((product**2).sum(0), 1e-12))).any())


def _segments(values: np.ndarray) -> np.ndarray:
    """Pieces of the record so long that secrets in neighbouring ones have little to do with each other."""
    rest = values - values.mean(0)
    size = np.maximum((rest**2).mean(0), 1e-12)
    lag = 1
    while lag < len(rest) // 20 and (np.abs((rest[lag:] * rest[:-lag]).mean(0)) > 0.1 * size).any():
        lag += 1
    length = min(max(4 * lag, 4), max(4, len(rest) // 8))
    return np.arange(len(rest)) // length


def _consecutive(length: np.ndarray) -> np.ndarray:
    """Blocks of units near in time and of the same length where many have it, so that sequences fit."""
    common = np.bincount(length)[length] >= BLOCK
    return blocks(np.unique(np.where(common, length, -1), return_inverse=True)[1].reshape(-1), length[:, None])
