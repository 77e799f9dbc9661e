"""Of which of many numbers answers are estimated: early rounds choose them, and the others are read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..core.log import Log
from ._case import NothingToRead
from ._loop_gains import radius, rounds
from ._loop_series import Series, series

Array = np.ndarray

MANY = 40
"""Numbers among which is chosen, and whose growth is read."""

USUAL, LARGEST = 8, 12
"""Numbers whose answers are estimated together: usually, and at most."""

EACH, AMPLE = 5, 20
"""Rounds for every slope: at least, and from which on more numbers than usual are taken together."""

LIVELY = 20
"""Rounds in which something moves, below which answers are not estimated."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The numbers and rounds of which answers are estimated.

    Attributes
    ----------
    series : as chosen. values : `float[N, d]`, in logarithms where a number is positive; `positive bool[d]` where.
    left_out : names of the numbers that were not chosen. early : rounds that chose, and are not read.
    moved, steps : rounds in which something moved, and rounds that have one before them.
    """

    series: Series
    values: Array
    positive: Array
    left_out: tuple[str, ...]
    early: int
    moved: int
    steps: int


def gathered(log: Log, most: int | None, only: str | None) -> Series:
    """All numbers up to `MANY`; those set most often alone where many together would lose a tenth of the rounds."""
    few = series(log, USUAL if most is None else most, only)
    if few.left_out:
        with suppress(NothingToRead):
            many = series(log, MANY, only)
            return many if len(many) >= 0.9 * len(few) else few
    return few


def chosen(numbers: Series, most: int | None) -> Choice | None:
    """All numbers if there are at most `most`; else those that grow most, alone or in pairs, in the first third.

    What is read later does not choose, so that the choice leaves p-values as they are. None where too few rounds move.
    """
    room = _room(numbers) if most is None else most
    early = len(numbers) // 3 if len(numbers.names) > room else 0
    rest = numbers.rounds(slice(early, None))
    moved = _moved(rest)
    room = min(room, len(numbers.names), len(moved) // EACH - 1)
    if room < 1 or len(moved) < LIVELY or (not early and room < len(numbers.names)):
        return None
    positive = np.asarray((numbers.values > 0).all(0))
    values = np.where(positive, np.log(np.where(positive, numbers.values, 1.0)), numbers.values)
    kept = _grow(numbers.rounds(slice(0, early)), values[:early], room) if early else np.arange(room)
    left = tuple(name for k, name in enumerate(numbers.names) if k not in kept)
    rest = rest.take(kept)
    return Choice(rest, values[early:, kept], positive[kept], left + numbers.left_out, early, len(_moved(rest)),
                  len(rest.steps))  # fmt: skip


def _room(numbers: Series) -> int:
    return max(USUAL, min(LARGEST, len(numbers.steps) // AMPLE - 1))


def _moved(numbers: Series) -> Array:
    """Rounds in which any number is another than in the round before, in the same episode."""
    steps = numbers.steps
    return steps[(numbers.values[steps] != numbers.values[steps - 1]).any(1)]


def _grow(numbers: Series, values: Array, count: int) -> Array:
    """Half of them grow most from their own past, the rest are pairs that grow more than either alone, `int64[count]`.

    Of a loop that runs away all members grow; before it has, those do so most that answer one another.
    """
    steps, size = _moved(numbers), np.maximum(values.std(0), 1e-300)
    scaled, every = (values - values.mean(0)) / size, range(len(size))
    own = np.array([_radius(scaled, steps, numbers.turn, (k,)) for k in every])
    pairs = list(combinations(every, 2))
    more = [_radius(scaled, steps, numbers.turn, pair) - max(own[list(pair)]) for pair in pairs]
    first = np.argsort(-own, kind="stable")[: (count + 1) // 2].tolist()
    order = np.argsort(-np.array(more), kind="stable")
    members = list(dict.fromkeys([*first, *(k for one in order for k in pairs[one])]))
    return np.sort(np.array(members[:count], np.int64))


def _radius(values: Array, steps: Array, turn: Array, some: tuple[int, ...]) -> float:
    """By how much some numbers alone grow in a round, by least squares; 0 where it cannot be told."""
    if len(steps) < 2 * EACH:
        return 0.0
    answers = np.zeros((1, len(some), len(some)))
    for place, i in enumerate(some):
        seen = np.column_stack([values[steps if turn[j] < turn[i] else steps - 1, j] for j in some])
        answers[0, place] = np.linalg.lstsq(seen - seen.mean(0), values[steps, i] - values[steps, i].mean())[0]
    return float(np.nan_to_num(radius(rounds(answers, turn[list(some)])), posinf=0.0))
