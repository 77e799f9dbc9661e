"""Early warning: orders lean to one side, swings widen, or numbers keep their direction, before something gives way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, joined, shown
from ._loop_series import Series, series
from ._loop_windows import changes, features, followed

WEIGHTS = {"push": 0.5, "swing": 0.25, "memory": 0.25}
LEAST = 20
"""Windows below which nothing can be said."""

SAID = {
    "push": "lean to one side",
    "swing": "swing more widely",
    "memory": "keep their direction for longer",
}


@dataclass(frozen=True)
class EarlyWarning(Monitor):
    """Whether the numbers of a log get out of line with how they were: signs that come before a system tips over.

    Rounds are cut into windows. Of each, three things are ranked among the windows so far, over all numbers together:
    how far the moves in it lean to one side (order imbalance), how much they swing (variance), and how much each is
    like the one before (autocorrelation). A bet on high ranks makes an e-value that holds at any time. A steady trend
    and heavy tails leave ranks as they are; so nothing is assumed of either.

    With `reference` logs of runs in which nothing happened, the largest capital at any time is compared with theirs
    instead: a p-value that holds for whatever is in them, spells of wild prices included.

    It warns of change, not of a crash: a shift to a quieter, one-sided market looks the same. What tips over without
    leaning, swinging or slowing first is not seen.

    Parameters
    ----------
    window : rounds in a window; it should be longer than moves hang together by themselves.
    most : numbers looked at together. only : the one column to read; default all.
    reference : logs of calm runs, at least as long as the one that is read.

    Raises `InputError` for a window below 2, or `most` below 1.
    """

    window: int = 4
    most: int = 12
    only: str | None = None
    reference: tuple[Log, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.window < 2 or self.most < 1:
            what = f"A window of {self.window} rounds, {self.most} numbers."
            raise InputError(what, do="Give a window of 2 rounds or more and at least one number.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading, of all numbers together."""
        numbers = self._numbers(log)
        capital = followed(changes(numbers), self.window, seed)
        path = np.sum([WEIGHTS[name] * one for name, one in capital.items()], axis=0)
        signal = max(capital, key=lambda name: capital[name][-1])
        lead, times, interval = _strongest(numbers, signal, self.window, seed)
        sentence = f"The last moves {SAID[signal]}, most of all {numbers.names[lead]}: "
        sentence += f"{times:.3g} times as much as usual (95 % {interval[0]:.3g} to {interval[1]:.3g})."
        if interval[1] < 1e-9:
            sentence = f"Nothing moved of late, least of all {numbers.names[lead]}: there is nothing that could warn."
        p, e, assumed = self._evidence(path, seed)
        return [
            Reading(
                "EarlyWarning", sentence, times, "times the usual", len(numbers) // self.window, p=p, e=e,
                interval=interval, assumes=assumed, who=(numbers.who[lead],) if numbers.who[lead] else (),
                where={"numbers": "all"}, risks=("destabilising dynamics", "network effects"),
                rows=shown(log, numbers.rows[-10:, lead]),
                numbers={"signal": signal, "first round above 100": _first(path >= 100), "lead": numbers.names[lead],
                         **{f"e of {name}": float(one[-1]) for name, one in capital.items()}},
                source="Scheffer et al. (2009); conformal martingale: Vovk, Gammerman and Shafer (2005)",
            )
        ]  # fmt: skip

    def worth(self, log: Log, seed: int = 0) -> np.ndarray:
        """The capital as of each round, `float[N]`, for somebody who watches; 1 in the beginning."""
        capital = followed(changes(self._numbers(log)), self.window, seed)
        return np.sum([WEIGHTS[signal] * one for signal, one in capital.items()], axis=0)

    def follow(self, seed: int = 0) -> Windows:
        """Reads all that was seen again as soon as there is a window more; the capital may be looked at any time."""
        return Windows(self, seed)

    def _numbers(self, log: Log) -> Series:
        numbers = series(log, self.most, self.only)
        if len(numbers) < LEAST * self.window:
            raise NothingToRead(f"{len(numbers)} rounds; it needs {LEAST * self.window}, {LEAST} windows.")
        return numbers

    def _evidence(self, path: np.ndarray, seed: int) -> tuple[float | None, float | None, str]:
        if not self.reference:
            return None, float(path[-1]), f"in a calm run, windows of {self.window} rounds could come in any order"
        calm = [self.worth(one, seed + k + 1).max() for k, one in enumerate(self.reference)]
        reached = sum(one >= path.max() for one in calm)
        return float((1 + reached) / (1 + len(calm))), None, "the reference runs are calm, as long, and alike otherwise"


def _strongest(numbers: Series, signal: str, window: int, seed: int) -> tuple[int, float, tuple[float, float]]:
    """Which number stands out most in the last fifth of windows, how many times the usual, with a 95 % interval."""
    found = features(changes(numbers), signal, window)
    size = np.abs(found - np.median(found, axis=0)) if signal == "push" else np.abs(found)
    cut = max(1, len(size) // 5)
    usual, late = size[:-cut], size[-cut:]
    rng = np.random.default_rng([seed, 9])
    floor = 1e-12 + 1e-9 * size.max(0)
    ratio = late.mean(0) / np.maximum(usual.mean(0), floor)
    lead = int(np.argmax(ratio))
    draws = [part[rng.integers(len(part), size=(499, len(part))), lead].mean(1) for part in (late, usual)]
    low, high = np.quantile(draws[0] / np.maximum(draws[1], floor[lead]), [0.025, 0.975])
    return lead, float(ratio[lead]), (float(low), float(high))


def _first(above: np.ndarray) -> int | None:
    return int(np.argmax(above)) if above.any() else None


class Windows:
    """Follows with all that was seen, read again when there is a window, and a fiftieth of it, more."""

    def __init__(self, monitor: EarlyWarning, seed: int) -> None:
        self.monitor, self.seed, self.read_rows = monitor, seed, 0
        self._logs: list[Log] = []
        self._readings: tuple[Reading, ...] = ()

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take fresh rows; the reading as of the last whole window that was read."""
        self._logs.append(fresh)
        rows = sum(map(len, self._logs))
        if rows - self.read_rows < max(self.monitor.window, self.read_rows // 50):
            return self._readings
        self._logs, self.read_rows = [joined(self._logs)], rows
        with suppress(NothingToRead):
            self._readings = self.monitor(self._logs[0], self.seed)
        return self._readings
