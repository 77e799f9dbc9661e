"""Who may do it is drawn by lot."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import comb
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._limits import within

LISTED = 10_000
"""Ways to draw up to which all are faces of one die."""


class Lottery(Institution):
    """A licence drawn by lot in every round: so many seats may do it, each group with equal odds.

    So fishers of Alanya assign the places of a season to each other (Ostrom, 1990); by lot nobody is first, and who is
    drawn is seen before play. A seat that is drawn while it is absent leaves its place empty.

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D") that is drawn for.
    holders : how many seats are drawn; as many as there are, or more, is no rule.

    Raises `InputError` where there are more than 10,000 ways to draw.
    """

    on: str = "harvest"
    holders: Annotated[int, Interval(ge=1)] = 1
    example: ClassVar[str] = "lottery:on=D"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "all who saw the lot drawn"

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that the lots can be listed."""
        ways = comb(len(ground.players), min(self.holders, len(ground.players)))
        if ways > LISTED:
            raise InputError(
                f"{self.holders} of {len(ground.players)} seats can be drawn in {ways:,} ways.",
                f"Up to {LISTED:,} are faces of a die.",
                "Draw one, or all but one.",
            )
        return ground

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die: which group is drawn."""
        ways = len(self._groups(now.players))
        return {"lot": np.full((1, ways), 1.0 / ways)} if ways > 1 else {}

    def inform(self, now: Now, view: View) -> View:
        """Who is drawn."""
        return view.show(drawn=self.drawn(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything to those who are drawn; to others nothing that could bring any of it."""
        return within(now, mask, self.on, now.xp.where(self.drawn(now), np.inf, 0.0))

    def drawn(self, now: Now) -> Any:
        """`bool[..., P]`: who is drawn in this round."""
        groups = now.xp.asarray(self._groups(now.players))
        return groups[now.luck["lot"][..., 0]] if "lot" in now.luck else groups[0]

    def _groups(self, players: int) -> np.ndarray:
        """`bool[G, P]`: all groups of so many seats."""
        rows = list(combinations(range(players), min(self.holders, players)))
        groups = np.zeros((len(rows), players), bool)
        for group, row in zip(groups, rows, strict=True):
            group[list(row)] = True
        return groups
