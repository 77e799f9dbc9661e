"""A question to messages weighed against surrogates: its p-value, and bits with their bias off and an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ._discrete import NATS
from ._influence_swaps import Streams

GROUPS = 30
"""Groups of runs that are left out in turn."""

DRAWN = 50
"""Surrogates at least, for the mean that is taken off an effect."""


class Question(Protocol):
    """Something computed from messages beside what does not change places; `source[k]`: whose message row k gets."""

    def score(self, source: np.ndarray) -> float:
        """The statistic that is tested; large is strong."""
        ...

    def bits(self, source: np.ndarray) -> float:
        """Bits that the messages would share, before the bias is taken off."""
        ...

    def part(self, rows: np.ndarray) -> float:
        """Bits a message, as recorded, in some of the rows (a mask)."""
        ...

    @property
    def ceiling(self) -> float:
        """Bits a message that there could be with as many messages and codes."""
        ...

    @property
    def most(self) -> float:
        """Bits a message that there could be here; infinite where the bits are those of the best of several words."""
        ...


@dataclass(frozen=True)
class Weighed:
    """A question answered: bits a message with their bias taken off, a 95 % interval, p, runs, and surrogates drawn."""

    bits: float
    interval: tuple[float, float]
    p: float
    runs: int
    rounds: int


def compared(
    question: Question, streams: Streams, random: np.random.Generator, rounds: int = 9999, stop: int = 20
) -> Weighed:
    """Compare what was recorded with surrogates.

    The p-value is that of Besag and Clifford (1991), who stop once `stop` surrogates scored as high; it is exact where
    streams are exchangeable within neighbourhoods, given the contexts. Bias and error are those of
    a jackknife over runs.
    """
    same = np.arange(len(streams.run))
    seen, reached, done, drawn = question.score(same), 0, 0, []
    while done < rounds and reached < stop:
        source = streams.swap(random)
        reached += question.score(source) >= seen - 1e-9 * max(1.0, abs(seen))
        done += 1
        if len(drawn) < DRAWN:
            drawn.append(source)
    p = reached / done if reached >= stop else (reached + 1) / (done + 1)
    drawn += [streams.swap(random) for _ in range(DRAWN - len(drawn))]
    luck = np.array([question.bits(source) for source in drawn])
    bits, error = _measured(question, streams, float(luck.mean()))
    low, high = (min(end, question.ceiling) for end in _interval(bits, error, float(luck.std()), len(same)))
    return Weighed(min(bits, question.ceiling), (low, high), float(p), streams.count, done)


def _measured(question: Question, streams: Streams, luck: float) -> tuple[float, float]:
    """Bits a message with their bias taken off, and their standard error.

    The bias is that of surrogates where there is little information (exact where there is none), and that of the
    jackknife in proportion to how much of what there could be is there.
    """
    whole, (bits, error) = question.bits(np.arange(len(streams.run))), _jackknifed(question, streams)
    share = min(1.0, max(0.0, bits) / question.most) if question.most > 0 else 0.0
    return whole - (1 - share) * luck - share * (whole - bits), error


def _jackknifed(question: Question, streams: Streams) -> tuple[float, float]:
    """Bits a message and their standard error, from leaving out one group of runs after another."""
    count = min(streams.count, GROUPS)
    whole = question.part(np.ones(len(streams.run), bool))
    if count < 2:
        return whole, math.inf
    rest = np.array([question.part(streams.run % count != k) for k in range(count)])
    return float(count * whole - (count - 1) * rest.mean()), float(rest.std() * math.sqrt(count - 1))


def _interval(bits: float, error: float, luck: float, count: int) -> tuple[float, float]:
    """A 95 % interval: the wider at each end of the jackknife's, and of one whose error is that at its own ends.

    Near 0 the estimate is skewed. There its variance is that of the surrogates and 2/n nats (scaled as the surrogates'
    is) for each of the bits there may be, as of a noncentral χ² with λ = 2n times the information.
    """
    wide, floor = 1.96**2, max(bits, 0.0)
    slope = 2 / (max(1, count) * NATS)
    reach = math.sqrt((wide * slope) ** 2 + 4 * wide * (luck**2 + slope * floor)) / 2
    low = min(bits - 2.045 * error, floor + wide * slope / 2 - reach)
    high = max(bits + 2.045 * error, floor + wide * slope / 2 + reach)
    return max(0.0, low), max(0.0, high)
