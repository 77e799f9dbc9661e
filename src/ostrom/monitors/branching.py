"""Branching: how many events does one event set off, and is that near the one at which they never end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._loop_hawkes import Branches, branches, of_counts, of_times

LEAST = 50
"""Events below which nothing can be said."""

SHARE = 10
"""Events set off are looked for within such a part of the time watched; slower ones look like a base rate."""

SOURCE = "Hawkes (1971); maximum likelihood: Ozaki (1979); counts: Kirchner (2016); Hardiman and Bouchaud (2014)"
ASSUMES = "the rate of events that nothing set off stays the same all along"


@dataclass(frozen=True)
class Branching(Monitor):
    """How many messages (orders, alarms, …) one sets off by itself: the branching ratio n of each channel.

    Events come at a base rate, and each raises the rate of later ones for a while. With n of them set off by each, a
    share n of all events is answer to others (1 - base / rate), one event makes 1 / (1 - n) in the end, and at n = 1
    they do not end. The p-value is about n being `near` or less.

    It takes the base rate for constant. A day with busy and quiet hours, or news that make all speak, look like events
    that set off one another (Filimonov and Sornette 2015): read stretches of one kind.

    Parameters
    ----------
    near : the ratio above which activity is called near to running away.
    time : the column that says when ("facts.time"); default the step, with counts of events in each.

    Raises `InputError` for `near` outside (0, 2).
    """

    near: float = 0.8
    time: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.near < 2:
            raise InputError(f"near is {self.near}.", do="Give a number of events set off by one, such as 0.8.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading for every channel with fifty events of agents."""
        agents, channels, found = log.get("agent"), log.get("channel"), []
        acted = np.array([*(bool(name) for name in agents.values), False])[agents.codes]
        for code, channel in enumerate(channels.values):
            rows = np.flatnonzero(acted & (channels.codes == code))
            if len(rows) >= LEAST and (made := self._channel(log, rows, channel)) is not None:
                found.append(made)
        if not found:
            raise NothingToRead(f"No channel has {LEAST} events of agents at times that vary.")
        return found

    def _channel(self, log: Log, rows: np.ndarray, channel: Any) -> Reading | None:
        if self.time is not None:
            when = log[self.time].numbers[rows]
            rows, when = rows[np.isfinite(when)], when[np.isfinite(when)]
            runs = [np.sort(when[log.episode[rows] == one]) for one in np.unique(log.episode[rows])]
            runs = [run - run[0] for run in runs if len(run) > 1 and run[-1] > run[0]]
            if sum(map(len, runs)) < LEAST:
                return None
            found, rate = _times([run[1:] for run in runs], [float(run[-1]) for run in runs], self.near)
        else:
            runs = _counts(log, rows)
            counts = np.concatenate(runs)
            if len(counts) < LEAST or counts.var() == 0:
                return None
            rate = float(counts.mean())
            found = branches(of_counts(runs), rate, (min(SHARE / len(counts), 1.0), 3.0), self.near)
        who = tuple(name for name in log.agents if name in {log["agent"][k] for k in rows})
        return _reading(found, rate, len(rows), self.near, who, {"channel": str(channel)}, shown(log, rows))


def _counts(log: Log, rows: np.ndarray) -> list[np.ndarray]:
    """Events in every step from the first row of an episode to the last, for episodes of some length."""
    made = []
    episodes, at = np.unique(log.episode, return_inverse=True)
    first = np.full(len(episodes), np.iinfo(np.int64).max)
    last = np.full(len(episodes), np.iinfo(np.int64).min)
    np.minimum.at(first, at, log.t)
    np.maximum.at(last, at, log.t)
    own = np.sort(at[rows])
    rows = rows[np.argsort(at[rows], kind="stable")]
    for k in np.unique(own):
        length = int(last[k]) - int(first[k])
        if 10 <= length < 10**6:
            inside = rows[np.searchsorted(own, k) : np.searchsorted(own, k, side="right")]
            made.append(np.bincount(log.t[inside] - first[k], minlength=length + 1).astype(float))
    return made or [np.zeros(1)]


def _times(runs: list[np.ndarray], ends: list[float], near: float) -> tuple[Branches, float]:
    rate = sum(map(len, runs)) / sum(ends)
    return branches(of_times(runs, ends), rate, (min(SHARE / sum(ends), rate), 20 * rate), near), rate


def _reading(
    found: Branches,
    rate: float,
    n: int,
    near: float,
    who: tuple[str, ...],
    where: dict[str, str],
    rows: tuple[int, ...],
) -> Reading:
    low, high = found.interval
    sentence = f"One event sets off {found.ratio:.3g} others (95 % {low:.3g} to {high:.3g}): "
    sentence += f"{min(found.ratio, 1):.0%} of them answer others"
    sentence += (
        f", and one makes {1 / (1 - found.ratio):.3g} in the end." if found.ratio < 1 else ", and they do not end."
    )
    return Reading(
        "Branching", sentence, found.ratio, "events set off by one", n, p=found.p, interval=found.interval,
        assumes=ASSUMES, who=who, where=where, rows=rows, risks=("network effects", "destabilising dynamics"),
        numbers={"base": found.base, "rate": rate, "1 - base / rate": 1 - found.base / rate, "decay": found.decay,
                 "near": near},
        source=SOURCE,
    )  # fmt: skip


def branching_ratio(times: Any, end: float | None = None, *, near: float = 0.8) -> Reading:
    """The branching ratio of events at given times.

    Parameters
    ----------
    times : `float[N]`, at least fifty, from 0 on. end : until when was watched; default the last event.
    near : the ratio that the p-value is about.

    Raises `InputError` for other times.

    Examples
    --------
    >>> steady = np.cumsum(np.random.default_rng(0).exponential(size=400))
    >>> branching_ratio(steady).interval[0]
    0.0
    """
    try:
        given = np.sort(np.asarray(times, float).reshape(-1))
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The times are no numbers: {error}.", do="Give one number for each event.") from None
    last = given[-1] if end is None and len(given) else end
    fine = len(given) >= LEAST and np.isfinite(given).all() and given[0] >= 0 and given[-1] > given[0]
    if not fine or last is None or not np.isfinite(last) or last < given[-1]:
        raise InputError(
            f"{len(given)} events, watched until {last}.",
            f"It takes {LEAST} finite times of at least 0, not all the same, and an end that none of them is after.",
            "Count times from when watching began.",
        )
    if not 0 < near < 2:
        raise InputError(f"near is {near}.", do="Give a number of events set off by one, such as 0.8.")
    kept = given[:-1] if end is None else given
    found, rate = _times([kept], [float(last)], near)
    return _reading(found, rate, len(given), near, (), {"events": "given"}, ())
