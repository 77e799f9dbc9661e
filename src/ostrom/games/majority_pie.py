"""A pie that any majority can share, so that no sharing of it lasts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.weighted_voting import WeightedVoting
from ostrom.core.record import Interval

from ._scenario import check, named


class MajorityPie(WeightedVoting):
    """People divide a pie by majority vote.

    Whatever is agreed, some majority gets less than all of it and would do better to throw the others out; whoever is
    thrown out can offer more to one of those who threw it out. There is no division at which that stops.

    Players `person 1`, …. A majority is worth 1, everybody else nothing.

    Parameters
    ----------
    players : how many; an odd number.

    Source: von Neumann and Morgenstern, Theory of Games and Economic Behavior (1944), section 21.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "von Neumann and Morgenstern (1944)",
        "core": "empty",
        "Shapley value of each of three": 1 / 3,
    }

    def __init__(self, players: Annotated[int, Interval(ge=3, le=101)] = 3) -> None:
        check(MajorityPie, locals())
        super().__init__(players // 2 + 1, [1] * players, named("person", players), name="majority_pie")
