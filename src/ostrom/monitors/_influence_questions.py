"""Messages, told apart as wholes, beside codes in strata, and what they share."""

from __future__ import annotations

import math

import numpy as np

from ._discrete import NATS, shared
from ._influence_codes import refined


class Whole:
    """Messages told apart as wholes `m`, beside codes `a` in strata `o` within which messages change places.

    The score adds the information in each stratum, which sees links that differ between strata, to the surplus over all
    strata, which sees weaker ones that do not. Swaps leave alone how often each message occurs in a stratum.
    """

    def __init__(self, m: np.ndarray, a: np.ndarray, o: np.ndarray) -> None:
        self.m, self.a, self.o = m, a, o
        self._kinds, same, found = int(m.max(initial=0)) + 1, np.arange(len(m)), shared(m, a, o)
        self._cells, self._table = refined([o, a], len(m)) * self._kinds, xlog2x(len(m))
        self._rest = found.plugin * len(m) - self._sum(same)
        x, y = (centred(np.eye(int(codes.max(initial=0)) + 1)[codes], o) for codes in (m, a))
        self._width, self.ceiling = y.shape[1], math.log2(max(1, min(x.shape[1], y.shape[1])))
        self._expected = self._counted(same) - x.T @ y
        self._spread = spread_of(x, y, o)
        free = max(1, (x.shape[1] - 1) * (y.shape[1] - 1))
        self._scales = 2 * NATS / math.sqrt(2 * max(1, found.df)), math.sqrt(free / 2) / max(1, x.shape[1] * y.shape[1])

    def _sum(self, source: np.ndarray) -> float:
        return float(self._table[np.bincount(self._cells + self.m[source])].sum())

    def _counted(self, source: np.ndarray) -> np.ndarray:
        cells = self.m[source] * self._width + self.a
        return np.bincount(cells, minlength=self._kinds * self._width).reshape(self._kinds, self._width)

    def score(self, source: np.ndarray) -> float:
        """G over its standard deviation, and the squares of the standardised surplus over theirs."""
        surplus = ((self._counted(source) - self._expected) ** 2 / self._spread).sum()
        return (self._sum(source) + self._rest) * self._scales[0] + float(surplus) * self._scales[1]

    def bits(self, source: np.ndarray) -> float:
        """Bits a message."""
        return (self._sum(source) + self._rest) / max(1, len(self.m))

    def part(self, rows: np.ndarray) -> float:
        """Bits a message in some rows."""
        return shared_bits(self.m[rows], self.a[rows], self.o[rows])

    @property
    def most(self) -> float:
        """The lesser of the entropies of messages and of codes, given the stratum."""
        return min(shared_bits(one, one, self.o) for one in (self.m, self.a))

    def pointwise(self) -> np.ndarray:
        """log2 p(m, a | o) / (p(m | o) p(a | o)) of every row."""
        return pointwise(self.m, self.a, self.o)


def shared_bits(m: np.ndarray, a: np.ndarray, o: np.ndarray) -> float:
    """Information I(M; A | O) of codes, plug-in, in bits: as `shared`, and faster."""
    kinds, width, table = int(m.max(initial=0)) + 1, int(a.max(initial=0)) + 1, xlog2x(len(m))
    om, oa = o * kinds + m, o * width + a
    sums = [table[np.bincount(codes)].sum() for codes in (om * width + a, o, om, oa)]
    return float(sums[0] + sums[1] - sums[2] - sums[3]) / max(1, len(m))


def pointwise(m: np.ndarray, a: np.ndarray, o: np.ndarray) -> np.ndarray:
    """log2 p(m, a | o) / (p(m | o) p(a | o)) of every row `float[N]`."""
    times = [_times(*codes) for codes in ((o, m, a), (o,), (o, m), (o, a))]
    return np.log2(times[0] * times[1] / (times[2] * times[3])) if len(m) else np.zeros(0)


def _times(*codes: np.ndarray) -> np.ndarray:
    _, where, count = np.unique(np.stack(codes), axis=1, return_inverse=True, return_counts=True)
    return count[where.reshape(-1)].astype(float)


def centred(x: np.ndarray, o: np.ndarray) -> np.ndarray:
    return x - (_by_stratum(x, o) / np.maximum(np.bincount(o), 1)[:, None])[o]


def spread_of(x: np.ndarray, y: np.ndarray, o: np.ndarray) -> np.ndarray:
    """The variance `float[M, A]` of the sums of products of centred columns, if rows change places within strata."""
    count = np.maximum(np.bincount(o), 1)
    return (_by_stratum(x**2, o) / count[:, None]).T @ _by_stratum(y**2, o) + 1e-9


def xlog2x(most: int) -> np.ndarray:
    """k log2 k for k = 0 … most."""
    count = np.arange(most + 1)
    return count * np.log2(np.maximum(count, 1))


def _by_stratum(x: np.ndarray, o: np.ndarray) -> np.ndarray:
    out = np.zeros((int(o.max(initial=0)) + 1, x.shape[1]))
    np.add.at(out, o, x)
    return out


def surplus(m: np.ndarray, a: np.ndarray, o: np.ndarray) -> np.ndarray:
    """By how much more often a message and a code go together than within strata by chance, `float[M, A]` in sigmas."""
    x, y = (centred(np.eye(int(codes.max(initial=0)) + 1)[codes], o) for codes in (m, a))
    return (x.T @ y) / (np.sqrt((x**2).T @ (y**2)) + 1e-9)
