"""Take turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._limits import within


class Rotation(Institution):
    """A licence that goes round: so many seats may do it at a time, then the next ones (Berkes, 1986).

    Seats are served in their order, and those who are absent are passed over.

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D") that is done in turns.
    holders : how many seats may do it at a time.
    rounds : how many rounds a turn lasts.
    """

    on: str = "harvest"
    holders: Annotated[int, Interval(ge=1)] = 1
    rounds: Annotated[int, Interval(ge=1)] = 1
    example: ClassVar[str] = "rotation:on=D"
    scope: ClassVar[Literal["additive"]] = "additive"
    memory: ClassVar[Literal["finite"]] = "finite"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "the next in turn, who sees whether its place is taken"

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The first seat begins."""
        return {"first": np.int32(0), "age": np.int32(0)}

    def inform(self, now: Now, view: View) -> View:
        """Whose turn it is."""
        return view.show(turn=self.turn(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything to those whose turn it is; to others nothing that could bring any of it."""
        return within(now, mask, self.on, now.xp.where(self.turn(now), np.inf, 0.0))

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """When a turn is over the seat after the last of its holders begins."""
        xp, age = now.xp, (now.record["age"] + 1) % self.rounds
        last = xp.where(self.turn(now), self._place(now), -1).max()
        following = (now.record["first"] + last + 1) % now.players
        first = xp.where(age == 0, following, now.record["first"])
        return {"first": xp.asarray(first, xp.int32), "age": xp.asarray(age, xp.int32)}

    def turn(self, now: Now) -> Any:
        """`bool[P]`: whose turn it is: the first so many who are present, from the seat that begins."""
        place, present = self._place(now), now.xp.asarray(now.present) | np.zeros(now.players, bool)
        before = (place[:, None] > place[None, :]) & present[None, :]
        return present & (before.sum(-1) < self.holders)

    def _place(self, now: Now) -> Any:
        """`int[P]`: how many seats after the one that begins each sits."""
        return (now.xp.arange(now.players) - now.record["first"]) % now.players
