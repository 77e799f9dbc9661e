"""Spot checks: claims are paid unless a sample of them is inspected and one turns out false."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from ..core.protocol import Holds, Kind, Protocol, Step
from ..core.record import Interval
from ._rows import put

State = tuple[tuple[int, ...], tuple[int, ...]]
OPEN, TRUE, FALSE = range(3)
INSPECTED, PASSED = 1, 2
CLAIMS: tuple[tuple[str, int, Kind], ...] = (("claim truly", TRUE, "honest"), ("claim falsely", FALSE, "lie"))


class SamplingAudit(Protocol):
    """Each claimant makes a claim, true or false; each claim is then inspected with odds p, or passed.

    A false claim brings `gain` if it passes and costs `penalty` if it is inspected, so that telling the truth pays as
    long as p ≥ gain / (gain + penalty) (Becker 1968). Who inspects is a lottery, or a party that is asked to inspect
    with odds p and pays for it: it would rather not, unless what it finds is worth it to it.

    Parameters
    ----------
    claimants : how many claim.
    odds : p.
    gain : what a false claim brings more than a true one.
    penalty : what it costs if found.
    inspector : whether a party inspects, rather than a lottery.
    cost : of one inspection, to the inspector.
    bounty : for each false claim that it finds.

    Source: Becker (1968); Avenhaus, von Stengel and Zamir, Inspection games (2002).
    """

    claimants: Annotated[int, Interval(ge=1, le=8)] = 1
    odds: Annotated[float, Interval(ge=0, le=1)] = 0.25
    gain: Annotated[float, Interval(ge=0)] = 1.0
    penalty: Annotated[float, Interval(ge=0)] = 3.0
    inspector: bool = False
    cost: Annotated[float, Interval(ge=0)] = 0.1
    bounty: Annotated[float, Interval(ge=0)] = 0.0

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The claimants, and the inspector where it is a party."""
        names = tuple(f"claimant {k + 1}" for k in range(self.claimants))
        return (*names, "inspector") if self.inspector else names

    def start(self) -> State:
        """No claim is made."""
        return ((OPEN,) * self.claimants, (OPEN,) * self.claimants)

    def events(self, state: State) -> list[Step]:
        """Claim, in any order; then inspect or pass, one claim after another."""
        claims, looked = state
        if OPEN in claims:
            return [
                Step(self.parties[k], label, (put(claims, k, claim), looked), kind)
                for k, made in enumerate(claims)
                if made == OPEN
                for label, claim, kind in CLAIMS
            ]
        if OPEN not in looked:
            return []
        k, who = looked.index(OPEN), "inspector" if self.inspector else "lottery"
        return [
            Step(who, f"inspect {k + 1}", (claims, put(looked, k, INSPECTED)), odds=self.odds),
            Step(who, f"pass {k + 1}", (claims, put(looked, k, PASSED)), odds=1 - self.odds),
        ]

    def ended(self, state: State) -> bool:
        """Whether every claim is settled."""
        return OPEN not in state[1]

    def sees(self, state: State, party: str) -> Any:
        """A claimant sees nothing before it claims, the inspector what it has found out."""
        if party != "inspector":
            return "to claim"
        found = [claim if look == INSPECTED else OPEN for claim, look in zip(*state, strict=True)]
        return f"found {''.join('-tf'[each] for each in found)}, {state[1].count(OPEN)} to go"

    def pays(self, state: State) -> tuple[float, ...]:
        """False claims bring the gain or the penalty."""
        pairs = list(zip(*state, strict=True))
        brought = {(FALSE, PASSED): self.gain, (FALSE, INSPECTED): -self.penalty}
        own = [brought.get(pair, 0.0) for pair in pairs]
        if not self.inspector:
            return tuple(own)
        looked = state[1].count(INSPECTED)
        return (*own, self.bounty * pairs.count((FALSE, INSPECTED)) - self.cost * looked)

    def safety(self) -> Mapping[str, Holds]:
        """No false claim passes: only inspecting all of them would do."""
        return {"no false claim passes": lambda s, faulty: (FALSE, PASSED) not in zip(*s, strict=True)}

    def liveness(self) -> Mapping[str, Holds]:
        """Every claim is settled."""
        return {"every claim is settled": lambda state, faulty: OPEN not in state[1]}
