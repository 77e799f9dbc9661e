"""What a rule keeps of each seat is sometimes entered wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from ..core.ground import Ground
from ..core.institution import Around, Institution, Now
from ..core.record import Interval
from ._standing import of_seats, standings


class Mistakes(Around):
    """A rule whose entries about seats (good standing or not) come out as their opposite with odds of `error`.

    After every round, each yes or no that the rule keeps of a seat that took part is flipped with these odds, for each
    seat by itself: the assignment error of the literature on reputations (Panchanathan and Boyd, 2003).

    Parameters
    ----------
    rule : an institution that keeps a yes or no of every seat, like `Reputation`.
    error : odds, 0 to 1.
    """

    rule: Institution
    error: Annotated[float, Interval(ge=0, le=1)] = 0.01
    example: ClassVar[str] = "mistakes:rule=(reputation:norm=GBBG),error=0.05"

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The wrapped rule's. Raises `InputError` when there is nothing in it that could be entered wrongly."""
        return standings(self.rule, ground)

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The wrapped rule's, and one for each seat."""
        xp = now.xp
        odds = xp.stack([1.0 - xp.asarray(self.error), xp.asarray(self.error)])
        return {**self.rule.dice(now), "mistake": xp.broadcast_to(odds, (now.players, 2))}

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What the wrapped rule enters, with the mistakes that were made; of who is absent nothing is entered."""
        record = self.rule.remember(self.seen(now), payoffs)
        wrong = (now.luck["mistake"] == 1) & now.xp.asarray(now.present)
        return {name: entry ^ wrong if of_seats(entry, now.ground) else entry for name, entry in record.items()}
