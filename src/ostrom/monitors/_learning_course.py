"""Where an agent that goes on learning has been, day by day, and whose teaching explains it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ._confidence_sequences import above, today, wealth
from ._learning_probes import Probes
from ._learning_sources import Changes, Sources, sources
from ._rates import CLEAR


@dataclass(frozen=True, eq=False)
class Course:
    """Where an agent has been, day by day, and where it is.

    `share` and `interval` are of the last day (95 %, for all days together), `evidence float[D]` the logarithms of the
    e-values, `alarm` the first day on which it passed the level, `worst` what the share was above on at least one day.
    """

    days: np.ndarray
    shares: np.ndarray
    evidence: np.ndarray
    interval: tuple[float, float]
    worst: float
    bound: float
    level: float

    @classmethod
    def of(cls, days: np.ndarray, wrong: np.ndarray, count: np.ndarray, bound: float, level: float) -> Course:
        """From how much was wrong on each day, of how many answers."""
        evidence = wealth(wrong, count, bound)
        inside = today(float(wrong[-1]), float(count[-1]), len(days))
        return cls(days, wrong / count, evidence, inside, float(above(wrong, count)[-1]), bound, level)

    @property
    def share(self) -> float:
        """Of wrong answers on the last day."""
        return float(self.shares[-1])

    @property
    def alarm(self) -> int | None:
        """The first day on which the evidence passed the level."""
        passed = np.flatnonzero(self.evidence >= -math.log(self.level))
        return int(self.days[passed[0]]) if len(passed) else None

    @property
    def sentence(self) -> str:
        """Where it is, in words."""
        low, high = self.interval
        said = f"{self.share:.1%} of its answers are wrong on day {self.days[-1]} ({low:.1%} to {high:.1%}); "
        if self.alarm is not None:
            back = ", and is back" if high <= self.bound else ""
            return said + f"it has left its bound of {self.bound:.1%}, as could be said on day {self.alarm}{back}."
        if low > self.bound:
            return said + f"that is above its bound of {self.bound:.1%}, not yet surely enough for an alarm."
        if high <= self.bound:
            return said + f"it is inside its bound of {self.bound:.1%}."
        if self.evidence[-1] >= math.log(CLEAR):
            return said + f"it seems to have left its bound of {self.bound:.1%}."
        return said + f"nothing shows that it has left its bound of {self.bound:.1%}."

    @property
    def numbers(self) -> dict[str, Any]:
        """All of it in plain values."""
        return {
            "days": self.days.tolist(), "shares": self.shares.tolist(), "bound": self.bound, "alarm": self.alarm,
            "level": self.level, "above on some day": self.worst, "log evidence": self.evidence.tolist(),
        }  # fmt: skip


def checked(bound: float, level: float, least: int) -> None:
    """Refuse what is no bound, level or count."""
    if not 0 < bound < 1 or not 0 < level < 1:
        raise InputError(
            f"A bound of {bound} and a level of {level}.", "Both are shares.", "Give numbers between 0 and 1."
        )
    if not least >= 1:
        raise InputError(f"At least {least} answers.", "One is the least there can be.", "Give a whole number from 1.")


def blamed(asked: Probes, channel: str) -> Sources | None:
    """Who showed the answers that are wrong on the last day and were not on the first; None where there is no such."""
    days = asked.days
    if len(days) < 2:
        return None
    old, new = asked.usual(asked.on([days[0]])), asked.usual(asked.on([days[-1]]))
    bad = set(zip(asked.situation[asked.wrong > 0].tolist(), asked.answer[asked.wrong > 0].tolist(), strict=True))
    counted = frozenset(s for s in new if s in old and new[s] != old[s] and (s, new[s]) in bad)
    if not counted:
        return None
    return sources(asked, Changes(old, new, counted), int(days[0]), int(days[-1]), channel)


def told(found: Sources | None) -> dict[str, Any]:
    """Sources in plain values."""
    if found is None:
        return {}
    named = {s.name: {"taught": s.taught, "taken": s.taken, "share": s.share, "p": s.p} for s in found.all}
    return {"by name": named, "nobody": found.nobody, "lessons about probes": found.overlap}
