"""Everybody says how much it did, pays for that, and is inspected now and then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._pots import evenly

SLACK = 1e-4
"""Amounts that differ by no more are the same: worlds count in 32 bits."""


class SelfReporting(Institution):
    """After play each reports its amount and is taxed on the report; some are inspected, and liars pay a fine.

    A report is true when it is no less than the amount (or the highest there is). An inspection finds a liar out unless
    it misses it, and takes an honest seat for a liar by false alarm. So truth pays if and only if, for each amount that
    could be left out, `odds · ((1 - missed) · fine - false_alarm · fine) ≥ rate · amount left out` (Becker, 1968;
    Allingham and Sandmo, 1972).

    Parameters
    ----------
    on : the fact, continuous part, or label of a move that is reported.
    levels : the amounts that can be reported, in units of `on`, rising from at least 0.
    rate : payoff units per reported unit.
    odds : that a seat is inspected, each seat and round by itself.
    fine : payoff units that who is found lying pays; what was left out is not taxed later.
    false_alarm, missed : odds that an inspection condemns an honest report, or clears a false one.
    shared : whether all who are present get taxes and fines, in equal parts; otherwise they leave the players.

    Inspections fall face down: nobody knows of them before it has reported. Raises `InputError` for fewer than two
    levels, and for levels that do not rise.
    """

    on: str = "harvest"
    levels: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0)
    rate: Annotated[float, Interval(ge=0)] = 1.0
    odds: Annotated[float, Interval(ge=0, le=1)] = 0.5
    fine: Annotated[float, Interval(ge=0)] = 5.0
    false_alarm: Annotated[float, Interval(ge=0, le=1)] = 0.0
    missed: Annotated[float, Interval(ge=0, le=1)] = 0.0
    shared: bool = False
    example: ClassVar[str] = "self_reporting:on=harvest,levels=(0,1,2,3),odds=0.6,fine=5"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "inspectors who see the true amount of whom they inspect"

    def __post_init__(self) -> None:
        super().__post_init__()
        steps = np.diff(self.levels)
        if len(self.levels) < 2 or self.levels[0] < 0 or not np.isfinite(steps).all() or not (steps > 0).all():
            raise InputError(
                f"The amounts that can be reported are {self.levels}.",
                "A report chooses between two or more amounts, rising from at least 0.",
                "Give such amounts, like (0, 1, 2).",
            )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive, unless what is paid is shared; then it matters who was inspected."""
        return "profile" if self.shared else "additive"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when shared; otherwise never paid out."""
        return "balanced" if self.shared else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """A report after every round."""
        return ground.followed_by(Part("report", tuple(f"{level:g}" for level in self.levels)))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One for each seat: it is condemned not at all, only if it lies, only if it does not, or either way."""
        xp, alarm, miss = now.xp, self.false_alarm, self.missed
        condemned = [(1 - alarm) * (1 - miss), alarm * miss, alarm * (1 - miss)]
        table = xp.stack([self.odds * xp.asarray(chance) for chance in condemned])
        faces = xp.concatenate([1.0 - table.sum(keepdims=True), table])
        return {"inspection": xp.broadcast_to(faces, (now.players, 4))}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Tax what was reported, fine who was condemned."""
        xp, made = now.xp, now["report"]
        reported = xp.asarray(np.array(self.levels))[xp.maximum(made, 0)]
        lied = reported < xp.minimum(now.amount(self.on), self.levels[-1]) - SLACK
        face = now.luck["inspection"]
        condemned = (face == 3) | xp.where(lied, face == 1, face == 2)
        owed = self.rate * reported + xp.where(condemned, self.fine, 0.0)
        owed = xp.where((made >= 0) & xp.asarray(now.present), owed, 0.0 * payoffs)
        return payoffs - owed + (evenly(now, owed) if self.shared else 0.0)
