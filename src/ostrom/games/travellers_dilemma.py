"""The traveller's dilemma: undercutting by a little, step by step, to the bottom."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import alike, check, labelled, require


class TravellersDilemma(NormalForm):
    """Two travellers claim the price of the same lost vase, and the airline believes the lower claim.

    Both get the lower claim; whoever claimed less gets a bonus on top, and who claimed more pays it. Claiming one less
    than the other is always best, so reasoning leads both to the lowest claim. People mostly do not go there.

    Players `row` and `column`; moves the whole claims from `low` to `high`. Fact: `claim`, in coins.

    Parameters
    ----------
    low, high : the least and the most that can be claimed, in coins.
    bonus : what the lower claim earns and the higher one pays; above 1 for the argument to go through.

    Source: Basu, "The traveler's dilemma" (1994), who takes claims from 2 to 100 (`high=100`).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Basu (1994)",
        "pure equilibria": [("2", "2")],
        "welfare at equilibrium": 4.0,
        "optimal welfare": 20.0,
        "optimal moves": [("10", "10")],
    }

    def __init__(
        self,
        low: Annotated[int, Interval(ge=0, le=1000)] = 2,
        high: Annotated[int, Interval(ge=1, le=1000)] = 10,
        bonus: Annotated[float, Interval(ge=0)] = 2.0,
    ) -> None:
        check(TravellersDilemma, locals())
        require(
            low < high, TravellersDilemma, f"claims from {low} to {high}", "There is more than one claim to choose."
        )
        claims = np.arange(low, high + 1.0)
        own, other = claims[:, None], claims[None]
        table = alike(np.minimum(own, other) + bonus * np.sign(other - own))
        facts = [Fact.of_own_move("claim", "coins", claims.tolist())]
        moves = labelled(claims)
        super().__init__(table, players=("row", "column"), moves=moves, name="travellers_dilemma", facts=facts)
