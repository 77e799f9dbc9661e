"""What could carry a secret: every message as values of small alphabets, as words, and as counts of fragments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.log import MISSING
from ._channel_signs import LONGEST, first_number, signs, spoken_words
from ._exchanges import Exchange

ALPHABET = 16
"""Values of a sign that are told apart; rarer ones are one value, "another"."""

WORDS = 192
"""Words looked at, those that occur in closest to half of the messages."""

FRAGMENTS = 128
"""Numbers into which fragments of texts are hashed."""


@dataclass(frozen=True, eq=False)
class Sign:
    """One sign of every message.

    Attributes
    ----------
    carrier : the kind of thing that it is ("punctuation"). what : which of that kind ("commas").
    codes : `int64[N]` from 0. values : what each code stands for, for a person to read.
    """

    carrier: str
    what: str
    codes: np.ndarray
    values: tuple[Hashable, ...]

    @property
    def name(self) -> str:
        """Both in one."""
        return f"{self.carrier}: {self.what}"


@dataclass(frozen=True, eq=False)
class Carried:
    """All that messages carry.

    Attributes
    ----------
    signs : of small alphabets. words : single words, present or not.
    amounts : `float[N, A]`, numbers told, as ranks in [-1, 1]; 0 where none is. named : what each of them is.
    fragments : `float32[N, D]`, hashed counts of fragments of three letters and of words.
    """

    signs: tuple[Sign, ...]
    words: tuple[Sign, ...]
    amounts: np.ndarray
    named: tuple[str, ...]
    fragments: np.ndarray

    def take(self, rows: np.ndarray) -> Carried:
        """Those of some messages."""

        def some(these: Iterable[Sign]) -> tuple[Sign, ...]:
            return tuple(Sign(one.carrier, one.what, one.codes[rows], one.values) for one in these)

        return Carried(some(self.signs), some(self.words), self.amounts[rows], self.named, self.fragments[rows])


def carried(exchange: Exchange) -> Carried:
    """Everything that the messages of an exchange carry: the texts, and when they were sent."""
    said = exchange.said
    texts = [value if isinstance(value, str) else repr(value) for value in said.values]
    found = [*_of_label(said.codes, texts), *_of_text(said.codes, texts), *_of_time(exchange)]
    numbers = [_numeric(value) for value in said.values]
    table = np.array([_numbers(numbers, said.codes), np.array([len(text) for text in texts], float)[said.codes]])
    words = _distinct(_of_words(said.codes, texts))
    if exchange.said.values and all(isinstance(value, int | float) for value in said.values):
        found += _of_moves(exchange)
    fragments = hashed(texts)[said.codes] if len(texts) > 3 else np.zeros((len(said.codes), 0), np.float32)
    return Carried(_distinct(found), words, ranked(table), ("amount told", "length: characters"), fragments)


def coded(values: Sequence[Hashable], limit: int = ALPHABET, least: int = 1) -> tuple[np.ndarray, tuple[Hashable, ...]]:
    """Codes of values: the most frequent first, and one code for all that are rarer than `least` or beyond `limit`."""
    count = Counter(values)
    kept = [value for value, times in count.most_common(limit) if times >= least]
    if len(kept) < len(count):
        kept = kept[: limit - 1]
    number = {value: k for k, value in enumerate(kept)}
    codes = np.array([number.get(value, len(kept)) for value in values], np.int64)
    return codes, (*kept, "another") if len(kept) < len(count) else tuple(kept)


def _sign(carrier: str, what: str, codes: np.ndarray, values: Sequence[Hashable], limit: int = ALPHABET) -> Sign:
    """A sign from a code for every row and the value of every code; rare values are grouped."""
    number: dict[Hashable, int] = {}
    merged = np.array([number.setdefault(value, len(number)) for value in values], np.int64)[codes]
    times = np.bincount(merged, minlength=len(number))
    order = np.argsort(-times, kind="stable")
    kept = order[times[order] >= max(3, len(codes) // 200)][: limit - (len(number) > limit)]
    place = np.full(len(number), len(kept), np.int64)
    place[kept] = np.arange(len(kept))
    names = list(number)
    return Sign(carrier, what, place[merged], (*(names[k] for k in kept), "another"))


def _of_label(codes: np.ndarray, texts: Sequence[str]) -> list[Sign]:
    return [_sign("label", "the message as a whole", codes, [text[:80] for text in texts], 2 * ALPHABET)]


def _of_text(codes: np.ndarray, texts: Sequence[str]) -> list[Sign]:
    each = [signs(text) for text in texts]
    return [_sign(*name, codes, [one[name] for one in each]) for name in each[0]]


def _of_words(codes: np.ndarray, texts: Sequence[str]) -> list[Sign]:
    each = [spoken_words(text) for text in texts]
    times = np.bincount(codes, minlength=len(texts))
    count: Counter[str] = Counter()
    for words, often in zip(each, times.tolist(), strict=True):
        for word in words:
            count[word] += often
    least = max(5, len(codes) // 100)
    usual = sorted((word for word, often in count.items() if least <= often <= len(codes) - least),
                   key=lambda word: (abs(count[word] - len(codes) / 2), word))[:WORDS]  # fmt: skip
    return [Sign("words", f"‘{word}’", np.array([word in one for one in each], np.int64)[codes], (False, True))
            for word in usual]  # fmt: skip


def _of_time(exchange: Exchange) -> list[Sign]:
    """When messages were sent: the time since the last row that has one and since the speaker's last message.

    The clock is the fact `time` where rows have it, and otherwise the step.
    """
    log, places = exchange.log, exchange.places
    clock = log.get("facts.time").numbers
    timed = np.flatnonzero(np.isfinite(clock))
    # a clock that never goes back runs on from one episode to the next
    runs_on = len(timed) > 1 and bool((np.diff(clock[timed]) >= 0).all())
    since, own = np.full(len(log), np.nan), np.append(np.nan, np.diff(clock[places]))
    since[timed[1:]] = np.where(runs_on | (np.diff(log.episode[timed]) == 0), np.diff(clock[timed]), np.nan)
    fresh = np.append(True, np.diff(log.episode[places]) != 0)
    steps = np.where(fresh, 0, np.append(0, np.diff(log.t[places])))
    own[fresh & ~runs_on] = np.nan
    found = [_sign("timing", "steps since the last message", *_values(np.clip(steps, 0, 12)))]
    for what, gap in (("since the row before", since[places]), ("since the last message", own)):
        known = np.isfinite(gap) & (np.abs(gap) < 1e12)
        if known.any():
            unit = _resolution(gap[known])
            ticks = np.where(known, np.round(np.where(known, gap, 0) / unit), 0).astype(np.int64)
            found += [
                _sign("timing", f"the time {what}", *_values(np.where(known, quantiles(gap, 6), MISSING))),
                _sign("timing", f"the time {what}, in halves", *_values(np.where(known, quantiles(gap, 2), MISSING))),
                _sign("timing", f"the last digit of the time {what}", *_values(np.where(known, ticks % 10, MISSING))),
                _sign("timing", f"the time {what}, odd", *_values(np.where(known, ticks % 2, MISSING))),
            ]
    return found


def _resolution(gaps: np.ndarray) -> float:
    """The smallest power of ten, from a thousandth to one, in which gaps are near whole numbers; or a thousandth."""
    for unit in (1.0, 0.1, 0.01):
        if np.allclose(gaps / unit, np.round(gaps / unit), atol=1e-6):
            return unit
    return 1e-3


def _of_moves(exchange: Exchange) -> list[Sign]:
    """Whether a number differs from the speaker's last one in the episode, and in which direction."""
    numbers = exchange.said.numbers
    change = np.append(0.0, np.sign(np.diff(numbers)))
    change[np.append(True, np.diff(exchange.log.episode[exchange.places]) != 0)] = 2
    return [_sign("moves", "change from the last", *_values(np.nan_to_num(change, nan=3.0).astype(np.int64)))]


def _values(codes: np.ndarray) -> tuple[np.ndarray, list[int]]:
    values, within = np.unique(codes, return_inverse=True)
    return within.reshape(-1), values.tolist()


def _numeric(value: object) -> float | None:
    if isinstance(value, str):
        return first_number(value)
    try:
        return float(value) if isinstance(value, int | float) else None
    except OverflowError:
        return None


def _numbers(values: Sequence[float | None], codes: np.ndarray) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], float)[codes]


def ranked(table: np.ndarray) -> np.ndarray:
    """Rows `float[A, N]` as ranks in [-1, 1], ties in the middle, 0 for what is not finite: `float[N, A]`."""
    from scipy.stats import rankdata

    columns = np.zeros(table.shape[::-1])
    for k, row in enumerate(table):
        known = np.isfinite(row)
        if known.any():
            columns[known, k] = (2 * rankdata(row[known]) - known.sum() - 1) / max(1, known.sum() - 1)
    return columns


def quantiles(values: np.ndarray, bins: int) -> np.ndarray:
    """The part of equal size in which each number lies, `int64[N]`; equal numbers lie in the same."""
    known = values[np.isfinite(values)]
    edges = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else np.zeros(0)
    return np.searchsorted(edges, np.nan_to_num(values), side="left").astype(np.int64)


def _distinct(found: Sequence[Sign]) -> tuple[Sign, ...]:
    """Signs that vary, each partition of the messages once, under the name that comes first."""
    kept: dict[bytes, Sign] = {}
    for sign in found:
        _, first, within = np.unique(sign.codes, return_index=True, return_inverse=True)
        if len(first) > 1:
            kept.setdefault(np.argsort(np.argsort(first))[within.reshape(-1)].astype(np.uint8).tobytes(), sign)
    return tuple(kept.values())


def hashed(texts: Sequence[str], width: int = FRAGMENTS) -> np.ndarray:
    """Signed counts of fragments of one to three letters of every text, hashed, each row of length 1 in the end.

    Weinberger et al., "Feature hashing for large scale multitask learning" (2009). Counts are damped by a root.
    """
    points = [np.frombuffer(text[:LONGEST].encode("utf-32-le", "surrogatepass"), np.uint32) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in points])
    flat = np.concatenate(points).astype(np.uint64) if len(rows) else np.zeros(0, np.uint64)
    counts = np.zeros(len(texts) * width)
    for size in (1, 2, 3):
        if len(flat) < size:
            break
        mixed = np.full(len(flat) - size + 1, size, np.uint64)
        for k in range(size):
            mixed = (mixed ^ flat[k : len(flat) - size + 1 + k]) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        inside = rows[: len(mixed)] == rows[size - 1 :]
        bucket, sign = (
            (mixed % np.uint64(width)).astype(np.int64),
            (mixed >> np.uint64(61)).astype(np.int64) % 2 * 2 - 1,
        )
        counts += np.bincount((rows[: len(mixed)] * width + bucket)[inside], sign[inside], len(counts))
    table = counts.reshape(len(texts), width)
    table = np.sign(table) * np.sqrt(np.abs(table))
    return (table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)).astype(np.float32)
