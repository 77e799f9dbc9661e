"""Drift: whether an agent that goes on learning from others is still inside its bounds, day by day."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._learning_course import Course, blamed, checked, told
from ._learning_probes import CHANNEL, LEAST, ClosedDays, Probes, probes
from ._learning_sources import Source, Sources

BETTING = "Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (2023)"
EXACT = "Fisher's exact test, over those it could have learned from"
RISKS = ("network effects", "selection pressures")


@dataclass(frozen=True)
class Drift(Monitor):
    """Whether the share of an agent's wrong answers to a set of probes has gone above a bound, and from whom it came.

    A day is an episode. Rows on `channel` are probes: the situation as the observation, the agent's answer as the
    action. An answer is wrong if the fact `wanted` on its row names another, or as far as the fact `wrong` (0 to 1)
    says; with neither, if it is not the agent's usual answer of its first day: then the bound is on change.

    The evidence is an e-value against "on no day was the expected share of wrong answers above the bound", by betting.
    It may be looked at every day, the answers to one day's probes may have odds of their own, and the drift may begin
    on any day. A second reading names who taught it: of the others whose moves in a probe's situation it could see, the
    one who showed most of the answers that are wrong now and were not on the first day, with an exact test. What those
    whom it met answer to the same probes counts as shown.

    It assumes that answers of a day are independent given the agent, and that probes are asked whatever the answers
    before. It sees nothing outside the probes, and no change that leaves the share below the bound.

    Parameters
    ----------
    bound : the share of wrong answers that is allowed, in (0, 1): ε.
    channel : where probes are.
    level : odds of a false alarm, at any time, at which the day of the alarm is named.
    least : answers below which an agent is not looked at.

    Raises `InputError` for numbers out of range.
    """

    bound: float = 0.1
    channel: str = CHANNEL
    level: float = 5e-4
    least: int = LEAST

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.bound, self.level, self.least)

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """Of each agent, whether it is inside; and who taught it what is wrong."""
        found = [one for asked in probes(log, self.channel, self.least) for one in self._of(asked)]
        if not found:
            raise NothingToRead(
                "Probes of one day only, and nothing says which answers are wrong. Add a second day (episode), or "
                'write on the rows of probes what is wanted, "facts": {"wanted": "buy"}, or how wrong the answer '
                'was, "facts": {"wrong": 0.3}.'
            )
        return found

    def follow(self, seed: int = 0) -> ClosedDays:
        """Follow day by day; a day is read when it is over."""
        return ClosedDays(self, seed)

    def _of(self, asked: Probes) -> Iterator[Reading]:
        days, wrong, count = asked.tallies()
        if not len(days):
            return
        course = Course.of(days, wrong, count, self.bound, self.level)
        taught = blamed(asked, self.channel)
        last = asked.places[asked.on([days[-1]]) & (asked.wrong > 0)]
        yield Reading(
            "drift", f"{asked.agent}: {course.sentence}{_named(taught)}", course.share, "of probes", int(count.sum()),
            e=math.exp(min(float(course.evidence[-1]), 700.0)), interval=course.interval,
            assumes="answers of a day are independent given the agent, and probes do not depend on answers before",
            who=(asked.agent,), where={"channel": self.channel}, rows=shown(asked.log, last),
            risks=RISKS, numbers=course.numbers | {"against": asked.against, "sources": told(taught)}, source=BETTING,
        )  # fmt: skip
        if taught is not None and (first := taught.first) is not None:
            yield _lesson(asked, first, taught, self.channel)


def _named(found: Sources | None) -> str:
    if found is None:
        return ""
    if not found.overlap:
        return " No lesson was about a probe, and none it met were asked them: nobody can be named."
    if found.first is None:
        return " Nobody it met was seen to show any of what is newly wrong."
    return f" {found.first.name} showed {found.first.share:.0%} of what is newly wrong, nobody {found.nobody:.0%}."


def _lesson(asked: Probes, first: Source, found: Sources, channel: str) -> Reading:
    """That one source taught what is wrong."""
    said = f"{asked.agent} took {first.taken} wrong answers over from {first.name}, which taught it {first.taught} new "
    return Reading(
        "drift", said + f"ones: {first.lift:.1%} more than became wrong where it taught none.",
        first.lift, "of what was taught", first.taught, p=first.p,
        assumes="probes are learned one by one, and what was taught was not chosen by what would have changed anyway",
        who=(first.name, asked.agent), where={"channel": channel, "part": "source"}, risks=RISKS,
        numbers=told(found), source=EXACT,
    )  # fmt: skip
