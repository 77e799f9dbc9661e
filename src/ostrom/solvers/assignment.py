"""Traffic assignment: where everybody drives, each for itself or for the least total time.

User equilibrium (Wardrop's first principle) is the minimum of Beckmann's convex objective; the system optimum (his
second) is the user equilibrium of the network whose costs are marginal social costs. Both are found by gradient
projection over the routes in use, which are made as they are needed, and by Newton steps that end the work quickly.
Drivers to whom time is worth different amounts keep it a convex problem while tolls are fixed: each class adds what it
pays, in its own time (Dafermos 1973).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.forms.network import Network
from ..core.game import Array
from ..core.solution import Status
from ._assigned import Assignment
from ._newton import newton_step
from ._route_flows import RouteFlows
from ._shortest_paths import ShortestPaths
from ._wardrop import infeasibility, wardrop_gap

Progress = Callable[[int, float], None]
EQUILIBRIUM, OPTIMUM = "user equilibrium", "system optimum"
EMPTY = 1e-14
"""Share of all trips at which slopes are read on empty links, where a power has slope 0 or infinity."""
ROUNDING = 1e-12
"""By how much a gap computed again may differ."""


def user_equilibrium(
    network: Network,
    *,
    gap: float = 1e-6,
    iterations: int = 10_000,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Every driver on a route that is cheapest (time plus toll over its value of time) for it, to a relative gap.

    Parameters
    ----------
    gap : the relative gap to reach, above 0; below about 1e-13 rounding stands in the way.
    iterations, seconds : when to stop all the same; the answer then says so in its `status` and gives the gap reached.
    progress : called as `progress(iteration, gap)` before each iteration.

    Link times at equilibrium are unique; route flows are not. Raises `InputError` for a gap that is not above 0.
    """
    return _assigned(network, EQUILIBRIUM, gap, iterations, seconds, progress)


def system_optimum(
    network: Network,
    *,
    gap: float = 1e-6,
    iterations: int = 10_000,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """The flows with the least total travel time; tolls play no part. Parameters as in `user_equilibrium`.

    Raises `InputError` where a custom latency makes total time non-convex.
    """
    return _assigned(network, OPTIMUM, gap, iterations, seconds, progress)


def price_of_anarchy(network: Network, *, gap: float = 1e-8) -> float:
    """Total time at user equilibrium over total time at the system optimum, ≥ 1 up to the gap; 1 if both are 0."""
    selfish, best = (solve(network, gap=gap).total_time for solve in (user_equilibrium, system_optimum))
    return ratio(selfish, best)


def ratio(selfish: float, best: float) -> float:
    """`selfish / best`, 1 if both are 0 and infinite if only the best is."""
    return selfish / best if best > 0 else (1.0 if selfish == 0 else float("inf"))


def marginal_tolls(network: Network, optimum: Assignment) -> Array:
    """Pigou's tolls `float[L]`, in money: on each link, flow times slope at the optimum, what a driver costs others.

    Time counts at its mean value over all trips. Where drivers differ in it these tolls need not lead to the optimum;
    those of `ostrom.designers.tolls` do.
    """
    alike = not np.ptp(network.values)
    value = network.values[0] if alike else np.average(network.values, weights=network.demand)
    return value * optimum.flows * np.where(optimum.flows > 0, network.slopes(optimum.flows), 0.0)


def check_assignment(network: Network, assignment: Assignment) -> Claim:
    """Whether the assignment is what it says, checked again without the solver, in float64.

    Feasibility: no negative flow, every route a real one, all trips made, link flows the sum of route flows. Then the
    gap, against the shortest-route distances, which are recomputed and shown to be shortest because no link shortens
    any of them. *proved* when both hold to the assignment's own gap; else *refuted*, with the witness.
    """
    statement = f"On {network.name} these flows are a {assignment.concept} to a relative gap of {assignment.gap:.2e}."
    method = "route flows summed, and Wardrop's condition against verified shortest distances, in float64"
    if fault := infeasibility(network, assignment):
        return Claim(statement, "refuted", method, witness=fault)
    found = wardrop_gap(_priced(network, assignment.concept), assignment)
    tolerance = assignment.gap + ROUNDING
    numbers = {
        "gap": found["gap"],
        "regret": found["regret"],
        "total_time": float(network.total_time(assignment.flows)),
    }
    if not found["gap"] <= tolerance:
        return Claim(statement, "refuted", method, tolerance, numbers, witness=found)
    return Claim(statement, "proved", method, tolerance, numbers)


def _priced(network: Network, concept: str) -> Network:
    """The network whose user equilibrium is wanted: the one whose costs drivers follow under this concept."""
    return network.marginal() if concept == OPTIMUM else network


def _assigned(
    network: Network, concept: str, gap: float, iterations: int, seconds: float | None, progress: Progress | None
) -> Assignment:
    if not gap > 0:
        raise InputError(
            f"A relative gap of {gap} was asked for.", "Iterations come close, never there.", "Ask for 1e-6."
        )
    priced = _priced(network, concept)
    stop = np.inf if seconds is None else time.monotonic() + seconds
    paths = ShortestPaths(priced)
    blocks = _first_routes(priced, paths)
    floor = EMPTY * float(priced.demand.sum())
    iteration = 0
    while True:
        parts = [block.on_links(block.flow, len(priced.links)) for block in blocks]
        flows, tolls = np.sum(parts, axis=0), sum(float(f @ b.tolls) for f, b in zip(parts, blocks, strict=True))
        times = priced.times(flows)
        least, last = paths.search(times)
        reached = _relative_gap(float(flows @ times) + tolls, float(priced.demand @ least))
        if progress:
            progress(iteration, reached)
        late = time.monotonic() > stop
        if reached <= gap or late or iteration >= iterations:
            status = "complete" if reached <= gap else "timed out" if late else "partial"
            return _answer(network, concept, flows, reached, status, iteration + 1, blocks, tolls)
        for block in blocks:
            block.renew(paths, least, last, times)
            flows, times = block.shift(priced, flows, times, floor)
        newton_step(priced, blocks, flows, times, floor)
        iteration += 1


def _relative_gap(paid: float, least: float) -> float:
    return max(0.0, 1 - least / paid) if paid > 0 else 0.0


def _first_routes(network: Network, paths: ShortestPaths) -> list[RouteFlows]:
    """Everybody on the route that is cheapest when the roads are empty, grouped by origin and value of time."""
    _, last = paths.search(network.times(np.zeros(len(network.links))))
    groups = [np.flatnonzero(paths.row == k) for k in range(len(paths.origins))]
    crowds = ((pairs, network.demand[pairs], paths.toll(k)) for k, pairs in enumerate(groups))
    return [RouteFlows(*crowd, *paths.trace(last, crowd[0])) for crowd in crowds]


def _answer(
    network: Network,
    concept: str,
    flows: Array,
    gap: float,
    status: Status,
    iterations: int,
    blocks: list[RouteFlows],
    tolls: float,
) -> Assignment:
    times = network.times(flows)
    total = float(network.total_time(flows))
    used = [(block.pairs[block.pair], block.flow, block.sums(times), block.routes()) for block in blocks]
    pair, flow, spent = (np.concatenate([block[k] for block in used]) for k in range(3))
    routes = [route for block in used for route in block[3]]
    some = flow > 0
    return Assignment(
        concept,
        flows,
        times,
        total,
        total if concept == OPTIMUM else float(network.latencies.integral(flows).sum()) + tolls,
        gap,
        status,
        iterations,
        pair[some],
        tuple(itertools.compress(routes, some)),
        flow[some],
        np.bincount(pair, flow * spent, minlength=len(network.pairs)) / network.demand,
        _note(network),
    )


def _note(network: Network) -> str:
    count = len(network.computed)
    return f"Integrals or derivatives of {count} links were computed numerically." if count else ""
