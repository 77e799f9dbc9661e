"""One moves first, and all others see it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._seats import labels, seat_of

LISTED = 200
"""Commitments beyond which a part of a move has too many labels to be chosen from."""


class Leader(Institution):
    """One player is held to what it announces before the others play (von Stackelberg, 1934).

    With `parts` n it may announce a lottery as well: n labels, drawn with equal odds when the others have played
    ("to D+D+C" is D with odds 2/3). The others see the lottery, not what is drawn (Conitzer and Sandholm, 2006).

    Parameters
    ----------
    player : who leads.
    parts : how many equal parts the odds of a lottery have; 1 is moves alone.

    The leader has one thing to do in play: what it announced, or the first label of its lottery, which stands for what
    will be drawn (rules that look at moves belong inside this one then). Where it is absent nobody leads. Raises
    `UnknownName` for a player who is not there, `InputError` for one who has no choice, and for too many lotteries.
    """

    player: str
    parts: Annotated[int, Interval(ge=1, le=100)] = 1
    example: ClassVar[str] = "leader:player=row"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever holds the leader to what it announced"

    def menu(self, ground: Ground) -> Ground:
        """A stage before play in which the leader announces what it will do."""
        seat = seat_of(ground, self.player)
        own = labels(ground, seat)  # "to D" and not "D": a rule on the move "D" is on what is done, not on what is said
        made = [f"to {'+'.join(own[code] for code in row)}" for row in self._lotteries(ground)]
        return ground.preceded_by(Part("lead", tuple(made), who=(seat,)))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die: which of the labels of the lottery is drawn."""
        return {"drawn": np.full((1, self.parts), 1.0 / self.parts)} if self.parts > 1 else {}

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only what is permitted in play can be announced; who has announced chooses no more."""
        xp, act, lead = now.xp, now.ground.part("act").name, now.ground.part("lead").name
        seat, rows = seat_of(now.ground, self.player), self._lotteries(now.ground)
        leads = xp.asarray(np.arange(now.players) == seat)[:, None]
        open_ = mask[act][..., seat, :][..., rows].all(-1)
        open_ = xp.where(open_.any(-1, keepdims=True), open_, True)
        led = leads & ((now["lead"] >= 0) & xp.asarray(now.present))[..., None]
        first = xp.asarray(rows)[xp.maximum(now["lead"], 0), 0][..., None] == np.arange(mask[act].shape[-1])
        first = first & mask[act]
        return {
            **mask,
            lead: mask[lead] & (open_[..., None, :] | ~leads),
            act: xp.where(led & first.any(-1, keepdims=True), first, mask[act]),
        }

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """The leader does what was announced, or drawn from it."""
        xp, act, lead = now.xp, now.ground.part("act").name, now["lead"]
        rows = xp.asarray(self._lotteries(now.ground))
        face = now.luck["drawn"][..., 0] if "drawn" in now.luck else 0
        drawn = rows[xp.maximum(lead, 0), xp.asarray(face)[..., None]]
        bound = (lead >= 0) & (moves[act] >= 0) & xp.asarray(now.present)
        return {**moves, act: xp.where(bound, drawn, moves[act]).astype(moves[act].dtype)}

    def _lotteries(self, ground: Ground) -> np.ndarray:
        """`int[L, parts]`: what can be announced, in numbers of the leader's labels."""
        own = len(labels(ground, seat_of(ground, self.player)))
        rows = np.array(list(combinations_with_replacement(range(own), self.parts))[: LISTED + 1], np.int32)
        if not 0 < len(rows) <= LISTED:
            raise InputError(
                f"{self.player} could announce {'nothing' if not own else f'more than {LISTED} lotteries'}.",
                f"It has {own} moves, and {self.parts} parts to divide among them.",
                "Name a player who has moves, or fewer parts.",
            )
        return rows
