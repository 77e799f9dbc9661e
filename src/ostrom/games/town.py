"""A river town at eight in the morning: two neighbourhoods, an old bridge, a ring road, and a quay."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.latency import bpr
from ostrom.core.forms.network import Network

MAP = {
    "Hillside": (0.0, 3.0), "Meadows": (0.0, 0.5), "Old Bridge": (2.0, 2.8), "Ring Road": (1.6, -0.5),
    "Station": (4.0, 3.6), "Market": (3.4, 1.4), "Harbour": (6.0, 2.6), "Hospital": (5.2, 0.0),
}  # fmt: skip
"""Where the places lie, in kilometres east and north."""

ROADS = (
    ("Hillside", "Old Bridge", 4.0, 600.0),
    ("Meadows", "Old Bridge", 6.0, 600.0),
    ("Hillside", "Ring Road", 11.0, 1800.0),
    ("Meadows", "Ring Road", 7.0, 1800.0),
    ("Old Bridge", "Station", 7.0, 1200.0),
    ("Station", "Harbour", 6.0, 1500.0),
    ("Station", "Hospital", 8.0, 1500.0),
    ("Market", "Harbour", 4.0, 400.0),
    ("Market", "Hospital", 5.0, 1000.0),
    ("Ring Road", "Market", 5.0, 1500.0),
    ("Ring Road", "Harbour", 15.0, 1000.0),
    ("Ring Road", "Hospital", 14.0, 1000.0),
)
"""From, to, minutes when empty, cars an hour that it is made for."""

TRIPS = {
    ("Hillside", "Harbour"): 1000.0,
    ("Hillside", "Hospital"): 400.0,
    ("Meadows", "Harbour"): 200.0,
    ("Meadows", "Hospital"): 400.0,
}
"""Cars an hour in the morning peak."""


class Town(Network):
    """The quay that was opened to relieve the town and that everybody now queues for.

    In the morning 2,000 cars an hour leave Hillside and Meadows for the harbour and the hospital. Over the old bridge
    it is short, by the ring road it is long and free. When the quay was opened between bridge and market, two minutes
    instead of a detour, it drew everybody to the bridge and on through the narrow market street. At noon the quay
    helps everybody. In the peak the town would spend a tenth less time on the road if it were closed, those who go to
    the hospital excepted.

    Players are the four crowds, one for each origin and destination. Moves are their routes, four each
    (`Hillside>Old Bridge>Market>Harbour`, …); payoffs are minus minutes. Facts: `delay`, the minutes of one's own
    route, and `link:NAME`, whether it uses a road (`link:Old Bridge>Market` is the quay).

    Parameters
    ----------
    traffic : trips as a share of the morning peak, above 0.
    quay_capacity : cars an hour that the quay is made for.
    without_quay : close it.

    A scenario of our own; times follow the BPR function.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "computed to a relative gap of 1e-12; the tests solve it again by a general optimiser",
        "total time": 43919.987917,
        "optimal total time": 35574.016175,
        "price of anarchy": 1.234608645,
        "total time without the quay": 39346.649749,
    }

    def __init__(self, traffic: float = 1.0, quay_capacity: float = 1800.0, without_quay: bool = False) -> None:
        roads = ROADS if without_quay else (*ROADS, ("Old Bridge", "Market", 2.0, quay_capacity))
        links = [(tail, head, bpr(minutes, capacity)) for tail, head, minutes, capacity in roads]
        trips = {pair: traffic * cars for pair, cars in TRIPS.items()}
        super().__init__(links, trips, name="town", places=MAP)
