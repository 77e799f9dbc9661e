"""How surprising a text is to a model of letters that was fitted once, and its rank among the texts before it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable

ORDER = 3
"""Letters before one that the model looks at, at most."""

LETTERS = 256
"""Letters among which one that was never seen is as likely as any other."""

LONGEST = 1000
"""Letters of a text that are looked at."""


class Letters:
    """A model of the next letter from up to three before it, Witten and Bell's mixture of all lengths (1991).

    It is frozen: nothing that comes after what it was fitted on changes it.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._follow: Counter[str] = Counter()
        self._count: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        windows: Counter[str] = Counter()
        for text, times in Counter(texts).items():
            for window in _windows(text):
                windows[window] += times
        for window, times in windows.items():
            self._learn(window, times)
        self._known: dict[str, float] = {}

    def _learn(self, window: str, times: int) -> None:
        """Count a letter, the last, after each of the beginnings of different length that come before it."""
        for start in range(len(window)):
            before, whole = window[start:-1], window[start:]
            self._kinds[before] += whole not in self._follow
            self._follow[whole] += times
            self._count[before] += times

    def bits(self, text: str) -> float:
        """The surprise of a text, in bits a letter; its end is a letter."""
        windows = _windows(text)
        return sum(map(self._window, windows)) / len(windows)

    def _window(self, window: str) -> float:
        """The surprise of its last letter after the others, in bits; few differ, so that most are known."""
        found = self._known.get(window)
        if found is None:
            chance = 1 / LETTERS
            for start in range(len(window) - 1, -1, -1):
                before = window[start:-1]
                if count := self._count[before]:
                    kinds = self._kinds[before]
                    chance = (self._follow[window[start:]] + kinds * chance) / (count + kinds)
            found = -math.log2(chance)
            if len(self._known) < 100_000:
                self._known[window] = found
        return found


def _windows(text: str) -> list[str]:
    """Each letter of a text and its end, with up to `ORDER` before it; the first of all is the beginning."""
    marked = f"\x02{text[:LONGEST]}\x03"
    return [marked[max(0, k - ORDER) : k + 1] for k in range(1, len(marked))]


class Ranks:
    """Conformal p-values: the rank of a score among all scores before it in the same category, ties by a coin.

    Uniform and independent where scores within a category come in no particular order (Vovk, Gammerman and Shafer,
    *Algorithmic Learning in a Random World*, 2005, "Mondrian").
    """

    def __init__(self) -> None:
        self._sorted: dict[object, list[float]] = {}

    def __call__(self, score: float, category: object, coin: float) -> float:
        """The p-value of a score, in (0, 1]; small where it is larger than those before. `coin` is uniform."""
        before = self._sorted.setdefault(category, [])
        above, same = (
            len(before) - bisect_right(before, score),
            bisect_right(before, score) - bisect_left(before, score),
        )
        insort(before, score)
        return (above + (1 - coin) * (same + 1)) / len(before)
