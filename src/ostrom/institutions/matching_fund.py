"""Be paid for giving more than the others do, and pay for giving less."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import here


class MatchingFund(Institution):
    """A fund that pays `rate` per unit by which one's contribution exceeds the others' mean, and takes it below.

    Whatever is contributed, what some are paid others pay (Falkinger, 1996). Of a unit more that one contributes the
    fund bears `rate`; with 1 − 1/n of it, n contributors end up with equal parts of the cost, and an efficient amount
    of a public good is a Nash equilibrium. It is a levied `Subsidy` of n / (n − 1) times the rate by its own name.

    Parameters
    ----------
    on : the fact ("contribution"), continuous part, or label of a move that is matched.
    rate : payoff units per unit above the mean of the others who are present; None is 1 − 1/n, with n present.

    Who is alone neither pays nor is paid.
    """

    on: str = "contribution"
    rate: Annotated[float | None, Interval(ge=0)] = None
    scope: ClassVar[Literal["counts"]] = "counts"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe contributions, and tax and pay"

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Pay and take what deviates from the mean of the others."""
        xp, counted = now.xp, here(now, payoffs)
        given = counted * now.amount(self.on)
        seats = counted.sum(-1, keepdims=True)
        others = xp.maximum(seats - 1, 1.0)
        above = counted * (given - (given.sum(-1, keepdims=True) - given) / others)
        rate = 1 - 1 / xp.maximum(seats, 1.0) if self.rate is None else self.rate
        return payoffs + xp.where(seats > 1, rate * above, 0.0)
