"""Who says what to whom: the messages of a log beside what their speaker alone knew, and what all did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.errors import UnknownName
from ..core.log import MISSING, Column, Log
from ._case import NothingToRead

LEAST = 20
"""Messages below which a speaker on a channel is not looked at."""

ODDS = "facts.odds"
"""Where a carrier that rolls what is private says how: a fact `odds`, `{field: {value: probability}}`, on the row."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """All messages of one speaker on one channel.

    Attributes
    ----------
    log : where they are.
    speaker, channel : names.
    places : `int64[N]`, the rows of the messages within `log` (not their numbers in the source: `log.row[places]`).
    private : names of the columns that the speaker alone was shown.
    public : names of the columns that all were shown.
    moves : whether moves are read as messages, and not what was said.
    """

    log: Log
    speaker: str
    channel: str
    places: np.ndarray
    private: tuple[str, ...]
    public: tuple[str, ...]
    moves: bool = False

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def said(self) -> Column:
        """What was said in each: the text, or the move where moves are what is read as messages."""
        return self.log["message" if self._spoken else "action"].take(self.places)

    @property
    def _spoken(self) -> bool:
        return not self.moves and bool(self.log.get("message").present[self.places].all())

    def secret(self, name: str) -> Column:
        """What the speaker knew in a private field when it spoke."""
        return self.log[name].take(self.places)

    @cached_property
    def context(self) -> np.ndarray:
        """A number for everything public when each message was sent, `int64[N]`."""
        return combined([self.log[name].codes[self.places] for name in self.public], len(self))

    @property
    def listeners(self) -> tuple[str, ...]:
        """Who could hear at least one of them: the named receivers, or everybody else where none are named."""
        heard = self.log.get("receivers").take(self.places)
        named = {name for group in heard.values for name in group}
        everybody = not heard.present.all()
        return tuple(a for a in self.log.agents if a != self.speaker and (everybody or a in named))

    def heard(self, listener: str) -> np.ndarray:
        """Which of the messages a listener could hear, `bool[N]`."""
        column = self.log.get("receivers").take(self.places)
        named = np.array([*(listener in group for group in column.values), listener != self.speaker])
        return named[column.codes]

    def reply(self, listener: str) -> np.ndarray:
        """The row within the log of the listener's first move after each message in the same episode, `int64[N]`.

        -1 where it made none, or was spoken to again on this channel before it moved.
        """
        log = self.log
        moves = log.by(listener)
        moves = moves[log.get("action").present[moves] & (log.get("channel").codes[moves] != self._code)]
        after = np.searchsorted(moves, self.places, side="right")
        found = np.full(len(self), -1, np.int64)
        inside = after < len(moves)
        found[inside] = moves[after[inside]]
        found[inside] = np.where(log.episode[found[inside]] == log.episode[self.places[inside]], found[inside], -1)
        again = np.append(self.places[1:], np.iinfo(np.int64).max)
        return np.where(found < again, found, -1)

    @property
    def _code(self) -> int:
        column = self.log.get("channel")
        return column.code(self.channel)

    def odds(self, name: str) -> tuple[tuple[Any, ...], np.ndarray] | None:
        """The odds with which the carrier drew a private field: its values `[K]` and `float[N, K]`.

        None where a message declares none in the form of `ODDS`, or some that are no odds or do not allow what was
        drawn: then `wrong_odds` says so.
        """
        values, rows, fits = self._declared(name)
        return (values, rows) if len(fits) and fits.all() else None

    def wrong_odds(self, name: str) -> str:
        """What is wrong with declared odds; empty where they are used, or none are declared."""
        _, rows, fits = self._declared(name)
        if fits.all():
            return ""
        k = int(np.argmin(fits))
        return (
            f"odds are declared, but not used: on row {self.log.row[self.places[k]]} they add up to {rows[k].sum():g}, "
            f"or give what was drawn no chance"
        )

    def _declared(self, name: str) -> tuple[tuple[Any, ...], np.ndarray, np.ndarray]:
        """The values, `float[N, K]` as declared, and `bool[N]` which of them are odds; nothing where none are."""
        declared = self.log.get(ODDS).take(self.places)
        tables = [_table(value, name.partition(".")[2] or name) for value in declared.values]
        if not declared.present.all() or not all(tables):
            return (), np.zeros((0, 0)), np.zeros(0, bool)
        secret = self.secret(name)
        labels = list(dict.fromkeys([*map(str, secret.values), *(label for table in tables for label in table)]))
        rows = np.array([[table.get(label, 0.0) for label in labels] for table in tables])[declared.codes]
        fits = np.isfinite(rows).all(1) & (rows >= 0).all(1) & (np.abs(rows.sum(1) - 1) <= 1e-6)
        fits &= ~secret.present | (rows[np.arange(len(self)), secret.codes] > 0)
        return (*secret.values, *labels[len(secret.values) :]), rows, fits


def _table(declared: Any, field: str) -> dict[str, float]:
    """The odds of a field within a fact `odds`, value by value; empty where it has not that form."""
    table = declared.get(field) if isinstance(declared, dict) else None
    if not isinstance(table, dict) or not all(
        isinstance(chance, int | float) and not abs(chance) >= 1e300 for chance in table.values()
    ):
        return {}
    return {str(value): float(chance) for value, chance in table.items()}


def exchanges(
    log: Log, private: Sequence[str] = (), public: Sequence[str] = (), *, moves: bool = False, least: int = LEAST
) -> Iterator[Exchange]:
    """The messages of every speaker on every channel, at least `least` of them.

    Parameters
    ----------
    private, public : columns, or fields of observations (`cost` is `observation.cost`). By default, fields in which at
        some step two agents were shown different values, or that only one agent was ever shown, are private; others are
        public. Of agents who take turns, fields that are the same for all through an episode, and clocks, are public.
    moves : read the moves of agents as messages instead of what they say.

    Raises `NothingToRead` where there are none.
    """
    own, shared = fields(log, private, public)
    column, channels, agents = log.get("action" if moves else "message"), log.get("channel"), log.get("agent")
    carrying = column.present & np.array([*(bool(name) for name in agents.values), False])[agents.codes]
    found = False
    rows = np.flatnonzero(carrying)
    who = combined([agents.codes[rows], channels.codes[rows]], len(rows))
    order = np.argsort(who, kind="stable")
    groups = [part for part in np.split(rows[order], np.cumsum(np.bincount(who))[:-1]) if len(part) >= least]
    place = {name: k for k, name in enumerate(log.agents)}
    for places in sorted(
        groups, key=lambda part: (place[agents.values[agents.codes[part[0]]]], channels.codes[part[0]])
    ):
        speaker, channel = agents.values[agents.codes[places[0]]], channels.values[channels.codes[places[0]]]
        found = True
        seen = [name for name in own if log[name].present[places].any()]
        yield Exchange(log, speaker, channel, places, tuple(seen), shared, moves)
    if not found:
        what = "moves" if moves else "messages"
        raise NothingToRead(f"No agent has {least} {what} on a channel.")


def fields(log: Log, private: Sequence[str] = (), public: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The names of the private and of the public columns: those given, and the rest as the log shows them."""
    given = [tuple(_column(log, name) for name in names) for names in (private, public)]
    if private and public:
        return given[0], given[1]
    names = [name for name in log.columns if name == "observation" or name.startswith("observation.")]
    names = [name for name in names if name not in (*given[0], *given[1])]
    own = [name for name in names if _differs(log, log[name])]
    shared = tuple(name for name in names if name not in own)
    return given[0] or tuple(own), (*given[1], *shared)


def _column(log: Log, name: str) -> str:
    for full in (name, f"observation.{name}", f"facts.{name}"):
        if full in log.columns:
            return full
    raise UnknownName("column of the log", name, log.columns)


def _differs(log: Log, column: Column) -> bool:
    """Whether a field is private: whether two agents were shown different values of it, or only one any.

    Where no two agents are shown it at one step (they take turns), a field is public if it is the same for all through
    every episode, or a clock: the same at a step in every episode, or if it goes on from one agent's turn to another's.
    """
    rows = np.flatnonzero(column.present)
    agents = log.get("agent").codes[rows]
    if len(np.unique(agents)) < 2:
        return True
    order = np.lexsort((column.codes[rows], log.t[rows], log.episode[rows]))
    rows, agents = rows[order], agents[order]
    same = (np.diff(log.episode[rows]) == 0) & (np.diff(log.t[rows]) == 0)
    if (same & (np.diff(agents) != 0)).any():
        return bool((same & (np.diff(column.codes[rows]) != 0)).any())
    episode, codes = log.episode[rows], column.codes[rows]
    return not (_steady(episode, codes) or _steady(log.t[rows], codes) or _goes_on(episode, agents, codes))


def _goes_on(episode: np.ndarray, agents: np.ndarray, codes: np.ndarray) -> bool:
    """Whether a value that was shown is mostly shown to the next agent too, and stays when it has changed.

    What agents know alone may be alike too; but then an agent that differs from the one before it is as a rule followed
    by one that differs again.
    """
    turn = (np.diff(episode) == 0) & (np.diff(agents) != 0)
    equal = np.diff(codes) == 0
    by_chance = float(((np.bincount(codes) / len(codes)) ** 2).sum())
    alike = (equal[turn].mean() - by_chance) / max(1 - by_chance, 1e-9) if turn.any() else 0.0
    changes = turn[:-1] & turn[1:] & ~equal[:-1]
    stays, returns = (changes & equal[1:]).sum(), (changes & (codes[2:] == codes[:-2])).sum()
    return bool(alike > 0.9 or (alike > 0.2 and stays - 2 * returns > 2 * np.sqrt(stays + returns)))


def _steady(groups: np.ndarray, codes: np.ndarray) -> bool:
    """Whether all rows of a group have one code, and some group has two rows."""
    order = np.lexsort((codes, groups))
    same = np.diff(groups[order]) == 0
    return bool(same.any()) and not (same & (np.diff(codes[order]) != 0)).any()


def combined(codes: Sequence[np.ndarray], count: int) -> np.ndarray:
    """One number for every combination of codes that occurs, `int64[count]`, from 0."""
    whole = np.zeros(count, np.int64)
    for column in codes:
        _, whole = np.unique(whole * (int(column.max(initial=MISSING)) + 2) + column + 1, return_inverse=True)
    return whole.reshape(count).astype(np.int64)
