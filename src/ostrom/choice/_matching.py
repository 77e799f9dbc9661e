"""Who is with whom, and why an agent did not get what it prefers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import UnknownName
from ..core.game import Array
from ._sides import Market

By = Literal["stable", "turns", "cycles", "at once"]

SHOWN = 4
"""Reasons that one sentence gives before it only counts the others."""


@dataclass(frozen=True)
class Matching:
    """Who is with whom.

    Attributes
    ----------
    partners : for each agent the number of what (or whom) it is with, -1 for none.
    method : how it was found. rounds : how many rounds that took.
    settled : the round in which each agent got what it has, 0 where that has no meaning.
    cycles : of top trading cycles, (agent, thing) in the order in which they pass on.
    by : what a reason has to refer to. market : what was asked.
    """

    partners: tuple[int, ...]
    method: str
    rounds: int
    market: Market = field(repr=False, compare=False)
    by: By = field(default="stable", repr=False)
    settled: tuple[int, ...] = field(default=(), repr=False)
    cycles: tuple[tuple[tuple[int, int], ...], ...] = field(default=(), repr=False)

    @property
    def pairs(self) -> dict[str, str | None]:
        """With whom each agent is, by name."""
        things = self.market.things
        return {name: None if k < 0 else things[k] for name, k in zip(self.market.agents, self.partners, strict=True)}

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The agents that are with nobody."""
        return tuple(name for name, k in zip(self.market.agents, self.partners, strict=True) if k < 0)

    @property
    def holders(self) -> tuple[tuple[int, ...], ...]:
        """For each thing the numbers of the agents that are with it."""
        held: list[list[int]] = [[] for _ in self.market.things]
        for agent, thing in enumerate(self.partners):
            if thing >= 0:
                held[thing].append(agent)
        return tuple(map(tuple, held))

    @property
    def ranks(self) -> tuple[int, ...]:
        """How each agent ranks what it got, 0 the best; -1 for nothing."""
        return tuple(-1 if k < 0 else int(self.market.ranks[i, k]) for i, k in enumerate(self.partners))

    @property
    def blocking(self) -> tuple[tuple[str, str], ...]:
        """The pairs that would both rather be together: none where the matching is stable.

        An agent who prefers a thing to what it has, where the thing has a seat left or someone whom it ranks lower.
        """
        wants = self._wants() & (self._last() > self.market.priorities.T) & (self.market.priorities.T >= 0)
        return self._named(wants)

    @property
    def tied_out(self) -> tuple[tuple[str, str], ...]:
        """The agents who would rather have a thing that ranks them as high as the last one it took: a tie decided."""
        return self._named(self._wants() & (self._last() == self.market.priorities.T))

    def why(self, agent: Any) -> str:
        """Why an agent (name or number) has what it has and not what it prefers; of a thing, why not other agents.

        Raises `UnknownName` for somebody who is not there.
        """
        market = self.market
        if isinstance(agent, str) and agent not in market.agents and agent in market.things:
            return self._why_thing(market.things.index(agent))
        if isinstance(agent, str) and agent not in market.agents:
            raise UnknownName("agent", agent, (*market.agents, *market.things))
        i = market.agent(agent)
        name, has = market.agents[i], self.partners[i]
        better = np.flatnonzero(self._wants()[i])
        better = better[np.argsort(market.keys[i, better])]
        got = f"{name} is with {market.things[has]}" if has >= 0 else f"{name} is with nobody"
        if not len(better):
            return f"{got}, and nothing it accepts is better." if has >= 0 else f"{got}: it accepts nothing else."
        return _sentence(got, [self._reason(i, int(k)) for k in better[:SHOWN]], len(better))

    def _reason(self, i: int, k: int) -> str:
        """Why agent `i` did not get the thing `k`."""
        market, name, thing = self.market, self.market.agents[i], self.market.things[k]
        if market.priorities[k, i] < 0:
            return f"{thing} does not accept {name}"
        if not market.seats[k]:
            return f"{thing} has no seat"
        held = self.holders[k]
        if not held and self.by != "stable":
            return f"{thing} was left without anybody"
        told = {"turns": self._by_turn, "cycles": self._by_cycle, "at once": self._at_once, "stable": self._stable}
        return told[self.by](i, k, held)

    def _stable(self, i: int, k: int, held: tuple[int, ...]) -> str:
        market, thing = self.market, self.market.things[k]
        if len(held) < market.seats[k]:
            return f"{thing} has a seat left and would take it: the two block this matching"
        mine = market.priorities[k, i]
        if any(market.priorities[k, j] > mine for j in held):
            return f"{thing} would rather have it than one that it has: the two block this matching"
        tied = [market.agents[j] for j in held if market.priorities[k, j] == mine]
        said = f"{thing} is with {_some([market.agents[j] for j in held])}"
        if not tied:
            return f"{said}, ranked before it"
        return f"{said}; it ranks {_some(tied)} the same, and the declared order decided"

    def _by_turn(self, i: int, k: int, held: tuple[int, ...]) -> str:
        return f"{self.market.things[k]} was taken by {_some([self.market.agents[j] for j in held])}, who chose before"

    def _by_cycle(self, i: int, k: int, held: tuple[int, ...]) -> str:
        last = max(held, key=lambda j: self.settled[j])
        cycle = next((one for one in self.cycles if any(pair == (last, k) for pair in one)), ())
        passed = " → ".join(f"{self.market.agents[a]} gets {self.market.things[t]}" for a, t in cycle)
        return f"{self.market.things[k]} was traded away in round {self.settled[last]} ({passed})"

    def _at_once(self, i: int, k: int, held: tuple[int, ...]) -> str:
        market, thing = self.market, self.market.things[k]
        asked = int((market.keys[i, market.keys[i] >= 0] < market.keys[i, k]).sum()) + 1
        full = max(self.settled[j] for j in held)
        if full < asked:
            return f"{thing} was full after round {full}, and it asked only in round {asked}"
        chosen = [j for j in held if self.settled[j] == asked]
        took = f"{thing} took {_some([market.agents[j] for j in chosen])} in round {asked}"
        if all(market.priorities[k, j] < market.priorities[k, i] for j in chosen):
            return f"{took}, ranked before it"
        return f"{took}; it ranks some of these the same, and the declared order decided"

    def _why_thing(self, k: int) -> str:
        market, held = self.market, self.holders[k]
        name = market.things[k]
        got = f"{name} is with {_some([market.agents[j] for j in held])}" if held else f"{name} is with nobody"
        mine = market.priorities[k]
        better = np.flatnonzero((mine >= 0) & (mine < self._last()[0, k]))
        better = [int(j) for j in better[np.argsort(market.claims[k, better])] if j not in held]
        if not better:
            return f"{got}, and nobody it accepts is better."
        return _sentence(got, [self._elsewhere(j, k) for j in better[:SHOWN]], len(better))

    def _elsewhere(self, j: int, k: int) -> str:
        market, has = self.market, self.partners[j]
        name, mine = market.agents[j], market.ranks[j]
        if mine[k] < 0:
            return f"{name} does not accept it"
        if has < 0 or mine[k] < mine[has]:
            return f"{name} would rather have it too: the two block this matching"
        how = "which it ranks the same" if mine[k] == mine[has] else "which it prefers"
        return f"{name} is with {market.things[has]}, {how}"

    def _wants(self) -> Array:
        """`bool[N, M]`: what each agent would rather have than what it has."""
        has = np.array(self.partners)
        got = np.where(has >= 0, self.market.ranks[np.arange(len(has)), has], np.iinfo(np.int64).max)
        return (self.market.ranks >= 0) & (self.market.ranks < got[:, None])

    def _last(self) -> Array:
        """`int64[1, M]`: the rank of the last agent that each thing has; with a seat left it is above every rank."""
        held, market = self.holders, self.market
        last = [
            max(market.priorities[k, list(own)].tolist()) if own and len(own) >= seats else np.iinfo(np.int64).max
            for k, (own, seats) in enumerate(zip(held, market.seats.tolist(), strict=True))
        ]
        return np.where(market.seats > 0, np.array(last, np.int64), -1)[None]

    def _named(self, table: Array) -> tuple[tuple[str, str], ...]:
        return tuple((self.market.agents[i], self.market.things[k]) for i, k in np.argwhere(table).tolist())


def _some(names: list[str]) -> str:
    if len(names) > SHOWN:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _sentence(got: str, reasons: list[str], many: int) -> str:
    more = f"; and {many - len(reasons)} more" if many > len(reasons) else ""
    return f"{got}. Better, but out of reach: {'; '.join(reasons)}{more}."
