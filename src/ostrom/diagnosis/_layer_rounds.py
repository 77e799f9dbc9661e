"""A log of sessions as rounds: who was present, who answered what, which dice fell, and who was paid how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.event import Event
from ..core.game import Array
from ..core.ground import Ground
from ..core.society import CARRIER, short


@dataclass
class Seen:
    """One round of a log.

    Attributes
    ----------
    episode, time : which one it is.
    present : `bool[P]`, who took part.
    answers : part -> seat -> the number of the label (the value of a continuous part).
    faces : per layer, the faces `int[R]` of its dice by name; None where they are not in the log.
    paid : seat -> what it was paid; `facts` : seat -> what the row of its pay says was produced.
    """

    episode: int
    time: int
    present: Array
    answers: dict[str, dict[int, float]] = field(default_factory=dict)
    faces: tuple[Mapping[str, Array], ...] | None = None
    paid: dict[int, float] = field(default_factory=dict)
    facts: dict[int, Mapping[str, float]] = field(default_factory=dict)


def one_log(events: Iterable[Event] | Iterable[Iterable[Event]]) -> list[Event]:
    """The events of one log as they are, or of several with their episodes numbered one after the other.

    Raises `InputError` for anything else.
    """
    rows = _listed(events, "The log")
    if not any(isinstance(row, Event) for row in rows):
        numbers: dict[tuple[int, int], int] = {}
        logs = [_listed(log, f"Log {k}") for k, log in enumerate(rows)]
        for k, log in enumerate(logs):
            _check_events(log, f"Log {k}")
        return [
            replace(event, episode=numbers.setdefault((k, event.episode), len(numbers)))
            for k, log in enumerate(logs)
            for event in log
        ]
    _check_events(rows, "The log")
    return rows


def _listed(rows: Any, which: str) -> list[Any]:
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise InputError(f"{which} is {short(rows)}, and no list of events.", _LOGS, _GIVE)
    return list(rows)


def _check_events(rows: list[Any], which: str) -> None:
    for at, row in enumerate(rows):
        if not isinstance(row, Event):
            raise InputError(f"{which} has {short(row)} in place {at}, which is no event.", _LOGS, _GIVE)


_LOGS = "Rounds are read from the events that a session writes, of one session or of several in a list."
_GIVE = "Give session.log, or a list of logs like [first.log, second.log]."


def rounds_of(events: Iterable[Event], ground: Ground) -> list[list[Seen]]:
    """Per episode the rounds that were paid, in order.

    Raises `InputError` for a log in which nobody is paid, or from which a round in the middle is missing; `UnknownName`
    for a player, a part or a label that there is not.
    """
    episodes: dict[int, list[Event]] = {}
    for event in events:
        episodes.setdefault(event.episode, []).append(event)
    found = [_episode(log, ground) for log in episodes.values()]
    found = [rounds for rounds in found if rounds]
    if not found:
        raise InputError(
            "No round of the log was paid.",
            "Which layer works shows in what was permitted and paid.",
            "Give the events of a session with at least one whole round, its rows of the channel 'paid' included.",
        )
    return found


def _episode(log: list[Event], ground: Ground) -> list[Seen]:
    rounds: dict[int, Seen] = {}
    seats, coming = {name: seat for seat, name in enumerate(ground.players)}, np.ones(len(ground.players), bool)
    for event in log:
        if event.agent and event.agent not in seats:
            raise UnknownName("player of this game", short(event.agent), seats)
        if event.t not in rounds:
            rounds[event.t] = Seen(event.episode, event.t, coming.copy())
        if event.channel in ("left", "entered"):
            coming[seats[event.agent]] = event.channel == "entered"
        else:
            _note(rounds[event.t], event, seats, ground)
    whole = sorted((one for one in rounds.values() if one.paid), key=lambda one: one.time)
    if [one.time for one in whole] != list(range(len(whole))):
        raise InputError(
            f"Episode {log[0].episode} has paid rounds {short([one.time for one in whole])}.",
            "What rules remember is followed from the first round on, without a gap.",
            "Give the whole log of each episode, up to where it breaks off.",
        )
    return whole


def _note(seen: Seen, event: Event, seats: Mapping[str, int], ground: Ground) -> None:
    if event.channel == "rolled":
        seen.faces = tuple({name: np.array(face, np.int32) for name, face in layer.items()} for layer in event.action)
    elif event.channel == "paid":
        if event.payoff is None:
            raise InputError(f"A row of pay of {event.agent!r} in round {event.t} names no payoff.")
        if seats[event.agent] in seen.paid:
            raise InputError(
                f"In round {event.t} of episode {event.episode}, {event.agent!r} is paid twice.",
                "A session pays once a round; two were put together under one number.",
                "Give the logs one by one in a list: [first.log, second.log].",
            )
        seen.paid[seats[event.agent]], seen.facts[seats[event.agent]] = event.payoff, event.facts
    elif event.channel not in CARRIER and event.channel in ground.parts:
        seat, part = seats[event.agent], ground.parts[event.channel]
        labels = part.labels_of(seat)
        if not part.continuous and event.action not in labels:
            raise UnknownName(f"label of {event.channel!r}", short(event.action), labels)
        made = float(event.action) if part.continuous else labels.index(event.action)
        seen.answers.setdefault(event.channel, {})[seat] = made
