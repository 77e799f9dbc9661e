"""Messages by the words and other signs in them, one at a time, beside codes in strata."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator

import numpy as np

from ..core.log import Column
from ._channel_signs import signs
from ._influence_codes import LEAST, LONG, coded, in_words, repeats, words_in
from ._influence_questions import Whole, centred, pointwise, shared_bits, spread_of

KINDS, RARE = 48, 0.02
"""Words, and other signs, that are looked at, and the share of messages that has, and that lacks, each at least."""


class Words:
    """Messages by the words and other signs in them: the score is that of the one that goes best with one code of `a`.

    The same choice is made for surrogates, so that having looked at many words is paid for.
    """

    def __init__(self, texts: Column, a: np.ndarray, o: np.ndarray) -> None:
        self.a, self.o, self.ceiling = a, o, min(1.0, math.log2(int(a.max(initial=0)) + 1))
        self.names, has = _lexicon(texts)
        self.x = has[texts.codes]
        self._y = centred(np.eye(int(a.max(initial=0)) + 1)[a], o)
        self._xt = np.ascontiguousarray(self.x.T)
        self._spread = spread_of(centred(self.x, o), self._y, o)

    def _scores(self, source: np.ndarray) -> np.ndarray:
        whose = np.empty(len(source), np.int64)
        whose[source] = np.arange(len(source))  # to move the few codes to the messages is quicker than the reverse
        return (self._xt @ self._y[whose]) ** 2 / self._spread

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
    return {f"with {carrier} ({_sign(what, value)})" for (carrier, what), value in signs(text).items()}


def _sign(what: str, value: Hashable) -> str:
    said = ("no", "yes")[int(value)] if "odd" in what and value in (0, 1) else in_words(value)  # type: ignore[call-overload]
    return f"{what}: {said}"


def _commonest(inside: list[set[str]], weight: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The signs nearest to being in every second message, and which of the distinct messages have them."""
    count = Counter[str]()
    for found, times in zip(inside, weight.tolist(), strict=True):
        count.update(dict.fromkeys(sorted(found), times))
    total = max(1, int(weight.sum()))
    least = max(LEAST, math.ceil(RARE * total))
    common = [name for name, times in count.items() if least <= times <= total - least]
    for name in sorted(common, key=lambda name: (abs(count[name] / total - 0.5), len(name), name))[:KINDS]:
        yield name, np.array([name in found for found in inside])


def question(said: Column, a: np.ndarray, o: np.ndarray) -> Whole | Words:
    """Messages against codes in strata: as wholes where they repeat, else by their words."""
    if repeats(said) or not all(isinstance(text, str) for text in said.values):
        return Whole(coded(said).codes, a, o)
    return Words(said, a, o)
