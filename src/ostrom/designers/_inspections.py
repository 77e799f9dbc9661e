"""Inspections that come to some players more often than to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Now
from ..institutions._seats import seat_of
from ..institutions.enforced import Enforced


class Inspections(Enforced):
    """`Enforced`, where the odds to be inspected differ by player.

    Parameters
    ----------
    odds : rows of (player, odds from 0 to 1), which `detection` multiplies; who has no row is never inspected.

    Raises `InputError` for odds out of range, or a player with two rows, `UnknownName` for one who is not there.
    """

    odds: tuple[tuple[str, float], ...] = ()
    example: ClassVar[str] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        named = [player for player, _ in self.odds]
        if len(set(named)) < len(named) or not all(0 <= odds <= 1 for _, odds in self.odds):
            raise InputError(
                f"The odds of inspections are {self.odds}.",
                "Each player has one row at most, and odds are from 0 to 1.",
                'Give rows like (("row", 0.4), ("column", 0.2)).',
            )

    def menu(self, ground: Ground) -> Ground:
        """The rule's; all who have odds have to be there."""
        for player, _ in self.odds:
            seat_of(ground, player)
        return super().menu(ground)

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The rule's, and one for each seat by its own odds."""
        xp, dice, given = now.xp, dict(super().dice(now)), dict(self.odds)
        share = xp.asarray([[given.get(player, 0.0)] for player in now.ground.players])
        spared = xp.asarray([1.0, 0.0, 0.0, 0.0, 0.0])
        dice["inspection"] = spared + share * (dice["inspection"] - spared)
        return dice
