"""So much in every season, and what is left over can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._limits import within


class Allowance(Institution):
    """An account of uses: `grant` units come in every `season` rounds, up to `cap` are kept, and one cannot overdraw.

    It differs from a `Quota` by saving. Over any number of rounds nobody uses more than it had and was granted: what
    engineers call a token bucket (Turner, 1986).

    Parameters
    ----------
    on : the fact, continuous part, or label of a move that is paid from the account.
    grant : units that come in.
    season : rounds from one grant to the next.
    cap : units that an account holds at most; at least the grant, or less comes in.
    start : units that are there at first; -1 is one grant.

    Units are whole, and what is used in a round is rounded up. Where every choice needs more than there is, those that
    need least stay open and the account is empty afterwards.
    """

    on: str = "harvest"
    grant: Annotated[int, Interval(ge=0)] = 1
    season: Annotated[int, Interval(ge=1)] = 1
    cap: Annotated[int, Interval(ge=0)] = 3
    start: Annotated[int, Interval(ge=-1)] = -1
    example: ClassVar[str] = "allowance:on=D,grant=1,season=2,cap=2"
    scope: ClassVar[Literal["additive"]] = "additive"
    memory: ClassVar[Literal["finite"]] = "finite"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever keeps the accounts and can close off a move"

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Every account at its start."""
        start = min(self.grant if self.start < 0 else self.start, self.cap)
        return {"account": np.full(len(ground.players), start, np.int32), "age": np.int32(0)}

    def inform(self, now: Now, view: View) -> View:
        """All accounts are public."""
        return view.show(allowance=now.record["account"])

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only choices that the account pays for."""
        return within(now, mask, self.on, now.xp.asarray(now.record["account"], float))

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Take off what was used; add the grant when a season has passed."""
        xp = now.xp
        used = xp.where(now.present, xp.ceil(xp.maximum(now.amount(self.on), 0.0)), 0.0).astype(xp.int32)
        left = xp.maximum(now.record["account"] - used, 0)
        age = (now.record["age"] + 1) % self.season
        account = xp.minimum(left + xp.where(age == 0, self.grant, 0), self.cap)
        return {"account": account.astype(xp.int32), "age": xp.asarray(age, xp.int32)}
