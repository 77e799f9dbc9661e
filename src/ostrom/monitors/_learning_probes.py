"""What an agent answers to probes, day by day, and what it was shown by others in between.

A day is an episode. A probe is a row of the agent on the channel of probes: the situation is what it was shown, the
answer what it did. A lesson is any row of another agent that it could see, on any other channel, with a situation and a
move: it is of use where its situation is also a probe's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.log import MISSING, Column, Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, joined
from ._exchanges import combined

CHANNEL = "probe"
WANTED, WRONG = "facts.wanted", "facts.wrong"
"""On the row of a probe: the answer that is wanted, or how wrong the answer is, 0 to 1."""

LEAST = 20
"""Answers below which an agent is not looked at."""


@dataclass(frozen=True, eq=False)
class Probes:
    """The answers of one agent.

    Attributes
    ----------
    log, agent : where, and whose.
    places : `int64[N]`, their rows within `log`, in order.
    day : `int64[N]`, the episode. days : `int64[D]`, those there are, in order.
    situation, answer : `int64[N]`, codes of the log (`situations(log)`, the column of actions).
    wrong : `float[N]`, 0 to 1; NaN where nothing says so.
    against : what `wrong` is held against, in words.
    """

    log: Log
    agent: str
    places: np.ndarray
    day: np.ndarray
    situation: np.ndarray
    answer: np.ndarray
    wrong: np.ndarray
    against: str

    @property
    def days(self) -> np.ndarray:
        """The days on which something was asked, in order."""
        return np.unique(self.day)

    def on(self, days: np.ndarray | list[int]) -> np.ndarray:
        """Which answers are of these days, `bool[N]`."""
        return np.isin(self.day, days)

    def tallies(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Days of which something is known, how much was wrong on each, and of how many answers."""
        known = ~np.isnan(self.wrong)
        days, number = np.unique(self.day[known], return_inverse=True)
        return days, np.bincount(number, self.wrong[known], len(days)), np.bincount(number, minlength=len(days))

    def usual(self, mask: np.ndarray) -> dict[int, int]:
        """The most frequent answer to each situation among some answers; of several the one given last."""
        return usual(self.situation[mask], self.answer[mask])


def usual(situation: np.ndarray, answer: np.ndarray) -> dict[int, int]:
    """The most frequent answer to each situation; of several the one given last."""
    if not len(situation):
        return {}
    pairs, first, count = np.unique(
        np.stack([situation, answer])[:, ::-1], axis=1, return_index=True, return_counts=True
    )
    order = np.lexsort((first, -count))[::-1]  # the last written wins
    return dict(zip(pairs[0, order].tolist(), pairs[1, order].tolist(), strict=True))


def probes(log: Log, channel: str = CHANNEL, least: int = LEAST) -> Iterator[Probes]:
    """The answers of every agent that was asked at least `least` times; raises `NothingToRead` where none was."""
    places = log.on(channel)
    agents, actions, codes = log.get("agent"), log.get("action"), situations(log)
    places = places[actions.present[places]]
    found = False
    for agent in log.agents:
        own = places[agents.codes[places] == agents.code(agent)]
        if len(own) < least:
            continue
        found = True
        own = own[np.argsort(log.episode[own], kind="stable")]
        day, situation, answer = log.episode[own], codes[own], actions.codes[own].astype(np.int64)
        wrong, against = _wrong(log, own, day, situation, answer)
        yield Probes(log, agent, own, day, situation, answer, wrong, against)
    if not found:
        raise NothingToRead(
            f"No agent answered {least} probes. A probe is a row like "
            f'{{"episode": 3, "t": 0, "agent": "ann", "channel": "{channel:.40}", "observation": {{"case": "a"}}, '
            '"action": "sell", "facts": {"wanted": "buy"}}: the episode is the day, the observation what was asked, '
            "the action what was answered, and the fact `wanted` (if there is one) the answer that is wanted."
        )


def situations(log: Log) -> np.ndarray:
    """A number for what was shown in each row, `int64[N]`; -1 where nothing was."""
    columns = [c for name, c in log.columns.items() if name == "observation" or name.startswith("observation.")]
    whole = combined([column.codes for column in columns], len(log))
    shown = np.zeros(len(log), bool)
    for column in columns:
        shown |= column.present
    return np.where(shown, whole, -1)


def _wrong(log: Log, places: np.ndarray, day: np.ndarray, situation: np.ndarray, answer: np.ndarray):
    """How wrong each answer is: as its row says, by the answer that its row wants, or against the first day's."""
    said = log.get(WRONG).numbers[places]
    if np.isfinite(said).any():
        return np.where((said >= 0) & (said <= 1), said, np.nan), "what the log calls wrong"
    wanted = matched(log.get(WANTED), log.get("action"))[places]
    if (wanted != MISSING).any():
        return np.where(wanted == MISSING, np.nan, answer != wanted), "the answer that is wanted"
    first = usual(situation[day == day[0]], answer[day == day[0]])
    own = np.array([first.get(one, MISSING) for one in situation.tolist()])
    known = (day != day[0]) & (own != MISSING)
    return np.where(known, answer != own, np.nan), "its own answers of the first day"


def matched(column: Column, actions: Column) -> np.ndarray:
    """The codes of a column of answers as codes of actions; an answer that nobody gave is one more code."""
    known = {repr(value): code for code, value in enumerate(actions.values)}
    table = [known.get(repr(value), len(known)) for value in column.values]
    return np.array([*table, MISSING], np.int64)[column.codes]


def lessons(asked: Probes, channel: str = CHANNEL) -> np.ndarray:
    """The rows of others, with a situation and a move, that the agent could see, `int64[…]` within the log."""
    log, agents, seen = asked.log, asked.log.get("agent"), asked.log.get("receivers")
    mine = np.array([*(name != asked.agent and name != "" for name in agents.values), False])[agents.codes]
    open_to = np.array([*(asked.agent in group for group in seen.values), True])[seen.codes]
    fine = mine & open_to & log.get("action").present & (situations(log) >= 0)
    channels = log.get("channel")
    return np.flatnonzero(fine & (channels.codes != channels.code(channel)))


class ClosedDays:
    """Follows with a monitor whose evidence grows day by day: reads all days again that are over.

    A day is over when a row of a later one has come: what is asked in half a day need not be like the whole. Only
    readings with e-values are passed on, for they hold at any time; a p-value holds for one look.
    """

    def __init__(self, monitor: Monitor, seed: int = 0) -> None:
        self.monitor, self.seed = monitor, seed
        self._kept: list[Log] = []
        self._day: int | None = None
        self._last: tuple[Reading, ...] = ()

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take fresh rows; the readings as of the last day that is over."""
        if not len(fresh):
            return self._last
        self._kept.append(fresh)
        day = int(fresh.episode.max())
        self._day = int(fresh.episode.min()) if self._day is None else self._day
        if day > self._day:
            whole = self.whole()
            over = whole.take(whole.episode < day)
            try:
                self._last = tuple(one for one in self.monitor(over, self.seed) if one.e is not None)
            except NothingToRead:
                self._last = ()
        self._day = max(day, self._day)
        return self._last

    def whole(self) -> Log:
        """All rows so far."""
        self._kept = [joined(self._kept)]
        return self._kept[0]
