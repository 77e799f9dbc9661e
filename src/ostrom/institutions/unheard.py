"""A rule that does not reach everybody: over a bad radio some hear nothing of what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now, View
from ..core.record import Interval
from ._beneath import beneath, of_rule


class Unheard(Around):
    """In each round each seat, by itself, hears nothing of `rule` with odds of `loss`.

    Who hears nothing is not told what the rule shows, is forbidden nothing by it, and does as it likes; what the rule
    is told of that seat before (a bid, a vote), it knows, and its books are kept as if all had heard. A die decides as
    the round opens.

    Parameters
    ----------
    rule : an institution that forbids something, or shows something.
    loss : odds, 0 to 1, of each seat by itself.

    Raises `InputError` for a rule that neither forbids nor shows.
    """

    rule: Institution
    loss: Annotated[float, Interval(ge=0, le=1)] = 0.1
    example: ClassVar[str] = "unheard:rule=(election:motions=(C,D)),loss=0.2"

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """What others hear changes what they do."""
        return "profile"

    def menu(self, ground: Ground) -> Ground:
        """The rule's."""
        under = Charter(ground, [self.rule])
        if not any(map(under.overrides, ("permit", "inform"))):
            raise InputError(
                f"{type(self.rule).__name__} forbids nothing and shows nothing.",
                "There is nothing in it that could go unheard.",
                "Wrap a rule like Allotment, Election, Quota or Notice.",
            )
        return self.rule.menu(ground)

    def seen(self, now: Now) -> Now:
        """The rule gets its own dice."""
        return replace(now, luck=of_rule(now.luck))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The rule's, and one for each seat: does it hear."""
        xp = now.xp
        odds = xp.stack([1.0 - xp.asarray(self.loss), xp.asarray(self.loss)])
        return {**beneath(super().dice(now)), "lost": xp.broadcast_to(odds, (now.players, 2))}

    def inform(self, now: Now, view: View) -> View:
        """What the rule shows, told one by one to those who hear it; the others get -1."""
        xp, told = now.xp, super().inform(now, View(hidden=view.hidden))
        lost, each = self._lost(now), {}
        for name, value in told.public.items():
            each[name] = xp.broadcast_to(value[..., None, :], (*value.shape[:-1], now.players, value.shape[-1]))
        each |= told.seat
        silent = {name: xp.where(lost[..., None], -1, xp.asarray(value) * 1) for name, value in each.items()}
        return replace(view, hidden=told.hidden).tell(**silent)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the rule forbids, to those who hear it."""
        under, lost = super().permit(now, mask), self._lost(now)[..., None]
        return {name: own if under[name] is own else now.xp.where(lost, own, under[name]) for name, own in mask.items()}

    def _lost(self, now: Now) -> Any:
        """`bool[..., P]`: who hears nothing in this round."""
        return now.xp.asarray(now.luck["lost"]) == 1
