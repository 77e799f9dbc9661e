"""Broadcast over lines that lose messages: who has it, and who knows who has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval
from ._rows import honest, put

State = tuple[tuple[int, ...], int, tuple[int, ...], tuple[str, int, int]]
NOTHING, TRUE, FALSE = range(3)
IDLE = ("", 0, 0)
"""Nothing is on the line."""


class Broadcast(Protocol):
    """A sender tells each receiver, over and over until its receipt arrives; any message may be lost.

    A state is what each has, the receipts that arrived (as bits), the tries used, and what is on the line. With a limit
    of k tries a receiver misses the message with odds lossᵏ. Without one everybody has it in the end, with certainty,
    and the sender knows; but at no time is it common knowledge (Gray 1978, Halpern and Moses 1990).

    Parameters
    ----------
    receivers : how many there are.
    loss : the odds that a message, or a receipt, is lost.
    tries : how often the sender tells each receiver at most; 0: until its receipt arrives.
    worth : what having the message is worth to a receiver, and each that has it to the sender.
    effort : what one try costs the sender.
    prize : what the sender gets if receivers have been told different things.
    """

    receivers: Annotated[int, Interval(ge=1, le=6)] = 2
    loss: Annotated[float, Interval(ge=0, le=1)] = 0.1
    tries: Annotated[int, Interval(ge=0, le=20)] = 2
    worth: float = 1.0
    effort: Annotated[float, Interval(ge=0)] = 0.0
    prize: Annotated[float, Interval(ge=0)] = 0.0

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The sender and the receivers."""
        return ("sender", *(f"receiver {k + 1}" for k in range(self.receivers)))

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The receivers."""
        return (self.parties[1:],)

    def start(self) -> State:
        """Nobody has it."""
        return ((NOTHING,) * self.receivers, 0, (0,) * self.receivers, IDLE)

    def events(self, state: State) -> list[Step]:
        """Tell; arrive or be lost; answer; arrive or be lost."""
        has, receipts, used, (what, k, value) = state
        if what == "answer due":
            sent = (has, receipts, used, ("receipt", k, value))
            return [
                Step(self.parties[k + 1], "answer", sent),
                Step(self.parties[k + 1], "do not answer", (has, receipts, used, IDLE), "silent"),
            ]
        if what:
            told = (put(has, k, has[k] or value), receipts, used, ("answer due", k, 0))
            after = told if what == "message" else (has, receipts | 1 << k, used, IDLE)
            lost = Step("network", f"lose the {what}", (has, receipts, used, IDLE), odds=self.loss)
            return [Step("network", f"deliver the {what}", after, odds=1 - self.loss), lost]
        return self._told(state)

    def _told(self, state: State) -> list[Step]:
        has, receipts, used, _ = state
        steps: list[Step] = []
        for k in self._own:
            if receipts >> k & 1 or (self.tries and used[k] == self.tries):
                continue
            tried = put(used, k, used[k] + 1) if self.tries else used
            odds = 0 if steps else None  # one after another, though any order will do
            steps.append(Step("sender", f"tell {k + 1}", (has, receipts, tried, ("message", k, TRUE)), odds=odds))
            other = (has, receipts, tried, ("message", k, FALSE))
            steps.append(Step("sender", f"tell {k + 1} something else", other, "equivocate"))
        if steps and self.tries:
            steps.append(Step("sender", "stop", (has, receipts, (self.tries,) * self.receivers, IDLE), "abort"))
        return steps

    def ended(self, state: State) -> bool:
        """Whether nothing is on the line."""
        return state[3] == IDLE

    def sees(self, state: State, party: str) -> Any:
        """The sender sees the receipts and its tries, a receiver what it has."""
        has, receipts, used, _ = state
        if party == "sender":
            return f"receipts {receipts:0{self.receivers}b}, tries {' '.join(map(str, used))}"
        return ("nothing", "the message", "something else")[has[self.parties.index(party) - 1]]

    def pays(self, state: State) -> tuple[float, ...]:
        """The message is worth something to all, every try costs."""
        has, _, used, _ = state
        own = [self.worth * (each == TRUE) for each in has]
        split = self.prize * (TRUE in has and FALSE in has)
        return (sum(own) + split - self.effort * sum(used), *own)

    def safety(self) -> Mapping[str, Holds]:
        """A receipt is never of a message that did not arrive, and all have been told the same."""
        return {
            "who is known to have it has it": lambda s, faulty: all(s[0][k] or not s[1] >> k & 1 for k in self._own),
            "all that have it have the same": lambda s, faulty: not (TRUE in s[0] and FALSE in s[0]),
        }

    def liveness(self) -> Mapping[str, Holds]:
        """Every honest receiver gets it; the sender gets to know."""
        return {
            "every honest receiver has it": lambda s, faulty: all(s[0][k - 1] for k in self._honest(faulty)),
            "the sender knows that all have it": lambda s, faulty: all(s[1] >> k & 1 for k in self._own),
        }

    @cached_property
    def _own(self) -> range:
        return range(self.receivers)

    def _honest(self, faulty: frozenset[str]) -> list[int]:
        return [k for k in honest(self.parties, faulty) if k]
