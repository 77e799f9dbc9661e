"""A rule that nobody keeps up in some rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now
from ..core.record import Interval
from ._beneath import beneath, of_rule


class Lapses(Around):
    """In each round, for everybody at once, `rule` lapses with odds of `odds` (Ostrom, 1990, on monitoring).

    In a round in which it lapses nothing is forbidden by it, nobody pays or is paid by it, and it remembers nothing of
    what was done. What it adds to the moves is still there and is carried out: a contract can be signed, but damages
    are not collected. A die decides as the round opens. Where the rule forbids something players can see that it does
    not, and otherwise they know only the odds.

    Parameters
    ----------
    rule : an institution that pays, forbids, or remembers.
    odds : that it lapses, 0 to 1, in each round by itself.

    So a charge F deters a gain g if and only if `(1 - odds) · F ≥ g`, and a ban leaks with `odds`. Raises `InputError`
    for a rule that does none of the three.
    """

    rule: Institution
    odds: Annotated[float, Interval(ge=0, le=1)] = 0.1
    example: ClassVar[str] = "lapses:rule=(fines:schedule=((*,D,5))),odds=0.2"

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Whether it lapses is the same for all, so that payments move together."""
        return "profile"

    def menu(self, ground: Ground) -> Ground:
        """The rule's."""
        under = Charter(ground, [self.rule])
        if not any(map(under.overrides, ("settle", "permit", "remember"))):
            raise InputError(
                f"{type(self.rule).__name__} pays nothing, forbids nothing and remembers nothing.",
                "There is nothing in it that could lapse.",
                "Wrap a rule like Fines, Ban or Reputation.",
            )
        return self.rule.menu(ground)

    def seen(self, now: Now) -> Now:
        """The rule gets its own dice."""
        return replace(now, luck=of_rule(now.luck))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The rule's, and one for all: does it lapse."""
        xp = now.xp
        odds = xp.stack([1.0 - xp.asarray(self.odds), xp.asarray(self.odds)])[None]
        return {**beneath(super().dice(now)), "lapse": odds}

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the rule forbids, unless it lapses."""
        under = super().permit(now, mask)
        lapsed = self._lapsed(now)[..., None]  # over seats and labels
        kept = {name: under[name] for name in mask}
        return {name: own if own is mask[name] else now.xp.where(lapsed, mask[name], own) for name, own in kept.items()}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What the rule pays, unless it lapses."""
        return now.xp.where(self._lapsed(now), payoffs, super().settle(now, payoffs))

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What the rule remembers, unless it lapses."""
        after, lapsed = super().remember(now, payoffs), self._lapsed(now)[..., 0]
        return {name: now.xp.where(lapsed, now.record[name], value) for name, value in after.items()}

    def _lapsed(self, now: Now) -> Any:
        """`bool[..., 1]`: whether it lapses in this round."""
        return now.xp.asarray(now.luck["lapse"]) == 1
