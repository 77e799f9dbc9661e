"""What all were shown at the steps before, for a log that comes in pieces; and what of it goes with what is private."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.log import Log
from ._earlier import going_with
from ._influence_codes import refined
from ._protocol_units import word
from ._protocol_views import CONTEXTS, Groups

WHEN = ("as shown last", "a step before", "two steps before", "three steps before")
"""What is remembered of a public field, in this order."""

FIELDS = 12
"""Public fields that are remembered: those of the fewest values in the first piece of a log."""

OPEN = 1_000
"""Episodes, of those that said something last, of which it is remembered what all were shown."""


Seen = tuple[int, tuple[int, ...], tuple[int, ...]]
"""A private value, the groups of what was shown before, and of what is public."""

MEMORY = 25_600
"""Messages up to which it is asked again what goes with what is private."""


class Past:
    """Remembers what was shown last in each public field, and at the three steps before, by episode.

    Attributes
    ----------
    names : of what is remembered, in words.
    """

    def __init__(self, log: Log, public: Sequence[str]) -> None:
        """The public fields of a log, of which this is the first piece."""
        self._fields = sorted(public, key=lambda name: len(log.get(name).values))[:FIELDS]
        short = [field.removeprefix("observation.") for field in self._fields]
        self.names = tuple(f"{field} {when}" for field in short for when in WHEN)
        self._known: dict[int, list[tuple[int, tuple[Any, ...]]]] = {}

    def __call__(self, log: Log) -> list[tuple[Any, ...]]:
        """Take rows that were not there before; for each row what was shown before it, None for nothing."""
        columns = [log.get(name) for name in self._fields]
        found: list[tuple[Any, ...]] = []
        if not self._fields:
            return found
        for k, (episode, t) in enumerate(zip(log.episode.tolist(), log.t.tolist(), strict=True)):
            state = self._known.pop(episode, None) or [(t, (None,) * len(WHEN))] * len(columns)
            if any(column.codes[k] >= 0 for column in columns):
                state = [self._shown(one, t, column[k]) for one, column in zip(state, columns, strict=True)]
            self._known[episode] = state  # at the end: the oldest are forgotten
            if len(self._known) > OPEN:
                del self._known[next(iter(self._known))]
            found.append(tuple(value for one in state for value in self._by(one, t)))
        return found

    @staticmethod
    def _shown(state: tuple[int, tuple[Any, ...]], t: int, value: Any) -> tuple[int, tuple[Any, ...]]:
        step, values = state
        if value is None:
            return state
        if step == t or values[0] is None:
            return t, (value, *values[1:])
        return t, (value, *values[:-1])

    @staticmethod
    def _by(state: tuple[int, tuple[Any, ...]], t: int) -> tuple[Any, ...]:
        """What was shown last by a step, and at the steps before it."""
        step, values = state
        return values if step == t else (values[0], *values[:-1])


class Recalled:
    """Which of what was shown before goes with what is private, beside what is public now.

    It asks of the messages that are learned from, and whenever there are twice as many, until there are `MEMORY`.

    Attributes
    ----------
    which : numbers of those held fixed, among what is remembered.
    """

    def __init__(self, known: Sequence[tuple[Any, ...]], present: Sequence[tuple[Any, ...]], due: int) -> None:
        """From what was shown before the messages that are learned from, and what is public at each.

        due : messages at which it is asked again.
        """
        now = [list(map(word, column)) for column in zip(*present, strict=True)]
        self._groups: dict[int, Groups] = {}
        for k, column in enumerate(zip(*known, strict=True)):
            there = [n for n, value in enumerate(column) if value is not None]
            said = list(map(word, column))
            if len({said[n] for n in there}) > 1 and not any(all(said[n] == one[n] for n in there) for one in now):
                now.append(said)
                self._groups[k] = Groups(said, CONTEXTS)
        self.which: tuple[int, ...] = ()
        self.due = due
        self._seen: list[Seen] = []

    def fixed(self, known: tuple[Any, ...]) -> tuple[int, ...]:
        """The groups of what is held fixed."""
        return tuple(self._groups[k](word(known[k])) for k in self.which)

    def remember(self, value: int, known: tuple[Any, ...], present: tuple[int, ...]) -> None:
        """Keep a private value, and the groups of what was shown before it and of what was public, to be asked of."""
        if self._groups and self.due <= MEMORY:
            self._seen.append((value, tuple(group(word(known[k])) for k, group in self._groups.items()), present))

    def choose(self) -> bool:
        """Hold fixed what goes with what is private, of what is remembered; whether something is new in it."""
        if not self._seen:
            return False
        before, (values, groups, present) = set(self.which), zip(*self._seen, strict=True)
        codes = dict(zip(self._groups, np.array(groups, np.int64).T, strict=True))
        given = refined([*np.array(present, np.int64).reshape(len(values), -1).T], len(values))
        self.which = tuple(sorted(before | {*going_with(np.array(values, np.int64), codes, given)}))
        return set(self.which) != before

    def again(self) -> list[tuple[int, ...]]:
        """The same when it is due: where something is new, the contexts of all so far. It is due at twice as many."""
        self.due *= 2
        fresh = self.choose()
        kept = [n for n, k in enumerate(self._groups) if k in self.which]
        found = [(*now, *(groups[n] for n in kept)) for _, groups, now in self._seen] if fresh else []
        self._seen = self._seen if self.due <= MEMORY else []
        return found

    def forget(self) -> None:
        """Forget what was to be asked of."""
        self._seen = []
