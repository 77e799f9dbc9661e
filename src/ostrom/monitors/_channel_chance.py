"""One test over all carriers at once: how strongly each goes with the secret, and the strongest held against chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ._canary import ROUNDS, batches, sequential
from ._carriers import Carried, Sign
from ._channel_law import Law, Variation, effective, like_one

TRIAL = 128
"""Draws from which the size of each statistic is learnt where values last, before the test begins."""

FOLDS = 5
"""Parts of the fragments' ridge regression: fitted on the others, each is asked about its own."""

CONTEXTS = 6
"""Contexts in which associations are also looked at one by one, so that a code that changes with them is seen."""

TOGETHER = ("words", "all words together"), ("text", "fragments of the text")


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of numbers for each unit, in runs that belong to one statistic.

    Attributes
    ----------
    table : `float32[U, P]`, centred. share : `float[P]`, of rows in a column of a sign; 0 for words and numbers.
    runs : name of a carrier and what of it, first column, one after the last, and whether the largest counts.
    fragments : `float32[U, D]`, centred. folds : `int64[U]`.
    """

    table: np.ndarray
    share: np.ndarray
    runs: tuple[tuple[tuple[str, str], int, int, bool], ...]
    fragments: np.ndarray
    folds: np.ndarray


def laid_out(found: Carried) -> tuple[np.ndarray, np.ndarray, tuple[tuple[tuple[str, str], int, int, bool], ...]]:
    """Columns `float32[N, P]` of all carriers, the share of rows in each (0 for numbers), and the runs."""
    columns: list[np.ndarray] = []
    shares: list[np.ndarray] = []
    runs: list[tuple[tuple[str, str], int, int, bool]] = []
    at = 0
    for sign in found.signs:
        hot = _hot(sign)
        columns.append(hot)
        shares.append(hot.mean(0))
        runs.append(((sign.carrier, sign.what), at, at := at + hot.shape[1], False))
    if found.words:
        words = np.column_stack([sign.codes for sign in found.words]).astype(np.float32)
        columns.append(words)
        shares.append(np.zeros(words.shape[1]))
        runs.append((("words", "one word"), at, at + words.shape[1], True))
        runs.append((TOGETHER[0], at, at := at + words.shape[1], False))
    for k, name in enumerate(found.named):
        if np.ptp(found.amounts[:, k]) > 0:
            columns.append(found.amounts[:, [k]].astype(np.float32))
            shares.append(np.zeros(1))
            runs.append(((name.partition(":")[0], name.partition(": ")[2] or "as a number"), at, at := at + 1, False))
    if not columns:
        return np.zeros((len(found.amounts), 0), np.float32), np.zeros(0), ()
    return np.column_stack(columns), np.concatenate(shares), tuple(runs)


def _hot(sign: Sign) -> np.ndarray:
    kinds = int(sign.codes.max()) + 1
    hot = (sign.codes[:, None] == np.arange(kinds)).astype(np.float32)
    hot = hot[:, hot.any(0)]
    return hot[:, :1] if hot.shape[1] == 2 else hot


class Statistics:
    """Statistics of all carriers, for many secrets at a time.

    Each is a sum (or the largest) of squared sums over units of column times secret, divided by the size of the column,
    where the secret is one of its views; over all units, and context by context. Fragments: Σ over folds of the scores
    that a ridge regression on the other folds gives, times the secret.

    Parameters
    ----------
    expected : `float[U, Q]`, the mean of each view by declared odds; None where secrets are exchanged.
    where : the units of each context that is looked at by itself. varies : how each view varies by chance.

    Attributes
    ----------
    law : how the statistics are distributed by chance.
    """

    def __init__(
        self,
        columns: Columns,
        views: Mapping[str, np.ndarray],
        expected: np.ndarray | None,
        where: Sequence[np.ndarray],
        varies: Mapping[str, Variation],
    ) -> None:
        self.columns, self.views, self.expected = columns, views, expected
        self.where = list(where) if len(where) > 1 else []
        self.size = self._size(slice(None))
        self.sizes = [self._size(rows) for rows in self.where]
        self.sides = self._sides()
        self.each: dict[tuple[str, bool, int], tuple[np.ndarray, np.ndarray]] = {}
        found = [part for name in views for part in self._laws(name, varies[name])]
        self.law = Law(*(np.array(column, float) for column in np.array(found).reshape(-1, 4).T))
        runs = [name for name, _, _, _ in columns.runs] * (2 if self.where else 1)
        self.names = [name for _ in views for name in (*runs, *([TOGETHER[1]] if self.sides else []))]

    def _size(self, rows: slice | np.ndarray) -> np.ndarray:
        size = (self.columns.table[rows].astype(float) ** 2).sum(0) / np.maximum(1 - self.columns.share, 1e-3)
        return np.where(size > 1e-6, size, np.inf)

    def _sides(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """For each fold its rows, its fragments, and the same times the inverse of what the others span."""
        f = self.columns.fragments
        if not f.shape[1] or not (f**2).sum() > 1e-9:
            return []
        gram = f.T @ f
        penalty = 2 * np.trace(gram) / f.shape[1] * np.eye(f.shape[1], dtype=f.dtype)
        found = []
        for k in range(int(self.columns.folds.max()) + 1):
            rows = np.flatnonzero(self.columns.folds == k)
            if len(rows):
                mine = f[rows]
                found.append((rows, mine, np.linalg.solve(gram - mine.T @ mine + penalty, mine.T).T))
        return found if len(found) > 1 else []

    def _laws(self, name: str, varies: Variation) -> Iterator[tuple[float, float, float, float]]:
        heavy = self.columns.table.astype(float) * np.sqrt(varies.each)[:, None]
        groups = [([slice(None)], [self.size])] + ([(self.where, self.sizes)] if self.where else [])
        for apart, (rows, sizes) in enumerate(groups if self.columns.runs else []):
            for _, a, b, most in self.columns.runs:
                parts = [heavy[row, a:b] / np.sqrt(size[a:b]) for row, size in zip(rows, sizes, strict=True)]
                if most:
                    means = np.array([(part**2).sum(0) for part in parts])
                    mean, square = means.sum(0), (means**2).sum(0)
                    alive = mean > 1e-12
                    df = np.where(alive, mean**2 / np.where(alive, square, 1.0), 1.0) * varies.rank
                    self.each[name, bool(apart), a] = np.where(alive, mean, np.inf), df
                    yield 1.0, 1.0, 0.0, max(1, int(alive.sum()))
                    continue
                df = effective(*(part.T @ part for part in parts)) * varies.rank
                mean = sum(float((part**2).sum()) for part in parts)
                yield max(mean / df, 1e-12), max(df, 0.5), 0.0, 1.0
        if self.sides:
            yield self._text_law(varies)

    def _text_law(self, varies: Variation) -> tuple[float, float, float, float]:
        """Twice the mean of squares of the form s' H s is what its entries give, H that of the ridge regression."""
        gram = self.columns.fragments.astype(float).T @ self.columns.fragments
        turned = [mine.T.astype(float) @ side for _, mine, side in self.sides]
        square = sum(float(((side.T @ side) * (gram - mine.T @ mine)).sum()) for _, mine, side in self.sides)
        whole = np.sum(turned, 0)
        cross = float((whole * whole.T).sum()) - sum(float((one * one.T).sum()) for one in turned)
        size = varies.each.mean() * np.sqrt(max(square + cross, 1e-12) / varies.rank)
        df = max(effective(gram) * varies.rank, 1.0)
        return size / np.sqrt(2 * df), df, size * np.sqrt(df / 2), 1.0

    def of(self, codes: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """The statistics `float[G, B]` of secrets `int[B, U]`; of some units only, without fragments, if asked."""
        found = []
        at = 0
        for name, view in self.views.items():
            y = view[codes].transpose(1, 0, 2)
            if self.expected is not None:
                y = y - self.expected[:, None, at : at + view.shape[1]]
            at += view.shape[1]
            if rows is not None:  # as many units as there are would give
                y = y * (rows / np.sqrt(max(rows.mean(), 1e-9)))[:, None, None]
            found += self._of_view(name, np.ascontiguousarray(y, np.float32), rows is None)
        return np.concatenate(found) if found else np.zeros((0, len(codes)))

    def _of_view(self, name: str, y: np.ndarray, text: bool) -> list[np.ndarray]:
        units, count, width = y.shape
        flat = y.reshape(units, count * width)
        table = self.columns.table
        found = []
        if self.columns.runs:
            whole = (table.T @ flat).reshape(-1, count, width)
            found.append(self._gathered((whole**2).sum(2) / self.size[:, None], name, False))
            if self.where:
                squares = np.zeros((table.shape[1], count))
                for rows, size in zip(self.where, self.sizes, strict=True):
                    part = (table[rows].T @ flat[rows]).reshape(-1, count, width)
                    squares += (part**2).sum(2) / size[:, None]
                found.append(self._gathered(squares, name, True))
        if self.sides:
            found.append(self._text(flat, count, width) if text else np.zeros((1, count)))
        return found

    def _gathered(self, squares: np.ndarray, name: str, apart: bool) -> np.ndarray:
        """The sum over the columns of each statistic, or the largest, each of them by its own law."""
        return np.array(
            [
                like_one(squares[a:b], *self.each[name, apart, a]).max(0) if most else squares[a:b].sum(0)
                for _, a, b, most in self.columns.runs
            ]
        )

    def _text(self, flat: np.ndarray, count: int, width: int) -> np.ndarray:
        sums = [mine.T @ flat[rows] for rows, mine, _ in self.sides]
        whole = np.sum(sums, 0)
        told = np.zeros(flat.shape[1])
        for (rows, _, side), own in zip(self.sides, sums, strict=True):
            told += (side.T @ flat[rows] * (whole - own)).sum(0)
        return told.reshape(count, width).sum(1)[None]


@dataclass(frozen=True, eq=False)
class Tested:
    """What the test found.

    Attributes
    ----------
    p : of the strongest of all statistics. drawn : draws that it took.
    names : `[G]`, carrier and what of it. decades : `float[G]`, the evidence of each alone: -log10 of its p-value by
        its law. halves : for two halves of the units, which statistic is strongest in each.
    """

    p: float
    drawn: int
    names: list[tuple[str, str]]
    decades: np.ndarray
    halves: tuple[int, int]


def weighed(
    statistics: Statistics,
    secret: np.ndarray,
    draw: Callable[[int], np.ndarray],
    half: np.ndarray,
    rounds: int = ROUNDS,
    learn: bool = False,
    free: float = 1.0,
) -> Tested:
    """Hold the strongest association against draws of the secret.

    Parameters
    ----------
    learn : fit the law by which statistics are compared to separate draws first. It is the same for the secret and for
        its draws, so that the p-value is exact if all are equally likely. free : by which the secret's own statistics
        are too large, having lost degrees of freedom that its draws still have.
    half : `int[U]`, 0 or 1.
    """
    most, law = batches(len(secret) * 2), statistics.law
    if learn:
        law = law.fitted(np.concatenate([statistics.of(draw(min(TRIAL, most))) for _ in range(-(-TRIAL // most))], 1))
    seen = law.evidence(statistics.of(secret[None]) * free)[:, 0]
    bar = seen.max(initial=0.0) * (1 - 1e-6) - 1e-6

    def reaches(count: int) -> np.ndarray:
        return law.evidence(statistics.of(draw(count))).max(0, initial=0.0) >= bar

    p, drawn = sequential(reaches, rounds, most=most)
    sides = [law.evidence(statistics.of(secret[None], half == side))[:, 0] for side in (0, 1)]
    best = [int(np.argmax(side)) if len(side) else 0 for side in sides]
    return Tested(p, drawn, statistics.names, seen / np.log(10), (best[0], best[1]))
