"""The event table: one row per thing an agent did, said or was shown.

The same rows are what a live session logs, what a replay reads, what a log file of LLM agents becomes, and what
monitors watch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import InputError


@dataclass(frozen=True)
class Event:
    """One row.

    Attributes
    ----------
    episode : which run of the game (0, 1, …).
    t : the step within the episode at which it happened; rows of one episode are in order of `t`.
    agent : who acted; "" for the carrier itself (dice, the world, the clock).
    receivers : who could see it; empty means everybody.
    channel : what kind of row: a part of a move ("act", "sign", "vote"), "message", "observation", or one of the
        carrier's own ("rolled", "closed", "paid", "entered", "left", "lapsed").
    observation : what the agent was shown when it acted, if recorded.
    action : what it did: the label of a move, or a number for a continuous part.
    message : what it said, as text.
    facts : quantities this row produced, by name (harvest, emission, delay).
    payoff : what the agent got, None when nothing was paid at this row.
    probability : how probable the agent made its action, or its whole mixed strategy by label; None if unknown.
    """

    episode: int
    t: int
    agent: str
    channel: str
    receivers: tuple[str, ...] = ()
    observation: Any = None
    action: Any = None
    message: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    payoff: float | None = None
    probability: float | Mapping[str, float] | None = None

    def to_json(self) -> str:
        """One line of JSON with sorted keys and only the fields that say something: the same row, the same bytes."""
        row = {k: v for k, v in asdict(self).items() if v not in (None, (), {})}
        return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @staticmethod
    def from_json(line: str, where: str = "this line") -> Event:
        """Read one line back; an `InputError` names the line and what is wrong with it."""
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(
                f"{where} is not JSON: {error}.", f"It starts {line[:60]!r}.", "Give one object per line."
            ) from None
        known = set(Event.__dataclass_fields__)
        if not isinstance(row, dict) or not {"episode", "t", "agent", "channel"} <= set(row) <= known:
            raise InputError(
                f"{where} is not an event: it has {sorted(row) if isinstance(row, dict) else type(row).__name__}.",
                "An event has episode, t, agent and channel, and may have the other columns of the event table.",
                f"Use these columns: {', '.join(Event.__dataclass_fields__)}.",
            )
        payoff = row.get("payoff")
        if payoff is not None and not (isinstance(payoff, int | float) and math.isfinite(payoff)):
            raise InputError(f"{where} has payoff {payoff!r}.", do="Give a finite number or leave it out.")
        return Event(**{**row, "receivers": tuple(row.get("receivers", ()))})


def write_events(events: Iterable[Event], path: str | Path) -> None:
    """Write an event table as JSON lines, one event a line, UTF-8."""
    Path(path).write_text("".join(event.to_json() + "\n" for event in events), encoding="utf-8")


def read_events(path: str | Path) -> Iterator[Event]:
    """Stream an event table from JSON lines; a bad line raises `InputError` with its number."""
    with open(path, encoding="utf-8", errors="strict") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield Event.from_json(line, f"Line {number} of {path}")
