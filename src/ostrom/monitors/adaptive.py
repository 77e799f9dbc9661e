"""Who answers the same sight otherwise in another regime: learning or memory, as a log shows it.

A log in which episodes name the regime they were played in (a fact `regime`: which policy somebody had, before or after
a training, which goal was set) shows whose rule is another one there. Where an environment can be run again,
`monitors.agency` asks the same by setting mechanisms, and can tell agents from mechanisms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import MISSING, Column, Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._exchanges import combined
from ._rates import DOUBT, enough
from ._regime_codes import COMMON, SEEN, codes, common
from ._regimes import TABLE, Contrast

REGIMES = 20
"""Regimes beyond which only the first ones are compared."""

LEAST = 4
"""Episodes of a regime below which it is not compared."""

SOURCE = "Kenton et al., Discovering Agents (2022)"


@dataclass(frozen=True)
class Adaptive(Monitor):
    """For each agent, whether its moves given what it sees differ between the first regime and each other.

    Episodes are the unit: regimes are dealt out to them again. It assumes that what moves an agent is among its
    recorded observations; where an agent has none, a difference may be a mere reaction. It cannot see what differs
    beyond the shares of moves (their order), nor sights of which there are more than 256 kinds.

    Parameters
    ----------
    regime : the fact that names the regime of an episode.
    sees : the observations that count as sights; default all that are recorded of an agent.
    set_by : agents whose policy the regimes are, who are not looked at.
    assigned : whether regimes were dealt out to episodes at random; then the evidence is that of an experiment.
    rounds : redraws of regimes for each test at most; more where there are many agents or regimes.

    Raises `InputError` for fewer than 99 redraws.
    """

    regime: str = "regime"
    sees: tuple[str, ...] = ()
    set_by: tuple[str, ...] = ()
    assigned: bool = False
    rounds: int = 9_999

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rounds < 99:
            raise InputError(f"rounds is {self.rounds}.", "It bounds p-values from below.", "Give at least 99.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading for each agent and each regime after the first."""
        column, of_episode = self._regimes(log)
        numbers, episode = np.unique(log.episode, return_inverse=True)
        regime = np.full(len(numbers), MISSING)
        regime[np.searchsorted(numbers, list(of_episode))] = list(of_episode.values())
        others = min(len(set(of_episode.values())) - 1, REGIMES)
        rounds = enough(len(log.agents) * others, least=self.rounds)
        readings, why = [], "No agent moves in two regimes."
        for k, agent in enumerate(one for one in log.agents if one not in self.set_by):
            rows = log.by(agent)
            rows = rows[log.get("action").present[rows] & (regime[episode[rows]] != MISSING)]
            sights = self._sights(log, rows)
            if sights is None:
                why = f"{agent} sees more than {SEEN} kinds of things: name those that matter in `sees`."
                continue
            act = _moves(log.get("action").take(rows))
            for other, chosen in self._pairs(regime[episode[rows]], episode[rows]):
                rng = np.random.default_rng([seed, k, other])
                chosen = _thinned(chosen, episode[rows], sights[0], rng)
                at = sights[0][chosen]
                own, run = np.unique(episode[rows][chosen], return_inverse=True)
                contrast = Contrast(at, act[chosen], run, regime[own] == other)
                pair = tuple(str(column.values[v])[:40] for v in (0, other))
                readings.append(self._reading(agent, pair, contrast, log, rows[chosen], sights[1], rng, rounds))
        if not readings:
            raise NothingToRead(f"{why} It takes a fact {self.regime!r} and {LEAST} episodes of each regime.")
        return readings

    def _regimes(self, log: Log) -> tuple[Column, dict[int, int]]:
        """The column of regimes, and the regime of each episode by its code."""
        name = self.regime if self.regime in log.columns else f"facts.{self.regime}"
        column = log.get(name)
        rows = np.flatnonzero(column.present)
        pairs = set(zip(log.episode[rows].tolist(), column.codes[rows].tolist(), strict=True))
        found = dict(pairs)
        if len(found) < len(pairs):
            raise NothingToRead(f"{self.regime} changes within an episode: one regime an episode can be compared.")
        if len(set(found.values())) < 2:
            raise NothingToRead(f"Episodes name no two regimes: it takes a fact {self.regime!r}.")
        return column, found

    def _sights(self, log: Log, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]] | None:
        """What was seen at each row as codes, and the columns; None where there are too many kinds."""
        names = tuple(f"observation.{one}" if f"observation.{one}" in log.columns else one for one in self.sees)
        names = names or tuple(n for n in log.columns if n == "observation" or n.startswith("observation."))
        kept = tuple(name for name in names if log[name].present[rows].any())
        seen = combined([log[name].take(rows).codes for name in kept], len(rows))
        return None if len(np.unique(seen)) > SEEN else (seen, kept)

    def _pairs(self, regime: np.ndarray, episode: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Each regime after the first (by code), and which rows are of either, where both have episodes enough."""
        episodes = {int(one): len(np.unique(episode[regime == one])) for one in np.unique(regime)}
        enough = [one for one, many in sorted(episodes.items()) if many >= LEAST]
        for other in enough[1 : REGIMES + 1] if enough[:1] == [0] else ():
            yield other, np.flatnonzero((regime == 0) | (regime == other))

    def _reading(
        self, agent: str, pair: tuple[str, ...], contrast: Contrast, log: Log, rows: np.ndarray,
        sights: tuple[str, ...], rng: np.random.Generator, rounds: int,
    ) -> Reading:  # fmt: skip
        p, (effect, interval) = contrast.p(rng, rounds), contrast.advantage(rng)
        same = "answers the same sight otherwise" if sights else "moves otherwise"
        said = f"{agent} {same} in regime {pair[1]!r} than in {pair[0]!r}, in about {max(0.0, effect):.0%} of moves."
        if p > DOUBT:
            said = f"Nothing shows that {agent} {same} in regime {pair[1]!r} than in {pair[0]!r}."
        numbers = {"moves": len(rows), "matched": contrast.matched, "sights": list(sights)}
        return Reading(
            "adaptive", said, effect, "total variation", len(contrast.regime), p, interval=interval,
            basis="randomised" if self.assigned else "observational",
            assumes="episodes are independent, and what moves an agent is among its recorded observations",
            who=(agent,), where={"regimes": " and ".join(sorted(pair))}, rows=shown(log, rows[contrast.telling()]),
            risks=("emergent agency",), numbers=numbers, source=SOURCE,
        )  # fmt: skip


def _thinned(rows: np.ndarray, episode: np.ndarray, seen: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of as many episodes, drawn at random, as a table of all sights and moves has room for."""
    episodes = np.unique(episode[rows])
    room = TABLE // ((int(seen.max(initial=0)) + 1) * (COMMON + 1))
    if len(episodes) <= room:
        return rows
    return rows[np.isin(episode[rows], rng.choice(episodes, room, replace=False))]


def _moves(column: Column) -> np.ndarray:
    """Codes of moves: numbers of many kinds cut at their quantiles, of other kinds the common ones."""
    values: Any = column.values
    if len(values) > COMMON and all(type(one) in (int, float) and abs(one) < 1e300 for one in values):
        return codes(np.array(values, float)[column.codes], "What an agent does", cut=True)
    return common(column.codes)
