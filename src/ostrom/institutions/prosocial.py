"""Players who care for each other."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.institution import Institution, Now
from ..core.record import Interval


class Prosocial(Institution):
    """Everybody wants (1 − w) of its own payoff and w of what all others get: (1 − w) u_i + w Σ_{j≠i} u_j.

    What this changes is what players want. No money moves, so its payoffs are no longer what anybody is paid, and what
    is jointly good has to be counted in the payoffs below it. With w = 1/2 all want the same. The smallest w at which
    a joint move with the greatest total payoff is an equilibrium is α / (1 + 2α), with α its selfishness level (Apt and
    Schäfer, 2014).

    Parameters
    ----------
    weight : w, from 0 (selfish) to 1 (only the others count).
    """

    weight: Annotated[float, Interval(ge=0, le=1)] = 0.5
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["motivational"]] = "motivational"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "nobody: it is what the players want"

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Mix in the payoffs of all others who are present."""
        counted = now.xp.where(now.present, payoffs, 0.0)
        others = counted.sum(-1, keepdims=True) - counted
        return now.xp.where(now.present, (1 - self.weight) * payoffs + self.weight * others, payoffs)
