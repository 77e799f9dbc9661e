"""The daily check-up: what an agent learned today, from whom, and whether it is still inside its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._learning_course import Course, checked, told
from ._learning_news import News, news
from ._learning_probes import CHANNEL, LEAST, ClosedDays, Probes, probes
from ._learning_sources import Changes, Sources, sources

EXCHANGED = "permutations of each probe's answers among the days"
LISTED = 5
"""Answers that a report writes out."""


@dataclass(frozen=True)
class CheckUp(Monitor):
    """What an agent that goes on learning has learned today, from whom, and whether it is inside its bounds.

    A day is an episode; probes and lessons are those of `Drift`. A probe's answers of today are held against its
    answers of up to `back` days before. Where nothing was learned they can be exchanged among these days; then the
    number of probes with another usual answer than before has a known distribution (`p`), and so has every single probe
    (each is surely changed or perhaps, at a false-discovery rate of `share` over all probes: for single ones ask each
    probe three times a day or more). What is new is laid to those who showed the new answer since the day before. The
    bounds are read as by `Drift`, over all days.

    It sees only what is asked, and whom it saw teach. Of several probes that change together because the agent has
    learned one thing, every one is counted: `p` is then too bold about how many things it learned, not that it did.

    Parameters
    ----------
    bound, channel, level, least : as in `Drift`.
    back : days before today that today is held against, at least 1.
    share : of false ones among the probes that are called surely changed, in (0, 1).

    Raises `InputError` for numbers out of range.
    """

    bound: float = 0.1
    channel: str = CHANNEL
    level: float = 5e-4
    least: int = LEAST
    back: int = 7
    share: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.bound, self.level, self.least)
        if not self.back >= 1 or not 0 < self.share < 1:
            raise InputError(
                f"{self.back} days back and a share of {self.share}.",
                "Today is held against at least one day, and a share is between 0 and 1.",
                "Give such numbers.",
            )

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """Of each agent, what its last day brought."""
        found = [self._day(asked, int(asked.days[-1])) for asked in probes(log, self.channel, self.least)
                 if len(asked.days) > 1]  # fmt: skip
        if not found:
            raise NothingToRead("Probes of one day only: a check-up needs a day before to hold today against.")
        return [one for day in found for one in day.readings]

    def follow(self, seed: int = 0) -> ClosedDays:
        """Follow day by day: whether it is inside its bounds, which may be looked at every day."""
        return ClosedDays(self, seed)

    def report(self, log: Log, agent: str | None = None, day: int | None = None) -> DailyReport:
        """The report of one day (default the last) of one agent (default the first that was asked).

        Only what was there on that day is read. Raises `UnknownName` for an agent without probes, `InputError` for a
        day on which it was not asked or before which it was not, and `NothingToRead` where nobody was asked.
        """
        asked = {one.agent: one for one in probes(log, self.channel, self.least)}
        if agent is not None and agent not in asked:
            raise UnknownName("agent that was asked", agent, asked)
        own = asked[agent] if agent is not None else next(iter(asked.values()))
        days = own.days
        when = int(days[-1]) if day is None else day
        if when not in days[1:]:
            raise InputError(
                f"There is no check-up of {own.agent} on day {when}.",
                f"It was asked on {len(days)} days, from {days[0]} to {days[-1]}, and the first has none before it.",
                "Give one of the later ones.",
            )
        return self._day(own, when)

    def _day(self, asked: Probes, day: int) -> DailyReport:
        days = asked.days
        at = int(np.searchsorted(days, day))
        before = days[max(0, at - self.back) : at]
        found = news(asked, before, day, self.share)
        taught = sources(asked, Changes(found.old, found.new, found.changed), int(before[-1]) + 1, day, self.channel)
        known, wrong, count = asked.tallies()
        past = known <= day
        course = Course.of(known[past], wrong[past], count[past], self.bound, self.level) if past.any() else None
        return DailyReport(asked, day, found, taught, course, self.channel)


@dataclass(frozen=True, eq=False)
class DailyReport:
    """One day of one agent; as text it is what a person reads in the evening.

    Attributes
    ----------
    asked : its probes. day : which.
    news : what changed. sources : who showed it. course : where it is, None where nothing says what is wrong.
    """

    asked: Probes
    day: int
    news: News
    sources: Sources
    course: Course | None
    channel: str

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The same as readings: that something was learned, and whether it is inside."""
        new, asked = self.news, self.asked
        last = asked.places[asked.on([self.day])]
        moved = last[np.isin(asked.situation[asked.on([self.day])], list(new.changed))]
        common: dict[str, Any] = {"who": (asked.agent,), "rows": shown(asked.log, moved), "risks": ("emergent agency",)}
        first = Reading(
            "check_up", f"{asked.agent}, day {self.day}: {self._learned} {self._taught}", len(new.changed) / new.asked,
            "of probes changed today", new.asked, p=new.p,
            assumes="where nothing was learned, a probe's answers can be exchanged among days; probes are independent",
            where={"channel": self.channel, "part": "learned"}, source=EXCHANGED,
            numbers={"day": self.day, "changed": len(new.changed), "expected": new.expected,
                     "surely": len(new.surely), "sources": told(self.sources)}, **common,
        )  # fmt: skip
        if self.course is None:
            return (first,)
        course = self.course
        return first, Reading(
            "check_up", f"{asked.agent}: {course.sentence}", course.share, "of probes", int(asked.on([self.day]).sum()),
            e=math.exp(min(float(course.evidence[-1]), 700.0)), interval=course.interval,
            assumes="answers of a day are independent given the agent, and probes do not depend on answers before",
            where={"channel": self.channel, "part": "bounds"}, numbers=course.numbers, **common,
        )  # fmt: skip

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        yield f"{self.asked.agent}, day {self.day}"
        yield f"  Learned: {self._learned}"
        for situation in self.news.order[:LISTED]:
            yield f"    {self._change(situation)}"
        if len(self.news.changed) > LISTED:
            yield f"    and {len(self.news.changed) - LISTED} more"
        yield f"  From whom: {self._taught}"
        where = "Nothing says which answers are wrong." if self.course is None else self.course.sentence
        yield f"  Bounds: {where[:1].upper()}{where[1:]}"

    @property
    def _learned(self) -> str:
        new = self.news
        said = f"{len(new.changed)} of {new.asked} answers are new, {len(new.surely)} of them surely; had it learned "
        return said + f"nothing, {new.expected:.1f} would be (p = {new.p:.2g})."

    @property
    def _taught(self) -> str:
        found, count = self.sources, len(self.news.changed)
        if not count:
            return "Nothing to explain."
        if not found.all:
            return "It was not seen to meet anybody."
        if not found.overlap:
            return f"It met {len(found.all)}; no lesson was about a probe, and none was asked: nobody can be named."
        told = [f"{one.name} showed {one.share:.0%} (p = {one.p:.2g})" for one in found.all if one.share > 0.005][:3]
        return f"Of what is new, {', '.join([*told, f'nobody was seen to show {found.nobody:.0%}'])}."

    def _change(self, situation: int) -> str:
        log, new = self.asked.log, self.news
        row = int(self.asked.places[self.asked.situation == situation][-1])
        names = [name for name in log.columns if name == "observation" or name.startswith("observation.")]
        told = ", ".join(str(log[name][row]) for name in names if log[name].present[row])
        values = log["action"].values
        change = f"{_short(values[new.old[situation]])} -> {_short(values[new.new[situation]])}"
        sure = "surely" if situation in new.surely else "perhaps"
        return f"{_short(told, 40)}: {change} ({sure}, p = {new.single[situation]:.2g})"


def _short(value: Any, length: int = 20) -> str:
    """A value in a line of a report: no line breaks, not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text if len(text) <= length else text[: length - 1] + "…"
