"""Messages beside codes in strata, and what they share: messages as wholes, or by the words in them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from ..core.log import Column
from ._channel_signs import signs
from ._discrete import NATS, shared
from ._influence_codes import LEAST, LONG, coded, in_words, refined, repeats, words_in

KINDS, RARE = 48, 0.02
"""Words, and other signs, that are looked at, and the share of messages that has, and that lacks, each at least."""


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
        x, y = (_centred(np.eye(int(codes.max(initial=0)) + 1)[codes], o) for codes in (m, a))
        self._width, self.ceiling = y.shape[1], math.log2(max(1, min(x.shape[1], y.shape[1])))
        self._expected = self._counted(same) - x.T @ y
        self._spread = _spread(x, y, o)
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


class Words:
    """Messages by the words and other signs in them: the score is that of the one that goes best with one code of `a`.

    The same choice is made for surrogates, so that having looked at many words is paid for.
    """

    def __init__(self, texts: Column, a: np.ndarray, o: np.ndarray) -> None:
        self.a, self.o, self.ceiling = a, o, min(1.0, math.log2(int(a.max(initial=0)) + 1))
        self.names, has = _lexicon(texts)
        self.x = has[texts.codes]
        self._y = _centred(np.eye(int(a.max(initial=0)) + 1)[a], o)
        self._spread = _spread(_centred(self.x, o), self._y, o)

    def _scores(self, source: np.ndarray) -> np.ndarray:
        return (self.x[source].T @ self._y) ** 2 / self._spread

    def best(self, source: np.ndarray) -> tuple[int, int]:
        """The word and the code that go best together, by number."""
        scores = self._scores(source)
        word, code = np.unravel_index(int(scores.argmax()), scores.shape)
        return int(word), int(code)

    def score(self, source: np.ndarray) -> float:
        """How well the best word goes with its code."""
        return float(self._scores(source).max()) if len(self.names) else 0.0

    def bits(self, source: np.ndarray) -> float:
        """Bits a message in whether the best word is in it."""
        if not len(self.names):
            return 0.0
        return shared_bits(self.x[source, self.best(source)[0]].astype(np.int64), self.a, self.o)

    def part(self, rows: np.ndarray) -> float:
        """Bits a message in whether the best word is in it, in some rows."""
        if not len(self.names):
            return 0.0
        word = self.best(np.arange(len(self.a)))[0]
        return shared_bits(self.x[rows, word].astype(np.int64), self.a[rows], self.o[rows])

    @property
    def most(self) -> float:
        """The bits are those of the best of many words, so that their luck is taken off whole."""
        return math.inf

    def pointwise(self) -> np.ndarray:
        """The bits of every message in whether the best word is in it."""
        if not len(self.names):
            return np.zeros(len(self.a))
        word = self.best(np.arange(len(self.a)))[0]
        return pointwise(self.x[:, word].astype(np.int64), self.a, self.o)


def _lexicon(texts: Column) -> tuple[tuple[str, ...], np.ndarray]:
    """The words and other signs that tell the most messages apart, and which distinct messages `float[D, W]` have each.

    Of those that are in the same messages one is looked at. The last row is for what is missing.
    """
    weight = np.bincount(texts.codes[texts.present], minlength=len(texts.values))
    columns: dict[bytes, tuple[str, np.ndarray]] = {}
    for kind in (_words, _signs):
        for name, has in _commonest([kind(str(text)[:LONG]) for text in texts.values], weight):
            columns.setdefault(min(has.tobytes(), (~has).tobytes()), (name, has))
    table = np.array([has for _, has in columns.values()], float).reshape(len(columns), len(texts.values))
    return tuple(name for name, _ in columns.values()), np.vstack([table.T, np.zeros(len(columns))])


def _words(text: str) -> set[str]:
    return {f"with {word!r}" for word in words_in(text)}


def _signs(text: str) -> set[str]:
    return {f"whose {carrier} ({what}) is {in_words(value)}" for (carrier, what), value in signs(text).items()}


def _commonest(inside: list[set[str]], weight: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The signs nearest to being in every second message, and which of the distinct messages have them."""
    count = Counter[str]()
    for found, times in zip(inside, weight.tolist(), strict=True):
        count.update(dict.fromkeys(sorted(found), times))
    total = max(1, int(weight.sum()))
    least = max(LEAST, math.ceil(RARE * total))
    common = [name for name, times in count.items() if least <= times <= total - least]
    for name in sorted(common, key=lambda name: (abs(count[name] / total - 0.5), name))[:KINDS]:
        yield name, np.array([name in found for found in inside])


def _centred(x: np.ndarray, o: np.ndarray) -> np.ndarray:
    return x - (_by_stratum(x, o) / np.maximum(np.bincount(o), 1)[:, None])[o]


def _spread(x: np.ndarray, y: np.ndarray, o: np.ndarray) -> np.ndarray:
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


def question(said: Column, a: np.ndarray, o: np.ndarray) -> Whole | Words:
    """Messages against codes in strata: as wholes where they repeat, else by their words."""
    if repeats(said) or not all(isinstance(text, str) for text in said.values):
        return Whole(coded(said).codes, a, o)
    return Words(said, a, o)


def surplus(m: np.ndarray, a: np.ndarray, o: np.ndarray) -> np.ndarray:
    """By how much more often a message and a code go together than within strata by chance, `float[M, A]` in sigmas."""
    x, y = (_centred(np.eye(int(codes.max(initial=0)) + 1)[codes], o) for codes in (m, a))
    return (x.T @ y) / (np.sqrt((x**2).T @ (y**2)) + 1e-9)
