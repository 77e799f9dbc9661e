"""Cournot competition, with the consumers: what is good for the firms need not be good."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named, require


class Cournot(Symmetric):
    """Firms bring quantities of one good to market, and the price falls with what they bring together.

    The price is `demand − slope · X` for a total of X. Each firm sells until its own profit is largest, which is less
    than would be best for everybody and more than would be best for the firms together. A rule that makes them sell
    less raises their profits, and takes more from the consumers than it gives to the firms.

    Players `firm 1`, …; moves the quantities from 0 to `demand / slope`, `step` apart. Facts: `output`, one's own
    quantity, and `price`. Bystander `consumers`, who get the surplus `slope · X² / 2`. Total surplus is the players'
    and the bystanders' utilities together. A negative price is what it costs to be rid of goods that nobody wants.

    Parameters
    ----------
    players : how many firms.
    demand : price at which nobody buys.
    slope : how much one more unit lowers the price.
    cost : of producing a unit.
    step : distance between quantities.

    Source: Cournot (1838); restriction of the choices as in Oesterle's thesis, for demand 108 and no cost.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "closed form: each firm sells (demand − cost) / (slope · (players + 1))",
        "quantity at the symmetric equilibrium": 36.0,
        "profits at equilibrium": 2592.0,
        "consumers at equilibrium": 2592.0,
        "total surplus at equilibrium": 5184.0,
        "quantity at the cartel": 27.0,
        "profits at the cartel": 2916.0,
        "consumers at the cartel": 1458.0,
        "total surplus at the cartel": 4374.0,
        "optimal total surplus": 5832.0,
        "share of the optimum by number of firms": {2: 8 / 9, 3: 15 / 16, 4: 24 / 25},
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 2,
        demand: Annotated[float, Interval(ge=1e-6, le=1e6)] = 108.0,
        slope: Annotated[float, Interval(ge=1e-6, le=1e6)] = 1.0,
        cost: Annotated[float, Interval(ge=0)] = 0.0,
        step: Annotated[float, Interval(ge=1e-6)] = 9.0,
    ) -> None:
        check(Cournot, locals())
        steps = int(demand / slope / step + 1e-9)
        require(
            cost < demand,
            Cournot,
            f"cost {cost:g} and demand {demand:g}",
            "Here a unit costs less than it can sell for.",
        )
        require(
            1 <= steps <= 1000,
            Cournot,
            f"step {step:g}",
            "There are 2 to 1001 quantities between 0 and demand / slope.",
        )
        units = np.arange(steps + 1)

        def price(units_sold: np.ndarray) -> np.ndarray:
            return demand - slope * step * units_sold

        super().__init__(
            lambda own, others: step * own * (price(own + others) - cost),
            players=named("firm", players),
            moves=labelled(step * units),
            amounts=units.tolist(),
            name="cournot",
            bystanders=("consumers",),
            bystander_payoffs=lambda sold: slope / 2 * (step * sold[:, None]) ** 2,
            facts=[
                Fact.of_own_move("output", "units", (step * units).tolist()),
                Fact(
                    "price", "money per unit", lambda sold: np.broadcast_to(price(sold.sum(-1))[..., None], sold.shape)
                ),
            ],
        )
