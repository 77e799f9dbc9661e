"""Who says what to whom: the messages of a log beside what their speaker alone knew, and what all did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
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
        """The odds with which the carrier drew a private field: its values `[K]` and `float[N, K]`, or None.

        Raises `InputError` where they are declared and are no odds, or do not allow what was drawn.
        """
        declared = self.log.get(ODDS).take(self.places)
        field = name.partition(".")[2] or name
        if not len(self) or not declared.present.all() or not all(field in (table or {}) for table in declared.values):
            return None
        secret = self.secret(name)
        tables = [{str(value): float(chance) for value, chance in table[field].items()} for table in declared.values]
        labels = list(dict.fromkeys([*map(str, secret.values), *(label for table in tables for label in table)]))
        rows = np.array([[table.get(label, 0.0) for label in labels] for table in tables])[declared.codes]
        fits = np.isfinite(rows).all() and (rows >= 0).all() and np.allclose(rows.sum(1), 1, atol=1e-6)
        if not fits or (secret.present & (rows[np.arange(len(self)), secret.codes] <= 0)).any():
            raise InputError(
                f"The odds that {self.log.source} declares for {name} are not those of what was drawn.",
                "They are probabilities that sum to 1, and every value that occurs has one above 0.",
                "Write them as a fact, odds = {field: {value: probability}}, on the row of the message.",
            )
        values = (*secret.values, *labels[len(secret.values) :])
        return values, rows


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
    for speaker in log.agents:
        mine = carrying & (agents.codes == agents.code(speaker))
        for code in np.unique(channels.codes[mine]):
            places = np.flatnonzero(mine & (channels.codes == code))
            if len(places) >= least:
                found = True
                seen = [name for name in own if log[name].present[places].any()]
                yield Exchange(log, speaker, channels.values[code], places, tuple(seen), shared, moves)
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
    every episode, or a clock: the same at a step in every episode.
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
    return not (_steady(log.episode[rows], column.codes[rows]) or _steady(log.t[rows], column.codes[rows]))


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
