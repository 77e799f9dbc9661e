"""What a traffic assignment is: flows, times, routes, and how far from exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ..core.solution import Status

METHOD = "gradient projection by origin and projected Newton steps, with routes generated as needed"


@dataclass(frozen=True, eq=False)
class Assignment:
    """Where everybody drives.

    Attributes
    ----------
    concept : "user equilibrium" or "system optimum".
    flows, times : `float[L]`, flow and travel time of each link (times without tolls).
    total_time : time spent by all drivers together (TSTT).
    objective : what was minimised: Beckmann's objective (tolls included, in each class's own time), or the total time.
    gap : relative gap, `1 − (cost if every trip took its cheapest route at these costs) / (cost of the trips)`, with
        costs that include tolls at user equilibrium, and are marginal at the system optimum.
    status : "complete" when the gap asked for was reached, else "partial" (iterations) or "timed out".
    iterations : how often shortest routes were computed.
    pair, route_links, route_flows : for each of the K routes in use, its population, its links, its flow `float[K]`.
    pair_times : `float[P]`, mean travel time of each population's trips.
    note : one sentence where something was computed numerically, else empty.
    """

    concept: str
    flows: Array
    times: Array
    total_time: float
    objective: float
    gap: float
    status: Status
    iterations: int
    pair: Array
    route_links: tuple[tuple[int, ...], ...]
    route_flows: Array
    pair_times: Array
    note: str = ""
    method: str = METHOD

    def paid(self, charges: Array) -> Array:
        """What a trip of each population pays on average, `float[P]`, when links charge `charges`, `float[L]`."""
        owed = self.route_flows * [charges[list(route)].sum() for route in self.route_links]
        money, trips = (np.bincount(self.pair, per, minlength=len(self.pair_times)) for per in (owed, self.route_flows))
        return money / trips
