"""Gossip: everybody has a secret, and calls make each of two know what either knew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval

Call = tuple[int, int, int]
"""Who calls whom, and whether it says something (1) or only listens (0)."""
State = tuple[int, Call]
FREE = (0, 0, 0)
"""Nobody is on the line."""


class Gossip(Protocol):
    """Learn new secrets: a party may call whoever's secret it does not know, until all know all.

    A state is who knows what, as a square of bits (row i what i knows), and the call on the line, if calls can fail.

    Parameters
    ----------
    agents : how many there are.
    loss : the odds that a call does not come about; it is tried again.
    worth : what knowing one secret is worth.
    lead : what it is worth to a party that another does not know its secret.

    Source: n agents need 2n - 4 calls, n ≥ 4 (Tijdeman 1971); Hedetniemi, Hedetniemi and Liestman (1988) for a survey.
    """

    agents: Annotated[int, Interval(ge=2, le=8)] = 4
    loss: Annotated[float, Interval(ge=0, le=1)] = 0.0
    worth: float = 1.0
    lead: float = 0.0
    reference: ClassVar[dict[str, Any]] = {"calls needed": "2n - 4", "source": "Tijdeman (1971)"}

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The agents, a letter each."""
        return tuple("abcdefgh"[: self.agents])

    @cached_property
    def _row(self) -> int:
        return (1 << self.agents) - 1

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """All agents."""
        return (self.parties,)

    def start(self) -> State:
        """Everybody knows its own secret."""
        return (sum(1 << k * (self.agents + 1) for k in range(self.agents)), FREE)

    def events(self, state: State) -> list[Step]:
        """Call and share; or call and only listen."""
        return self._events(state, self.parties)

    def events_of(self, deviating: Collection[str]) -> Callable[[State], list[Step]]:
        """The same, where only these may listen without sharing."""
        return lambda state: self._events(state, deviating)

    def _events(self, state: State, deviating: Collection[str]) -> list[Step]:
        known, line = state
        if line != FREE:
            said = [Step("network", "connect", (self._after(known, line), FREE), odds=1 - self.loss)]
            return [*said, Step("network", "fail", state, odds=self.loss)]
        steps, agents, called = [], self.agents, self._called
        for i, j, name, call, listen in self._pairs:
            if not known >> i * agents + j & 1:
                steps.append(Step(name, call, called(known, (i, j, 1))))
                if name in deviating:
                    steps.append(Step(name, listen, called(known, (i, j, 0)), "silent"))
        return steps

    def _called(self, known: int, call: Call) -> State:
        return (known, call) if self.loss else (self._after(known, call), FREE)

    def _after(self, known: int, call: Call) -> int:
        """Who knows what after a call of i to j, in which i says something or only listens."""
        i, j, says = call
        n, row = self.agents, self._row
        theirs = known >> j * n & row
        if not says:
            return known | theirs << i * n
        both = known >> i * n & row | theirs
        return known | both << i * n | both << j * n

    @cached_property
    def _pairs(self) -> list[tuple[int, int, str, str, str]]:
        names = list(enumerate(self.parties))
        return [(i, j, a, f"call {b}", f"listen to {b}") for i, a in names for j, b in names if i != j]

    def ended(self, state: State) -> bool:
        """Whether everybody knows everything."""
        return state[0] == (1 << self.agents * self.agents) - 1

    def sees(self, state: State, party: str) -> Any:
        """The secrets that it knows."""
        row = state[0] >> self.parties.index(party) * self.agents
        return "knows " + "".join(name for k, name in enumerate(self.parties) if row >> k & 1)

    def pays(self, state: State) -> tuple[float, ...]:
        """What one knows, and that others do not."""
        n, known = self.agents, state[0]
        rows = [known >> k * n & self._row for k in range(n)]
        ahead = [sum(not row >> k & 1 for row in rows) for k in range(n)]
        return tuple(self.worth * row.bit_count() + self.lead * more for row, more in zip(rows, ahead, strict=True))

    def safety(self) -> Mapping[str, Holds]:
        """Nobody forgets its own secret."""
        own = self.start()[0]
        return {"everybody knows its own secret": lambda state, faulty: state[0] & own == own}

    def liveness(self) -> Mapping[str, Holds]:
        """Everybody who is not faulty comes to know everything."""
        return {"everybody knows everything": self._all_known}

    def _all_known(self, state: State, faulty: frozenset[str]) -> bool:
        rows = [state[0] >> k * self.agents & self._row for k, party in enumerate(self.parties) if party not in faulty]
        return all(row == self._row for row in rows)
