"""What an agent was shown in a row of its own, put beside what it then says and does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.log import MISSING, Column, Log
from ._case import joined

KEPT = 10_000
"""Rows that show something and wait for what their agent says, at most, when a log is followed."""


def carried(log: Log) -> Log:
    """A log in which what an agent is shown stands beside all it does up to its next message in the same episode.

    A row shows something if it has an observation, and neither a message nor an action. What comes after it is given
    its fields where it has no observation of its own; of several such rows each adds its fields. Carrying twice changes
    nothing.
    """
    names = [name for name in log.columns if name == "observation" or name.startswith("observation.")]
    shows, bare = _kinds(log, names)
    if not shows.any() or not bare.any():
        return log
    order, stretch = _stretches(log)
    fresh = dict(log.columns)
    for name in names:
        codes = log[name].codes[order]
        last = np.maximum.accumulate(np.where(shows[order] & (codes != MISSING), np.arange(len(order)), -1))
        known = (last >= 0) & (stretch[last] == stretch) & bare[order]
        filled = codes.copy()
        filled[known] = codes[last[known]]
        whole = np.empty_like(filled)
        whole[order] = filled
        fresh[name] = Column(whole, log[name].values)
    return replace(log, columns=fresh)


class Carry:
    """The same for a log that grows: what was shown waits for what its agent says later."""

    def __init__(self) -> None:
        self._open: Log | None = None

    def __call__(self, fresh: Log) -> Log:
        """The fresh rows, with what was shown before them."""
        before = 0 if self._open is None else len(self._open)
        whole = fresh if self._open is None else joined([self._open, fresh])
        names = [name for name in whole.columns if name == "observation" or name.startswith("observation.")]
        shows, _ = _kinds(whole, names)
        if not shows.any():
            return fresh
        order, stretch = _stretches(whole)
        place = np.empty(len(order), np.int64)
        place[order] = stretch
        agent, episode = whole.get("agent").codes, whole.episode
        whose = zip(agent.tolist(), episode.tolist(), strict=True)
        last = dict(zip(whose, place.tolist(), strict=True))  # of each agent in each episode, its last stretch
        said = whole.get("message").present
        closed = {(int(agent[k]), int(episode[k]), int(place[k])) for k in np.flatnonzero(said)}
        waiting = [k for k in np.flatnonzero(shows)
                   if place[k] == last[int(agent[k]), int(episode[k])]
                   and (int(agent[k]), int(episode[k]), int(place[k])) not in closed]  # fmt: skip
        self._open = whole.take(np.array(waiting[-KEPT:])) if waiting else None
        return carried(whole).take(np.arange(before, len(whole))) if before else carried(fresh)


def _kinds(log: Log, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows only show something, and which say or do something with nothing in view, `bool[N]` each."""
    seen = np.zeros(len(log), bool)
    for name in names:
        seen |= log[name].present
    named = np.array([*(bool(name) for name in log.get("agent").values), False])[log.get("agent").codes]
    done = log.get("message").present | log.get("action").present
    return named & seen & ~done, named & ~seen & done


def _stretches(log: Log) -> tuple[np.ndarray, np.ndarray]:
    """Rows by agent and episode in order of time `int64[N]`, and a number for each stretch up to a message there."""
    order = np.lexsort((log.get("agent").codes, log.episode))
    agent, episode = log.get("agent").codes[order], log.episode[order]
    begins = np.append(True, (np.diff(agent) != 0) | (np.diff(episode) != 0))
    after = np.append(False, log.get("message").present[order][:-1])
    return order, np.cumsum(begins | after)
