"""Whether what is alike is called alike: distances between meanings beside those between their names."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from ..core.log import Column
from ._glossary_distances import edit_distances
from ._influence_swaps import Streams
from ._influence_weighed import GROUPS

AROUND = 2
"""Messages before and after one whose mean distances are taken off before messages change places."""


class Alike:
    """Topographic similarity: the rank correlation, over pairs of meanings, of their distance and their names'.

    Brighton and Kirby (2006). Names are as far apart as the messages for both, in the same context, are on average;
    Levenshtein's distance. Meanings are as far apart as their fields: numbers by rank, others 0 or 1.

    Parameters
    ----------
    messages : the distinct ones. code : `int[N]`, which of them each row is. context, run : `int[N]`.
    fields : one column of N rows for each field.
    """

    def __init__(
        self, messages: Sequence[Sequence[Hashable]], code: np.ndarray, fields: Sequence[Column], context: np.ndarray,
        run: np.ndarray,
    ) -> None:  # fmt: skip
        self._between = edit_distances(messages)[np.ix_(code, code)] * (context[:, None] == context)
        self._beside = (context[:, None] == context).astype(float)
        self.meaning = np.unique(np.stack([one.codes for one in fields]), axis=1, return_inverse=True)[1].reshape(-1)
        meaning = self.meaning
        self.count, self._run = int(meaning.max(initial=-1)) + 1, run
        self._has = np.eye(self.count)[meaning]
        self._far, self._near = self._between @ self._has, self._beside @ self._has
        first = np.unique(meaning, return_index=True)[1]
        self._apart = np.sum([_field_distances(one, first) for one in fields], axis=0)
        self._rank = _centred_ranks(self._apart.ravel()).reshape(self._apart.shape)
        self._pairs, self._names = self._named(np.ones(len(code), bool))
        self.score = self._score(np.arange(self.count), self._pairs, self._names)

    @property
    def tells(self) -> bool:
        """Whether there are five meanings, not all as far apart as one another, and neither their names."""
        apart = self._apart[self._pairs]
        return self.count >= 5 and len(apart) > 0 and np.ptp(apart) > 0 and np.ptp(self._names) > 0

    def _named(self, kept: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """Pairs of meanings that were named in one context, and the centred ranks of how far apart their names are."""
        has, gone = self._has[kept], ~kept
        far, near = (
            has.T @ (whole - one[:, gone] @ self._has[gone])[kept]
            for whole, one in ((self._far, self._between), (self._near, self._beside))
        )
        first, second = np.nonzero(np.triu(near > 0.5, 1))
        pairs = first, second
        return pairs, _centred_ranks(np.round(far[pairs] / near[pairs], 9))

    def _score(self, order: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], names: np.ndarray) -> float:
        apart = self._rank[order[pairs[0]], order[pairs[1]]]
        apart = apart - apart.mean() if len(apart) else apart
        scale = np.sqrt((apart @ apart) * (names @ names))
        return float(apart @ names / scale) if scale > 0 else 0.0

    def p(self, random: np.random.Generator, rounds: int, stop: int = 20) -> float:
        """The p-value of names changing places between meanings, one-sided (Mantel 1967; Besag and Clifford 1991)."""
        reached = done = 0
        while done < rounds and reached < stop:
            reached += self._score(random.permutation(self.count), self._pairs, self._names) >= self.score - 1e-12
            done += 1
        return reached / done if reached >= stop else (reached + 1) / (done + 1)

    def p_nearby(self, streams: Streams, random: np.random.Generator, rounds: int, stop: int = 20) -> float:
        """The p-value of messages changing places in streams of the same context, one-sided.

        The statistic is the sum over pairs of meanings of the centred rank of their distance times that of their names.
        """
        i, j = self._pairs
        weight = np.zeros((self.count, self.count))
        weight[i, j] = (self._rank[i, j] - self._rank[i, j].mean()) / (self._has.T @ self._near)[i, j]
        whole = (weight + weight.T)[np.ix_(self.meaning, self.meaning)].ravel().astype(np.float32)
        far = (self._between - self._usual()).astype(np.float32)  # half as wide is several times as quick

        def moved(source: np.ndarray) -> float:
            return float(far.take(source, 0).take(source, 1).ravel() @ whole)

        seen, reached, done = moved(np.arange(len(far))), 0, 0
        slack = 1e-6 * float(np.abs(far.ravel()) @ np.abs(whole))
        while done < rounds and reached < stop:
            reached += moved(streams.swap(random)) >= seen - slack
            done += 1
        return reached / done if reached >= stop else (reached + 1) / (done + 1)

    def _usual(self) -> np.ndarray:
        """How far apart the messages around two are from one another on average, `float[N, N]`, in the same context."""
        place = np.arange(len(self.meaning))
        around = (np.abs(place[:, None] - place) <= AROUND).astype(float)
        near = around @ self._beside @ around
        return self._beside * (around @ self._between @ around) / np.maximum(near, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """A 95 % interval from leaving out one group of runs after another; it is about these meanings."""
        count = min(int(self._run.max(initial=0)) + 1, GROUPS)
        if count < 3:
            return -1.0, 1.0
        same, left = np.arange(self.count), []
        for k in range(count):
            left.append(self._score(same, *self._named(self._run % count != k)))
        reach = 2.045 * float(np.std(left) * np.sqrt(count - 1))
        return max(-1.0, self.score - reach), min(1.0, self.score + reach)


def _field_distances(column: Column, rows: np.ndarray) -> np.ndarray:
    """Distances `float[K, K]` between the values of a field at rows: of numbers by rank, at most 1; else 0 or 1."""
    values = [column.values[code] if code >= 0 else None for code in column.codes[rows]]
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and v == v]
    if len(numbers) == len(values) and len(set(numbers)) > 2:
        place = {value: rank for rank, value in enumerate(sorted(set(numbers)))}
        rank = np.array([place[v] for v in numbers], float) / (len(place) - 1)
        return np.abs(rank[:, None] - rank)
    code = column.codes[rows]
    return (code[:, None] != code).astype(float)


def _centred_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, those of ties shared, less their mean."""
    _, where, count = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count + 1) / 2
    return middle[where.reshape(-1)] - (len(values) - 1) / 2
