"""Give somebody something, after play and of one's own free will."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._pots import here


class Gifting(Institution):
    """After play each seat may give `amount` to one other (Lupu and Precup, 2020), from its own payoff or from a purse.

    From one's own payoff a gift is a transfer. A purse holds gifts that cost the giver nothing and cannot be kept;
    it is filled once, or again and again.

    Parameters
    ----------
    amount : payoff units of a gift.
    purse : gifts that each seat can make per season without paying for them; 0: all are paid from one's own payoff.
    season : rounds until purses are full again; 0 is never.
    """

    amount: Annotated[float, Interval(ge=0)] = 1.0
    purse: Annotated[int, Interval(ge=0)] = 0
    season: Annotated[int, Interval(ge=0)] = 0
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "nobody: gifts are made of one's own free will"

    @property
    def central(self) -> Any:  # type: ignore[override]
        """Somebody has to fill the purses; gifts from one's own payoff need nobody."""
        return self.purse > 0

    @property
    def emergent(self) -> Any:  # type: ignore[override]
        """Gifts from one's own payoff need no design; purses do."""
        return self.purse == 0

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """None where gifts are paid for or purses are full in every round; else what is left in them."""
        return "finite" if self._kept else "none"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced, unless gifts come from purses that somebody fills."""
        return "deficit" if self.purse else "balanced"

    @property
    def _kept(self) -> bool:
        return self.purse > 0 and self.season != 1

    def menu(self, ground: Ground) -> Ground:
        """A stage after play, with one label for nobody and one for each other seat."""
        if len(ground.players) < 2:
            raise InputError(
                "Gifting needs somebody to give to.",
                f"The only player is {''.join(ground.players)}.",
                "Lay it round a game of two or more.",
            )
        return ground.followed_by(Part("gift", tuple(_labels(ground, seat) for seat in range(len(ground.players)))))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """All purses are full."""
        return {"left": np.full(len(ground.players), self.purse, np.int32), "age": np.int32(0)} if self._kept else {}

    def inform(self, now: Now, view: View) -> View:
        """What is left in the purses."""
        return view.show(gifts_left=now.record["left"]) if self._kept else view

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Gifts to others who are present, while there is anything to give."""
        seats, name = np.arange(now.players), now.ground.part("gift").name
        others = np.stack([np.delete(seats, seat) for seat in seats])
        open_ = (now.xp.asarray(now.present) | (seats < 0))[others]
        if self._kept:
            open_ = open_ & (now.record["left"] > 0)[..., None]
        nobody = now.xp.ones((now.players, 1), dtype=bool)
        return {**mask, name: mask[name] & now.xp.concatenate([nobody, open_], -1)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Pay the gifts out; take them from their givers unless they came from a purse."""
        given = self._given(now, payoffs)
        return payoffs + self.amount * (given.sum(-2) - (0.0 if self.purse else given.sum(-1)))

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Take what was given out of the purses; fill them when the season ends."""
        if not self._kept:
            return now.record
        left = now.record["left"] - self._given(now, payoffs).sum(-1).astype(now.xp.int32)
        if not self.season:
            return {**now.record, "left": left.astype(now.xp.int32)}
        age = (now.record["age"] + 1) % self.season
        left = now.xp.where(age == 0, self.purse, left)
        return {"left": left.astype(now.xp.int32), "age": now.xp.asarray(age, now.xp.int32)}

    def _given(self, now: Now, payoffs: Any) -> Any:
        """`float[..., P, P]`: 1 where the row's seat gives to the column's; both have to be present."""
        made = now.xp.stack([now.did("gift", _to(player)) for player in now.ground.players], -1)
        present = here(now, payoffs)
        return now.xp.where(made, present[..., :, None] * present[..., None, :], 0.0)


def _to(player: str) -> str:
    return f"to {player}"


def _labels(ground: Ground, seat: int) -> tuple[str, ...]:
    return ("nobody", *(_to(player) for other, player in enumerate(ground.players) if other != seat))
