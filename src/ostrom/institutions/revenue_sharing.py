"""A share of what each gets goes into a pot, and the pot is divided."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import evenly, here, in_proportion


class RevenueSharing(Institution):
    """Everybody keeps 1 − s of its payoff; the rest is divided evenly or by weights (Weitzman, 1984).

    Losses are shared as gains are. Shared out evenly, one's own payoff counts 1 − s + s/n and everybody else's s/n, so
    the players act like those who care for each other with the weight w = s/n / (1 − s + 2s/n), and here it is money.

    Parameters
    ----------
    share : s, from 0 (nothing is shared) to 1 (everything: then all want the same).
    weights : for each seat, in seat order, its part of the pot, at least 0 and not all 0; empty is even. Those of who
        is absent fall to the others; where all who are present have 0, nothing is shared.

    Raises `InputError` for weights that are not such numbers, or not as many as there are seats.
    """

    share: Annotated[float, Interval(ge=0, le=1)] = 0.5
    weights: tuple[float, ...] = ()
    example: ClassVar[str] = "revenue_sharing:share=0.8"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever sees what each gets, and collects it"

    def __post_init__(self) -> None:
        super().__post_init__()
        good = all(math.isfinite(weight) and weight >= 0 for weight in self.weights)
        if self.weights and not (good and any(self.weights)):
            raise InputError(
                f"RevenueSharing(weights={self.weights}) divides nothing.",
                "Weights are finite numbers of at least 0, and not all 0.",
                "Give for example weights=(2.0, 1.0, 1.0), or none for equal parts.",
            )

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that every seat has a weight."""
        if self.weights and len(self.weights) != len(ground.players):
            raise InputError(
                f"RevenueSharing has {len(self.weights)} weights.",
                f"There are {len(ground.players)} seats: {', '.join(ground.players[:8])}.",
                "Give one weight for each seat.",
            )
        return ground

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Collect the share of each, and divide what came together."""
        pot = self.share * now.xp.where(now.present, payoffs, 0.0)
        if not self.weights:
            return payoffs - pot + evenly(now, pot)
        weights = now.xp.asarray(self.weights) * here(now, payoffs)
        anybody = weights.sum(-1, keepdims=True) > 0
        return payoffs + now.xp.where(anybody, in_proportion(now, pot, weights) - pot, 0.0)
