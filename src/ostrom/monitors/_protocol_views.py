"""Ways to look at a message: by its words, its length, its last sign, …; each puts it into one of a few cells."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ._channel_signs import Sign, signs

CODES = 32
"""Cells of a view of messages: the first 20 things said have one each, the others share the rest."""

OWN = 20
CONTEXTS = 8
"""Cells of what is public: the most common combinations, and one for all others."""

WORD = re.compile(r"\w+")

SIGNS = (
    ("words", "the first word"),
    ("words", "the last word"),
    ("punctuation", "the ending"),
    ("punctuation", "commas"),
    ("punctuation", "spaces"),
    ("length", "odd characters"),
    ("length", "odd words"),
    ("casing", "of the first letter"),
    ("casing", "an odd number of capitals"),
    ("order", "of items"),
    ("order", "of the first two words"),
    ("digits", "the last"),
    ("hidden characters", "how many"),
)
"""Signs in a text that have a view; more of them would cost stakes, and time."""

PRESENT = 4
"""Words of the log that have a view of their own: those said in about half of the messages."""


class Groups:
    """Few groups for many values: themselves while few, else four of equal size for numbers, else the most common."""

    def __init__(self, values: Sequence[Any], most: int, weights: Sequence[float] | None = None) -> None:
        weight = Counter[str]()
        for value, one in zip(values, [1.0] * len(values) if weights is None else weights, strict=True):
            weight[str(value)] += one  # type: ignore[assignment]
        numbers = {key: _number(key) for key in weight}
        self._edges = np.zeros(0)
        ranked = sorted(weight, key=lambda key: (-weight[key], key))
        self._numeric = len(ranked) > most and all(np.isfinite(one) for one in numbers.values())
        if self._numeric:
            order = sorted(ranked, key=lambda key: numbers[key])
            below = np.cumsum([weight[key] for key in order]) / sum(weight.values())
            at = np.minimum(np.searchsorted(below, [0.25, 0.5, 0.75]), len(order) - 2)
            self._edges = np.unique([numbers[order[k]] for k in at])
        kept = ranked if len(ranked) <= most else ranked[: most - 1]
        self._codes = {key: k for k, key in enumerate(kept)}
        self.count = len(self._edges) + 1 if self._numeric else len(kept) + 1

    def __call__(self, value: Any) -> int:
        """The number of the group of a value; one that was never seen is in the last, or among the numbers near it."""
        if self._numeric:
            number = _number(str(value))
            return int(np.searchsorted(self._edges, number)) if np.isfinite(number) else self.count - 1
        return self._codes.get(str(value), self.count - 1)

    def name(self, group: int) -> str:
        """A group in words."""
        if self._numeric:
            low = [""] + [f"above {edge:g}" for edge in self._edges]
            return low[group] or f"at most {self._edges[0]:g}"
        return next((key for key, k in self._codes.items() if k == group), "another")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


class Codes:
    """A number below `CODES` for everything a view sees: one's own while there are any, else one that is shared."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        ranked = [key for key, _ in Counter(known).most_common(OWN)]
        self._codes = {key: k for k, key in enumerate(ranked)}

    def __call__(self, key: str) -> int:
        """The number of what is seen."""
        if key not in self._codes and len(self._codes) < OWN:
            self._codes[key] = len(self._codes)
        code = self._codes.get(key)
        return OWN + zlib.crc32(key.encode("utf-8", "replace")) % (CODES - OWN) if code is None else code


class Views:
    """All views of the messages of one speaker on one channel, chosen from what was said alone.

    Attributes
    ----------
    names : of the views. stakes : the share of the stake that each gets; half of it is on the words as they are.
    """

    def __init__(self, said: Sequence[tuple[str, ...]], contexts: int, whole: bool) -> None:
        """From the texts of each unit; `whole` if nothing else will be said, so that views that never vary can go."""
        third = said[: max(1, len(said) // 3)]
        self._heard = {word for texts in third for text in texts for word in WORD.findall(text.lower())}
        self._present = _halving([texts[0] for texts in said])
        self._memory: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._signs: frozenset[Sign] | None = None
        seen = list(zip(*map(self._see, said), strict=True))
        kept = [k for k, column in enumerate(seen) if not (whole and len(set(column)) < 2)]
        kept = _distinct(seen, kept) or [0]
        self._codes = {k: Codes(seen[k]) for k in kept}
        every = [None, *SIGNS, *[None] * (2 + len(self._present))] * (len(said[0]) - 1)
        self._signs = frozenset(sign for sign in (every[k] for k in kept) if sign)
        labels = [
            "the words",
            *(f"{kind}: {what}" for kind, what in SIGNS),
            "the first word never heard before",
            *(f"the word {word!r}" for word in self._present),
            "pause",
        ]
        self._labels = labels if len(said[0]) < 3 else [f"{end} {name}" for end in ("first", "last") for name in labels]
        self._within = contexts > 1
        self.names = [self._labels[k] for k in kept]
        stakes = [1.0 if len(kept) == 1 else 0.5, *[0.5 / max(1, len(kept) - 1)] * (len(kept) - 1)]
        if self._within:
            self.names += [f"{name} where all see the same" for name in self.names]
            stakes = [stake / 2 for stake in stakes] * 2
        self.stakes = stakes
        self.cells = CODES * (CONTEXTS if self._within else 1)

    def __call__(self, texts: tuple[str, ...], context: int) -> tuple[int, ...]:
        """The cell of a unit in every view."""
        codes = self._memory.get(texts)
        if codes is None:
            seen = self._see(texts)
            codes = tuple(code(seen[k]) for k, code in self._codes.items())
            if len(self._memory) < 50_000:
                self._memory[texts] = codes
        inner = tuple(CONTEXTS * code + min(context, CONTEXTS - 1) for code in codes) if self._within else ()
        return codes + inner

    def _see(self, texts: tuple[str, ...]) -> list[str]:
        """What every view sees in a unit: its texts, then the pause before it; nothing where a sign is not kept."""
        *spoken, pause = texts
        seen = []
        for text in spoken:
            words = WORD.findall(text.lower())
            found = signs(text, self._signs)
            seen += [text, *(str(found.get(sign)) for sign in SIGNS)]
            seen += [next((word for word in words if word not in self._heard), "")]
            seen += [str(word in words) for word in self._present] + [pause]
        return seen


def _halving(texts: Sequence[str]) -> list[str]:
    """The words that come nearest to being in half of the texts, in at least a tenth and at most nine tenths."""
    among = Counter(word for text in texts for word in set(WORD.findall(text.lower())))
    near = sorted((abs(count / len(texts) - 0.5), word) for word, count in among.items())
    return [word for off, word in near if off <= 0.4][:PRESENT]


def _distinct(seen: Sequence[Sequence[str]], kept: Sequence[int]) -> list[int]:
    """Of some views those that tell apart what no view before them does in just the same way."""
    known: dict[tuple[int, ...], int] = {}
    for k in kept:
        first: dict[str, int] = {}
        known.setdefault(tuple(first.setdefault(key, len(first)) for key in seen[k]), k)
    return sorted(known.values())
