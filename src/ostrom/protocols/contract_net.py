"""The contract net: a manager calls for bids, awards the task to the lowest, and it is done and paid, or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from ..core.errors import InputError
from ..core.protocol import Holds, Kind, Protocol, Step
from ..core.record import Interval

NOBODY, CLOSED = -1, -2


class State(NamedTuple):
    """Bids (None before, "" for none), who has the award, whether it is done (True, False, None before), and paid."""

    bids: tuple[Any, ...]
    award: int = NOBODY
    done: bool | None = None
    paid: bool | None = None


class ContractNet(Protocol):
    """FIPA's contract net: call, sealed bids, award, done or failed, with payment (Smith 1980).

    Contractors are asked to bid what the task costs them (the lowest of `prices` that covers it) and the manager to
    award it to the lowest bid, of equal ones the first. Who fails, or does not pay, forfeits `bond` to the other.

    Parameters
    ----------
    costs : what the task costs each contractor.
    prices : the bids that can be made, rising, the last at least every cost.
    value : what the task is worth to the manager; bids above it are not taken.
    rule : the winner is paid its own bid ("first") or the lowest bid of the others ("second"; the highest price where
        there is none).
    prepaid : whether payment comes before the work.
    bond : what breaking the contract costs.

    Raises `InputError` for prices that do not rise or cover the costs.

    Source: Smith, The contract net protocol (1980); FIPA SC00029 (2002); Vickrey (1961) for the second price.
    """

    costs: tuple[float, ...] = (1.0, 2.0)
    prices: tuple[float, ...] = (1.0, 2.0, 3.0)
    value: float = 4.0
    rule: Literal["first", "second"] = "second"
    prepaid: bool = False
    bond: Annotated[float, Interval(ge=0)] = 3.0

    def __post_init__(self) -> None:
        super().__post_init__()
        rising = all(a < b for a, b in zip(self.prices, self.prices[1:], strict=False))
        if not self.costs or not self.prices or not rising or not max(self.costs) <= self.prices[-1]:
            raise InputError(
                f"Costs {self.costs} and prices {self.prices}.",
                "Prices rise, and the last covers every cost.",
                "Give at least one of each.",
            )

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The manager and the contractors."""
        return ("manager", *(f"contractor {k + 1}" for k in range(len(self.costs))))

    def start(self) -> State:
        """Just after the call."""
        return State((None,) * len(self.costs))

    def events(self, state: State) -> list[Step]:
        """Bid; award; work and pay, in the order agreed."""
        return self._events(state, self.parties)

    def events_of(self, deviating: Collection[str]) -> Callable[[State], list[Step]]:
        """The same, where only these bid anything but their costs."""
        return lambda state: self._events(state, deviating)

    def _events(self, state: State, deviating: Collection[str]) -> list[Step]:
        if None in state.bids:
            waiting = [k for k, bid in enumerate(state.bids) if bid is None]
            return [step for k in waiting for step in self._bids(state, k, self.parties[k + 1] in deviating)]
        if state.award == NOBODY:
            return self._awards(state)
        if state.award == CLOSED:
            return []
        work, pay = self._work(state), self._pay(state)
        first, then = (pay, work) if self.prepaid else (work, pay)
        began, ended = (state.paid, state.done) if self.prepaid else (state.done, state.paid)
        return first if began is None else then if began and ended is None else []

    def _bids(self, state: State, k: int, deviates: bool) -> list[Step]:
        rest = state[1:]
        before, after = state.bids[:k], state.bids[k + 1 :]
        return [
            Step(self.parties[k + 1], label, State((*before, bid, *after), *rest), kind)
            for bid, label, kind in self._choices[k]
            if deviates or kind == "honest"
        ]

    @cached_property
    def _choices(self) -> list[list[tuple[Any, str, Kind]]]:
        """For each contractor what it can bid, how that is called, and whether it is asked to."""
        bids = {price: f"bid {self._in_words(price)}" for price in self.prices}
        found: list[list[tuple[Any, str, Kind]]] = []
        for cost in self.costs:
            fair = next(price for price in self.prices if price >= cost)
            own: list[tuple[Any, str, Kind]] = [
                (price, label, "honest" if price == fair else "lie") for price, label in bids.items()
            ]
            found.append([*own, ("", "no bid", "silent")])
        return found

    def _awards(self, state: State) -> list[Step]:
        best = self.best(state)
        kinds: list[Kind] = ["honest" if k == best else "lie" for k in range(len(state.bids))]
        steps = [
            Step("manager", f"award to {k + 1}", state._replace(award=k), kind)
            for k, (bid, kind) in enumerate(zip(state.bids, kinds, strict=True))
            if bid != ""
        ]
        return [*steps, Step("manager", "close", state._replace(award=CLOSED), "honest" if best < 0 else "abort")]

    def _work(self, state: State) -> list[Step]:
        name = self.parties[state.award + 1]
        fail = Step(name, "fail", state._replace(done=False), "abort")
        return [Step(name, "do it", state._replace(done=True)), fail]

    def _pay(self, state: State) -> list[Step]:
        keep = Step("manager", "do not pay", state._replace(paid=False), "abort")
        return [Step("manager", "pay", state._replace(paid=True)), keep]

    def best(self, state: State) -> int:
        """The contractor with the lowest bid that is worth it, the first of equals; -1 for none."""
        bids = [(bid, k) for k, bid in enumerate(state.bids) if bid not in (None, "") and bid <= self.value]
        return min(bids)[1] if bids else NOBODY

    def price(self, state: State) -> float:
        """What the contractor that has the award is to be paid."""
        if self.rule == "first":
            return state.bids[state.award]
        others = [bid for k, bid in enumerate(state.bids) if k != state.award and bid != ""]
        return min(others, default=self.prices[-1])

    def ended(self, state: State) -> bool:
        """Whether the call is closed, broken off, or settled."""
        return state.award == CLOSED or False in (state.done, state.paid) or (bool(state.done) and bool(state.paid))

    def sees(self, state: State, party: str) -> Any:
        """Bids are sealed: the manager sees all of them, a contractor its own."""
        k = self.parties.index(party) - 1
        bids = [bid if k in (-1, own) else None for own, bid in enumerate(state.bids)]
        said = " ".join("-" if bid is None else "none" if bid == "" else self._in_words(bid) for bid in bids)
        award = "" if state.award < 0 else f", awarded to {state.award + 1} for {self.price(state):g}"
        return f"bids {said}{award}{', done' if state.done else ''}{', paid' if state.paid else ''}"

    def _in_words(self, price: float) -> str:
        """A price, with as many digits as tell it from the others."""
        return f"{price:g}" if len({f"{one:g}" for one in self.prices}) == len(self.prices) else repr(float(price))

    def pays(self, state: State) -> tuple[float, ...]:
        """Value and price to the manager, price and cost to the contractor, the bond from who broke off."""
        paid = [0.0] * len(self.parties)
        if state.award >= 0:
            price = self.price(state) * bool(state.paid)
            broken = self.bond * ((state.done is False) - (state.paid is False))
            paid[0] = self.value * bool(state.done) - price + broken
            paid[state.award + 1] = price - self.costs[state.award] * bool(state.done) - broken
        return tuple(paid)

    def safety(self) -> Mapping[str, Holds]:
        """The award is the lowest bid's, and no honest side is left with work unpaid or pay for nothing."""
        return {
            "the award goes to the lowest bid": lambda s, faulty: s.award < 0 or s.award == self.best(s),
            "who works is paid, and who pays is served": self._served,
        }

    def liveness(self) -> Mapping[str, Holds]:
        """It comes to an end."""
        return {"the call is settled": lambda state, faulty: self.ended(state)}

    def _served(self, state: State, faulty: frozenset[str]) -> bool:
        unpaid = state.done is True and state.paid is False and self.parties[state.award + 1] not in faulty
        unserved = state.paid is True and state.done is False and "manager" not in faulty
        return not unpaid and not unserved
