"""The volunteer's dilemma: one is enough, and everybody hopes for another."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, named, require


class VolunteersDilemma(Symmetric):
    """Witnesses of an accident, any one of whom could call for help.

    Help benefits all; calling costs the caller. At the equilibrium in which all behave alike, the more witnesses there
    are the less likely each is to call, and the less likely it is that anybody does.

    Players `witness 1`, …; moves `call` and `wait`. Fact: `calls`, 1 for who calls.

    Parameters
    ----------
    players : how many witnesses.
    benefit : to each, when at least one calls.
    cost : to each who calls, below the benefit.

    Source: Diekmann, "Volunteer's dilemma" (1985): each waits with probability (cost / benefit) ** (1 / (players − 1)).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Diekmann (1985)",
        "pure equilibria": [("call", "wait", "wait"), ("wait", "call", "wait"), ("wait", "wait", "call")],
        "mixed equilibrium": (1 - 0.5**0.5, 0.5**0.5),
        "payoff at the mixed equilibrium": 1.0,
        "optimal welfare": 5.0,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=1000)] = 3,
        benefit: Annotated[float, Interval(ge=0)] = 2.0,
        cost: Annotated[float, Interval(ge=0)] = 1.0,
    ) -> None:
        check(VolunteersDilemma, locals())
        require(
            0 < cost < benefit, VolunteersDilemma, f"cost {cost:g} and benefit {benefit:g}", "Here benefit > cost > 0."
        )
        calls = (1, 0)
        super().__init__(
            lambda own, others: benefit * (others + calls[own] > 0) - cost * calls[own],
            players=named("witness", players),
            moves=("call", "wait"),
            amounts=calls,
            name="volunteers_dilemma",
            facts=[Fact.of_own_move("calls", "calls", calls)],
        )
