"""Who violates a norm is punished by the others, and so is who does not punish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._seats import EVERYBODY, meant


class Metanorm(Institution):
    """After play each may punish those who were guilty in the round before; who spares one is guilty itself.

    Guilty is who did `violation`, and, with `meta`, who looked away while another seat was to be punished (Axelrod,
    1986). Sparing is judged by the same rule in the next round, so that the norm is its own metanorm of every order.
    With n seats, a gain g from a violation and a discount factor δ, "never violate, always punish" is an equilibrium at
    every state if and only if `δ (n - 1) harm ≥ g + (n - 1) cost`; on the path of play `δ (n - 1) harm ≥ g` is enough.
    Without `meta`, punishing is never a best reply where it costs something.

    Parameters
    ----------
    violation : the label of "act" that the norm is against.
    cost : payoff units that each punishment takes from who punishes.
    harm : payoff units that each punishment takes from who is punished; nobody gets them.
    meta : whether sparing the guilty is a violation too.

    Who is absent neither punishes nor is punished, and stays as guilty as it was. Raises `UnknownName` when nobody has
    the label.
    """

    violation: str = "D"
    cost: Annotated[float, Interval(ge=0)] = 1.0
    harm: Annotated[float, Interval(ge=0)] = 3.0
    meta: bool = True
    example: ClassVar[str] = "metanorm:violation=D,cost=1,harm=3"
    scope: ClassVar[Literal["profile"]] = "profile"
    memory: ClassVar[Literal["finite"]] = "finite"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    emergent: ClassVar[bool] = True
    enforced_by: ClassVar[str] = "the players, who see who violates and who looks away"

    def menu(self, ground: Ground) -> Ground:
        """A stage after play at which the guilty are punished, or not."""
        meant(ground, EVERYBODY, self.violation)
        return ground.followed_by(Part("answer", ("look away", "punish")))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nobody is guilty."""
        return {"guilty": np.zeros(len(ground.players), bool)}

    def inform(self, now: Now, view: View) -> View:
        """Who is to be punished in this round."""
        return view.show(guilty=now.record["guilty"])

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only where there is somebody to punish."""
        name = now.ground.part("answer").name
        look_away = now.xp.asarray(np.arange(mask[name].shape[-1]) == 0)
        return {**mask, name: mask[name] & ((self._due(now) > 0)[..., None] | look_away)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Who punishes pays for each guilty seat it hits, and each of those loses."""
        punishes = now.did("answer", "punish") & now.xp.asarray(now.present)
        hits = punishes.sum(-1, keepdims=True) - punishes
        return payoffs - self.cost * punishes * self._due(now) - self.harm * hits * self._guilty(now)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Who violated in this round, or spared somebody."""
        guilty = now.did("act", self.violation)
        if self.meta:
            guilty = guilty | (now.did("answer", "look away") & (self._due(now) > 0))
        return {"guilty": now.xp.where(now.xp.asarray(now.present), guilty, now.record["guilty"])}

    def _guilty(self, now: Now) -> Any:
        """`bool[P]`: who is here and guilty."""
        return now.record["guilty"] & now.xp.asarray(now.present)

    def _due(self, now: Now) -> Any:
        """`int[P]`: how many others each seat can punish."""
        guilty = self._guilty(now)
        return guilty.sum(-1, keepdims=True) - guilty
