"""A mediator that acts for those who delegate to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from ..core.ground import Ground
from ..core.institution import Institution, Now


class Mediator(Institution):
    """Seats may hand over their move; the mediator plays `together` if all do, else `alone` for those who did.

    Delegating is something to do *instead of* acting, so it extends the part "act" (Monderer and Tennenholtz, 2009:
    strong mediated equilibrium; Ivanov et al., 2023).

    Parameters
    ----------
    together : the label of "act" played for everybody when everybody delegates.
    alone : the label played for those who delegate when somebody does not.
    """

    together: str = "C"
    alone: str = "D"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "the mediator, by acting"

    def menu(self, ground: Ground) -> Ground:
        """One more thing to do: delegate."""
        for label in (self.together, self.alone):
            ground.index("act", label)
        return ground.extended("act", "delegate")

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """Play for those who delegated."""
        act = now.ground.part("act")
        handed = now.did("act", "delegate")
        everybody = (handed | ~now.xp.asarray(now.present)).all(-1, keepdims=True)
        together, alone = (now.xp.asarray(act.codes(label, now.players)) for label in (self.together, self.alone))
        played = now.xp.where(everybody, together, alone)
        return {**moves, "act": now.xp.where(handed, played, moves["act"]).astype(moves["act"].dtype)}
