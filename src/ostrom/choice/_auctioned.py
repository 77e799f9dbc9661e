"""What an auction of bundles comes to: who gets what, who pays how much, and who could object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ._bundles import Bid


@dataclass(frozen=True)
class CoreViolation:
    """A group of bidders that could offer the seller more than it gets, and gain no less themselves.

    Attributes
    ----------
    coalition : its members. bids : what they would be given. gain : what the seller would have more.
    """

    coalition: tuple[str, ...]
    bids: tuple[Bid, ...]
    gain: float


@dataclass(frozen=True)
class CombinatorialAuction:
    """Who gets what, and pays how much.

    Attributes
    ----------
    accepted : the bids that win. value : what they offer together. bound : what no allocation offers more than.
    paid : what each bidder pays; empty where time ran out. vcg : what it would pay by Vickrey, Clarke and Groves.
    status : "optimal", "bound gap" where time ran out with an allocation in hand, or "timed out".
    violation : a group that the payments leave something to gain; None where there is none (they are in the core).
    also : the bids of another allocation that offers as much; None where there is none.
    prices : what items cost by the linear relaxation. price_bound : the bound that follows from these prices alone,
        computed without the solver; equal to `value` where items have prices that clear the market.
    """

    accepted: tuple[Bid, ...]
    value: float
    bound: float
    paid: Mapping[str, float]
    vcg: Mapping[str, float]
    rule: str
    status: Literal["optimal", "bound gap", "timed out"]
    violation: CoreViolation | None
    also: tuple[Bid, ...] | None
    prices: Mapping[str, float]
    price_bound: float

    @property
    def won(self) -> dict[str, tuple[str, ...]]:
        """The items of each winner."""
        found: dict[str, tuple[str, ...]] = {}
        for bid in self.accepted:
            found[bid.bidder] = (*found.get(bid.bidder, ()), *bid.bundle)
        return found

    @property
    def revenue(self) -> float:
        """What all pay together."""
        return float(sum(self.paid.values()))

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        sold = "; ".join(
            f"{who} gets {', '.join(got)} for {self.paid.get(who, np.nan):.6g}" for who, got in self.won.items()
        )
        said = f"{sold or 'Nothing is sold'}."
        if self.also is not None:
            other = "; ".join(f"{bid.bidder}: {', '.join(bid.bundle)}" for bid in self.also)
            said += f" Another allocation offers as much ({other}); the one that takes the bids listed first is chosen."
        if self.violation is not None:
            group = " and ".join(self.violation.coalition)
            said += f" {group} could offer the seller {self.violation.gain:.6g} more than it gets."
        return said
