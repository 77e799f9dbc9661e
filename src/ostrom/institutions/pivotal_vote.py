"""Everybody says how much a motion is worth; whose say turns the decision pays what that costs the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ._only import only
from ._pots import here
from ._whole_amounts import whole_amounts, written


class PivotalVote(Institution):
    """Votes in money: a motion is carried when the amounts said for and against it sum to more than 0 (Clarke 1971).

    A seat without which the decision would be the other way round is pivotal, and pays what the others together said
    they lose by that. So it is best for each to say what the motion is worth to it, whatever the others say; the price
    is that the tax may not go back to those who vote.

    Parameters
    ----------
    motion : the label of the part "act" that everybody plays when the motion is carried.
    otherwise : the label that everybody plays when it is not; "" leaves everybody free.
    amounts : what can be said, payoff units, rising: below 0 against the motion, above 0 for it.

    Raises `InputError` for amounts that do not rise, and a motion that is also what is done otherwise.
    """

    motion: str = "C"
    otherwise: str = ""
    amounts: tuple[float, ...] = (-4.0, -1.0, 0.0, 1.0, 4.0)
    example: ClassVar[str] = "pivotal_vote:motion=C,amounts=(-1,0,2)"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    enforced_by: ClassVar[str] = "whoever counts what is said, binds to the outcome, and keeps the tax"

    def __post_init__(self) -> None:
        super().__post_init__()
        rising = all(a < b for a, b in zip(self.amounts, self.amounts[1:], strict=False))
        if not self.amounts or not rising or not np.isfinite(self.amounts).all() or self.motion == self.otherwise:
            raise InputError(
                f"PivotalVote(motion={self.motion!r}, otherwise={self.otherwise!r}, amounts={self.amounts}).",
                "Amounts are finite and rise, and the motion is something else than what is done otherwise.",
                "Give for example amounts=(-1.0, 0.0, 1.0).",
            )

    def menu(self, ground: Ground) -> Ground:
        """A stage of sealed amounts at the start of every round."""
        for label in filter(None, (self.motion, self.otherwise)):
            ground.index("act", label)
        return ground.preceded_by(Part("worth", written(self.amounts)))

    def inform(self, now: Now, view: View) -> View:
        """Whether the motion is carried, once amounts are in."""
        return view.show(carried=self.carried(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was decided is all that can be done, by whom it can be done."""
        said, carried = (now["worth"] >= 0).any(-1, keepdims=True), self.carried(now)
        mask = only(now, mask, said & carried, self.motion)
        return only(now, mask, said & ~carried, self.otherwise) if self.otherwise else mask

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Who turned the decision pays."""
        return payoffs - here(now, payoffs) * self.tax(now)

    def carried(self, now: Now) -> Any:
        """`bool[..., 1]`: whether what was said for it is more than what was said against it."""
        return self._said(now, whole_amounts(self.amounts)[0]).sum(-1, keepdims=True) > 0

    def tax(self, now: Now) -> Any:
        """`float[..., P]`: what each has to pay."""
        amounts, unit = whole_amounts(self.amounts)
        said = self._said(now, amounts)
        others = said.sum(-1, keepdims=True) - said
        return now.xp.where((others > 0) != self.carried(now), abs(others) * unit, 0.0)

    @staticmethod
    def _said(now: Now, amounts: Any) -> Any:
        """`[..., P]`: the amounts; 0 of who is absent or has not said anything yet."""
        xp, made = now.xp, now["worth"]
        return xp.where((made >= 0) & xp.asarray(now.present), xp.asarray(amounts)[xp.maximum(made, 0)], 0)
