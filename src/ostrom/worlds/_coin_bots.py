"""Ways to play the coin game."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ..core.agent import NEVER, Policy, Sight

Array = Any
WALK = np.array([(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)], np.int32)
"""Rows and columns by which each move goes: stay, north, south, west, east."""


class CoinBot(Policy):
    """Walks to the coin by a shortest way.

    Parameters
    ----------
    takes : "every" coin; its "own" only, standing still while there is another; or, "in return", the other's for as
        long as the other has taken one of its own and it has not yet taken one back.
    height, width : of the grid.
    """

    takes: Literal["every", "own", "in return"] = "every"
    height: int = 3
    width: int = 3

    def begin(self) -> dict[str, Array]:
        """Where a coin of its own and one of the other's lay before; whether the other owes it one."""
        nowhere = np.zeros((self.height, self.width), bool)
        return {"mine": nowhere, "theirs": nowhere, "owed": np.array(False)}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """One of the steps that lead nearest to the coin, or none."""
        xp, (me, other, mine, theirs) = sight.xp, sight.xp.moveaxis(sight.seen["board"], -1, 0)
        paid_back, robbed = (memory["theirs"] & me).any(), (memory["mine"] & other).any()
        owed = (memory["owed"] & ~paid_back) | robbed
        wanted = {"every": True, "own": mine.any(), "in return": mine.any() | owed}[self.takes]
        still = xp.arange(len(WALK)) > 0
        cost = xp.where(sight.mask["act"], xp.where(wanted, self._away(xp, me, mine | theirs), still), 10**6)
        scores = xp.where(cost == cost.min(), 0.0, NEVER)
        return {"act": scores}, {"mine": mine, "theirs": theirs, "owed": owed}

    def _away(self, xp: Any, me: Array, coin: Array) -> Array:
        """`int[5]`: steps from the cell that each move leads to, to the coin."""
        size = xp.asarray([self.height, self.width])
        here, there = (xp.stack([at // self.width, at % self.width]) for at in (me.argmax(), coin.argmax()))
        gap = (there - here - xp.asarray(WALK)) % size
        return xp.minimum(gap, size - gap).sum(-1)
