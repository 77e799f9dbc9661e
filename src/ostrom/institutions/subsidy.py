"""Be paid for what you do."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import evenly


class Subsidy(Institution):
    """A reward for a move, a number or a fact: each seat is paid `rate` for every unit of `on` (Pigou, 1920).

    It is a `Tax` with a negative rate, and who pays is said: all who are present, in equal parts, or somebody outside.
    An amount below 0 is paid for like 0, so that nothing is taken from anybody as a subsidy.

    Parameters
    ----------
    on : the fact ("contribution"), continuous part, or label of a move ("C") that is rewarded.
    rate : payoff units per unit of `on`, at least 0.
    levied : whether those who are present raise the money, by an equal levy on each; otherwise it comes from outside.
    """

    on: str = "C"
    rate: Annotated[float, Interval(ge=0)] = 1.0
    levied: bool = True
    example: ClassVar[str] = "subsidy:on=C,rate=2"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe what is rewarded, and has or raises the money"

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive when the money comes from outside; a levy depends on how much all do."""
        return "counts" if self.levied else "additive"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when levied; otherwise nothing is ever taken."""
        return "balanced" if self.levied else "deficit"

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Pay the subsidy; take the levy."""
        paid = now.xp.where(now.present, self.rate * now.xp.maximum(now.amount(self.on), 0.0), 0.0)
        return payoffs + paid - (evenly(now, paid) if self.levied else 0.0)
