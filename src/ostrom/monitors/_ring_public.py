"""What an agent was shown, now and before, as columns that a flexible prediction of its moves may use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ._ring_panel import Panel
from ._ring_seen import WORDS

CURVES, FEW = 20, 12
"""Bends of a curve in one number at most; and values of a number up to which each has a mean of its own."""

BEFORE, MEANS = (1, 2, 3, 5, 10), (3, 5, 10, 30)
"""Rounds back that are looked at, and rounds over which means are taken."""

SOME = 5
"""Rounds on either side of a step, at least."""

LEADING, PAIRED, BENT = 6, 4, 3
"""Fields whose past is looked at, which are multiplied with one another, and whose past may have a curve, or change
what they do now."""


@dataclass(frozen=True, eq=False)
class Group:
    """Columns `float[N, K]` that are penalised alike, of some fields; the first say most where there is no room."""

    columns: np.ndarray
    fields: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Series:
    """What an agent was shown in one field when it moved, `float[N]`, and where each of its episodes began, `int[N]`.

    `coded` says that the numbers are those of words.
    """

    values: np.ndarray
    start: np.ndarray
    coded: bool

    @property
    def varies(self) -> bool:
        """Whether it was not always shown the same."""
        return bool((self.values != self.values[:1]).any())

    def ago(self, rounds: int) -> np.ndarray:
        """What it was shown so many of its moves before, or first in its episode."""
        return self.values[np.maximum(np.arange(len(self.values)) - rounds, self.start)]

    @property
    def shifted(self) -> Series:
        """What it was shown the move before."""
        return Series(self.ago(1), self.start, self.coded)

    def now(self, most: int) -> list[np.ndarray]:
        """Columns of what it is shown now: a line and a curve, or one column for each value."""
        return basis(self.values, most, self.coded)

    def past(self) -> list[np.ndarray]:
        """Columns of what it was shown before: changes since then, and from means over the last rounds."""
        if self.coded:
            return [part for k in BEFORE[:3] for part in basis(self.ago(k), WORDS, True)]
        before = [self.values - self.ago(k) for k in BEFORE]
        recent = np.cumsum([self.ago(k) for k in range(max(MEANS))], 0)
        return [np.column_stack([*before, *(self.values - recent[k - 1] / k for k in MEANS)])]

    def bent(self, most: int) -> list[np.ndarray]:
        """Curves in what it was shown one and two rounds before."""
        return [] if self.coded else [part for k in (1, 2) for part in basis(self.ago(k), most, False)[1:]]


def series(panel: Panel, agent: int) -> tuple[np.ndarray, list[Series]]:
    """The rounds in which an agent moved, `int[N]`, and what it was shown in each field."""
    moved = np.flatnonzero(np.isfinite(panel.moves[:, agent]))
    fresh = np.append(True, np.diff(panel.episode[moved]) != 0)[: len(moved)]
    start = np.maximum.accumulate(np.where(fresh if panel.staged else False, np.arange(len(moved)), 0))
    found = []
    for k in range(panel.seen.shape[2]):
        coded, values = k in panel.coded, panel.seen[moved, agent, k]
        found.append(Series(values if coded else _carried(values), start, coded))
    return moved, found


def basis(values: np.ndarray, most: int, coded: bool) -> list[np.ndarray]:
    """Groups of columns for a function of one number: a line, and a curve, or one column for each value."""
    kinds, place, count = np.unique(values, return_inverse=True, return_counts=True)
    line = [] if coded else [values[:, None]]
    if not coded and len(kinds) > FEW:
        return [*line, curve(values, most)]
    often = np.argsort(-count, kind="stable")[1 : most + 1]
    each = place.reshape(-1)[:, None] == often[count[often] >= 2]
    return [*line, each.astype(float)] if each.shape[1] and (coded or len(kinds) > 2) else line


def curve(values: np.ndarray, most: int) -> np.ndarray:
    """Columns of a smooth function of numbers, `float[N, most]`: cubic splines with knots at even shares.

    The columns are turned so that the smoothest come first, and are the larger the smoother they are, by which one
    penalty on all asks for small second differences (Eilers and Marx 1996).
    """
    from scipy.interpolate import BSpline

    low, high = values.min(), values.max()
    x = (values - low) / (high - low)
    knots = np.unique(np.quantile(x, np.linspace(0, 1, int(np.clip(most, 4, CURVES)) + 2)))
    bent = BSpline.design_matrix(x, np.pad(knots, 3, "edge"), 3).toarray()
    second = np.diff(np.eye(bent.shape[1]), 2, axis=0)
    size, way = np.linalg.eigh(second.T @ second)
    return bent @ (way[:, 2:] / np.sqrt(size[2:]))[:, :most]


def products(first: Series, second: Series) -> np.ndarray:
    """Columns of a function of two fields together, beside the sum of functions of each."""
    one, other = (_unit(np.hstack(part.now(6 if part.coded else 3) or [np.zeros((len(part.values), 0))]))
                  for part in (first, second))  # fmt: skip
    i, j = np.indices((one.shape[1], other.shape[1])).reshape(2, -1)
    order = np.argsort(i + j, kind="stable")
    return one[:, i[order]] * other[:, j[order]]


def later(fields: list[Series], leading: list[int], most: int) -> list[Group]:
    """Groups beside what leading fields are now: their past, products of two or with the past, curves in the past."""
    found = [Group(part, (k,)) for k in leading[:LEADING] for part in fields[k].past()]
    found += [Group(products(fields[i], fields[j]), (i, j)) for i, j in combinations(leading[:PAIRED], 2)]
    found += [Group(products(fields[k], fields[k].shifted)[:, :4], (k,)) for k in leading[:BENT]]
    return found + [Group(part, (k,)) for k in leading[:BENT] for part in fields[k].bent(min(most, 4))]


def _carried(values: np.ndarray) -> np.ndarray:
    """Numbers with the last known one where there is none, and the mean before the first."""
    known = np.isfinite(values)
    if known.all() or not known.any():
        return np.nan_to_num(values)
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return np.where(last >= 0, values[last], values[known].mean())


def _unit(columns: np.ndarray) -> np.ndarray:
    """Columns about their means; of those with numbers of any size, in units of their spread."""
    about = columns - columns.mean(0)
    return about / np.maximum(about.std(0), 1e-300) if len(columns) else about


def stepped(fields: list[Series], leading: list[int], rest: np.ndarray, inside: np.ndarray) -> Group | None:
    """The step in a number, now or a round before, that explains most of what is left; None if that may be chance.

    The best of N places in K series reaches about 2 log(N K) by chance, in units of the spread of what is left.
    """
    gain, found = 2.5 * np.log(2.0 * len(rest) * max(len(leading), 1)) * max(float((rest**2).mean()), 1e-300), None
    for k in leading:
        for ago in () if fields[k].coded else (0, 1):
            values = fields[k].ago(ago)
            better, place = _best_step(values[inside], rest)
            if better > gain:
                gain, found = better, Group((values > place).astype(float)[:, None], (k,))
    return found


def _best_step(values: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    """How much of the sum of squares the best step explains that leaves some rounds on either side; and its place."""
    order = np.argsort(values, kind="stable")
    x, sums, below = values[order], np.cumsum(rest[order])[:-1], np.arange(1, len(rest))
    explained = (sums - rest.sum() * below / len(rest)) ** 2 * len(rest) / (below * (len(rest) - below))
    explained = np.where((np.diff(x) > 0) & (np.minimum(below, below[::-1]) >= SOME), explained, 0.0)
    at = int(explained.argmax())
    return float(explained[at]), float(x[at] + (x[at + 1] - x[at]) / 2)
