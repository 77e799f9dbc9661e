"""No more than so much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._limits import within


class Quota(Institution):
    """A limit on a move, a number or a fact: choices that could bring more than `limit` of `on` are not permitted.

    With `season` > 0 the limit is on the sum over that many rounds, and what is used up is remembered.
    Where every choice exceeds the limit, the choices that exceed it least stay open: nobody is left without a move.

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D", limit 0 forbids it).
    limit : units of `on` per seat and round (or season).
    season : rounds until what is used up counts as nothing again; 0 is a limit on each round alone.
    """

    on: str = "harvest"
    limit: Annotated[float, Interval(ge=0)] = 1.0
    season: Annotated[int, Interval(ge=0)] = 0
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """None for a limit on each round; a season's use is a small number of whole units."""
        return "finite" if self.season else "none"

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nothing is used up."""
        return {"used": np.zeros(len(ground.players), np.int32), "age": np.int32(0)} if self.season else {}

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only choices within what is left of the limit."""
        used = now.record["used"] if self.season else 0.0
        return within(now, mask, self.on, now.xp.asarray(self.limit - used))

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Add up what was used, in whole units rounded up; forget it when the season ends."""
        if not self.season:
            return now.record
        age = (now.record["age"] + 1) % self.season
        amount = now.xp.where(now.present, now.amount(self.on), 0.0)
        used = now.record["used"] + now.xp.ceil(amount).astype(now.xp.int32)
        return {"used": now.xp.where(age == 0, 0, used).astype(now.xp.int32), "age": now.xp.asarray(age, now.xp.int32)}
