"""The numeric moves of a log as a panel, and what is left of them once all that was known before is taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.log import Log
from ._case import NothingToRead
from ._exchanges import combined
from ._ring_seen import HUGE, shown

LEAST = 30
"""Rounds in which two agents moved, below which nothing is compared."""

MOST, CELLS = 200, 8_000_000
"""Agents looked at, those who moved most; fewer, but twelve, where that would be more moves and gaps than `CELLS`."""

ALL = 12
"""Agents up to which every pair is tested; of more, each agent and the one that it goes with most."""

LONGEST = 20_000
"""Rounds of a pair that are looked at: the last ones; a third of them where there are more than `ALL` agents."""

NUMBERED = re.compile(r"^(.*?)(-?\d+(?:\.\d+)?)$")


@dataclass(frozen=True, eq=False)
class Panel:
    """Rounds by agents.

    Attributes
    ----------
    agents : P names. moves : `float[U, P]`, NaN where an agent made none; by episode, and in order of time.
    rows : `int64[U, P]`, rows of the log, -1 where there is none. episode : `int64[U]`.
    seen : `float[U, P, K]`, the numbers that an agent was shown when it moved, by `names`; NaN where it was not.
    coded : places among `names` of words, whose numbers only tell them apart: 0 for nothing shown.
    unseen : names of fields that are not kept.
    without : names of agents who are not looked at though they moved often enough. few : of those who did not.
    """

    agents: tuple[str, ...]
    moves: np.ndarray
    rows: np.ndarray
    episode: np.ndarray
    seen: np.ndarray
    names: tuple[str, ...]
    without: tuple[str, ...] = ()
    few: tuple[str, ...] = ()
    coded: frozenset[int] = frozenset()
    unseen: tuple[str, ...] = ()

    @cached_property
    def fits(self) -> dict:
        """What has been found of how each agent answers what it was shown, by agent."""
        return {}

    @cached_property
    def first(self) -> np.ndarray:
        """Whether a round is the first of its episode, `bool[U]`."""
        return np.append(True, np.diff(self.episode) != 0)

    @cached_property
    def past(self) -> tuple[np.ndarray, np.ndarray]:
        """The moves of the round before, and their mean over all rounds before, `float[U, P]`; NaN in first rounds."""
        known = np.nan_to_num(self.moves)
        total = np.cumsum(known, 0)
        start = np.maximum.accumulate(np.where(self.first, np.arange(len(known)), 0))
        before = np.arange(len(known)) - start
        summed = total - known - (total - known)[start]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = summed / before[:, None]
        last = np.vstack([np.full((1, known.shape[1]), np.nan), known[:-1]])
        return np.where(self.first[:, None], np.nan, last), mean

    @property
    def staged(self) -> bool:
        """Whether episodes have several rounds, so that there is a past to answer."""
        return len(self.episode) >= 3 * int(self.first.sum())

    def clusters(self, kept: np.ndarray, fewest: int = 20, most: int = 400) -> np.ndarray:
        """A number for what counts as one observation, `int64[kept]`: episodes, or stretches of rounds where few."""
        episode = np.unique(self.episode[kept], return_inverse=True)[1].reshape(-1)
        count = len(episode)
        if episode.max(initial=0) + 1 < fewest:
            wanted = min(most, max(fewest, count // 4))
            episode = np.arange(count) * min(wanted, count) // max(count, 1)
        whole = int(episode.max(initial=0)) + 1
        return episode if whole <= most else episode * most // whole


def panel(log: Log, move: str, seed: int = 0) -> Panel:
    """The panel of a log; `NothingToRead` where fewer than two agents have numbers for moves.

    Of too many agents those who moved most are taken, by lot where several moved as often: neither says anything of
    what the moves were, nor goes by the order of the rows.
    """
    column = log.get(move)
    numbers = column.numbers if np.isfinite(column.numbers).any() else _numbered(column.values)[column.codes]
    rows = np.flatnonzero(np.isfinite(numbers) & (np.abs(np.nan_to_num(numbers)) < HUGE))
    agent = log.get("agent").codes[rows]
    named = np.array([*(bool(name) for name in log.get("agent").values), False])
    rows, agent = rows[named[agent]], agent[named[agent]]
    known = log.get("agent").values
    count = np.bincount(agent, minlength=len(known))
    order = _drawn(known, count, seed)
    able = order[count[order] >= LEAST]
    steps = len(np.unique(combined([np.unique(x, return_inverse=True)[1].reshape(-1) for x in
                                    (log.episode[rows], log.t[rows])], len(rows))))  # fmt: skip
    chosen = np.sort(able[: min(MOST, max(12, CELLS // max(steps, 1)))])
    if len(chosen) < 2:
        raise NothingToRead(f"No two agents have {LEAST} moves that are numbers in the column {move!r}.")
    kept = np.isin(agent, chosen)
    rows, agent = rows[kept], np.searchsorted(chosen, agent[kept])
    unit, episode = _rounds(log, rows, agent, len(chosen))
    moves, where = np.full((len(episode), len(chosen)), np.nan), np.full((len(episode), len(chosen)), -1, np.int64)
    moves[unit, agent], where[unit, agent] = numbers[rows], rows
    seen, names, coded, unseen = shown(log, where, moves)
    agents, without = (tuple(known[k] for k in some) for some in (chosen, np.setdiff1d(able, chosen)))
    few = tuple(known[k] for k in np.flatnonzero((count > 0) & (count < LEAST)))
    return Panel(agents, moves, where, episode, seen, names, without, few, coded, unseen)


def _drawn(names: tuple, count: np.ndarray, seed: int) -> np.ndarray:
    """Agents by how often they moved, in an order drawn by lot where as often, `int64[A]`."""
    by_name = np.array(sorted(range(len(names)), key=lambda k: str(names[k])), np.int64)
    lot = np.empty(len(names), np.int64)
    lot[by_name] = np.random.default_rng([seed, 12]).permutation(len(names))
    return np.lexsort((lot, -count))


def _numbered(values: tuple) -> np.ndarray:
    """Labels that differ in a number at their end only ("price 3"), as these numbers; NaN for others. One is added."""
    found = [NUMBERED.match(value) if isinstance(value, str) else None for value in values]
    stems = {match.group(1) for match in found if match}
    alike = len(stems) == 1
    return np.array([float(match.group(2)) if match and alike else np.nan for match in found] + [np.nan])


def _rounds(log: Log, rows: np.ndarray, agent: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The round of each row, by its step where agents share steps, else by the moves made before; and its episode."""
    episode = np.unique(log.episode[rows], return_inverse=True)[1].reshape(-1)
    step = combined([episode, np.unique(log.t[rows], return_inverse=True)[1].reshape(-1)], len(rows))
    shared = len(np.unique(step * count + agent)) >= 1.5 * len(np.unique(step))
    if not shared:
        order = np.lexsort((np.arange(len(rows)), agent, episode))
        group = (episode * count + agent)[order]
        start = np.maximum.accumulate(np.where(np.append(True, np.diff(group) != 0), np.arange(len(rows)), 0))
        place = np.empty(len(rows), np.int64)
        place[order] = np.arange(len(rows)) - start
        step = combined([episode, place], len(rows))
    _, first, unit = np.unique(step, return_index=True, return_inverse=True)
    return unit.reshape(-1), episode[first]


def kept(panel: Panel, agents: tuple[int, ...]) -> np.ndarray:
    """The rounds in which all of these moved, and of which what was before is known, `bool[U]`."""
    rounds = np.isfinite(panel.moves[:, agents]).all(1) & ~(panel.first & panel.staged)
    longest = LONGEST if len(panel.agents) <= ALL else LONGEST // 3
    rounds[: np.flatnonzero(rounds)[-longest] if rounds.sum() > longest else 0] = False
    return rounds
