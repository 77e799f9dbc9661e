"""Two-phase commit: all commit or none does, and all wait where the coordinator falls silent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval

State = tuple[int, int, int, int, int, int]

INIT, COMMITTED, ABORTED, CRASHED = range(4)
"""The coordinator's state."""


class TwoPhaseCommit(Protocol):
    """Participants prepare, the coordinator commits once it has heard of all; before, any may abort (Gray 1978).

    Messages are never lost, and take as long as they like. A participant that has prepared can do nothing by itself
    any more: where the coordinator falls silent, it waits for ever. A state is the coordinator's and five sets of
    participants, each written as the bits of a whole number: heard of, prepared, committed, refused by itself or
    before it had prepared, and undone after it had; who is in none of the last four still works.

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

    @cached_property
    def _hears(self) -> tuple[str, ...]:
        return tuple(f"hear {k + 1}" for k in range(self.participants))

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The participants."""
        return (self.parties[1:],)

    @cached_property
    def _each(self) -> tuple[tuple[str, int, str], ...]:
        """A participant's name and bit, and what the coordinator does that hears of it."""
        return tuple((name, 1 << k, f"hear {k + 1}") for k, name in enumerate(self.parties[1:]))

    @cached_property
    def _everybody(self) -> int:
        return (1 << self.participants) - 1

    def start(self) -> State:
        """Everybody works, and nothing has been said."""
        return (INIT, 0, 0, 0, 0, 0)

    def events(self, state: State) -> list[Step]:
        """Prepare or refuse; do as was decided; hear of it; decide."""
        boss, heard, prepared, committed, refused, undone = state
        done, steps = committed | refused | undone, []
        for name, bit, _ in self._each:
            if done & bit:
                continue
            if not prepared & bit:
                no = (boss, heard, prepared, committed, refused | bit, undone)
                steps.append(Step(name, "prepare", (boss, heard, prepared | bit, committed, refused, undone)))
                steps.append(Step(name, "refuse", no, "honest", 0))
                if boss == ABORTED:
                    steps.append(Step(name, "do as told", no, "honest", 0))
            elif boss == COMMITTED:
                steps.append(Step(name, "do as told", (boss, heard, prepared ^ bit, committed | bit, refused, undone)))
            elif boss == ABORTED:
                steps.append(Step(name, "do as told", (boss, heard, prepared ^ bit, committed, refused, undone | bit)))
        return steps + self._decisions(state) if boss == INIT else steps

    def _decisions(self, state: State) -> list[Step]:
        _, heard, prepared, *rest = state
        new = [(bit, hear) for _, bit, hear in self._each if prepared & ~heard & bit]
        steps = [Step("coordinator", hear, (INIT, heard | bit, prepared, *rest)) for bit, hear in new]
        all_heard = heard == self._everybody
        if all_heard:
            steps.append(Step("coordinator", "commit", (COMMITTED, heard, prepared, *rest)))
        asked = 0 if all_heard or new else None
        steps.append(Step("coordinator", "abort", (ABORTED, heard, prepared, *rest), "honest", asked))
        steps.append(Step("coordinator", "crash", (CRASHED, heard, prepared, *rest), "abort"))
        return steps

    def ended(self, state: State) -> bool:
        """Whether every participant is done."""
        return state[3] | state[4] | state[5] == self._everybody

    def sees(self, state: State, party: str) -> Any:
        """A participant sees its own state and what was decided; the coordinator who has said that it is prepared."""
        boss, heard, *sets = state
        if party == "coordinator":
            return tuple(2 if heard & bit else int(bool(sets[0] & bit)) for _, bit, _ in self._each)
        bit = self._each[self.parties.index(party) - 1][1]
        own = [
            word for word, who in zip(("prepared", "committed", "refused", "undone"), sets, strict=True) if who & bit
        ]
        told = {COMMITTED: "told to commit", ABORTED: "told to abort"}.get(boss, "not told")
        return f"{', '.join(own) or 'working'}, {told}"

    def pays(self, state: State) -> tuple[float, ...]:
        """Work that is committed pays; waiting costs."""
        boss, _, prepared, committed, *_ = state
        own = [self.worth * bool(committed & bit) - self.hold * bool(prepared & bit) for _, bit, _ in self._each]
        aside = self.aside if boss == CRASHED and prepared else 0.0
        return (self.worth if boss == COMMITTED else aside, *own)

    def safety(self) -> Mapping[str, Holds]:
        """Nobody commits where another does not, and nobody before all have prepared."""
        return {"all commit or none does": _consistent, "who commits has everybody's word": self._agreed}

    def liveness(self) -> Mapping[str, Holds]:
        """Every participant that is not faulty is done."""
        return {"every participant is done": self._done}

    def _agreed(self, state: State, faulty: frozenset[str]) -> bool:
        _, _, prepared, committed, _, undone = state
        return not committed or prepared | committed | undone == self._everybody

    def _done(self, state: State, faulty: frozenset[str]) -> bool:
        left = self._everybody & ~(state[3] | state[4] | state[5])
        return not left or all(name in faulty for name, bit, _ in self._each if left & bit)


def _consistent(state: State, faulty: frozenset[str]) -> bool:
    return not (state[3] and (state[4] or state[5]))
