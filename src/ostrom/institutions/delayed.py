"""What a rule takes and pays falls due some rounds later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now, View
from ..core.record import Interval
from ._beneath import beneath, of_rule, of_wrapper
from ._collected import check_money, less_missing
from ._pots import here

MOST = 2**31 - 1
"""The most units that a ledger can hold."""


class Delayed(Around):
    """Whatever `rule` takes from a seat or pays to it is paid `rounds` rounds later.

    For who discounts rounds by δ, a charge F that falls due k rounds later deters a gain g if and only if `δ^k F ≥ g`
    (Becker, 1968: punishment that is later counts less).

    Parameters
    ----------
    rule : an institution that moves money.
    rounds : after how many rounds it is paid, 1 to 1000.
    unit : the smallest coin, in payoff units. What is owed is kept in whole coins, rounded so that what sums to 0 still
        does, and each seat's amount is off by less than one coin.

    What is not paid in its round lapses: who is absent then pays nothing and gets nothing, and of what others should
    have got from it (or paid to it) they get (pay) less, in proportion. What falls due after the last round is never
    paid. Raises `InputError` when the rule takes no money, and for amounts of more than 2³¹ coins.
    """

    rule: Institution
    rounds: Annotated[int, Interval(ge=1, le=1000)] = 1
    unit: Annotated[float, Interval(ge=1e-6)] = 1e-3
    example: ClassVar[str] = "delayed:rule=(fines:schedule=((*,D,5)),shared=no),rounds=2"
    enforced_by: ClassVar[str] = "a collector who still knows, rounds later, who owes what"

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """Finite, unless the rule keeps more."""
        return "unbounded" if self.rule.memory == "unbounded" else "finite"

    def menu(self, ground: Ground) -> Ground:
        """The rule's."""
        check_money(self.rule, ground)
        return self.rule.menu(ground)

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nobody owes anything: coins by round, `due` to (or, negative, from) each seat, `taken` and `given` in all."""
        sizes = {"due": len(ground.players), "taken": 1, "given": 1}
        ledger = {name: np.zeros((self.rounds, size), np.int32) for name, size in sizes.items()}
        return ledger | beneath(self.rule.found(ground))

    def seen(self, now: Now) -> Now:
        """The rule gets its own record."""
        return replace(now, record=of_rule(now.record))

    def inform(self, now: Now, view: View) -> View:
        """What the rule says; and what falls due for each seat, `[P, rounds]` in payoff units, this round first."""
        return super().inform(now, view).show(due=self.unit * now.xp.swapaxes(now.record["due"], -1, -2))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Pay what falls due in this round."""
        return payoffs + self._falls_due(now, payoffs)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """The ledger, one round on; in its last line what the rule takes and pays now."""
        xp, before = now.xp, payoffs - self._falls_due(now, payoffs)
        settled = super().settle(now, before)
        coins = xp.rint(xp.cumsum((settled - before) / self.unit, -1))
        if xp is np and np.abs(coins).max(initial=0.0) > MOST:
            raise InputError(
                f"The rule moves {np.abs(settled - before).max():g}, which is too many coins of {self.unit:g}.",
                f"The ledger holds up to {MOST:,} coins.",
                "Give a larger unit.",
            )
        due = xp.diff(coins, prepend=0.0)
        taken, given = (xp.maximum(part, 0.0).sum(-1, keepdims=True) for part in (-due, due))
        lines = {"due": due, "taken": taken, "given": given}
        ledger = {
            name: xp.concatenate([old[1:], lines[name][None].astype(xp.int32)])
            for name, old in of_wrapper(now.record).items()
        }
        return ledger | beneath(super().remember(now, settled))

    def _falls_due(self, now: Now, payoffs: Any) -> Any:
        """`float[..., P]`: what each seat gets or (negative) pays now, of what was due when the ledger was written."""
        xp, present = now.xp, here(now, payoffs)
        due, taken, given = (self.unit * now.record[name][..., 0, :] for name in ("due", "taken", "given"))
        charges, receipts = xp.maximum(-due, 0.0) * present, xp.maximum(due, 0.0) * present
        whole = xp.maximum(taken, given)
        unpaid = taken - charges.sum(-1, keepdims=True)
        unclaimed = given - receipts.sum(-1, keepdims=True)
        return less_missing(now, receipts, whole, unpaid) - less_missing(now, charges, whole, unclaimed)
