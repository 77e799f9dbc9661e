"""The three switches: their Shapley values, their middle positions, and whether a percent decides between them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ._facets_equilibria import Settlements
from ._facets_selection import Rival, rivals
from ._facets_shares import averaged
from ._play import OWN, PURSUED, SPECIFIED, Play, expect

DECIDES = 0.05
"""Share of the range of welfare by which a facet has to change for selection to be called fragile."""

Corner = Callable[[int, bool, bool], float]
"""Mean welfare of principals by what every agent aims at, whether it plays perfectly, and whether all act as one."""


@dataclass(frozen=True)
class Selection:
    """The largest change of a facet, as a share of what is at stake, that a percent of the payoffs brings about, and
    the λ at which branches meet."""

    swing: float
    bifurcations: tuple[float, ...]

    @property
    def verdict(self) -> str:
        """ "fragile" when the change is more than `DECIDES`, "robust" otherwise."""
        return "fragile" if self.swing > DECIDES else "robust"


def corners(play: Play) -> Corner:
    """Welfare by the position of the switches, for the play of a delegation."""
    return lambda aim, perfect, as_one: play.value(play.all(aim), (perfect,) * play.count, as_one)


def three(corner: Corner) -> tuple[float, float, float]:
    """Shapley values of intent, capability and inter-agent: each one's gain, averaged over what is on before it."""
    return (
        averaged(lambda perfect, as_one: corner(OWN, perfect, as_one) - corner(PURSUED, perfect, as_one)),
        averaged(lambda own, as_one: corner(aim(own), True, as_one) - corner(aim(own), False, as_one)),
        averaged(lambda own, perfect: corner(aim(own), perfect, True) - corner(aim(own), perfect, False)),
    )


def inter_agent_halves(corner: Corner, settlements: Settlements) -> tuple[float, float]:
    """Coordination, from what is played to the best equilibrium, and conflict, from there to acting as one."""

    def middle(own: bool, perfect: bool) -> float:
        return settlements.middle(settlements.play.all(aim(own)), perfect)

    return (
        averaged(lambda own, perfect: middle(own, perfect) - corner(aim(own), perfect, False)),
        averaged(lambda own, perfect: corner(aim(own), perfect, True) - middle(own, perfect)),
    )


def intent_halves(corner: Corner) -> tuple[float, float]:
    """Outer, from specified rewards to utilities, and inner, from pursued to specified rewards."""
    return (
        averaged(lambda perfect, as_one: corner(OWN, perfect, as_one) - corner(SPECIFIED, perfect, as_one)),
        averaged(lambda perfect, as_one: corner(SPECIFIED, perfect, as_one) - corner(PURSUED, perfect, as_one)),
    )


def selection(play: Play, corner: Corner) -> Selection:
    """What play that a percent of the payoffs would bring about does to the facets."""
    found = [rival for aims in dict.fromkeys((play.all(PURSUED), play.all(OWN))) for rival in rivals(play, aims)]
    base, swing = three(corner), 0.0
    for rival in found:
        shaken = three(_under(play, corner, rival))
        swing = max(swing, *(abs(new - old) for new, old in zip(shaken, base, strict=True)))
    meets = sorted({rival.precision for rival in found if rival.bifurcation})
    return Selection(swing / play.range if play.range > 0 else 0.0, tuple(meets))


def aim(own: bool) -> int:
    """What agents aim at by the position of the intent switch."""
    return OWN if own else PURSUED


def _under(play: Play, corner: Corner, rival: Rival) -> Corner:
    """The corners when agents with the rival's aims, each for itself, follow the rival's branch."""

    def shaken(aim: int, perfect: bool, as_one: bool) -> float:
        if as_one or play.all(aim) != rival.aims:
            return corner(aim, perfect, as_one)
        return expect(play.worth, rival.branch.at(math.inf if perfect else play.raw))

    return shaken
