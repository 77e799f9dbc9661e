"""Which answers of an agent are new today, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from ._learning_probes import Probes
from ._rates import by

MOST = 3_000
"""Ways to divide a probe's answers between today and before, up to which they are all gone through."""

NOBODY: Counter[int] = Counter()


@dataclass(frozen=True, eq=False)
class News:
    """What today's answers are, held against those of some days before.

    Attributes
    ----------
    asked : probes that were asked today and before.
    old, new : the usual answer to each before, and today. changed : where no most frequent answer of today is one of
        those before, nor of the day before alone (what was new yesterday is not new today).
    single : of each that changed, the odds of that, with as clear an answer today, if today's were drawn from all.
    surely : those that stand at the false-discovery rate, over all probes asked.
    expected : how many would be changed if nothing was learned. p : the odds of as many. Both are exact for what
        differs from all days before, and so never too small for what differs from the day before as well.
    """

    asked: int
    old: dict[int, int]
    new: dict[int, int]
    changed: frozenset[int]
    single: dict[int, float]
    surely: frozenset[int]
    expected: float
    p: float

    @property
    def order(self) -> list[int]:
        """Those that changed, the surest first."""
        return sorted(self.changed, key=lambda one: (self.single[one], one))


def news(asked: Probes, before: np.ndarray, day: int, share: float) -> News:
    """What is new on a day, held against the days `before`."""
    earlier, today = asked.on(before), asked.on([day])
    old, new = asked.usual(earlier), asked.usual(today)
    was, now, last = (_tallies(asked, mask) for mask in (earlier, today, asked.on(before[-1:])))
    held = sorted(set(old) & set(new))
    changed = frozenset(one for one in held if not (_most(was[one]) | _most(last.get(one, NOBODY))) & _most(now[one]))
    odds = {one: _odds(was[one], now[one]) for one in held}
    values = np.array([odds[one][1] if one in changed else 1.0 for one in held])
    surely = changed & frozenset(held[k] for k in by(values, share).tolist())
    counted = [one for one in held if odds[one][0] < 1]
    chances = np.array([odds[one][0] for one in counted])
    p = _at_least(chances, len(changed.intersection(counted)))
    single = {one: odds[one][1] for one in changed}
    kept = {one: old[one] for one in held}, {one: new[one] for one in held}
    return News(len(held), *kept, changed, single, surely, float(chances.sum()), p)


def _tallies(asked: Probes, mask: np.ndarray) -> dict[int, Counter[int]]:
    """How often each answer was given to each situation."""
    found: dict[int, Counter[int]] = {}
    for where, what in zip(asked.situation[mask].tolist(), asked.answer[mask].tolist(), strict=True):
        found.setdefault(where, Counter())[what] += 1
    return found


def _most(tally: Counter[int]) -> set[int]:
    """The most frequent answers."""
    top = max(tally.values(), default=0)
    return {what for what, count in tally.items() if count == top}


def _odds(was: Counter[int], now: Counter[int]) -> tuple[float, float]:
    """The odds that a probe changes, and that it does as clearly, if today's answers are drawn from all of them."""
    pooled = tuple(sorted((was + now).values(), reverse=True))
    return _drawn(pooled, now.total(), max(now.values()))


@cache
def _drawn(pooled: tuple[int, ...], today: int, clear: int) -> tuple[float, float]:
    """By going through all ways to divide the pooled answers; 1 where there are too many ways, and then not counted."""
    if len(pooled) == 1:
        return 0.0, 1.0
    if comb(today + len(pooled) - 1, today) > MOST:
        return 1.0, 1.0
    moved, clearly, total = 0, 0, comb(sum(pooled), today)
    for now in _ways(pooled, today):
        was = [count - k for count, k in zip(pooled, now, strict=True)]
        top, least = max(now), max(was)
        if not any(k == top and w == least for k, w in zip(now, was, strict=True)):
            ways = 1
            for count, k in zip(pooled, now, strict=True):
                ways *= comb(count, k)
            moved += ways
            clearly += ways * (top >= clear)
    return moved / total, clearly / total


def _ways(pooled: tuple[int, ...], today: int) -> Iterator[tuple[int, ...]]:
    """All ways to draw so many of the pooled answers."""
    if len(pooled) == 1:
        if today <= pooled[0]:
            yield (today,)
        return
    for k in range(min(pooled[0], today) + 1):
        yield from ((k, *rest) for rest in _ways(pooled[1:], today - k))


def _at_least(chances: np.ndarray, count: int) -> float:
    """The odds that at least so many of independent events happen (Poisson binomial, by convolution)."""
    certain, rest = int((chances >= 1).sum()), chances[(chances > 0) & (chances < 1)]
    if count <= certain:
        return 1.0
    law = np.zeros(len(rest) + 1)
    law[0] = 1.0
    for chance in rest:
        law[1:] = law[1:] * (1 - chance) + law[:-1] * chance
        law[0] *= 1 - chance
    return float(min(1.0, max(law[count - certain :].sum(), 1e-300)))
