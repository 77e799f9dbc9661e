"""A small lake: what is left in it tonight is what there is next season."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named


class Commons(Symmetric):
    """Fishers on a small lake decide how much to land this season.

    The lake is full and holds `share` tonnes for every fisher. A tonne landed is its fisher's. What stays grows until
    next season, quickest when the lake is half full (logistic growth), and next season's fish are shared equally. With
    `players` above `growth + 1`, landing more is better for each whatever the others do, and they empty the lake;
    everybody would have more had they left half of it.

    Players `fisher 1`, …; moves the tonnes landed, 0 to `share`. Fact: `harvest`, in tonnes a season.

    Parameters
    ----------
    players : how many fishers.
    share : tonnes the lake holds for each of them, and the most that one boat can land.
    growth : rate at which a nearly empty lake fills up, per season.

    Source: Gordon (1954) and Schaefer (1957) for the stock; Hardin (1968) for the story that Ostrom (1990) corrected:
    the tragedy is that of a lake without rules.

    Examples
    --------
    >>> game = Commons()
    >>> game.payoffs_at(np.array([2, 2, 2, 2])), game.payoffs_at(np.array([4, 4, 4, 4]))
    (array([6., 6., 6., 6.]), array([4., 4., 4., 4.]))
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "closed form: own harvest plus an equal share of stock + growth · stock · (1 − stock / full)",
        "pure equilibria": [("4", "4", "4", "4")],
        "welfare at equilibrium": 16.0,
        "optimal welfare": 24.0,
        "total harvest at the optimum": 8,
        "price of anarchy": 1.5,
        "tax per tonne that makes the optimum an equilibrium": 0.75,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 4,
        share: Annotated[int, Interval(ge=1, le=100)] = 4,
        growth: Annotated[float, Interval(ge=0, le=4)] = 2.0,
    ) -> None:
        check(Commons, locals())
        full, tonnes = share * players, np.arange(share + 1)

        def payoff(own: int, others: np.ndarray) -> np.ndarray:
            left = full - own - others
            return own + (left + growth * left * (1 - left / full)) / players

        super().__init__(
            payoff,
            players=named("fisher", players),
            moves=labelled(tonnes),
            amounts=tonnes.tolist(),
            name="commons",
            facts=[Fact.of_own_move("harvest", "tonnes a season", tonnes.tolist())],
        )
