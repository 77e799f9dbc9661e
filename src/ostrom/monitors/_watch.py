"""Following a log that grows: every monitor's evidence as it comes, and an alarm as soon as it is enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, joined, ranked
from ._monitor import LEVEL, Monitoring, default
from ._rates import standing


class Watching:
    """Monitors that follow one log. `read` takes fresh rows and returns the alarms that are new.

    Evidence is kept as e-values, which may be looked at after every row: what stands is decided by e-BH over all that
    is followed, at a false-discovery rate of `level`. An alarm that once stood stays one.

    Parameters
    ----------
    monitors : default all that need nothing but a log. level : in (0, 1). seed : for what is drawn.

    Examples
    --------
    >>> from ostrom import Event
    >>> watching = Watching([])
    >>> watching.read(Log.of([Event(0, 0, "ann", "message", message="hello")]))
    ()
    >>> watching.so_far().size
    (1, 1, 1)
    """

    def __init__(self, monitors: Iterable[Monitor] | None = None, *, level: float = LEVEL, seed: int = 0) -> None:
        chosen = default() if monitors is None else tuple(monitors)
        self.level = level
        self._followers = [(type(one).__name__, one.follow(seed)) for one in chosen]
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._unread: dict[str, str] = {}
        self._stood: dict[Any, Reading] = {}
        self._logs: list[Log] = []

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take rows that were not there before; the alarms that stand now and did not before."""
        self._logs.append(fresh)
        for name, follower in self._followers:
            try:
                self._readings[name] = tuple(follower.read(fresh))
                self._unread.pop(name, None)
            except UnknownName:
                raise
            except (NothingToRead, InputError) as why:
                self._unread[name] = str(why)
        now = [reading for found in self._readings.values() for reading in found]
        new = tuple(one for one in standing(now, self.level) if one.key not in self._stood)
        self._stood |= {reading.key: reading for reading in new}
        return new

    def so_far(self) -> Monitoring:
        """Everything until now, as a monitored log; alarms that once stood are kept as they stood."""
        log = joined(self._logs)
        current = {one.key: one for found in self._readings.values() for one in found}
        size = len(log), len(log.agents), len(np.unique(log.episode))
        readings = ranked({**current, **self._stood}.values())
        return Monitoring(log.source, size, readings, self.level, dict(self._unread), log, tuple(self._stood.values()))
