"""Sign first, play then: who breaks what all have signed pays."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval


class Contract(Institution):
    """A binding agreement, signed before play and in force only if everybody present has signed.

    A seat that does not do what was promised pays `damages`, in equal parts to the others, so that transfers sum to 0
    (Christoffersen, Haupt and Hadfield-Menell, 2023: formal contracts between learning agents).

    Parameters
    ----------
    promise : the label of the part "act" that is promised.
    damages : payoff units for breaking it.
    each_round : whether it is signed anew in every round, or once for the whole episode.
    """

    promise: str = "C"
    damages: Annotated[float, Interval(ge=0)] = 3.0
    each_round: bool = False
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "a court that sees what was done"

    def menu(self, ground: Ground) -> Ground:
        """A stage to sign at: in every round, or as the episode opens."""
        ground.index("act", self.promise)
        sign = Part("sign", ("no", "yes"))
        return ground.preceded_by(sign) if self.each_round else ground.opened_by(sign)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Breakers pay, all others who are present share."""
        here = now.xp.where(now.present, now.xp.ones_like(payoffs), 0.0)
        others = here.sum(-1, keepdims=True) - 1
        force = (now.did("sign", "yes") | (here == 0)).all(-1, keepdims=True) & (others > 0)
        broken = force & (here > 0) & ~now.did("act", self.promise)
        owed = now.xp.where(broken, self.damages, 0.0)
        received = here * (owed.sum(-1, keepdims=True) - owed) / now.xp.maximum(others, 1)
        return payoffs - owed + received
