"""Changes: when did the way in which an agent speaks change? Looked for afterwards, in windows of messages."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead
from ._changes_fit import gains, no_change, noise, partition, place
from ._discrete import NATS, shared
from ._exchanges import Exchange, exchanges
from ._protocol_units import TEXT, word
from ._protocol_views import WORD, Codes

WINDOWS = 60
"""Windows wanted; a window has at least 20 messages, and there are at least 12."""

LEAST = 20

PENALTY = 5.0
"""For each change, in logarithms of the number of windows; 60 steady windows are then cut in 0.3 to 4 % of cases."""

FIELDS = 4
"""Private fields whose information is followed."""


@dataclass(frozen=True)
class Changes(Monitor):
    """When messages changed: in entropy, in new pairs of words, in how far they compress, in what they tell.

    The messages of a speaker on a channel are cut into windows. A p-value says whether any of these series changes
    its level anywhere: the largest gain from one change among all, against permutations of the windows. It needs
    windows that come in no particular order unless something changes. Then the series with the largest gain is cut
    into the best segments, with an interval for each change. It says when, and not what: a new topic changes them too.

    Parameters
    ----------
    window : messages in a window; by default a sixtieth, at least 20. private, public : as for `NewProtocol`.

    Raises `InputError` for a window below 2.
    """

    window: int | None = None
    private: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        window = self.window
        if window is not None and (not isinstance(window, Integral) or not 2 <= window < 10**9):
            raise InputError(f"The window is {window!r:.40}.", "It is a number of messages.", "Give 2 or more, as 50.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """A reading for every speaker and channel with 13 windows at least, the first of which is the reference."""
        found = []
        for exchange in exchanges(log, self.private, self.public):
            window = self.window or max(LEAST, len(exchange) // WINDOWS)
            if len(exchange) >= 13 * window:
                found.append(_reading(exchange, window, np.random.default_rng([seed, len(found)])))
        if not found:
            raise NothingToRead(f"Nobody speaks {13 * (self.window or LEAST)} times on a channel.")
        return found


def _reading(exchange: Exchange, window: int, rng: np.random.Generator) -> Reading:
    """What changed most, where, and whether any of it is more than chance."""
    names, units, table = zip(*_series(exchange, window), strict=True)
    p = no_change(np.array(table), rng)
    best = int(gains(np.array(table)).max(1).argmax())
    series = table[best]
    spread = noise(series)
    cuts = partition(series / spread, PENALTY * math.log(len(series))) if spread else []
    at = int(gains(series).argmax())
    cuts = cuts or [at]
    main = max(cuts, key=lambda cut: gains(series)[cut])
    first = len(exchange) - len(series) * window  # windows end with the last message; what is before is the reference
    numbers = {name: _levels(one, main) for name, one in zip(names, table, strict=True)}
    where = [_between(exchange, series, cuts, k, spread, first, window) for k in range(len(cuts))] if p < 1 else []
    before, after = _parts(series, main)
    change = float(after.mean() - before.mean())
    error = 1.96 * math.sqrt(after.var(ddof=1) / len(after) + before.var(ddof=1) / len(before))
    where.sort(key=lambda one: one[0] != first + main * window)  # the largest change comes first
    message, low, high = where[0] if where else (first + main * window, first, len(exchange))
    speaker, channel = exchange.speaker, exchange.channel
    return Reading(
        "Changes",
        f"What {speaker} says on {channel} changes most in {names[best]}, at about message {message + 1} ({low + 1} to "
        f"{high}): {abs(change):.3f} {units[best]} {'more' if change >= 0 else 'less'} after it than before "
        f"(p = {p:.2g}). It says when, not what: a new topic would do.",
        effect=change,
        unit=units[best],
        interval=(change - error, change + error),
        n=len(series),
        p=p,
        assumes=f"Windows of {window} messages come in no particular order unless something changes.",
        who=(speaker,),
        where={"channel": channel},
        rows=tuple(exchange.log.row[exchange.places[message : message + 20]].tolist()) if p <= 0.05 else (),
        risks=("destabilising dynamics",) if p <= 0.05 else (),
        numbers={"series": names[best], "changes": [(at + 1, a + 1, b) for at, a, b in where], "window": window,
                 "before and after": numbers},
        source="Killick, Fearnhead and Eckley, PELT (2012)",
    )  # fmt: skip


def _between(
    exchange: Exchange, series: np.ndarray, cuts: Sequence[int], k: int, spread: float, first: int, window: int
) -> tuple[int, int, int]:
    """A change in messages from 0, and between which it is: a window more on each side, for it may lie within one."""
    left, right = ([0, *cuts][k], [*cuts, len(series)][k + 1])
    low, high = place(series, cuts[k], left, right, spread or 1.0)
    return (
        first + cuts[k] * window,
        max(0, first + (low - 1) * window),
        min(len(exchange), first + (high + 1) * window),
    )


def _parts(series: np.ndarray, cut: int) -> tuple[np.ndarray, np.ndarray]:
    cut = min(max(cut, 2), len(series) - 2)
    return series[:cut], series[cut:]


def _levels(series: np.ndarray, cut: int) -> tuple[float, float]:
    before, after = _parts(series, cut)
    return round(float(before.mean()), 6), round(float(after.mean()), 6)


def _series(exchange: Exchange, window: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every series: its name, its unit, and its values, one a window; the windows end with the last message."""
    said = exchange.said
    texts = [word(value)[:TEXT] for value in said.values]
    words = [WORD.findall(text.lower()) or [text] for text in texts]
    pairs = [set(pairwise(one)) or {(one[0],)} for one in words]
    rest = (len(exchange) // window - 1) * window
    ends = len(exchange) - rest
    known = set().union(*(pairs[code] for code in said.codes[:ends]))
    windows = said.codes[ends:].reshape(-1, window)
    lines = [[texts[code] for code in one] for one in windows]
    yield (
        "the entropy of its words",
        "bits a word",
        np.array([_entropy([w for c in one for w in words[c]]) for one in windows]),
    )
    news = [[len(pairs[code] - known) / len(pairs[code]) for code in one] for one in windows]
    yield "pairs of words that are new", "of its pairs of words", np.array(news).mean(1)
    yield "how far it compresses", "of its length", np.array([_compressed("\n".join(one)) for one in lines])
    m = np.array([*map(Codes(texts[code] for code in said.codes), texts)])[said.codes]
    for name in exchange.private[:FIELDS]:
        s, o = exchange.secret(name).codes, exchange.context
        cut = [np.arange(k, k + window) for k in range(ends, len(exchange), window)]
        yield f"what it tells of {name}", "bits a message", np.array([shared(m[k], s[k], o[k]).bits for k in cut])


def _entropy(words: Sequence[str]) -> float:
    """Entropy in bits with its Miller–Madow bias taken off."""
    count = np.array(list(Counter(words).values()), float)
    share = count / count.sum()
    return float(-(share * np.log2(share)).sum() + (len(count) - 1) / (2 * count.sum() * NATS))


def _compressed(text: str) -> float:
    raw = text.encode("utf-8", "replace")
    return len(zlib.compress(raw, 9)) / max(1, len(raw))
