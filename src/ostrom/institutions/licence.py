"""Only holders of a licence may do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now
from ._limits import within
from ._seats import seat_of


class Licence(Institution):
    """A move, a number or a fact that is open to named players only (Ostrom, 2005: boundary rules).

    For everybody else it is a `Quota` of nothing: choices that could bring any of `on` are closed, and where all would,
    those that bring least stay open.

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D") that needs a licence.
    holders : the players who have one; empty forbids it to all.

    Raises `UnknownName` for players who are not there.
    """

    on: str = "harvest"
    holders: tuple[str, ...] = ()
    example: ClassVar[str] = "licence:on=D,holders=(row)"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever knows the holders and can close off a move"

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that the holders are there."""
        self.held(ground)
        return ground

    def held(self, ground: Ground) -> np.ndarray:
        """`bool[P]`: who holds a licence."""
        held = np.zeros(len(ground.players), bool)
        for player in self.holders:
            held[seat_of(ground, player)] = True
        return held

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything to holders; to others nothing that could bring any of it."""
        return within(now, mask, self.on, now.xp.asarray(np.where(self.held(now.ground), np.inf, 0.0)))
