"""Pay for what you do."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import evenly


class Tax(Institution):
    """A price on a move, a number or a fact: each seat pays `rate` for every unit of `on` (Pigou, 1920).

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D") that is taxed.
    rate : payoff units per unit of `on`; negative is a subsidy (`Subsidy` says who pays).
    shared : whether the revenue goes back to all who are present, in equal parts (then transfers sum to 0).
    """

    on: str = "D"
    rate: Annotated[float, Interval()] = 1.0
    shared: bool = False
    example: ClassVar[str] = "tax:on=D,rate=2,shared=true"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe what is taxed"

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive, unless the revenue is shared."""
        return "counts" if self.shared else "additive"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when shared; otherwise it depends on the sign of the rate, and nothing is declared."""
        return "balanced" if self.shared else None

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Take the tax; give it back in equal parts when it is shared."""
        owed = now.xp.where(now.present, self.rate * now.amount(self.on), 0.0)
        return payoffs - owed + (evenly(now, owed) if self.shared else 0.0)
