"""After a round the members may vote one of themselves out for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._naming import named, naming, only_present
from ._only import counted_down, only
from ._seats import EVERYBODY, meant


class Ostracism(Institution):
    """A ballot after play: who gets enough votes, and more than anybody else, is excluded for some rounds.

    The excluded may only `rest`, have no vote and cannot be named. Where not taking part means not sharing in what the
    others make, give `outside`: the excluded are paid that instead (Cinyabuguma, Page and Putterman, 2005).

    Parameters
    ----------
    rest : the label of "act" that is left to who is excluded.
    rounds : for how many rounds, at least 1.
    needed : how many votes it takes; 0 means more than half of those who may vote.
    outside : payoff units that an excluded seat gets in a round, whatever the game pays; None leaves it what it gets.

    Two with as many votes both stay. Who is absent neither votes, nor is named, nor sits out its exclusion. Raises
    `InputError` when a player is called "nobody", `UnknownName` when nobody has the label `rest`.
    """

    rest: str = "D"
    rounds: Annotated[int, Interval(ge=1)] = 1
    needed: Annotated[int, Interval(ge=0)] = 0
    outside: float | None = None
    example: ClassVar[str] = "ostracism:rest=D,rounds=2,outside=0"
    scope: ClassVar[Literal["additive"]] = "additive"
    memory: ClassVar[Literal["finite"]] = "finite"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "the members, who let somebody in or not"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Nothing is paid, unless there is something to be got outside."""
        return "balanced" if self.outside is None else None

    def menu(self, ground: Ground) -> Ground:
        """A ballot after every round."""
        meant(ground, EVERYBODY, self.rest)
        return ground.followed_by(naming(ground, "ostracize"))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nobody is excluded."""
        return {"excluded": np.zeros(len(ground.players), np.int32)}

    def inform(self, now: Now, view: View) -> View:
        """For how many rounds more each seat is excluded, this one included."""
        return view.show(excluded=now.record["excluded"])

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The excluded rest, do not vote, and are not voted on."""
        free = now.record["excluded"] == 0
        mask = only_present(now, only(now, mask, ~free, self.rest), "ostracize", free)
        ballot = now.ground.part("ostracize").name
        abstain = now.xp.asarray(np.arange(mask[ballot].shape[-1]) == 0)
        return {**mask, ballot: mask[ballot] & (free[..., None] | abstain)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The excluded get what there is outside."""
        if self.outside is None:
            return payoffs
        out = (now.record["excluded"] > 0) & now.xp.asarray(now.present)
        return now.xp.where(out, self.outside, payoffs)

    def voted_out(self, now: Now) -> Any:
        """`bool[..., P]`: who is excluded by the ballot of this round; at most one."""
        votes, voters = named(now, "ostracize").sum(-2), self._voters(now)
        needed = self.needed or voters // 2 + 1
        most = (votes == votes.max(-1, keepdims=True)) & (votes > 0)
        return most & (votes >= needed) & (most.sum(-1, keepdims=True) == 1)

    def _voters(self, now: Now) -> Any:
        """`int[..., 1]`: how many may vote."""
        free = (now.record["excluded"] == 0) & now.xp.asarray(now.present)
        return free.sum(-1, keepdims=True)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """One round less for the excluded; who is voted out begins with the next round."""
        return {"excluded": counted_down(now, now.record["excluded"], self.voted_out(now), self.rounds)}
