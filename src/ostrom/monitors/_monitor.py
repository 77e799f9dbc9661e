"""The verb `monitor`: put every question to a log, and say which answers stand when all are looked at together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from os import PathLike
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError, UnknownName
from ..core.log import Log
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._case import Monitor, ranked, unreadable
from ._exchanges import LEAST
from ._rates import standing
from .adaptive import Adaptive
from .branching import Branching
from .changes import Changes
from .channels import Channels
from .check_up import CheckUp
from .drift import Drift
from .early_warning import EarlyWarning
from .feedback import Feedback
from .glossary import Glossary
from .half_conversation import HalfConversation
from .imitation import Imitation
from .influence import Influence
from .new_protocol import NewProtocol
from .novelty import Novelty
from .regret_audit import RegretAudit
from .screens import Screens
from .seeming import Seeming
from .working_channel import WorkingChannel

KINDS: tuple[type[Monitor], ...] = (
    *(Channels, Influence, WorkingChannel, Glossary, HalfConversation, NewProtocol, Novelty, Changes),
    *(Screens, RegretAudit, Imitation, Drift, CheckUp, Seeming),
    *(Adaptive, Feedback, Branching, EarlyWarning),
)
"""What a log is asked unless something else is."""

LEVEL = 0.05
"""The share of false ones among the alarms, unless another is asked for."""


@dataclass(frozen=True, eq=False)
class Monitoring:
    """What monitors saw in a log.

    Attributes
    ----------
    source : of the log. size : its rows, agents and episodes.
    readings : all of them, those with the strongest evidence first.
    alarms : those that stand when all are looked at together, at a false-discovery rate of `level`.
    unread : monitors that found nothing to read, with what they would need, or what in the log does not fit.
    log : what was read; None where it was not kept.
    stood : of a log that was watched as it grew, the alarms; None where all was read at once.
    """

    source: str
    size: tuple[int, int, int]
    readings: tuple[Reading, ...]
    level: float
    unread: Mapping[str, str] = field(default_factory=dict)
    log: Log | None = field(default=None, repr=False)
    stood: tuple[Reading, ...] | None = None

    @property
    def alarms(self) -> tuple[Reading, ...]:
        """The readings that stand when all are looked at together, or of a watched log those that once did."""
        return standing(self.readings, self.level) if self.stood is None else ranked(self.stood)

    @property
    def unheard(self) -> tuple[int, int]:
        """Agents with fewer rows than any monitor looks at by themselves (`LEAST`), and agents in all."""
        if self.log is None:
            return 0, self.size[1]
        column = self.log.get("agent")
        rows = np.bincount(column.codes[column.present], minlength=len(column.values))
        return int(sum(0 < n < LEAST and bool(name) for n, name in zip(rows, column.values, strict=True))), self.size[1]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The alarms as findings, then what could not be read."""
        kept = tuple(Finding(r.monitor, r.sentence, r.who, figures(r), r.source) for r in self.alarms)
        return kept + tuple(Finding(name, f"Not read: {why}", ()) for name, why in self.unread.items())

    def to_dict(self) -> dict[str, Any]:
        """All of it by name, without the log."""
        alarms = set(map(id, self.alarms))
        return {
            "source": self.source,
            "rows": self.size[0],
            "agents": self.size[1],
            "episodes": self.size[2],
            "level": self.level,
            "readings": [
                {"alarm": id(one) in alarms, **figures(one), "sentence": one.sentence} for one in self.readings
            ],
            "unread": dict(self.unread),
        }


def figures(reading: Reading) -> dict[str, Any]:
    """Everything of a reading but its sentence, by name."""
    named = {name: value for name, value in vars(reading).items() if name != "sentence"}
    return {**named, "where": dict(reading.where), "numbers": dict(reading.numbers)}


def monitor(
    log: Log | str,
    monitors: Iterable[Monitor] | Monitor | None = None,
    *,
    level: float = LEVEL,
    seed: int = 0,
    progress: Callable[[str], object] = lambda stage: None,
) -> Monitoring:
    """Read a log with monitors.

    Parameters
    ----------
    log : a `Log`, or the path of one in any format that `ostrom.formats.open_log` reads.
    monitors : one or several; default every monitor that fits what the log holds.
    level : the share of false ones among the alarms, in (0, 1): a false-discovery rate over all readings.
    seed : for what is drawn. The same seed gives the same readings.
    progress : is told in words what is being read.

    Raises
    ------
    InputError : a level outside (0, 1), an empty log, or a file that cannot be read (with the line).
    """
    from ..formats.log import open_log

    refuse_level(level)
    refuse_seed(seed)
    chosen = default() if monitors is None else refuse_others(monitors)
    progress("Reading the log")
    if not isinstance(log, Log | str | PathLike):
        raise InputError(f"The log is {log!r:.80}.", do="Give a Log, or the path of one.")
    read = log if isinstance(log, Log) else open_log(log)
    if not len(read):
        raise InputError(f"{read.source} holds no rows.", do="Give a log in which something happens.")
    readings, unread = [], {}
    for one in chosen:
        name = type(one).__name__
        progress(f"Looking for {name}")
        try:
            readings += one(read, seed)
        except UnknownName:
            raise
        except Exception as why:  # what one monitor cannot do takes nothing from the others
            unread[name] = unreadable(why)
    size = len(read), len(read.agents), len(set(read.episode.tolist()))
    return Monitoring(read.source, size, ranked(readings), level, unread, read)


def refuse_others(monitors: Iterable[Monitor] | Monitor) -> tuple[Monitor, ...]:
    """The monitors; `InputError` for what is none."""
    chosen = (monitors,) if isinstance(monitors, Monitor) else tuple(monitors)
    for one in chosen:
        if not isinstance(one, Monitor):
            do = f"Give {one.__name__}() instead." if isinstance(one, type) else "Give objects of class Monitor."
            raise InputError(f"{one!r:.80} is no monitor.", do=do)
    return chosen


def refuse_level(level: float) -> None:
    """Raise the `InputError` for a level that is no share of alarms."""
    if not isinstance(level, Real) or not 1e-12 <= level < 1:
        raise InputError(
            f"The level is {level!r:.40}.", "It is a share of alarms.", "Give a number from 1e-12 to below 1."
        )


def default() -> tuple[Monitor, ...]:
    """Every monitor that needs nothing but a log, in the order of the docs."""
    return tuple(kind() for kind in KINDS)
