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
        for text, times in Counter(texts).items():
            self._learn(_marked(text), times)
        self._known: dict[str, float] = {}

    def _learn(self, text: str, times: int) -> None:
        for k in range(1, len(text)):
            for start in range(max(0, k - ORDER), k + 1):
                before, whole = text[start:k], text[start : k + 1]
                self._kinds[before] += whole not in self._follow
                self._follow[whole] += times
                self._count[before] += times

    def bits(self, text: str) -> float:
        """The surprise of a text, in bits a letter; its end is a letter."""
        found = self._known.get(text)
        if found is None:
            marked = _marked(text)
            found = sum(self._letter(marked, k) for k in range(1, len(marked))) / (len(marked) - 1)
            if len(self._known) < 50_000:
                self._known[text] = found
        return found

    def _letter(self, text: str, k: int) -> float:
        chance = 1 / LETTERS
        for start in range(k, max(0, k - ORDER) - 1, -1):
            before = text[start:k]
            if count := self._count[before]:
                kinds = self._kinds[before]
                chance = (self._follow[text[start : k + 1]] + kinds * chance) / (count + kinds)
        return -math.log2(chance)


def _marked(text: str) -> str:
    return f"\x02{text[:LONGEST]}\x03"


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
