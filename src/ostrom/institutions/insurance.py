"""Those who had enough make up for those who had too little."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import in_proportion


class Insurance(Institution):
    """A mutual: payoffs below `floor` are made up for, by a call on payoffs above it (Arrow, 1963; Platteau, 1997).

    Everybody who is short of the floor gets `cover` of what is missing, as far as there is enough. Members with more
    than the floor pay for it in proportion to what they have above it, and never fall below it by paying.

    Parameters
    ----------
    floor : the payoff, per round, that members should not fall below.
    cover : the share of a shortfall that is made up for, from 0 to 1; the rest is a deductible.
    """

    floor: Annotated[float, Interval()] = 0.0
    cover: Annotated[float, Interval(ge=0, le=1)] = 1.0
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "the members, who see what each got and collect the calls"

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Collect what is needed and there; pay it out."""
        xp = now.xp
        short = xp.where(now.present, xp.maximum(self.floor - payoffs, 0.0), 0.0)
        spare = xp.where(now.present, xp.maximum(payoffs - self.floor, 0.0), 0.0)
        pot = xp.minimum(self.cover * short.sum(-1, keepdims=True), spare.sum(-1, keepdims=True))
        return payoffs + in_proportion(now, pot, short) - in_proportion(now, pot, spare)
