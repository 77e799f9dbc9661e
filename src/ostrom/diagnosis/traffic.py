"""What selfish driving costs a road network, whom, where, and what would help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Claim, Finding
from ..core.errors import InputError
from ..core.network import Network
from ..solvers.assignment import (
    Assignment,
    check_assignment,
    marginal_tolls,
    ratio,
    system_optimum,
    user_equilibrium,
)
from ._layout import layout
from ._traffic_words import findings

HELPS = 1e-4
"""Share of the total time that a closure has to save to count as a help and not as rounding."""


@dataclass(frozen=True)
class Road:
    """One link as it is driven: flows in trips, times in the network's unit.

    `flow`, `time` at user equilibrium; `free_time` when empty; `best_flow` at the system optimum and `toll`, in time,
    that would lead there; `capacity` and `load` (flow over capacity) are None where no capacity is known.
    """

    name: str
    tail: str
    head: str
    flow: float
    time: float
    free_time: float
    best_flow: float
    toll: float
    capacity: float | None

    @property
    def load(self) -> float | None:
        """Flow at equilibrium over capacity."""
        return None if self.capacity is None else self.flow / self.capacity


@dataclass(frozen=True)
class Trips:
    """Trips of one kind: how many, and their mean time at user equilibrium and at the system optimum.

    `whose` is a pair ("A to D"), an origin or a destination. At the optimum trips of one pair may differ in time.
    """

    whose: str
    trips: float
    time: float
    best_time: float

    @property
    def lost(self) -> float:
        """Time each loses because everybody drives for itself; negative when it gains."""
        return self.time - self.best_time


@dataclass(frozen=True)
class Closure:
    """One link closed: the total time at the new equilibrium, None when some trip has no other way, and what it saves.

    `saved` is a share of the total time with all links open, below 0 when the closure makes things worse, and None
    with the total time.
    """

    link: str
    total_time: float | None
    saved: float | None


@dataclass(frozen=True, eq=False)
class TrafficDiagnosis:
    """Selfish against best driving on one network, with all that a text or a drawing needs.

    Attributes
    ----------
    network, unit : its name, and the unit of time in words.
    equilibrium, optimum : the two assignments, each with its gap and status; `claims` checks both again.
    price_of_anarchy : total time at equilibrium over total time at the optimum.
    roads : every link; pairs, origins, destinations : who drives, with times at both.
    revenue : what marginal-cost tolls would collect, in time; tolled_time : total time at the equilibrium they lead to.
    closures : every link closed in turn, most helpful first; None when the network is too large to try them all.
    places : where each node is drawn, `{node: (x, y)}`, empty for a large network without a map; `mapped` tells
        whether they are coordinates from a map or a layout made for drawing.
    """

    network: str
    unit: str
    equilibrium: Assignment
    optimum: Assignment
    claims: tuple[Claim, ...]
    price_of_anarchy: float
    roads: tuple[Road, ...]
    pairs: tuple[Trips, ...]
    origins: tuple[Trips, ...]
    destinations: tuple[Trips, ...]
    revenue: float
    tolled_time: float
    closures: tuple[Closure, ...] | None
    places: dict[str, tuple[float, float]]
    mapped: bool

    @property
    def helpful(self) -> tuple[Closure, ...]:
        """The closures that save everybody together time."""
        return tuple(c for c in self.closures or () if c.saved is not None and c.saved > HELPS)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in sentences with their numbers."""
        return findings(self)


def diagnose_network(
    network: Network, *, gap: float = 1e-8, seconds: float | None = None, try_closing: int = 30
) -> TrafficDiagnosis:
    """What selfish driving costs the network, whom, where, and what would help.

    Parameters
    ----------
    gap : relative gap of every assignment.
    seconds : time limit of each; the diagnosis then says how far it came.
    try_closing : networks of up to so many links have each of them closed in turn.
    """
    selfish, best = (solve(network, gap=gap, seconds=seconds) for solve in (user_equilibrium, system_optimum))
    tolls = marginal_tolls(network, best)
    tolled = user_equilibrium(network.tolled(tolls), gap=gap, seconds=seconds)
    places, mapped = _places(network)
    return TrafficDiagnosis(
        network=network.name,
        unit=network.unit,
        equilibrium=selfish,
        optimum=best,
        claims=tuple(check_assignment(network, one) for one in (selfish, best)),
        price_of_anarchy=ratio(selfish.total_time, best.total_time),
        roads=_roads(network, selfish, best, tolls),
        pairs=_trips(network, selfish, best, network.players),
        origins=_trips(network, selfish, best, [origin for origin, _ in network.pairs]),
        destinations=_trips(network, selfish, best, [target for _, target in network.pairs]),
        revenue=float(tolls @ tolled.flows),
        tolled_time=tolled.total_time,
        closures=_closures(network, selfish, gap, seconds) if len(network.links) <= try_closing else None,
        places=places,
        mapped=mapped,
    )


def _roads(network: Network, selfish: Assignment, best: Assignment, tolls: np.ndarray) -> tuple[Road, ...]:
    free = network.times(np.zeros(len(network.links)))
    columns = (selfish.flows, selfish.times, free, best.flows, tolls)
    rows = np.stack(columns, -1).tolist()
    return tuple(
        Road(link.name, link.tail, link.head, *row, capacity=link.latency.capacity)  # type: ignore[union-attr]
        for link, row in zip(network.links, rows, strict=True)
    )


def _trips(
    network: Network, selfish: Assignment, best: Assignment, whose: list[str] | tuple[str, ...]
) -> tuple[Trips, ...]:
    """Trips grouped by a name for each pair, in the order in which names appear."""
    names = list(dict.fromkeys(whose))
    group = [names.index(name) for name in whose]
    trips, spent, needed = (
        np.bincount(group, network.demand * weight, minlength=len(names)).tolist()
        for weight in (1.0, selfish.pair_times, best.pair_times)
    )
    return tuple(Trips(name, n, a / n, b / n) for name, n, a, b in zip(names, trips, spent, needed, strict=True))


def _closures(network: Network, selfish: Assignment, gap: float, seconds: float | None) -> tuple[Closure, ...]:
    """Every link closed in turn. A link that nobody uses changes nothing when it is closed."""
    found = []
    for name, flow in zip(network.link_names, selfish.flows.tolist(), strict=True):
        if flow == 0:
            found.append(Closure(name, selfish.total_time, 0.0))
            continue
        try:
            total = user_equilibrium(network.without(name), gap=gap, seconds=seconds).total_time
        except InputError:
            found.append(Closure(name, None, None))
        else:
            found.append(Closure(name, total, 1 - ratio(total, selfish.total_time)))
    return tuple(sorted(found, key=lambda closure: np.inf if closure.saved is None else -closure.saved))


def _places(network: Network) -> tuple[dict[str, tuple[float, float]], bool]:
    if all(node in network.places for node in network.nodes):
        return {node: network.places[node] for node in network.nodes}, True
    drawn = layout(len(network.nodes), network.tails, network.heads)
    if drawn is None:
        return {}, False
    return {node: (float(x), float(y)) for node, (x, y) in zip(network.nodes, drawn, strict=True)}, False
