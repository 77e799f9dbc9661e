"""Message streams that change places: what would have been said here had another run been heard, in the same context.

A run is an episode, or a stretch of one where there are few. Its messages stay together and in order; only where the
context was the same does a message of one run stand in for one of another, so that what depends on the context alone,
and whatever a speaker or a listener keeps up through a run, is the same in the surrogates as in the record.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ._discrete import NATS

NEAR = 20
"""Runs among which messages change places: neighbours, so that slow drift of both sides is not taken for a link."""

ENOUGH = 0.5
"""The share of rows that should have somewhere to go; where neighbours offer less, farther ones are taken."""

RUNS = 20
"""Runs that are wanted; where there are fewer episodes, long ones are cut into stretches."""

STRETCH = 5
"""Messages of a stretch at least."""

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
class Tested:
    """A question answered: bits a message with their bias taken off, a 95 % interval, p, runs, and surrogates drawn."""

    bits: float
    interval: tuple[float, float]
    p: float
    runs: int
    rounds: int


def runs_of(episode: np.ndarray) -> np.ndarray:
    """The run of every row, `int64[N]` from 0 in order: episodes, or stretches where there are fewer than `RUNS`.

    Stretches are of equal length within an episode, and of `STRETCH` rows at least.
    """
    _, first, runs = np.unique(episode, return_index=True, return_inverse=True)
    runs = np.argsort(np.argsort(first))[runs.reshape(-1)]
    count, rows = len(first), len(episode)
    if count >= RUNS or rows < 2 * STRETCH:
        return runs
    length = max(STRETCH, math.ceil(rows / (2 * RUNS)))
    place = occurrence(runs)
    parts = np.maximum(1, np.bincount(runs) // length)[runs]
    return _numbered(runs, np.minimum(place * parts // np.bincount(runs)[runs], parts - 1))


def occurrence(codes: np.ndarray) -> np.ndarray:
    """How many rows before have the same code, `int64[N]`."""
    order = np.argsort(codes, kind="stable")
    count = np.bincount(codes) if len(codes) else np.zeros(0, np.int64)
    start = np.cumsum(count) - count
    out = np.empty(len(codes), np.int64)
    out[order] = np.arange(len(codes)) - start[codes[order]]
    return out


class Streams:
    """Runs and strata of rows; `swap` draws who gets whose message.

    Rows change places only with rows of the same stratum that come as late within it in their run, among `near` runs
    that follow one another. Of these a permutation is drawn evenly (by its cycles, cut at the records of a random
    order: Foata); where a run has no such row, its place in the cycle is passed over. With one row a run in one stratum
    that is a plain permutation; with runs of the same contexts throughout whole streams change places.
    """

    def __init__(self, run: np.ndarray, stratum: np.ndarray, near: int = NEAR) -> None:
        self.run, self.count, self.near = run, int(run.max(initial=-1)) + 1, near
        late = occurrence(_numbered(stratum, run))
        self.group = _numbered(stratum, late, run // near)
        while self.near < self.count and self.free < ENOUGH:
            self.near *= 2
            self.group = _numbered(stratum, late, run // self.near)

    @property
    def free(self) -> float:
        """The share of rows that may be elsewhere: in a place that n rows share all but one can be."""
        return 1 - len(np.unique(self.group)) / max(1, len(self.group))

    def swap(self, random: np.random.Generator) -> np.ndarray:
        """For every row the row whose message it gets, `int64[N]`, a permutation."""
        drawn = np.argsort(np.arange(self.count) // self.near + random.random(self.count))
        place, cycle = np.empty_like(drawn), np.empty_like(drawn)
        place[drawn] = np.arange(self.count)
        cycle[drawn] = np.cumsum(drawn == np.maximum.accumulate(drawn))
        order = np.argsort(self.group * self.count + place[self.run])
        ring = self.group[order] * (self.count + 1) + cycle[self.run[order]]
        first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
        following = np.arange(1, len(order) + 1)
        following[np.r_[first[1:], len(order)] - 1] = first
        source = np.empty(len(order), np.int64)
        source[order] = order[following]
        return source


def _numbered(*codes: np.ndarray) -> np.ndarray:
    """One number from 0 for every combination that occurs, `int64[N]`."""
    return np.unique(np.stack(codes), axis=1, return_inverse=True)[1].reshape(-1)


def compared(
    question: Question, streams: Streams, random: np.random.Generator, rounds: int = 9999, stop: int = 20
) -> Tested:
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
    return Tested(min(bits, question.ceiling), (low, high), float(p), streams.count, done)


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
