"""Who is in bad standing can make up for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from ..core.ground import Ground, Part
from ..core.institution import Around, Institution, Now
from ..core.record import Interval
from ._standing import of_seats, standings


class Restoration(Around):
    """As a round opens, a seat in bad standing may pay `cost` and is in good standing again, in that round already.

    It wraps a rule that keeps a yes or no of every seat, like `Reputation`: for those who atone a no becomes a yes, for
    whatever the rule shows and judges. Apologies have to cost something to be believed (Martinez-Vaquero, Han, Pereira
    and Lenaerts, 2015): where standing is free, breaking the rule is too.

    Parameters
    ----------
    rule : an institution that keeps a yes or no of every seat.
    cost : payoff units, at least 0, that atoning takes from who does it; nobody gets them.

    Who is absent does not atone.
    """

    rule: Institution
    cost: Annotated[float, Interval(ge=0)] = 1.0
    example: ClassVar[str] = "restoration:rule=(reputation:norm=GBBG),cost=2.5"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Never paid out where the rule does not pay out either; else nothing is declared."""
        return "surplus" if self.rule.budget in ("balanced", "surplus") else None

    def menu(self, ground: Ground) -> Ground:
        """The rule's, and before it a stage to atone at."""
        return self.rule.menu(ground).preceded_by(Part("atone", ("no", "yes")))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The rule's. Raises `InputError` when it keeps no yes or no of every seat."""
        return standings(self.rule, ground)

    def seen(self, now: Now) -> Now:
        """Who has atoned is in good standing."""
        atoned = self.atoned(now)
        record = {name: entry | atoned if of_seats(entry, now.ground) else entry for name, entry in now.record.items()}
        return replace(now, record=record)

    def atoned(self, now: Now) -> Any:
        """`bool[..., P]`: who was in bad standing and has made up for it."""
        return now.did("atone", "yes") & self._bad(now) & now.xp.asarray(now.present)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rule's; only who is in bad standing has something to atone for."""
        atone, may = now.ground.part("atone").name, self._bad(now)
        yes = now.xp.asarray([False, True])
        mask = super().permit(now, mask)
        return {**mask, atone: mask[atone] & (may[..., None] | ~yes)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The rule's, and what atoning costs."""
        return super().settle(now, payoffs) - self.cost * self.atoned(now)

    def _bad(self, now: Now) -> Any:
        entries = [~entry for entry in now.record.values() if of_seats(entry, now.ground)]
        bad = entries[0]
        for other in entries[1:]:
            bad = bad | other
        return bad
