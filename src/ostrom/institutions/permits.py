"""So many permits for all together, and who needs more buys from who needs less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._pots import in_proportion
from ._seats import check_rows, seat_of


class Permits(Institution):
    """Cap and trade: a permit for every unit of `on`, traded through the centre as the season closes (Dales, 1968).

    Who has used fewer permits than it holds sells the rest, who has used more buys what is missing, all at one posted
    price. The short side of the market trades in full, the long side in proportion. Every unit that remains without a
    permit costs the penalty, so that what leaves the players is the penalty times the units above the cap.

    Parameters
    ----------
    on : the fact, continuous part, or label of a move that needs a permit for each unit.
    grant : permits that each seat is given per season, whole.
    grants : rows of (player, permits) for those who are given another number.
    price : payoff units per traded permit; nobody pays more than the penalty for one.
    penalty : payoff units per unit without a permit.
    season : rounds until the books are closed. With 1 (and no bank) use counts exactly; otherwise in whole units,
        each round's rounded up.
    bank : permits that a seat may carry over, of those that it could not sell; 0 is none.

    Raises `InputError` for grants that are not whole numbers of at least 0, `UnknownName` for unknown players.
    """

    on: str = "emission"
    grant: Annotated[int, Interval(ge=0)] = 1
    grants: tuple[tuple[str, int], ...] = ()
    price: Annotated[float, Interval(ge=0)] = 1.0
    penalty: Annotated[float, Interval(ge=0)] = 10.0
    season: Annotated[int, Interval(ge=1)] = 1
    bank: Annotated[int, Interval(ge=0)] = 0
    example: ClassVar[str] = "permits:on=emission,grant=1,price=0.5,penalty=5"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe what needs a permit, and keeps the register"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_rows("Permits", "grants", self.grants, (str, int), '("firm 1", 3)')
        if any(permits < 0 for _, permits in self.grants):
            raise InputError(
                f"Permits(grants={self.grants}) is less than none.",
                "Nobody can be given fewer than 0 permits.",
                "Give whole numbers of at least 0.",
            )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """How much all use, and who where some are given other numbers."""
        return "profile" if self.grants else "counts"

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """None where the books are closed in every round and nothing is carried over."""
        return "finite" if self._kept else "none"

    @property
    def _kept(self) -> bool:
        return self.season > 1 or self.bank > 0

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that the players are there."""
        self.granted(ground)
        return ground

    def granted(self, ground: Ground) -> np.ndarray:
        """`int[P]`: how many permits each seat is given per season."""
        given = np.full(len(ground.players), self.grant, np.int32)
        for player, permits in self.grants:
            given[seat_of(ground, player)] = permits
        return given

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The first season begins with nothing carried over: `left` are permits at hand, negative where too few."""
        return {"left": self.granted(ground), "age": np.int32(0)} if self._kept else {}

    def inform(self, now: Now, view: View) -> View:
        """The register: how many permits each has left, and how many rounds the season still has."""
        if not self._kept:
            return view
        return view.show(permits_left=now.record["left"], rounds_left=self.season - now.record["age"])

    def settle(self, now: Now, payoffs: Any) -> Any:
        """As the season closes: trade at the price, and the penalty for what is still missing."""
        surplus, short, traded = self._market(now)
        bought = in_proportion(now, traded, short)
        flow = self._price(now) * (in_proportion(now, traded, surplus) - bought) - self.penalty * (short - bought)
        return payoffs + (now.xp.where(self._closing(now), flow, 0.0) if self._kept else flow)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Permits at hand after use; as a new season opens the grant, and unsold permits up to `bank`."""
        if not self._kept:
            return now.record
        xp, closing = now.xp, self._closing(now)
        balance = self._balance(now).astype(xp.int32)
        trading = xp.where(now.present, balance, 0)
        surplus = xp.maximum(trading, 0)
        offered, missing = surplus.sum(-1, keepdims=True), xp.maximum(-trading, 0).sum(-1, keepdims=True)
        # In whole numbers, so that no carrier rounds otherwise than another.
        unsold = surplus * xp.maximum(offered - missing, 0) // xp.maximum(offered, 1)
        # Who is absent neither trades nor pays: its surplus and its debt wait for it.
        over = xp.minimum(xp.where(now.present, unsold, balance), self.bank)
        fresh = xp.asarray(self.granted(now.ground)) + over
        age = xp.where(closing, 0, now.record["age"] + 1)
        return {"left": xp.where(closing, fresh, balance).astype(xp.int32), "age": xp.asarray(age, xp.int32)}

    def _price(self, now: Now) -> Any:
        return now.xp.minimum(self.price, self.penalty)

    def _closing(self, now: Now) -> Any:
        return now.record["age"] == self.season - 1

    def _balance(self, now: Now) -> Any:
        """`float[..., P]`: permits at hand after this round's use, negative where too few."""
        used = now.xp.where(now.present, now.xp.maximum(now.amount(self.on), 0.0), 0.0)
        if self._kept:
            return now.record["left"] - now.xp.ceil(used)
        return now.xp.asarray(self.granted(now.ground)) - used

    def _market(self, now: Now) -> tuple[Any, Any, Any]:
        """What each has too many, what each has too few, and (`float[..., 1]`) how many change hands."""
        balance = now.xp.where(now.present, self._balance(now), 0.0)
        surplus, short = now.xp.maximum(balance, 0.0), now.xp.maximum(-balance, 0.0)
        volume = now.xp.minimum(surplus.sum(-1, keepdims=True), short.sum(-1, keepdims=True))
        return surplus, short, volume
