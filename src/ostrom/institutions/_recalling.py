"""A ground that remembers what it was made of, for rules that hold other rules and look below in their hooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..core.ground import Ground, Part


@dataclass(frozen=True)
class Recalling(Ground):
    """A ground with notes of whoever made it, by name; they do not count when grounds are compared."""

    notes: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def recalling(ground: Ground, **notes: Any) -> Recalling:
    """The same ground with these notes besides those that it has."""
    plain = {one.name: getattr(ground, one.name) for one in fields(Ground)}
    return Recalling(**plain, notes={**getattr(ground, "notes", {}), **notes})


def noted(ground: Ground, name: str) -> Any:
    """What was noted under this name."""
    notes: Mapping[str, Any] = getattr(ground, "notes", {})
    return notes[name]


def extends(old: Part, new: Part, players: int) -> bool:
    """Whether every seat has its old choices first, so that their numbers stay what they were."""
    if old.continuous or new.continuous:
        return (old.low, old.high, old.continuous) == (new.low, new.high, new.continuous)
    return all(new.labels_of(seat)[: len(old.labels_of(seat))] == old.labels_of(seat) for seat in range(players))


def replaced(below: Ground, here: Ground) -> tuple[str, ...]:
    """The parts below in the place of which there are others here."""
    players = len(below.players)
    return tuple(
        n for n, part in below.parts.items() if n not in here.parts or not extends(part, here.parts[n], players)
    )
