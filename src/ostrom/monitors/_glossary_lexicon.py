"""A lexicon: runs of words that go with a value of what their speaker was shown, each with its evidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.reading import calibrated
from ._influence_codes import refined
from ._rates import by

GRAMS, OFTEN, LENGTH = 400, 5, 3
"""Runs of words that are looked at, how often each has to occur, and words in one at most."""

BLOCK = 40
"""Observations, one after another, within which values count as exchangeable: slow drift of both is no meaning."""

PROMISING = 3.0
"""Standard deviations of surplus below which no p-value is worked out, and 1 stands for it."""

LISTED = 20


@dataclass(frozen=True)
class Entry:
    """What a run of words stands for.

    Attributes
    ----------
    words, field, value : when the words are there, the field more often has the value.
    bits : log2 of how many times as often as in the same circumstances without regard to words.
    p, e : odds of as many where words and value are independent, exact given how often both occur in each stratum, and
        the e-value that it calibrates to.
    n, of : observations with words and value, and with the words.
    rows : numbers of rows to look at.
    """

    words: str
    field: str
    value: str
    bits: float
    p: float
    e: float
    n: int
    of: int
    rows: tuple[int, ...]

    def __str__(self) -> str:
        bits = f"{abs(self.bits):.2g} bits {'more' if self.bits >= 0 else 'less'} than by chance"
        return f"{self.words!r} ⇒ {self.field} = {self.value} ({bits}, e = {self.e:.2g})"


def grams(messages: Sequence[Sequence[Hashable]], weight: np.ndarray) -> tuple[list[tuple[Hashable, ...]], np.ndarray]:
    """The runs of up to three parts that occur in most messages, and which messages `bool[D, G]` have each.

    Runs that are in the same messages are one: the one whose words are the rarest stands for all, rather with words at
    its ends than with marks.
    """
    inside = [
        {tuple(m[k : k + n]) for n in range(1, LENGTH + 1) for k in range(len(m) - n + 1)} for m in map(tuple, messages)
    ]
    often, total = Counter[tuple[Hashable, ...]](), int(weight.sum())
    for found, times in zip(inside, weight.tolist(), strict=True):
        often.update(dict.fromkeys(sorted(found, key=str), times))
    common = [gram for gram, times in often.most_common() if OFTEN <= times < total][: 4 * GRAMS]
    has = np.array([[gram in found for gram in common] for found in inside], bool).reshape(len(inside), len(common))

    def plain(k: int) -> tuple[bool, float, int]:
        ends = str(common[k][0])[:1], str(common[k][-1])[:1]
        rare = sum(math.log(total / often[(part,)]) for part in common[k])
        return not all(end.isalnum() for end in ends), -rare + 0.01 * len(common[k]), k

    same: dict[bytes, int] = {}
    for k in sorted(range(len(common)), key=plain):
        same.setdefault(has[:, k].tobytes(), k)
    kept = sorted(same.values())[:GRAMS]
    return [common[k] for k in kept], has[:, kept]


def stretch(episode: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The number `int64[N]`, from 0, of the stretch of rows in which the episode and the value stay the same."""
    return np.cumsum(np.r_[False, (np.diff(episode) != 0) | (np.diff(value) != 0)][: len(value)])


def stretches(episode: np.ndarray, value: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One row, drawn evenly, from every stretch of rows in which the episode and the value stay the same."""
    size = np.bincount(stretch(episode, value))
    start = np.cumsum(size) - size
    return start + (random.random(len(start)) * size).astype(np.int64)


def surpluses(has: np.ndarray, value: np.ndarray, context: np.ndarray) -> Iterator[tuple[int, int, int, float, float]]:
    """`(gram, value, count, expected, p)` for every pair of a run of words and a value, over strata.

    has : `bool[N, G]`. value, context : codes `int64[N]`. Values count as exchangeable in blocks of the same context.
    The number of coincidences is a sum of hypergeometric ones; p is its upper tail, exactly.
    """
    stratum = blocks(context)
    strata = int(stratum.max(initial=-1)) + 1
    size = np.bincount(stratum, minlength=strata).astype(float)
    with_gram = np.zeros((strata, has.shape[1]))
    np.add.at(with_gram, stratum, has)
    for one in range(int(value.max(initial=-1)) + 1):
        mine = value == one
        with_value = np.bincount(stratum[mine], minlength=strata).astype(float)
        count, share = has[mine].sum(0), with_value / size
        expected = share @ with_gram
        spread = (share * (1 - share) / np.maximum(size - 1, 1)) @ (with_gram * (size[:, None] - with_gram))
        for gram in range(has.shape[1]):
            promising = count[gram] > expected[gram] + PROMISING * math.sqrt(spread[gram]) and spread[gram] > 0
            p = _tail(int(count[gram]), with_gram[:, gram], with_value, size) if promising else 1.0
            yield gram, one, int(count[gram]), float(expected[gram]), p


def blocks(context: np.ndarray) -> np.ndarray:
    """A number for every context and stretch of `BLOCK` rows, `int64[N]`; the last stretch may be longer."""
    block = np.minimum(np.arange(len(context)) // BLOCK, max(1, len(context) // BLOCK) - 1)
    return refined([context, block], len(context))


def _tail(count: int, with_gram: np.ndarray, with_value: np.ndarray, size: np.ndarray) -> float:
    """P(sum of hypergeometric counts ≥ count)."""
    odds, least = np.ones(1), 0
    for a, b, n in zip(with_gram, with_value, size, strict=True):
        low, high = int(max(0, a + b - n)), int(min(a, b))
        least += low
        if high > low:
            odds = np.convolve(odds, _hypergeometric(np.arange(low, high + 1), a, b, n))
    return float(np.clip(odds[max(0, count - least) :].sum(), 1e-300, 1.0))


def _hypergeometric(k: np.ndarray, a: float, b: float, n: float) -> np.ndarray:
    from scipy.special import gammaln

    def choose(m: float, j: np.ndarray | float) -> np.ndarray:
        return gammaln(m + 1) - gammaln(np.asarray(j) + 1) - gammaln(m - np.asarray(j) + 1)

    return np.exp(choose(a, k) + choose(n - a, b - k) - choose(n, b))


Pairing = tuple[tuple[Hashable, ...], str, str, int, int, float, float, frozenset[int], tuple[int, ...]]
"""`(gram, field, value, n, of, expected, p, where, rows)`, `where` the observations with the words."""


def strongest(found: Sequence[Pairing]) -> Entry:
    """The pair of words and value with the least p-value."""
    return _entry(min(found, key=lambda one: (one[6], one[1], one[2])))


def _entry(one: Pairing) -> Entry:
    gram, field, value, n, of, expected, odds, _, rows = one
    bits = math.log2(max(n, 1) / expected) if expected > 0 else 0.0
    return Entry(joined(gram), field, value, bits, odds, calibrated(odds), n, of, rows)


def entries(
    found: Sequence[Pairing],
    level: float,
) -> tuple[Entry, ...]:
    """Those that stand at a false-discovery rate (Benjamini and Yekutieli), the strongest first, at most 20.

    Of runs of words that stand for the same, and mostly occur together, the strongest is listed.
    """
    p = np.array([one[6] for one in found])
    standing = sorted(by(p, level).tolist(), key=lambda k: (p[k], -len(found[k][0]), str(found[k][0])))
    listed: list[tuple[frozenset[int], Entry]] = []
    for k in standing:
        _, field, value, *_, where, _ = found[k]
        again = any((e.field, e.value) == (field, value) and len(where & seen) > len(where) / 2 for seen, e in listed)
        if not again and len(listed) < LISTED:
            listed.append((where, _entry(found[k])))
    return tuple(entry for _, entry in listed)


def joined(gram: Sequence[Hashable]) -> str:
    """A run of words or letters as text."""
    parts = [str(part) for part in gram]
    if all(len(part) == 1 for part in parts):
        return "".join(parts)
    text = parts[0]
    for part in parts[1:]:
        text += part if len(part) == 1 and not part.isalnum() else f" {part}"
    return text
