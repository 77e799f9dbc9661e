"""Pay for the roads you use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from ..core.errors import InputError
from ..core.institution import Institution, Now
from ..core.record import Interval


class Toll(Institution):
    """A charge on each named link or resource: who uses it pays it (Pigou, 1920; Vickrey, 1963).

    Parameters
    ----------
    charges : `(link, amount)` for each link that charges, amounts of at least 0; a mapping will do.
    rate : what all amounts are multiplied by: payoff units (on a network, money) per unit of a charge.
    of : what is charged for, the word before the colon of its facts: "link" on roads, "resource" in other games.

    A link that nobody has heard of raises `UnknownName` when the institution is laid round a game.
    """

    charges: tuple[tuple[str, float], ...] = ()
    rate: Annotated[float, Interval(ge=0)] = 1.0
    of: str = "link"
    example: ClassVar[str] = "toll:charges=((north>south,1))"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can see who uses a link"

    def __post_init__(self) -> None:
        super().__post_init__()
        pairs = self.charges.items() if isinstance(self.charges, Mapping) else self.charges
        charges = tuple((str(link), float(amount)) for link, amount in pairs)
        object.__setattr__(self, "charges", charges)
        wrong = [charge for charge in charges if not (math.isfinite(charge[1]) and charge[1] >= 0)]
        if wrong or len(dict(charges)) < len(charges):
            raise InputError(
                f"Toll has the charges {(wrong or charges)[:6]}.",
                "Every link is named once, and charges a finite amount of at least 0.",
                'Give for example Toll({"A>B": 0.5}).',
            )

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Take what the links that were used charge."""
        owed = 0.0 * payoffs
        for link, amount in self.charges:
            owed = owed + amount * now.amount(f"{self.of}:{link}")
        return payoffs - now.xp.where(now.present, self.rate * owed, 0.0)
