"""What a monitor is: it reads a log, and follows one that grows."""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any, Protocol, get_origin, get_type_hints

import numpy as np

from ..core._hints import in_words, suits
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.log import Log
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._rates import CLEAR

LEAST = 200
"""Fresh rows that a monitor of blocks waits for before it reads the first."""

MOST = 3200
"""Rows of a block up to which blocks grow."""

SHOWN = 20
"""Rows that a reading names at most."""


class NothingToRead(Exception):
    """A log holds nothing that a monitor could read; the words say what it would need. Not an error of anybody's."""


class Monitor(ABC):
    """A question to a log. Subclasses are frozen dataclasses whose fields are the monitor's parameters.

    Their docstring says what the monitor computes, what it assumes and what it cannot see.
    """

    def __post_init__(self) -> None:
        """Refuse parameters of another type than is declared, and numbers that are none; lists become tuples."""
        try:
            hints = get_type_hints(type(self))
        except NameError:  # of a class within a function types may have names that are known there only
            return
        for name in (one.name for one in fields(self)):  # type: ignore[arg-type]
            value, hint = getattr(self, name), hints[name]
            if isinstance(value, list) and get_origin(hint) is tuple:
                object.__setattr__(self, name, value := tuple(value))
            if not suits(hint, value) or (isinstance(value, float) and not math.isfinite(value)):
                raise InputError(
                    f"{type(self).__name__}({name}={value!r:.80}) is not {in_words(hint)}.",
                    do=f"Give {name} as {in_words(hint)}.",
                )

    @abstractmethod
    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """The readings of a log, looked at once. Raises `NothingToRead` where the log has nothing for this monitor."""

    def __call__(self, log: Log, seed: int = 0) -> tuple[Reading, ...]:
        """The readings of a log, those with the strongest evidence first; the same seed gives the same readings.

        What an agent is shown in a row of its own counts for what it says and does after it.
        """
        from ._carry import carried

        refuse_seed(seed)
        if not isinstance(log, Log):
            raise InputError(f"The log is {log!r:.80}.", do="Give a Log: open_log(path) reads one, Log.of(events) too.")
        return ranked(self.read(carried(log), seed))

    def follow(self, seed: int = 0) -> Follower:
        """What follows a log that grows: by default in blocks of fresh rows. Its evidence may be looked at any time."""
        return Blocks(self, seed)


class Follower(Protocol):
    """Reads a log that grows, block by block."""

    def read(self, fresh: Log) -> Sequence[Reading]:
        """Take rows that were not there before; the readings as of now, with e-values that hold at any time."""
        ...


class Blocks:
    """Follows with a monitor that looks once: each row is read in one block only, and the e-values are multiplied.

    The product is an e-value at whatever time one stops if every block's p-value holds given the blocks before it
    (Ville 1939; Vovk and Wang 2021). Testing all rows again whenever some are added would raise a false alarm sooner or
    later. Blocks grow from `least` rows to `most`, twofold each time, so that the first evidence comes soon and later
    blocks are strong; a block in which the monitor finds nothing to read waits for more, and one that it refuses is
    passed over: rows that do not fit would otherwise end its evidence for good. A reading is shown as it was in one
    block, so that its sentence, effect and rows go together: in the one that tells most where all of them together are
    clear, else in the one with most observations.

    Attributes
    ----------
    refused : what was said of blocks that were passed over, how often each.
    """

    def __init__(self, monitor: Monitor, seed: int = 0, least: int = LEAST, most: int = MOST) -> None:
        self.monitor, self.seed, self.size, self.most, self.blocks = monitor, seed, least, most, 0
        self.refused: Counter[str] = Counter()
        self._waiting: list[Log] = []
        self._seen: dict[Any, tuple[float, int, Reading, Reading]] = {}

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take fresh rows; read them, block after block, when there are enough."""
        self._waiting.append(fresh)
        while sum(map(len, self._waiting)) >= self.size:
            try:
                whole = joined(self._waiting)
            except TooLarge as why:  # rows that each have fields of their own; the last piece stays
                self.refused[str(why)] += 1
                self._waiting = self._waiting[-1:]
                continue
            rows, rest = np.arange(self.size), np.arange(self.size, len(whole))
            try:
                self._look(whole.take(rows))
            except NothingToRead:
                self._waiting, self.size = [whole], 2 * self.size
                continue
            self._waiting = [whole.take(rest)]
            self.size = min(2 * self.size, max(self.most, self.size))
        return self._readings()

    def finish(self) -> tuple[Reading, ...]:
        """Read what waits, however little, as the last block; nothing more may come."""
        waiting, self._waiting = [part for part in self._waiting if len(part)], []
        with suppress(NothingToRead, TooLarge):
            if waiting:
                self._look(joined(waiting))
        return self._readings()

    def _look(self, block: Log) -> None:
        try:
            found = self.monitor(block, self.seed + self.blocks + 1)
        except NothingToRead:  # more is needed
            raise
        except UnknownName:  # a field that was asked for by name: it may be misspelt, or a stretch may lack it
            if not self.blocks:
                raise
            self.refused["A field that was asked for is in none of the rows."] += 1
            found = ()
        except Exception as why:
            self.refused[unreadable(why)] += 1
            found = ()
        self.blocks += 1
        for reading in found:
            self._add(reading)

    def _add(self, reading: Reading) -> None:
        """Multiply what a block tells with what those before it told; of equals the later one is shown."""
        e, n, *shown = self._seen.get(reading.key, (1.0, 0, reading, reading))
        most, largest = shown
        most = reading if reading.evidence >= most.evidence else most
        largest = reading if reading.n >= largest.n else largest
        self._seen[reading.key] = (e * reading.evidence, n + reading.n, most, largest)

    def _readings(self) -> tuple[Reading, ...]:
        return ranked(_shown(*one) for one in self._seen.values())


def _shown(e: float, n: int, most: Reading, largest: Reading) -> Reading:
    """What blocks say together, by one of them."""
    one = most if e >= CLEAR else largest
    part = f" Effect, interval and rows are of {one.n:,} of the {n:,} observations." if one.n < n else ""
    return replace(one, p=None, e=e, n=n, assumes=one.assumes.rstrip(".") + "." + part if part else one.assumes)


def unreadable(why: Exception) -> str:
    """Why a monitor gave no readings, in words; whatever is no refusal is shown in full where that is asked for."""
    if isinstance(why, NothingToRead | InputError):
        return str(why)
    if os.environ.get("OSTROM_TRACEBACK"):
        raise why
    return f"It broke off with {type(why).__name__}: {why!s:.200}. This should not have happened."


def ranked(readings: Any) -> tuple[Reading, ...]:
    """Readings in order of evidence, the strongest first; those with the same in the order of their names."""
    return tuple(sorted(readings, key=lambda one: (-one.evidence, str(one.key))))


def joined(logs: Sequence[Log]) -> Log:
    """Logs that follow one another as one."""
    if len(logs) == 1:
        return logs[0]
    whole = Log.of(event for log in logs for event in log.events())
    return replace(whole, source=logs[0].source, row=np.concatenate([log.row for log in logs]))


def shown(log: Log, rows: Any) -> tuple[int, ...]:
    """The numbers in the source of some rows of a log, at most `SHOWN` of them, for a reading to name."""
    first = list(rows)[: 20 * SHOWN]  # several events may stand in one row of the source
    return tuple(dict.fromkeys(int(log.row[k]) for k in first))[:SHOWN]
