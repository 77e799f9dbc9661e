"""One Newton step for all route flows together, which knows how routes share links.

Gradient projection moves each pair as if it were alone; where routes share links it closes in slowly. Here the quadratic
model of Beckmann's objective over all routes in use is minimised by conjugate gradients, and the step is cut back so
that no flow becomes negative and the objective falls. Routes come into use and go out of it by gradient projection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..core.game import Array
from ..core.network import Network
from ._route_flows import RouteFlows, line_search

ROUNDS = 100
RESIDUAL = 1e-2
"""Conjugate gradients stop when the residual has fallen to this share, or after so many rounds."""
DAMPING = 1e-9
"""Added to the diagonal of the model, relative to it: several route flows may make the same link flows."""


def newton_step(
    network: Network, blocks: Sequence[RouteFlows], flows: Array, costs: Array, floor: float
) -> tuple[Array, Array]:
    """Move all routes in use at once; changes their flows, and returns the new link flows and costs `float[L]`."""
    every = RouteFlows.merged(blocks)
    cost, slopes = every.sums(costs), network.slopes(np.maximum(flows, floor))
    base = every.cheapest(-every.flow)[every.pair]
    free = (every.flow > 0) & (base != np.arange(len(base)))
    steep = every.sums(slopes)
    diagonal = np.maximum(steep + steep[base], 1e-300)

    def spread(moved: Array) -> Array:
        """Changes of route flows when `moved` comes from, or goes to, each pair's base route."""
        return moved - np.bincount(base, moved, minlength=len(moved))

    def curvature(moved: Array) -> Array:
        bent = every.sums(slopes * every.on_links(spread(moved), len(flows)))
        return np.where(free, bent - bent[base], 0.0) + DAMPING * diagonal * moved

    change = spread(_conjugate_gradients(curvature, np.where(free, cost[base] - cost, 0.0), diagonal))
    change = _feasible(every, change)
    along = every.on_links(change, len(flows))
    if not along @ costs < 0:
        return flows, costs
    share = line_search(network, flows, along, costs)
    moved = np.maximum(every.flow + share * change, 0)
    for block, part in zip(blocks, np.split(moved, np.cumsum([len(block.flow) for block in blocks])[:-1]), strict=True):
        block.flow = part
    flows = np.maximum(flows + share * along, 0)
    return flows, network.costs(flows)


def _feasible(every: RouteFlows, change: Array) -> Array:
    """The change cut back pair by pair as far as needed to keep every flow at 0 or above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(change < 0, every.flow / -change, 1.0)
    most = np.ones(len(every.trips))
    np.minimum.at(most, every.pair, room)
    return change * most[every.pair]


def _conjugate_gradients(curvature: Callable[[Array], Array], downhill: Array, diagonal: Array) -> Array:
    """An approximate minimiser of the quadratic model: preconditioned conjugate gradients from 0."""
    step, residual = np.zeros(len(downhill)), downhill
    scaled = residual / diagonal
    direction, size = scaled, float(residual @ scaled)
    enough = RESIDUAL**2 * size
    for _ in range(ROUNDS):
        bent = curvature(direction)
        bend = float(direction @ bent)
        if size <= enough or bend <= 0:
            break
        length = size / bend
        step, residual = step + length * direction, residual - length * bent
        scaled = residual / diagonal
        size, before = float(residual @ scaled), size
        direction = scaled + size / before * direction
    return step
