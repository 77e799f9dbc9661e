"""Urns of many runs side by side: every run is one column, so that a play is a few passes over memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.game import Array

COLUMNS = 8192
"""Runs worked on together: their urns stay in the cache. Each such block has a stream of random numbers of its own."""
AHEAD = 2**18
"""Random numbers drawn at a time."""
FEW = 4
"""Moves up to which adding to every row under a mask is cheaper than finding the one."""


@dataclass(frozen=True, eq=False)
class Seat:
    """One player: which urn it draws from after each beginning of a play, and how draws are reinforced.

    `sees int[B]` by the number of the beginning (state, then the moves of earlier seats); `reward float[J]` by the
    number of the whole play, not negative; `start float[O, A]`.
    """

    sees: Array
    reward: Array
    start: Array


class Urns:
    """Contents `[O, A, R]` of all seats' urns in R runs, and the rule by which they grow."""

    def __init__(self, seats: list[Seat], odds: Array, runs: int, forgetting: float, trying: float, kind: type) -> None:
        self.seats, self.kind, self.runs = seats, kind, np.arange(runs)
        self.urns = [np.repeat(seat.start[:, :, None], runs, axis=2).astype(kind) for seat in seats]
        self.rewards = [seat.reward.astype(kind) for seat in seats]
        self.bounds = np.cumsum(odds)[:-1].astype(kind)
        self.kept, self.trying = kind(1 - forgetting), trying
        self.plain = forgetting == 0 and trying == 0

    @property
    def draws(self) -> int:
        """Random numbers that one play of one run takes."""
        return len(self.seats) + (len(self.bounds) > 0)

    def play(self, luck: Array) -> Array:
        """Play and learn once with random numbers `luck[draws, R]`; the number of the whole play, `int[R]`."""
        at = np.zeros(len(self.runs), np.intp)
        for bound in self.bounds:
            at += luck[-1] >= bound
        made = []
        for seat, urn, u in zip(self.seats, self.urns, luck, strict=False):
            size = urn.shape[1]
            # Of a single urn the rows themselves; otherwise where each run's urn begins.
            base = None if len(urn) == 1 else seat.sees.take(at) * (size * len(self.runs)) + self.runs
            flat = urn.reshape(-1)
            rows = list(urn[0]) if base is None else [flat.take(base + k * len(self.runs)) for k in range(size)]
            move = _drawn(rows, u)
            made.append((base, rows, move))
            at *= size
            at += move
        for urn, reward, (base, rows, move) in zip(self.urns, self.rewards, made, strict=True):
            self._reinforce(urn, base, rows, move, reward.take(at))
        return at

    def _reinforce(self, urn: Array, base: Array | None, rows: list[Array], move: Array, reward: Array) -> None:
        size, flat = urn.shape[1], urn.reshape(-1)
        if self.plain and base is None and size <= FEW:
            for k, row in enumerate(rows):
                row += reward * (move == k)
        elif self.plain:
            place = (0 if base is None else base) + move * len(self.runs) + (self.runs if base is None else 0)
            flat[place] += reward
        else:
            other = reward * self.kind(self.trying / max(size - 1, 1))
            chosen = reward * self.kind(1 - self.trying if size > 1 else 1)
            for k, row in enumerate(rows):
                place = self.runs + k * len(self.runs) if base is None else base + k * len(self.runs)
                flat[place] = row * self.kept + np.where(move == k, chosen, other)


def _drawn(rows: list[Array], u: Array) -> Array:
    """Which row is drawn, `int[R]` (of two rows `bool[R]`), with odds in proportion to their contents."""
    total = rows[0] + rows[-1] if len(rows) > 1 else rows[0]
    for row in rows[1:-1]:
        total = total + row
    mark = u * total
    if len(rows) == 2:
        return mark >= rows[0]
    below, move = rows[0].copy(), np.zeros(len(u), np.intp)
    for row in rows[1:]:
        move += mark >= below
        below += row
    return move


def drawn(
    seats: list[Seat], odds: Array, runs: int, rounds: int, first: int, seed: int, forgetting: float, trying: float
) -> tuple[list[Array], Array]:
    """Contents of all urns at the end, `[R, O, A]` per seat, and how often each play occurred from round `first` on,
    `[R, J]`."""
    kind = np.float32 if _whole_in_singles(seats, rounds, forgetting, trying) else np.float64
    ends, counts = [[] for _ in seats], []
    streams = np.random.SeedSequence(seed).spawn(-(-runs // COLUMNS))
    for block, stream in enumerate(streams):
        count = min(COLUMNS, runs - block * COLUMNS)
        urns = Urns(seats, odds, count, forgetting, trying, kind)
        tally = np.zeros(len(seats[0].reward) * count)
        for time, luck in enumerate(
            _luck(np.random.Generator(np.random.SFC64(stream)), rounds, urns.draws, count, kind)
        ):
            at = urns.play(luck)
            if time >= first:
                tally[at * count + urns.runs] += 1
        counts.append(tally.reshape(-1, count).T)
        for end, urn in zip(ends, urns.urns, strict=True):
            end.append(np.moveaxis(urn, -1, 0).astype(float))
    return [np.concatenate(end) for end in ends], np.concatenate(counts)


def _luck(rng: np.random.Generator, rounds: int, draws: int, runs: int, kind: type):
    """Random numbers in [0, 1), `[draws, R]` for each round."""
    ahead = max(1, AHEAD // (draws * runs))
    for first in range(0, rounds, ahead):
        yield from rng.random((min(ahead, rounds - first), draws, runs), dtype=kind)


def _whole_in_singles(seats: list[Seat], rounds: int, forgetting: float, trying: float) -> bool:
    """Whether urns only ever hold multiples of a power of two that 24 bits write exactly."""
    if forgetting or trying:
        return False
    for digits in range(12):
        unit = 2.0**digits
        numbers = [unit * np.concatenate([seat.start.ravel(), seat.reward]) for seat in seats]
        if all((own == np.rint(own)).all() for own in numbers):
            most = max(math.fsum(seat.start.max(0)) + rounds * seat.reward.max() for seat in seats)
            return bool(unit * most < 2**24)
    return False
