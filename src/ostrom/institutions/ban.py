"""Some moves are forbidden, to some or to all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ._seats import check_rows, labels, meant


class Ban(Institution):
    """Moves that are not permitted: what is left is the same game with fewer moves (Ostrom, 2005: choice rules).

    Parameters
    ----------
    moves : pairs of (player, label of "act"); the player "*" is everybody who has that label.

    Nobody may be left without a move: a ban on all labels of a seat raises `InputError`. Where the rules below leave a
    seat only banned moves (a state of a world, an earlier ban), the ban is void there. Who is absent is not banned
    from resting. Raises `UnknownName` for players and labels that are not there.
    """

    moves: tuple[tuple[str, str], ...]
    example: ClassVar[str] = "ban:moves=((*,D))"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever can close off a move"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_rows("Ban", "moves", self.moves, (str, str), '("*", "D")')

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that everybody keeps one."""
        banned = self.banned(ground)
        for seat, player in enumerate(ground.players):
            own = labels(ground, seat)
            if own and banned[seat, : len(own)].all():
                raise InputError(
                    f"The ban leaves {player} without a move: {', '.join(own)} are all forbidden.",
                    "Whoever plays has to do something.",
                    "Leave at least one label open to every player.",
                )
        return ground

    def banned(self, ground: Ground) -> np.ndarray:
        """`bool[P, A]`: which labels of "act" are forbidden to whom."""
        players = len(ground.players)
        table = np.zeros((players, ground.part("act").width(players)), bool)
        for player, label in self.moves:
            for seat, code in meant(ground, player, label):
                table[seat, code] = True
        return table

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything that is not banned, where that leaves anything to those who are present."""
        act = now.ground.part("act").name
        left = mask[act] & ~now.xp.asarray(self.banned(now.ground))
        bites = left.any(-1) & now.xp.asarray(now.present)
        return {**mask, act: now.xp.where(bites[..., None], left, mask[act])}
