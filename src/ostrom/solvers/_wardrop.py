"""Wardrop's conditions checked without the solver: feasible flows, and no faster route for anybody."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from ..core.forms.network import Network
from ..core.game import Array
from ._assigned import Assignment

ROUNDING = 1e-9
"""Relative error up to which sums of flows count as equal."""


def infeasibility(network: Network, claimed: Assignment) -> dict[str, Any]:
    """What is wrong with the route flows and link flows, as a witness; empty when nothing is."""
    scale = ROUNDING * float(network.demand.sum())
    for own, route, flow in zip(claimed.pair.tolist(), claimed.route_links, claimed.route_flows.tolist(), strict=True):
        if not flow >= 0:
            return {"fault": "a route's flow is negative or not a number", "links": list(route), "flow": flow}
        if not _leads(network, own, route):
            return {"fault": f"a route does not lead {network.players[own]}", "links": list(route)}
    trips = np.bincount(claimed.pair, claimed.route_flows, minlength=len(network.pairs))
    carried = np.zeros(len(network.links))
    for route, flow in zip(claimed.route_links, claimed.route_flows.tolist(), strict=True):
        carried[list(route)] += flow
    pair, link = np.abs(trips - network.demand), np.abs(carried - claimed.flows)
    if pair.max() > scale:
        worst = int(pair.argmax())
        return {"fault": f"not all trips {network.players[worst]} are made", "trips": float(trips[worst])}
    if not link.max() <= scale:
        worst = int(link.argmax())
        return {"fault": f"routes bring {network.link_names[worst]} another flow", "flow": float(carried[worst])}
    return {}


def wardrop_gap(network: Network, claimed: Assignment) -> dict[str, Any]:
    """The relative gap at these flows, and the crowd that loses most by its routes with its mean and least cost.

    Distances are a bound below every route because no link shortens any of them; that is checked, so the gap is a
    bound from above whatever happened before.
    """
    times, least = network.times(claimed.flows), np.empty(len(network.pairs))
    values = network.values if network.tolls.any() else np.ones(len(least))
    price = {value: times + network.tolls / value for value in np.unique(values).tolist()}
    for origin, value in sorted({*zip(network.ends[:, 0].tolist(), values.tolist(), strict=True)}):
        mine, costs = (network.ends[:, 0] == origin) & (values == value), price[value]
        distances = _distances(network, origin, costs)
        shortest = distances - len(network.nodes) * _excess(network, origin, costs, distances)
        least[mine] = shortest[network.ends[mine, 1]]
    routes = zip(claimed.route_links, values[claimed.pair].tolist(), strict=True)
    spent = claimed.route_flows * [price[value][list(route)].sum() for route, value in routes]
    paid = np.bincount(claimed.pair, spent, minlength=len(least))
    total, bound = float(paid.sum()), float(network.demand @ least)
    worst = int((paid - network.demand * least).argmax())
    return {
        "gap": max(0.0, 1 - bound / total) if total > 0 else 0.0,
        "regret": max(0.0, float((paid / network.demand - least).max())),
        "pair": network.players[worst],
        "mean cost": float(paid[worst] / network.demand[worst]),
        "least cost": float(least[worst]),
    }


def _leads(network: Network, pair: int, route: tuple[int, ...]) -> bool:
    """Whether the links join up from the pair's origin to its destination and pass nothing closed."""
    node, target = network.ends[pair].tolist()
    for k, link in enumerate(route):
        if network.tails[link] != node or (k and node in network.no_through):
            return False
        node = int(network.heads[link])
    return node == target


def _distances(network: Network, origin: int, costs: Array) -> Array:
    """Dijkstra's algorithm from one origin."""
    found, waiting, price = np.full(len(network.nodes), np.inf), [(0.0, origin)], costs.tolist()
    while waiting:
        distance, node = heapq.heappop(waiting)
        if found[node] < np.inf:
            continue
        found[node] = distance
        if node == origin or node not in network.no_through:
            for link, head in network.leaving[node]:
                heapq.heappush(waiting, (distance + price[link], head))
    return found


def _excess(network: Network, origin: int, costs: Array, distances: Array) -> float:
    """By how much some link still shortens a distance; N times that is how far a distance can be above the truth."""
    usable = (network.tails == origin) | ~np.isin(network.tails, list(network.no_through))
    tails, heads = network.tails[usable], network.heads[usable]
    with np.errstate(invalid="ignore"):
        gains = distances[heads] - distances[tails] - costs[usable]
    return float(np.nan_to_num(gains, nan=0.0).max(initial=0.0))
