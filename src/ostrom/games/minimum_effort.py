"""The minimum-effort game: a team is as good as its weakest member."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named, require


class MinimumEffort(Symmetric):
    """Members of a team choose how hard to work, and the result is worth what the least effort is worth.

    Nobody wants to work less than the weakest, nor more: every common effort is an equilibrium, the highest is best for
    all, and one doubtful member is enough to make it dear. Groups of fourteen sank to the lowest within ten rounds.

    Players `member 1`, …; moves the efforts `1` to `efforts`. Fact: `effort`, in hours.

    Parameters
    ----------
    players : how many members.
    efforts : how many efforts there are to choose from.
    benefit : to each, per unit of the least effort.
    cost : per unit of one's own effort, below the benefit.
    base : what everybody gets anyway.

    Source: Van Huyck, Battalio and Beil, "Tacit coordination games, strategic uncertainty, and coordination failure"
    (1990), whose treatment A has these payoffs in dollars.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Van Huyck, Battalio and Beil (1990)",
        "pure equilibria": [(str(k),) * 3 for k in range(1, 8)],
        "payoff by common effort": {1: 0.7, 4: 1.0, 7: 1.3},
        "payoff of effort 7 beside a 1": 0.1,
        "optimal welfare": 3.9,
        "optimal moves": [("7", "7", "7")],
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 3,
        efforts: Annotated[int, Interval(ge=2, le=100)] = 7,
        benefit: Annotated[float, Interval(ge=0)] = 0.2,
        cost: Annotated[float, Interval(ge=0)] = 0.1,
        base: float = 0.6,
    ) -> None:
        check(MinimumEffort, locals())
        require(0 < cost < benefit, MinimumEffort, f"cost {cost:g} and benefit {benefit:g}", "Here benefit > cost > 0.")
        hours = np.arange(1, efforts + 1)

        def payoff(own: int, others: Array) -> Array:
            least = np.minimum((others > 0).argmax(axis=1), own)
            return base + benefit * hours[least] - cost * hours[own]

        super().__init__(
            payoff,
            players=named("member", players),
            moves=labelled(hours),
            name="minimum_effort",
            facts=[Fact.of_own_move("effort", "hours", hours.tolist())],
        )
