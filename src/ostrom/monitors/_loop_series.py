"""The numbers of a log, round by round: who set what, and who had seen whose number when it did."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.log import Log
from ._case import NothingToRead

Array = np.ndarray

LABELS = {"time", "timestamp", "round", "turn", "step", "seat", "matchup", "run", "seed", "episode", "id", "index"}
"""Facts that say which round, seat or file it is, or when: they count up by themselves, and nobody sets them."""

LARGEST = 1e150
"""Numbers beyond it are not read: their squares would be none."""


@dataclass(frozen=True, eq=False)
class Series:
    """Numbers by rounds.

    Attributes
    ----------
    names : of d numbers: "ann's price".
    who : `d` names of agents; "" for the carrier's own.
    values : `float[N, d]`; the last number set where none was in a round.
    rows : `int64[N, d]`, the rows of the log in which they were set.
    episode : `int64[N]`. Rounds of an episode follow one another.
    turn : `int64[d]`, who moves when within a round; i has seen j's number of the same round iff `turn[j] < turn[i]`.
    left_out : names of numbers that were too many to look at together.
    """

    names: tuple[str, ...]
    who: tuple[str, ...]
    values: Array
    rows: Array
    episode: Array
    turn: Array
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def take(self, columns: Array) -> Series:
        """Some of the numbers, by a mask or by their places."""
        places = np.arange(len(self.names))[columns]
        names, who = (tuple(text[k] for k in places) for text in (self.names, self.who))
        return replace(self, names=names, who=who, values=self.values[:, places], rows=self.rows[:, places],
                       turn=self.turn[places])  # fmt: skip

    def last(self, most: int) -> Series:
        """The last rounds of it."""
        return self.rounds(slice(-most, None))

    def rounds(self, some: slice) -> Series:
        """Some of the rounds."""
        return replace(self, values=self.values[some], rows=self.rows[some], episode=self.episode[some])

    @property
    def starts(self) -> Array:
        """The first round of every episode, `int64[E]`."""
        return np.flatnonzero(np.diff(self.episode, prepend=self.episode[0] - 1 if len(self) else 0))

    @property
    def steps(self) -> Array:
        """Rounds that have one before them in the same episode, `int64[…]`."""
        return np.setdiff1d(np.arange(len(self)), self.starts)


def series(log: Log, most: int = 8, only: str | None = None) -> Series:
    """The numbers that move in a log: moves that are numbers, and facts, by agent and channel.

    Where a step holds more than half of the numbers, steps are rounds, and all are set at once. Otherwise a round ends
    when somebody sets again what it has set in it, and who sets later has seen what was set earlier.

    Parameters
    ----------
    most : numbers looked at together; moves come before facts, those set more often before others.
    only : the one column to read ("action", "facts.price"); default all but `LABELS`.

    Raises `NothingToRead` where no number was set in three rounds and changed.
    """
    found = _found(log, only)
    if not found:
        raise NothingToRead("No number changes from round to round; it needs moves or facts that are numbers.")
    kept, rest = found[:most], tuple(name for name, *_ in found[most:])
    names, who = tuple(one[0] for one in kept), tuple(one[1] for one in kept)
    made = _rounds(log, [one[2] for one in kept], [one[3] for one in kept])
    made = replace(made, names=names, who=who, left_out=rest)
    if len(made) < 3:
        raise NothingToRead(f"{len(made)} rounds in which all of {', '.join(names)} are known; it needs three.")
    return made


def _found(log: Log, only: str | None) -> list[tuple[str, str, Array, Array]]:
    """Name, agent, rows and values of every number that changes, in the order in which they are kept."""
    facts = (name for name in log.columns if name.startswith("facts.") and name[6:] not in LABELS)
    columns = ["action", *sorted(facts)]
    if only is not None:
        columns = [only] if log[only].values else []
    found = []
    for column in columns:
        numbers = _numbers(log, column)
        parts = _parts(log, numbers)
        agents = [str(log["agent"][mine[0]] or "") for mine in parts]
        for agent, mine in zip(agents, parts, strict=True):
            what = "move" if column == "action" else column.partition(".")[2] or column
            what += f" ({log['channel'][mine[0]]})" if agents.count(agent) > 1 else ""
            found.append((column != "action", -len(mine), f"{agent}'s {what}" if agent else what, agent, mine, numbers))
    longest = max((-one[1] for one in found), default=0)
    found = sorted((one for one in found if -one[1] >= longest / 4), key=lambda one: one[:3])
    return [one[2:] for one in found]


def _numbers(log: Log, column: str) -> Array:
    """A column as numbers, NaN where it says none that can be read; yes and no are none."""
    numbers = log.get(column).numbers
    flags = np.array([*(isinstance(value, bool) for value in log.get(column).values), True])
    good = ~flags[log.get(column).codes] & (np.abs(np.nan_to_num(numbers)) < LARGEST)
    return np.where(good, numbers, np.nan)


def _parts(log: Log, numbers: Array) -> list[Array]:
    """The rows of each agent on each channel, where they hold three numbers that are not all the same."""
    rows = np.flatnonzero(np.isfinite(numbers))
    channels = log.get("channel")
    keys = log.get("agent").codes[rows].astype(np.int64) * (len(channels.values) + 1) + channels.codes[rows]
    order = np.argsort(keys, kind="stable")
    parts = np.split(rows[order], np.flatnonzero(np.diff(keys[order])) + 1)
    return [mine for mine in parts if len(mine) >= 3 and (numbers[mine] != numbers[mine[0]]).any()]


def _rounds(log: Log, rows: list[Array], numbers: list[Array]) -> Series:
    """Numbers set at steps, gathered into rounds, with the last one carried on where none was set."""
    d = len(rows)
    at = np.concatenate(rows)
    column = np.repeat(np.arange(d), [len(one) for one in rows])
    order = np.lexsort((at, log.t[at], log.episode[at]))
    at, column = at[order], column[order]
    new = (np.diff(log.episode[at], prepend=-1) != 0) | (np.diff(log.t[at], prepend=-1) != 0)
    new[:1] = True
    step = np.cumsum(new) - 1
    together = d == 1 or len(at) > 0.5 * d * (step[-1] + 1) + 1e-9
    number, turn = (step, np.zeros(d, np.int64)) if together else _in_turn(step, column, log.episode[at], d)
    place = np.full((number[-1] + 1, d), -1, np.int64)
    place[number, column] = at  # of two in one round the later one counts
    episode = np.zeros(len(place), np.int64)
    episode[number] = log.episode[at]
    place = _carried(place, episode)
    known = (place >= 0).all(1)
    place, episode = place[known], episode[known]
    values = np.stack([numbers[k][place[:, k]] for k in range(d)], axis=1)
    return Series((), (), values, place, episode, turn)


def _in_turn(step: Array, column: Array, episode: Array, d: int) -> tuple[Array, Array]:
    """The round of every number set, and the order of moves in a round."""
    number, current, start, moved = np.zeros(len(step), np.int64), -1, 0, set()
    offsets = [[] for _ in range(d)]
    groups = np.flatnonzero(np.diff(step, prepend=-1))
    for first, last in zip(groups, [*groups[1:], len(step)], strict=True):
        these = set(column[first:last].tolist())
        if current < 0 or moved & these or episode[first] != episode[first - 1]:
            current, moved, start = current + 1, set(), step[first]
        moved |= these
        number[first:last] = current
        for k in these:
            offsets[k].append(step[first] - start)
    usual = np.array([np.median(one) for one in offsets])
    return number, np.unique(usual, return_inverse=True)[1].reshape(-1)


def _carried(place: Array, episode: Array) -> Array:
    """Rows in which nothing was set take the one before, within an episode."""
    index = np.where(place >= 0, np.arange(len(place))[:, None], -1)
    last = np.maximum.accumulate(index, axis=0)
    filled = np.take_along_axis(place, np.maximum(last, 0), axis=0)
    same = episode[np.maximum(last, 0)] == episode[:, None]
    return np.where((last >= 0) & same, filled, -1)
