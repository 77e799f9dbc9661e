"""Exchange between strangers: one hands over first and hopes, or a third party holds both until it can let both go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval

State = tuple[int, int, int]
WAITING, GIVEN, OUT = range(3)
HOLDS, RELEASED, REFUNDED, GONE = range(4)


class Escrow(Protocol):
    """A buyer pays, a seller ships; each may walk out. With an agent in the middle, both hand over to it.

    Without one the seller ships once it has been paid, or keeps the money: it gains what the goods cost it. No protocol
    of two parties alone is fair (Even and Yacobi 1980). With one, it lets both go once it has both, and gives back
    what it has where somebody walks out; who has to be trusted then is the agent.

    A state is what buyer and seller did, and the agent.

    Parameters
    ----------
    agent : whether there is one.
    price : what the buyer pays. value : what the goods are worth to it. cost : what they cost the seller.
    fee : what the agent gets, half from each, when it lets go.
    bond : what the agent loses that makes off with what it holds.

    Source: Even and Yacobi (1980); Asokan, Shoup and Waidner, Optimistic fair exchange (1998).
    """

    agent: bool = True
    price: Annotated[float, Interval(ge=0)] = 2.0
    value: Annotated[float, Interval(ge=0)] = 3.0
    cost: Annotated[float, Interval(ge=0)] = 1.0
    fee: Annotated[float, Interval(ge=0)] = 0.2
    bond: Annotated[float, Interval(ge=0)] = 4.0

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Buyer, seller, and the agent where there is one."""
        return ("buyer", "seller", "agent") if self.agent else ("buyer", "seller")

    def start(self) -> State:
        """Nothing is handed over."""
        return (WAITING, WAITING, HOLDS)

    def events(self, state: State) -> list[Step]:
        """Hand over, or walk out; let go, give back, or make off."""
        buyer, seller, held = state
        steps: list[Step] = []
        if held != HOLDS or (not self.agent and OUT in (buyer, seller)):
            return steps
        if buyer == WAITING and seller != OUT:
            steps.append(Step("buyer", "pay", (GIVEN, seller, held)))
            steps.append(Step("buyer", "walk out", (OUT, seller, held), "abort"))
        if seller == WAITING and (buyer == GIVEN or (self.agent and buyer != OUT)):
            steps.append(Step("seller", "ship", (buyer, GIVEN, held)))
            steps.append(Step("seller", "walk out", (buyer, OUT, held), "abort"))
        if not self.agent:
            return steps
        if (buyer, seller) == (GIVEN, GIVEN):
            steps.append(Step("agent", "let go", (buyer, seller, RELEASED)))
        if OUT in (buyer, seller):
            steps.append(Step("agent", "give back", (buyer, seller, REFUNDED)))
        if GIVEN in (buyer, seller):
            steps.append(Step("agent", "make off", (buyer, seller, GONE), "abort"))
        return steps

    def ended(self, state: State) -> bool:
        """Whether goods and money are where they stay."""
        return state[2] != HOLDS if self.agent else state[:2] == (GIVEN, GIVEN) or OUT in state[:2]

    def sees(self, state: State, party: str) -> Any:
        """With an agent each sees what itself did, and the agent both; without one both are seen."""
        buyer, seller, held = state
        if not self.agent or party == "agent":
            return f"buyer {NAMES[buyer]}, seller {NAMES[seller]}"
        return f"{NAMES[buyer if party == 'buyer' else seller]}, {'open' if held == HOLDS else 'closed'}"

    def pays(self, state: State) -> tuple[float, ...]:
        """Money and goods, where they are."""
        buyer, seller, held = state
        paid, shipped = buyer == GIVEN, seller == GIVEN
        if not self.agent:
            return (self.value * shipped - self.price * paid, self.price * paid - self.cost * shipped)
        if held == RELEASED:
            half = self.fee / 2
            return (self.value - self.price - half, self.price - self.cost - half, self.fee)
        if held == GONE:
            taken = self.price * paid + self.cost * shipped
            return (-self.price * paid, -self.cost * shipped, taken - self.bond)
        return (0.0, 0.0, 0.0) if held == REFUNDED else (-self.price * paid, -self.cost * shipped, 0.0)

    def safety(self) -> Mapping[str, Holds]:
        """In the end nobody honest has handed over for nothing."""
        return {"nobody honest hands over for nothing": self._fair}

    def liveness(self) -> Mapping[str, Holds]:
        """It comes to an end."""
        return {"the exchange ends": lambda state, faulty: self.ended(state)}

    def _fair(self, state: State, faulty: frozenset[str]) -> bool:
        buyer, seller, held = state
        if not self.ended(state) or held in (RELEASED, REFUNDED):
            return True
        taken = held == GONE
        cheated = {"buyer": buyer == GIVEN and (seller != GIVEN or taken)}
        cheated["seller"] = seller == GIVEN and (buyer != GIVEN or taken)
        return not any(lost and party not in faulty for party, lost in cheated.items())


NAMES = ("waiting", "handed over", "out")
