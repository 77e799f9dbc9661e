"""Following with everything seen so far, looked at again and again, every look paid for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.log import Log
from ..core.reading import Reading, calibrated
from ._case import Monitor, NothingToRead, joined, ranked


class Looks:
    """Follows with everything seen so far, looked at again when there is half as much again.

    The k-th look costs a factor of k (k + 1) in its p-value, so that the least over all looks holds at any time; it is
    shown as an e-value. What is an e-value already holds at any time by itself.
    """

    def __init__(self, monitor: Monitor, seed: int) -> None:
        self.monitor, self.seed, self.looks = monitor, seed, 0
        self._log: list[Log] = []
        self._next = 1
        self._seen: dict[Any, Reading] = {}
        self._least: dict[Any, float] = {}

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take fresh rows; the readings as of the last look."""
        self._log.append(fresh)
        size = sum(map(len, self._log))
        if size >= self._next and size:
            self._log, self._next = [joined(self._log)], size + max(1, size // 2)
            try:
                found = self.monitor(self._log[0], self.seed)
            except NothingToRead:
                return ranked(self._seen.values())
            self.looks += 1
            for reading in found:
                self._seen[_what(reading)] = self._spent(reading)
        return ranked(self._seen.values())

    def _spent(self, reading: Reading) -> Reading:
        if reading.p is None:
            return reading
        paid = min(1.0, reading.p * self.looks * (self.looks + 1), self._least.get(_what(reading), 1.0))
        self._least[_what(reading)] = paid
        return replace(reading, p=None, e=calibrated(paid))


def _what(reading: Reading) -> Any:
    """What a reading is of, whoever it names this time."""
    return tuple(sorted((key, str(value)) for key, value in reading.where.items()))
