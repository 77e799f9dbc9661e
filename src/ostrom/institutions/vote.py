"""Decide together, then everybody does what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._seats import joint_codes


class Vote(Institution):
    """A binding ballot before play: if more than half of the seats vote for it, everybody plays `motion`.

    Parameters
    ----------
    motion : what is put to the vote: one label of "act" for all, or one for each seat.
    needed : how many votes carry it; 0 means more than half of the seats.

    Raises `InputError` where more votes are needed than there are seats.
    """

    motion: str | tuple[str, ...] = "C"
    needed: Annotated[int, Interval(ge=0)] = 0
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"

    def menu(self, ground: Ground) -> Ground:
        """A ballot at the start of every round."""
        seats = len(ground.players)
        if self.needed > seats:
            raise InputError(
                f"The vote needs {self.needed} votes to be carried.",
                f"There are {seats} seats, so it never could be.",
                f"Give needed={seats} where all have to agree, or 0 for more than half.",
            )
        joint_codes("The motion", ground, self.motion)
        return ground.preceded_by(Part("vote", ("no", "yes")))

    def carried(self, now: Now) -> Any:
        """`bool[..., 1]`: whether the motion has enough votes."""
        votes = (now.did("vote", "yes") & now.present).sum(-1, keepdims=True)
        needed = self.needed or now.players // 2 + 1
        return votes >= needed

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was carried is what everybody does."""
        codes = now.xp.asarray(joint_codes("The motion", now.ground, self.motion))
        bound = self.carried(now) & (moves["act"] >= 0)
        return {**moves, "act": now.xp.where(bound, codes, moves["act"]).astype(moves["act"].dtype)}
