"""Say under your name what you will do, and pay if you do something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import here
from ._seats import labels

SILENT = "nothing"


class Statement(Institution):
    """Before play each may sign a statement of what it will do; who then does something else loses a bond.

    All sign at the same time, see what was signed, and then play. Nobody has to sign, and a statement binds nobody: it
    costs `bond` to break it. So what is said is believed by everybody who knows that breaking it gains less than the
    bond; without a bond it is cheap talk (Farrell, 1987; Schelling, 1960, on pledges).

    Parameters
    ----------
    bond : payoff units that breaking one's own statement costs, at least 0.
    shared : whether all others who are present get it, in equal parts; otherwise it leaves the players.

    Who is absent has said nothing. Raises `InputError` when a player would be bound to silence: a move that is called
    "nothing".
    """

    bond: Annotated[float, Interval(ge=0)] = 2.0
    shared: bool = False
    example: ClassVar[str] = "statement:bond=2.5"
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "whoever keeps the bonds, and can see who does what it signed"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when bonds go to the others; otherwise never paid out."""
        return "balanced" if self.shared else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """A stage at which to sign, before every round."""
        own = [tuple(f"will {label}" for label in labels(ground, seat)) for seat in range(len(ground.players))]
        if any(SILENT in labels(ground, seat) for seat in range(len(own))):
            raise InputError(
                f"There is a move {SILENT!r}.", "That is what who signs nothing says.", "Give the move another name."
            )
        return ground.preceded_by(Part("state", tuple((SILENT, *said) for said in own)))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only what the rules below permit can be signed."""
        xp, act, state = now.xp, now.ground.part("act").name, now.ground.part("state").name
        open_ = xp.asarray(mask[act])
        silent = xp.ones((*open_.shape[:-1], 1), bool)
        width = mask[state].shape[-1]
        return {**mask, state: mask[state] & xp.concatenate([silent, open_], -1)[..., :width]}

    def broken(self, now: Now) -> Any:
        """`bool[..., P]`: who does something else than it signed."""
        said, done = now["state"], now["act"]
        return (said > 0) & (done >= 0) & (done != said - 1) & now.xp.asarray(now.present)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Bonds are lost."""
        xp = now.xp
        lost = xp.where(self.broken(now), self.bond, 0.0 * payoffs)
        if not self.shared:
            return payoffs - lost
        present = here(now, payoffs)
        others = xp.maximum(present.sum(-1, keepdims=True) - 1, 1.0)
        alone = present.sum(-1, keepdims=True) < 2  # nobody is there to get it, so it is kept
        lost = xp.where(alone, 0.0, lost)
        return payoffs - lost + present * (lost.sum(-1, keepdims=True) - lost) / others
