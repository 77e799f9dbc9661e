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
SETS = 10
HALVINGS = 10
DAMPING = 1e-9
"""Added to the diagonal of the model, relative to it: several route flows may make the same link flows."""


def newton_step(
    network: Network, blocks: Sequence[RouteFlows], flows: Array, costs: Array, floor: float
) -> tuple[Array, Array]:
    """Move all routes in use at once; changes their flows, and returns the new link flows and costs `float[L]`."""
    every = RouteFlows.merged(blocks)
    change = _model_minimum(every, every.sums(costs), network.slopes(np.maximum(flows, floor)))
    along = every.on_links(change, len(flows))
    if not along @ costs < 0:
        return flows, costs
    share = line_search(network, flows, along, costs)
    moved = np.maximum(every.flow + share * change, 0)
    ends = np.cumsum([len(block.flow) for block in blocks])
    for block, part in zip(blocks, np.split(moved, ends[:-1]), strict=True):
        block.flow = part
    flows = np.maximum(flows + share * along, 0)
    return flows, network.costs(flows)


def _model_minimum(every: RouteFlows, cost: Array, slopes: Array) -> Array:
    """Changes of the route flows in use that about minimise the quadratic model and leave no flow below 0.

    In each round the routes that the minimum would push below 0 are emptied, and the others are minimised again.
    """
    steep = every.sums(slopes)
    free, change = every.flow > 0, np.zeros(len(cost))

    def bent(change: Array) -> Array:
        return every.sums(slopes * every.on_links(change, len(slopes)))

    def model(change: Array) -> float:
        along = every.on_links(change, len(slopes))
        return float(cost @ change + along @ (slopes * along) / 2)

    for _ in range(SETS):
        base = every.cheapest(np.where(free, -every.flow - change, np.inf))[every.pair]
        inner = free & (base != np.arange(len(base)))
        diagonal = np.maximum(steep + steep[base], 1e-300)

        def spread(moved: Array, base: Array = base) -> Array:
            return moved - np.bincount(base, moved, minlength=len(moved))

        def curvature(moved: Array, base: Array = base, inner: Array = inner, diagonal: Array = diagonal) -> Array:
            rise = bent(spread(moved))
            return np.where(inner, rise - rise[base], 0.0) + DAMPING * diagonal * moved

        price = cost + bent(change)
        step = spread(_conjugate_gradients(curvature, np.where(inner, price[base] - price, 0.0), diagonal))
        for halving in range(HALVINGS):
            flow = np.maximum(every.flow + change + 0.5**halving * step, 0)
            flow *= (every.trips / np.bincount(every.pair, flow, minlength=len(every.trips)))[every.pair]
            if model(flow - every.flow) < model(change):
                change = flow - every.flow
                break
        emptied = free & (flow == 0)
        if not emptied.any():
            break
        free &= ~emptied
    return change


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
