"""I will, if enough others will."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ._only import only
from ._seats import EVERYBODY, meant


class Commitment(Institution):
    """Before play each may pledge to do `promise` if at least so many do, itself included; pledges that are met bind.

    Of all groups in which everybody's condition is met the largest is bound: it always exists, since the groups whose
    conditions are met can be joined into one. With one threshold this is an assurance contract or a quorum (Bagnoli and
    Lipman, 1989), with all of them conditional commitment (Kalai, Kalai, Lehrer and Samet, 2010; Reischmann and
    Oechssler, 2018).

    Parameters
    ----------
    promise : the label of "act" that is pledged.
    thresholds : the numbers of seats that a pledge can be made conditional on, from 1 (no condition) to all; none named
        is every number.

    Who is absent pledges nothing and counts for nobody. A pledge is void where the rules below do not permit the move.
    Raises `InputError` for other thresholds, `UnknownName` when nobody has the label.
    """

    promise: str = "C"
    thresholds: tuple[int, ...] = ()
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever keeps the pledges, by leaving no other move"

    def menu(self, ground: Ground) -> Ground:
        """A stage to pledge at, before every round."""
        meant(ground, EVERYBODY, self.promise)
        return ground.preceded_by(Part("pledge", ("no", *(f"if {k}" for k in self._numbers(ground)))))

    def bound(self, now: Now) -> Any:
        """`bool[..., P]`: whose pledges are met."""
        xp, players, made = now.xp, now.players, now["pledge"]
        never = players + 1
        asked = xp.asarray(np.array([never, *self._numbers(now.ground)], np.int32))[xp.maximum(made, 0)]
        asked = xp.where((made >= 0) & xp.asarray(now.present), asked, never)
        sizes = xp.asarray(np.arange(1, players + 1, dtype=np.int32))
        enough = (asked[..., None] <= sizes).sum(-2) >= sizes
        size = xp.where(enough, sizes, 0).max(-1, keepdims=True)
        return asked <= size

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Those who are bound can only do what they promised."""
        return only(now, mask, self.bound(now), self.promise)

    def _numbers(self, ground: Ground) -> tuple[int, ...]:
        players = len(ground.players)
        asked = self.thresholds or tuple(range(1, players + 1))
        if len(set(asked)) < len(asked) or not all(1 <= k <= players for k in asked):
            raise InputError(
                f"Pledges can be made conditional on {asked}.",
                f"There are {players} seats, and each number is named once.",
                f"Name different numbers from 1 to {players}.",
            )
        return asked
