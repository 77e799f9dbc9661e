"""What a traffic assignment is: flows, times, routes, and how far from exact."""

from __future__ import annotations

from dataclasses import dataclass

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
    objective : what was minimised: Beckmann's objective (tolls included), or the total time.
    gap : relative gap, `1 − (cost if every trip took its cheapest route at these costs) / (cost of the trips)`, with
        costs that include tolls at user equilibrium, and are marginal at the system optimum.
    status : "complete" when the gap asked for was reached, else "partial" (iterations) or "timed out".
    iterations : how often shortest routes were computed.
    pair, route_links, route_flows : for each of the K routes in use, its pair, its links, and its flow `float[K]`.
    pair_times : `float[P]`, mean travel time of each pair's trips.
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
