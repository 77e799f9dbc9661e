"""A road network cut into seats: who drives where, by which routes, and how long each link takes."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.forms.network import Network
from ..solvers.assignment import system_optimum, user_equilibrium

Routes = list[tuple[tuple[int, ...], ...]]
FINE = 2000
"""Intervals between no flow and all flow at which times are tabulated, where seats are not all of the same flow."""


def seats_of(network: Network, drivers: float | None, groups: int | None) -> tuple[list[int], np.ndarray]:
    """The population of each seat, and how much flow it is; of every demand `drivers` a unit, or `groups` in all."""
    if (drivers is None) == (groups is None):
        raise InputError(
            f"RouteChoice.of is given drivers={drivers} and groups={groups}.",
            "Seats are single drivers, so many per unit of demand, or groups, so many per origin and destination.",
            "Give one of the two.",
        )
    exact = network.demand * drivers if drivers is not None else np.full(len(network.demand), float(groups or 0))
    count = np.rint(exact).astype(int)
    if not (count >= 1).all() or (np.abs(exact - count) > 1e-9 * exact).any():
        raise InputError(
            f"drivers={drivers}, groups={groups} make {exact.tolist()[:6]} seats.",
            "Seats come in whole numbers, and nobody's trip is left out.",
            "Choose it so that every demand becomes a whole number of seats.",
        )
    owners = np.repeat(np.arange(len(count)), count)
    return owners.tolist(), (network.demand / count)[owners]


def routes_of(network: Network, which: Literal["all", "useful"]) -> Routes:
    """For every population its routes as tuples of links: all, or those used at equilibrium and at the optimum."""
    if which == "all":
        return [tuple(own) for own in network.routes]
    found: list[dict[tuple[int, ...], None]] = [{} for _ in network.pairs]
    for assigned in (user_equilibrium(network), system_optimum(network)):
        for pair, links in zip(assigned.pair.tolist(), assigned.route_links, strict=True):
            found[pair][tuple(links)] = None
    return [tuple(own) for own in found]


def use_table(routes: Routes, owners: list[int], links: int) -> np.ndarray:
    """`float[P, A, L]`: 1 where a route of a seat uses a link; rows of zeros where a seat has fewer routes."""
    table = np.zeros((len(owners), max(map(len, routes)), links))
    for seat, owner in enumerate(owners):
        for number, route in enumerate(routes[owner]):
            table[seat, number, list(route)] = 1.0
    return table


def time_table(network: Network, flow: np.ndarray) -> np.ndarray:
    """`float[L, G + 1]`: times at flows that rise evenly from 0 to that of all; at each count, where all are alike."""
    steps = FINE if np.ptp(flow) > 1e-12 else len(flow)
    return network.times(np.linspace(0, flow.sum(), steps + 1)[:, None] * np.ones(len(network.links))).T


def map_of(network: Network) -> tuple[tuple[str, float, float], ...]:
    """`(place, x, y)`, from 0 to 1, as far as the map is known; else on a circle, in the order of the nodes."""
    if all(node in network.places for node in network.nodes):
        at = np.array([network.places[node] for node in network.nodes], float)
        at = (at - at.min(0)) / np.maximum(np.ptp(at, axis=0).max(), 1e-9)
    else:
        turn = 2 * np.pi * np.arange(len(network.nodes)) / len(network.nodes)
        at = 0.5 + 0.5 * np.stack([np.cos(turn), np.sin(turn)], -1)
    return tuple((node, float(x), float(y)) for node, (x, y) in zip(network.nodes, at, strict=True))


def charges_of(links: tuple[str, ...], charges: Any) -> np.ndarray:
    """`float[L]` from `{link: amount}` or nothing; a name that no link has is an `InputError`."""
    given = dict(charges or {})
    if unknown := sorted(set(given) - set(links)):
        raise InputError(f"There is no link {unknown[0]!r}.", do=f"The links are {', '.join(links[:12])}.")
    return np.array([float(given.get(link, 0.0)) for link in links])
