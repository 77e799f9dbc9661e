"""Pay a deposit when you take, and have it back when you return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._pots import evenly


class DepositRefund(Institution):
    """A deposit on every unit of `on`, paid back for every unit of `back` that is returned (Bohm, 1981).

    More than was deposited is never paid back. Without `back`, the whole deposit comes back to who has stayed within
    `level`, and none of it to who has not.

    Parameters
    ----------
    on : the fact, continuous part, or label of a move that a deposit is paid for.
    back : the fact, part or label that counts as returned; "" for none.
    deposit : payoff units per unit of `on`, at least 0.
    level : units of `on` up to which nothing has to be returned; only without `back`.
    held : units for which a seat's deposit may be held until a later round, in whole units (what is taken rounded up,
        what is returned rounded down). 0: it has to be returned in the same round. Deposits on more are forfeited.
    shared : whether all who are present get what is forfeited, in equal parts; not together with `held`.

    Raises `InputError` for `held` without `back`, or together with `shared`.
    """

    on: str = "harvest"
    back: str = ""
    deposit: Annotated[float, Interval(ge=0)] = 1.0
    level: Annotated[float, Interval(ge=0)] = 0.0
    held: Annotated[int, Interval(ge=0)] = 0
    shared: bool = False
    example: ClassVar[str] = "deposit_refund:on=emission,level=1,deposit=2"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever takes the deposit; returns are shown by those who want it back"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.held and (self.shared or not self.back):
            raise InputError(
                f"DepositRefund(held={self.held}, back={self.back!r}, shared={self.shared}) cannot be.",
                "What is held until a later round is for what may still be returned, and nobody else's yet.",
                "Say what is to be returned (back=…) and leave shared=False, or leave held=0.",
            )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive, unless what is forfeited is shared."""
        return "counts" if self.shared else "additive"

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """The units on deposit, where any may be held."""
        return "finite" if self.held else "none"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when shared, a surplus within a round; over several rounds a round may pay out."""
        return "balanced" if self.shared else None if self.held else "surplus"

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nothing is on deposit."""
        return {"deposits": np.zeros(len(ground.players), np.int32)} if self.held else {}

    def inform(self, now: Now, view: View) -> View:
        """How many units each seat has on deposit from earlier rounds."""
        return view.show(on_deposit=now.record["deposits"]) if self.held else view

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Take deposits on what is taken, pay them back on what is returned."""
        taken, returned = self._units(now)
        kept = self.deposit * (taken - returned)
        return payoffs - kept + (evenly(now, kept) if self.shared else 0.0)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What is on deposit now, up to `held` units."""
        if not self.held:
            return now.record
        taken, returned = self._units(now)
        deposits = now.record["deposits"] + (taken - returned).astype(now.xp.int32)
        return {"deposits": now.xp.minimum(deposits, self.held).astype(now.xp.int32)}

    def _units(self, now: Now) -> tuple[Any, Any]:
        """`float[..., P]` twice: units that a deposit is paid for, and units for which one is paid back."""
        xp = now.xp
        taken = xp.where(now.present, xp.maximum(now.amount(self.on), 0.0), 0.0)
        if not self.back:
            return taken, xp.where(taken <= self.level, taken, 0.0)
        brought = xp.where(now.present, xp.maximum(now.amount(self.back), 0.0), 0.0)
        if not self.held:
            return taken, xp.minimum(brought, taken)
        taken = xp.ceil(taken)
        return taken, xp.minimum(xp.floor(brought), taken + now.record["deposits"])
