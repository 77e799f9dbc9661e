"""Message streams that change places: what would have been said here had another run been heard, in the same context.

A run is an episode, or a stretch of one where there are few. Its messages stay together and in order; only where the
context was the same does a message of one run stand in for one of another, so that what depends on the context alone,
and whatever a speaker or a listener keeps up through a run, is the same in the surrogates as in the record.
"""

from __future__ import annotations

import math

import numpy as np

NEAR = 20
"""Runs among which messages change places: neighbours, so that slow drift of both sides is not taken for a link."""

ENOUGH = 0.5
"""The share of rows that should have somewhere to go; where neighbours offer less, farther ones are taken."""

RUNS = 20
"""Runs that are wanted; where there are fewer episodes, long ones are cut into stretches."""

STRETCH = 5
"""Messages of a stretch at least."""


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
