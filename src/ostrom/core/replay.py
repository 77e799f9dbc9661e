"""A session rebuilt from its log: the same state, and the same log again, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .errors import InputError
from .event import Event
from .institution import Institution
from .society import CARRIER, Session, short


def replayed(base: Any, institutions: Sequence[Institution], log: Iterable[Event]) -> Session:
    """The session that a log describes, rebuilt by folding its events; its own log is then the same, byte for byte.

    Raises `InputError` when the log does not begin with how it was opened, or tells of something that cannot happen.
    """
    events = list(log)
    if not events or events[0].channel != "opened":
        raise InputError(
            "The log does not begin with an 'opened' event.", "A session is rebuilt from its first event on."
        )
    how = events[0].action
    if not isinstance(how, dict) or not {"players", "rounds", "seed"} <= set(how):
        raise InputError(f"The log was opened by {short(how)}.", "It should say players, rounds and seed.")
    rolls = iter([event.action for event in events if event.channel == "rolled"])
    chosen = any(event.observation is not None for event in events)
    session = _Replay(
        base,
        institutions,
        rolls,
        rounds=how["rounds"],
        seed=how["seed"],
        episode=events[0].episode,
        observations=chosen,
    )
    seats = {name: seat for seat, name in enumerate(session.players)}
    strangers = sorted({event.agent for event in events} - {"", *seats} | set(how["players"]) ^ set(seats))
    if strangers:
        raise InputError(
            f"The log and the game differ on who plays: {', '.join(map(short, strangers[:4]))}.",
            f"The game's players are {', '.join(session.players)}.",
            "Replay a log on the game that wrote it.",
        )
    pending: dict[int, dict[str, Any]] = {}
    for event in events[1:]:
        if event.channel in ("left", "entered"):
            (session.leave if event.channel == "left" else session.enter)(seats[event.agent])
        elif event.channel == "lapsed":
            session._write(event.agent, "lapsed")
        elif event.channel not in CARRIER:
            seat = seats[event.agent]
            own = pending.setdefault(seat, {})
            own[event.channel] = event.action
            if set(own) == set(session.look(seat).choices):
                session.submit(seat, pending.pop(seat))
    return session


class _Replay(Session):
    """A session whose dice have fallen already."""

    def __init__(self, base: Any, institutions: Sequence[Institution], rolls: Any, **options: Any) -> None:
        self._rolls = rolls
        super().__init__(base, institutions, **options)

    def _roll(self) -> None:
        if any(self.charter.dice(self._scene())):
            fallen = next(self._rolls, None)
            if fallen is None:
                raise InputError(
                    f"The log has no dice for round {self.time}.", "These institutions roll some in every round."
                )
            self._told_luck = tuple(
                {name: np.array(face, np.int32) for name, face in layer.items()} for layer in fallen
            )
        super()._roll()
