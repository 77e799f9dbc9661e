"""What selfish driving costs a road network, whom, where, and what would help."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.forms.network import Network
from ..solvers.assignment import (
    Assignment,
    check_assignment,
    marginal_tolls,
    ratio,
    system_optimum,
    user_equilibrium,
)
from ._layout import layout
from ._traffic_found import Closure, Road, TrafficDiagnosis, Trips


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
    money = marginal_tolls(network, best)
    tolled = user_equilibrium(network.tolled(money), gap=gap, seconds=seconds)
    tolls = money / float(np.average(network.values, weights=network.demand))
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
        alike=not np.ptp(network.values),
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
