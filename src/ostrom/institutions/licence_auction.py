"""A licence for the round goes to who bids most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._limits import within
from ._pots import evenly, here


class LicenceAuction(Institution):
    """Sealed bids before play; the highest bidders hold a licence for this round (Demsetz, 1968; Vickrey, 1961).

    All who win pay the highest bid that did not win (of one licence, the second price), or each its own. Among equal
    bids the lot decides. Whoever has no licence may not do what needs one, as under a `Licence`.

    Parameters
    ----------
    on : the fact, continuous part, or label of a move that needs a licence.
    licences : how many there are in a round.
    bids : what can be bid, payoff units, rising from the lowest accepted bid of at least 0.
    own_price : whether winners pay their own bids instead of the highest that lost.
    shared : whether all who are present get the revenue in equal parts; otherwise it leaves the players.

    Raises `InputError` for bids that do not rise from 0 or more.
    """

    on: str = "harvest"
    licences: Annotated[int, Interval(ge=1)] = 1
    bids: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0)
    own_price: bool = False
    shared: bool = False
    example: ClassVar[str] = "licence_auction:on=D,bids=(0,1,2)"
    scope: ClassVar[Literal["profile"]] = "profile"
    enforced_by: ClassVar[str] = "an auctioneer who can close off a move"

    def __post_init__(self) -> None:
        super().__post_init__()
        rising = all(a < b for a, b in zip(self.bids, self.bids[1:], strict=False))
        if not self.bids or not rising or not self.bids[0] >= 0 or not self.bids[-1] < np.inf:
            raise InputError(
                f"LicenceAuction(bids={self.bids}) cannot be bid.",
                "Bids are finite amounts that rise, the lowest at least 0.",
                "Give for example bids=(0.0, 1.0, 2.0).",
            )

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when the revenue is shared, else never paid out."""
        return "balanced" if self.shared else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """A stage of sealed bids at the start of every round."""
        return ground.preceded_by(Part("bid", tuple(f"{bid:g}" for bid in self.bids)))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """A lot for every seat but the first: its place among those before it, all orders equally likely."""
        return {f"lot {seat}": np.full((1, seat + 1), 1 / (seat + 1)) for seat in range(1, now.players)}

    def inform(self, now: Now, view: View) -> View:
        """Who holds a licence, once bids are in."""
        return view.show(licensed=self.holds(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything to who holds a licence; to others nothing that could bring any of it."""
        return within(now, mask, self.on, now.xp.where(self.holds(now), np.inf, 0.0))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Winners pay; the revenue is shared, or gone."""
        xp, holds, made = now.xp, self.holds(now), now["bid"]
        offered = xp.where((made >= 0) & xp.asarray(now.present), xp.asarray(self.bids)[xp.maximum(made, 0)], 0.0)
        lost = xp.where(holds, 0.0, offered).max(-1, keepdims=True)
        price = offered if self.own_price else xp.maximum(lost, self.bids[0])
        paid = here(now, payoffs) * xp.where(holds, price, 0.0)
        return payoffs - paid + (evenly(now, paid) if self.shared else 0.0)

    def holds(self, now: Now) -> Any:
        """`bool[..., P]`: who has won a licence; nobody while bids are not in."""
        return self._place(now) < self.licences

    def _place(self, now: Now) -> Any:
        """`int[..., P]`: 0 for the highest bidder who is present, and so on; behind all licences who makes no bid."""
        bid = now.xp.where(now.present, now["bid"], -1)
        lot = self._lots(now, bid)
        ahead = (bid[..., None, :] > bid[..., :, None]) | (
            (bid[..., None, :] == bid[..., :, None]) & (lot[..., None, :] < lot[..., :, None])
        )
        return now.xp.where(bid >= 0, ahead.sum(-1), max(now.players, self.licences))

    def _lots(self, now: Now, bid: Any) -> Any:
        """`int[..., P]`: a random order of the seats; each new seat goes in at its place, those behind move up."""
        lots = [0 * bid[..., 0]]
        for seat in range(1, now.players):
            drawn = now.luck[f"lot {seat}"][..., 0] if now.luck else 0 * bid[..., 0] + seat
            lots = [*(lot + (lot >= drawn) for lot in lots), drawn]
        return now.xp.stack(now.xp.broadcast_arrays(*lots), -1)
