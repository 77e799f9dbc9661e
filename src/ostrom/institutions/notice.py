"""A notice board: what a rule did to whom, for all to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np

from ..core.ground import Ground
from ..core.institution import Around, Institution, Now, View
from ..core.record import Interval
from ._beneath import beneath, of_rule, of_wrapper


class Notice(Around):
    """Whatever the wrapped rule took from a seat or gave to it in a round, all see in the next one.

    Sanctions that everybody can see are what norms are learned from (Hadfield-Menell, Andrus and Hadfield, 2019); this
    rule shows them and changes no payoffs. Public are, of the round before:

    `sanctioned int[P]` : -1 who had to pay on balance, 1 who was paid, 0 where the rule changed nothing.
    `did int[P]` : the number of the label of "act" that each seat chose; -1 for who was absent, and before the first
        round. Not there where "act" is no choice among labels.
    `posted` : the number of the round in which this is read, so that nobody takes a notice for two.

    Parameters
    ----------
    rule : an institution. What it pays is looked at without the payoffs of the game: one that only changes how much
        seats want each other's payoffs, like `Prosocial`, sanctions nobody.
    least : payments up to this count as nothing, in units of payoff: worlds count in 32 bits.
    """

    rule: Institution
    least: Annotated[float, Interval(ge=0)] = 1e-4
    example: ClassVar[str] = "notice:rule=(fines:schedule=((*,D,5)))"

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """Finite, unless the wrapped rule keeps more."""
        return "unbounded" if self.rule.memory == "unbounded" else "finite"

    def seen(self, now: Now) -> Now:
        """The wrapped rule gets its own record."""
        return replace(now, record=of_rule(now.record))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nobody has done anything yet."""
        players = len(ground.players)
        notice = {"sanctioned": np.zeros(players, np.int32)}
        if _chosen_by_label(ground):
            notice["did"] = np.full(players, -1, np.int32)
        return notice | beneath(self.rule.found(ground))

    def inform(self, now: Now, view: View) -> View:
        """What the wrapped rule says, and the notice."""
        return (
            super()
            .inform(now, view)
            .show(**of_wrapper(now.record), posted=now.xp.asarray(now.time, dtype=now.xp.int32))
        )

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What the wrapped rule keeps, and a new notice. `payoffs` are settled already: payments start from 0 here."""
        xp = now.xp
        paid = xp.where(now.present, self.rule.settle(self.seen(now), xp.zeros_like(payoffs)), 0.0)
        notice = {"sanctioned": (xp.sign(paid) * (abs(paid) > self.least)).astype(xp.int32)}
        if _chosen_by_label(now.ground):
            notice["did"] = xp.where(now.present, now["act"], -1).astype(xp.int32)
        return notice | beneath(super().remember(now, payoffs))


def _chosen_by_label(ground: Ground) -> bool:
    return "act" in ground.parts and not ground.part("act").continuous
