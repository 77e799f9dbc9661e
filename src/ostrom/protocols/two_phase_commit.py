"""Two-phase commit: all commit or none does, and all wait where the coordinator falls silent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval
from ._rows import put

State = tuple[int, int, tuple[int, ...]]

INIT, COMMITTED, ABORTED, CRASHED = range(4)
"""The coordinator's state."""
WORKING, PREPARED, COMMIT, REFUSED, UNDONE = range(5)
"""A participant's: it refused by itself, or had prepared and undid it."""


class TwoPhaseCommit(Protocol):
    """Participants prepare, the coordinator commits once it has heard of all; before, any may abort (Gray 1978).

    Messages are never lost, and take as long as they like. A participant that has prepared can do nothing by itself
    any more: where the coordinator falls silent, it waits for ever. A state is the coordinator's, the participants it
    has heard of (as bits), and each participant's.

    Parameters
    ----------
    participants : how many there are, besides the coordinator.
    worth : what each party gets that commits.
    hold : what a participant loses that is left prepared.
    aside : what the coordinator gets by walking out once somebody has prepared.

    Source: Gray and Lamport, Consensus on transaction commit (2006): their specification, state by state, as long as
    nobody is faulty. With three participants it has 288 states.
    """

    participants: Annotated[int, Interval(ge=1, le=30)] = 3
    worth: float = 1.0
    hold: Annotated[float, Interval(ge=0)] = 1.0
    aside: float = 0.0
    reference: ClassVar[dict[str, Any]] = {"states with three participants": 288, "source": "Gray and Lamport (2006)"}

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The coordinator and the participants."""
        return ("coordinator", *(f"participant {k + 1}" for k in range(self.participants)))

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The participants."""
        return (self.parties[1:],)

    def start(self) -> State:
        """Everybody works, and nothing has been said."""
        return (INIT, 0, (WORKING,) * self.participants)

    def events(self, state: State) -> list[Step]:
        """Prepare or refuse; do as was decided; hear of it; decide."""
        boss, heard, rest = state
        steps = []
        for k, own in enumerate(rest):
            if own == WORKING:
                steps.append(Step(self.parties[k + 1], "prepare", (boss, heard, put(rest, k, PREPARED))))
                steps.append(Step(self.parties[k + 1], "refuse", (boss, heard, put(rest, k, REFUSED)), odds=0))
                if boss == ABORTED:
                    steps.append(Step(self.parties[k + 1], "do as told", (boss, heard, put(rest, k, REFUSED)), odds=0))
            elif own == PREPARED and boss in (COMMITTED, ABORTED):
                after = COMMIT if boss == COMMITTED else UNDONE
                steps.append(Step(self.parties[k + 1], "do as told", (boss, heard, put(rest, k, after))))
        return steps + self._decisions(state) if boss == INIT else steps

    def _decisions(self, state: State) -> list[Step]:
        _, heard, rest = state
        new = [k for k, own in enumerate(rest) if own == PREPARED and not heard >> k & 1]
        steps = [Step("coordinator", f"hear {k + 1}", (INIT, heard | 1 << k, rest)) for k in new]
        all_heard = heard == (1 << self.participants) - 1
        if all_heard:
            steps.append(Step("coordinator", "commit", (COMMITTED, heard, rest)))
        asked = 0 if all_heard or new else None
        steps.append(Step("coordinator", "abort", (ABORTED, heard, rest), odds=asked))
        steps.append(Step("coordinator", "crash", (CRASHED, heard, rest), "abort"))
        return steps

    def ended(self, state: State) -> bool:
        """Whether every participant is done."""
        return min(state[2]) >= COMMIT

    def sees(self, state: State, party: str) -> Any:
        """A participant sees its own state and what was decided; the coordinator who has said that it is prepared."""
        boss, heard, rest = state
        told = {COMMITTED: "told to commit", ABORTED: "told to abort"}.get(boss, "not told")
        if party == "coordinator":
            return tuple(2 if heard >> k & 1 else int(own == PREPARED) for k, own in enumerate(rest))
        own = rest[self.parties.index(party) - 1]
        return f"{('working', 'prepared', 'committed', 'refused', 'undone')[own]}, {told}"

    def pays(self, state: State) -> tuple[float, ...]:
        """Work that is committed pays; waiting costs."""
        boss, _, rest = state
        own = {COMMIT: self.worth, PREPARED: -self.hold}
        aside = self.aside if boss == CRASHED and PREPARED in rest else 0.0
        return (self.worth if boss == COMMITTED else aside, *(own.get(each, 0.0) for each in rest))

    def safety(self) -> Mapping[str, Holds]:
        """Nobody commits where another does not, and nobody before all have prepared."""
        return {"all commit or none does": _consistent, "who commits has everybody's word": _prepared}

    def liveness(self) -> Mapping[str, Holds]:
        """Every participant that is not faulty is done."""
        return {"every participant is done": self._done}

    def _done(self, state: State, faulty: frozenset[str]) -> bool:
        names = self.parties[1:]
        return all(own >= COMMIT or name in faulty for own, name in zip(state[2], names, strict=True))


def _consistent(state: State, faulty: frozenset[str]) -> bool:
    return not (COMMIT in state[2] and (REFUSED in state[2] or UNDONE in state[2]))


def _prepared(state: State, faulty: frozenset[str]) -> bool:
    return COMMIT not in state[2] or (WORKING not in state[2] and REFUSED not in state[2])
