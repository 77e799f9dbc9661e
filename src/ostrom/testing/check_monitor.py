"""Does a monitor catch what is planted, keep its level where nothing is, and bear odd logs? The kit for monitors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.errors import DeclarationError
from ..core.log import Log
from ..core.reading import Reading
from ..monitors._case import Monitor, NothingToRead
from ._odd_logs import odd_logs

STRONG = 1e-3
"""The p-value, or one over the e-value, from which on a planted phenomenon counts as caught."""

SURE = 1e-6
"""Odds with which a monitor that keeps its level is called one that does not."""


@dataclass(frozen=True)
class Watchful:
    """What was checked of a monitor."""

    monitor: str
    checks: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.monitor} sees what it has to see.", *(f"  ✓ {check}" for check in self.checks)])


def check_monitor(
    monitor: Monitor,
    planted: Callable[[int], Log],
    absent: Callable[[int], Log],
    *,
    runs: int = 40,
    level: float = 0.05,
) -> Watchful:
    """Show a monitor logs with the phenomenon it looks for, logs without, and logs that nobody expects.

    Parameters
    ----------
    planted, absent : a log for each seed 0, 1, …. Those without should hold what is most easily taken for it.
    runs : logs without the phenomenon. level : where that many raise an alarm by chance, in (0, 1); of several readings
        of a log the strongest counts, with a p-value times their number.

    Raises `DeclarationError` at the first thing that is not as it should be: the planted phenomenon is missed in any of
    three logs, more alarms than chance allows, another answer with the same seed, a reading without assumptions, source
    or rows that are there, or an exception on an odd log.

    Examples
    --------
    See `docs/testing/check_monitor.md`.
    """
    name = type(monitor).__name__
    found = [_asked(name, monitor, planted(seed), seed) for seed in range(3)]
    for seed, readings in enumerate(found):
        if not readings or _odds(readings) > STRONG:
            seen = readings[0].sentence if readings else "nothing"
            _fail(name, f"it misses what is planted in log {seed}.", f"The strongest it says: {seen}")
    if [r.sentence for r in _asked(name, monitor, planted(0), 0)] != [r.sentence for r in found[0]]:
        _fail(name, "the same log and seed give other readings.", "Draw from the seed that is passed in.")
    alarms = sum(_odds(_asked(name, monitor, absent(seed), seed)) <= level for seed in range(runs))
    if alarms > _most(runs, level):
        _fail(
            name,
            f"it raises {alarms} alarms in {runs} logs without it.",
            f"A level of {level} allows {_most(runs, level)}.",
        )
    odd = sum(_bears(name, monitor, what, log) for what, log in odd_logs())
    return Watchful(
        name,
        (
            "planted: found in 3 of 3 logs",
            f"absent: {alarms} alarms in {runs} logs at a level of {level:g}",
            "the same seed gives the same readings",
            f"odd logs: {odd} read or left unread, none ends in an error",
        ),
    )


def _asked(name: str, monitor: Monitor, log: Log, seed: int) -> tuple[Reading, ...]:
    try:
        readings = monitor(log, seed)
    except NothingToRead:
        return ()
    rows = set(log.row.tolist())
    for reading in readings:
        if not reading.assumes or not reading.source:
            what = "what it assumes" if reading.source else "where its method comes from"
            _fail(name, f"a reading does not say {what}.", reading.sentence)
        if not set(reading.rows) <= rows:
            _fail(name, f"a reading names rows that the log does not have: {reading.rows[:5]}.", reading.sentence)
        if not set(reading.who) <= {*log.agents, ""}:
            _fail(name, f"a reading is about {reading.who}, who are not in the log.", reading.sentence)
    return readings


def _odds(readings: Sequence[Reading]) -> float:
    """The strongest evidence among readings as a p-value, paid for by their number."""
    each = [one.p if one.p is not None else 1 / max(one.e or 0.0, 1.0) for one in readings]
    return min([1.0, *(len(each) * p for p in each)])


def _most(runs: int, level: float) -> int:
    """Alarms that a monitor which keeps its level exceeds with odds of at most `SURE`."""
    from scipy.stats import binom

    return int(binom.isf(SURE, runs, level))


def _bears(name: str, monitor: Monitor, what: str, log: Log) -> bool:
    try:
        monitor(log, 0)
    except NothingToRead:
        pass
    except Exception as error:
        _fail(name, f"it ends in {type(error).__name__} on a log with this: {what}.", str(error))
    return True


def _fail(name: str, what: str, why: str) -> None:
    raise DeclarationError(f"{name}: {what}", why, "Look at ostrom.monitors.channels for one that is as it should be.")
