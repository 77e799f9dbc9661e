"""Following a log that grows: every monitor's evidence as it comes, and an alarm as soon as it is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.errors import TooLarge, UnknownName
from ..core.log import Log
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._carry import Carry
from ._case import Monitor, joined, ranked, unreadable
from ._monitor import LEVEL, Monitoring, default, refuse_level, refuse_others
from ._rates import standing


class Watching:
    """Monitors that follow one log. `read` takes fresh rows and returns the alarms that are new.

    Evidence is kept as e-values, which may be looked at after every row: what stands is decided by e-BH over all that
    is followed, at a false-discovery rate of `level`. An alarm that once stood stays one.

    Parameters
    ----------
    monitors : one or several; default all that need nothing but a log. level : in (0, 1). seed : for what is drawn.

    Examples
    --------
    >>> from ostrom import Event
    >>> watching = Watching([])
    >>> watching.read(Log.of([Event(0, 0, "ann", "message", message="hello")]))
    ()
    >>> watching.so_far().size
    (1, 1, 1)
    """

    def __init__(
        self, monitors: Iterable[Monitor] | Monitor | None = None, *, level: float = LEVEL, seed: int = 0
    ) -> None:
        refuse_level(level)
        refuse_seed(seed)
        chosen = default() if monitors is None else refuse_others(monitors)
        self.level = level
        self._followers = [(type(one).__name__, one.follow(seed)) for one in chosen]
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._unread: dict[str, str] = {}
        self._stood: dict[Any, Reading] = {}
        self._logs: list[Log] = []
        self._carry = Carry()

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take rows that were not there before; the alarms that stand now and did not before."""
        self._logs.append(fresh)
        fresh = self._carry(fresh)
        return self._taken(lambda follower: follower.read(fresh))

    def finish(self) -> tuple[Reading, ...]:
        """Read what is left that was too little for a block, once, when nothing more will come; the new alarms."""
        return self._taken(lambda follower: follower.finish() if hasattr(follower, "finish") else None)

    def _taken(self, ask: Callable[[Any], Sequence[Reading] | None]) -> tuple[Reading, ...]:
        for name, follower in self._followers:
            try:
                found = ask(follower)
                if found is not None:
                    self._readings[name] = tuple(found)
                    self._unread.pop(name, None)
            except UnknownName:
                if name not in self._readings:  # later on it is a stretch of the log that lacks the field
                    raise
                self._unread[name] = "A field that was asked for is not in some of the rows."
            except Exception as why:  # what one monitor cannot do takes nothing from the others
                self._unread[name] = unreadable(why)
            if refused := getattr(follower, "refused", {}):
                passed = "; ".join(f"{often} × {why}" for why, often in refused.items())
                self._unread[name] = f"Blocks of rows were passed over: {passed}"
        now = [reading for found in self._readings.values() for reading in found]
        new = tuple(one for one in standing(now, self.level) if one.key not in self._stood)
        self._stood |= {reading.key: reading for reading in new}
        return new

    def so_far(self) -> Monitoring:
        """Everything until now, as a monitored log; alarms that once stood are kept, with what is known of them now."""
        try:
            log = joined(self._logs) if self._logs else None
        except TooLarge:  # what was legal piece by piece may not be together; the report needs no rows
            log = None
        agents = {name for part in self._logs for name in part.agents}
        episodes = {number for part in self._logs for number in np.unique(part.episode).tolist()}
        current = {one.key: one for found in self._readings.values() for one in found}
        stood = {key: _latest(one, current.get(key, one)) for key, one in self._stood.items()}
        size = sum(map(len, self._logs)), len(agents), len(episodes)
        source = self._logs[0].source if self._logs else "nothing yet"
        readings = ranked({**current, **stood}.values())
        return Monitoring(source, size, readings, self.level, dict(self._unread), log, tuple(stood.values()))


def _latest(before: Reading, now: Reading) -> Reading:
    """An alarm as it is seen now; where evidence has been lost since, as it was then."""
    if now.evidence >= before.evidence:
        return now
    return replace(before, n=now.n, numbers={**before.numbers, "e now": now.evidence})
