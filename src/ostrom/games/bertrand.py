"""Bertrand competition, with the consumers: two firms are enough to bring the price down to cost."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named, require


class Bertrand(Symmetric):
    """Firms name a price, and everybody buys from the cheapest.

    At price p consumers buy `demand − p`; firms with the lowest price share these sales equally, others sell nothing.
    Undercutting by a step takes the whole market, until the price stands at cost or one step above. What firms would
    call a ruinous price war is what consumers live on.

    Players `firm 1`, …; moves the prices from 0 to `demand`, `step` apart. Facts: `price`, one's own, and `sales`.
    Bystander `consumers`, who get the surplus `(demand − p)² / 2` at the lowest price p.

    Parameters
    ----------
    players : how many firms.
    demand : price at which nobody buys, and units bought when they are free.
    cost : of producing a unit.
    step : distance between prices.

    Source: Bertrand, review of Cournot, Journal des Savants (1883).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "closed form: price at cost, or one step above it",
        "pure equilibria": [("2", "2"), ("3", "3")],
        "profits at the higher equilibrium": 7.0,
        "consumers at the higher equilibrium": 24.5,
        "price of the cartel": 6.0,
        "profits of the cartel": 16.0,
        "consumers under the cartel": 8.0,
        "optimal total surplus": 32.0,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 2,
        demand: Annotated[float, Interval(ge=1e-6, le=1e6)] = 10.0,
        cost: Annotated[float, Interval(ge=0)] = 2.0,
        step: Annotated[float, Interval(ge=1e-6)] = 1.0,
    ) -> None:
        check(Bertrand, locals())
        steps = int(demand / step + 1e-9)
        require(
            cost < demand,
            Bertrand,
            f"cost {cost:g} and demand {demand:g}",
            "Here a unit costs less than it can sell for.",
        )
        require(1 <= steps <= 1000, Bertrand, f"step {step:g}", "There are 2 to 1001 prices between 0 and demand.")
        prices = step * np.arange(steps + 1)

        def profit(own: int, others: Array) -> Array:
            undercut = others[:, :own].any(axis=1)
            return np.where(undercut, 0.0, (prices[own] - cost) * (demand - prices[own]) / (1 + others[:, own]))

        def sales(profiles: Array) -> Array:
            cheapest = profiles == profiles.min(-1, keepdims=True)
            return cheapest * (demand - prices[profiles]) / cheapest.sum(-1, keepdims=True)

        super().__init__(
            profit,
            players=named("firm", players),
            moves=labelled(prices),
            name="bertrand",
            bystanders=("consumers",),
            bystander_payoffs=lambda totals: (demand - prices[(totals > 0).argmax(axis=1), None]) ** 2 / 2,
            facts=[Fact.of_own_move("price", "money per unit", prices.tolist()), Fact("sales", "units", sales)],
        )
