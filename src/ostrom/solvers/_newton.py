"""One Newton step for all route flows together, which knows how routes share links.

Gradient projection moves each pair as if it were alone; where routes share links it closes in slowly. Here the
quadratic model of Beckmann's objective over all routes in use is minimised by conjugate gradients, with flows kept at 0
or above by emptying the routes that would go below it (a projected Newton method: Bertsekas 1982). Close to equilibrium
each step squares the gap. New routes come into use by gradient projection alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..core.forms.network import Network
from ..core.game import Array
from ._route_flows import RouteFlows, line_search

MOST_ROUTES = 5_000
"""Routes in use beyond which a step costs more than it saves, and is left out."""
PASSES = 10
"""How often, at most, routes are emptied and the others minimised again."""
SHARES = 0.5 ** np.arange(10)
"""Shares of a step that are tried until the model falls."""
ROUNDS, RESIDUAL = 100, 1e-2
"""Conjugate gradients stop after so many rounds, or when the residual has fallen to this share."""
DAMPING = 1e-9
"""Added to the diagonal of the model, relative to it: several route flows may make the same link flows."""


def newton_step(network: Network, blocks: Sequence[RouteFlows], flows: Array, times: Array, floor: float) -> None:
    """Move all routes in use at once: changes the flows of the blocks. `floor` as in `RouteFlows.shift`."""
    ends = np.cumsum([len(block.flow) for block in blocks])
    if ends[-1] > MOST_ROUTES:
        return
    every = RouteFlows.merged(blocks)
    paid = np.concatenate([block.sums(block.tolls) for block in blocks])
    change = _Model(every, every.sums(times) + paid, network.slopes(np.maximum(flows, floor))).minimum()
    along, tolls = every.on_links(change, len(flows)), float(paid @ change)
    if not along @ times + tolls < 0:
        return
    moved = np.maximum(every.flow + line_search(network, flows, along, times, tolls) * change, 0)
    for block, flow in zip(blocks, np.split(moved, ends[:-1]), strict=True):
        block.flow = flow


class _Model:
    """Beckmann's objective to second order, as a function of changes of route flows `float[K]`."""

    def __init__(self, every: RouteFlows, cost: Array, slopes: Array) -> None:
        self.every, self.slopes = every, slopes
        self.cost, self.steep = cost, every.sums(slopes)

    def __call__(self, change: Array) -> float:
        along = self.every.on_links(change, len(self.slopes))
        return float(self.cost @ change + along @ (self.slopes * along) / 2)

    def rise(self, change: Array) -> Array:
        """How much each route's cost rises."""
        return self.every.sums(self.slopes * self.every.on_links(change, len(self.slopes)))

    def minimum(self) -> Array:
        """A change that about minimises the model and leaves no flow below 0; never above the model at no change."""
        change, free = np.zeros(len(self.cost)), self.every.flow > 0
        for _ in range(PASSES):
            step = self._towards_minimum(change, free)
            for share in SHARES:
                flow = self._feasible(self.every.flow + change + share * step)
                if better := self(flow - self.every.flow) < self(change):
                    change = flow - self.every.flow
                    break
            emptied = free & (flow == 0)
            if not emptied.any() and (share == 1 or not better):
                break
            free &= ~emptied
        return change

    def _towards_minimum(self, change: Array, free: Array) -> Array:
        """From `change` to about where the model is least if only free routes move and flows had no bounds.

        Each pair's largest flow is its base: what others take or leave goes to or comes from it.
        """
        base = self.every.cheapest(np.where(free, -self.every.flow - change, np.inf))[self.every.pair]
        inner = free & (base != np.arange(len(base)))
        diagonal = np.maximum(self.steep + self.steep[base], 1e-150)

        def with_base(moved: Array) -> Array:
            return moved - np.bincount(base, moved, minlength=len(moved))

        def curvature(moved: Array) -> Array:
            rise = self.rise(with_base(moved))
            return np.where(inner, rise - rise[base], 0.0) + DAMPING * diagonal * moved

        price = self.cost + self.rise(change)
        return with_base(_conjugate_gradients(curvature, np.where(inner, price[base] - price, 0.0), diagonal))

    def _feasible(self, flow: Array) -> Array:
        """Flows at 0 or above that make all trips."""
        flow = np.maximum(flow, 0)
        trips = self.every.trips
        return flow * (trips / np.bincount(self.every.pair, flow, minlength=len(trips)))[self.every.pair]


def _conjugate_gradients(curvature: Callable[[Array], Array], downhill: Array, diagonal: Array) -> Array:
    """An approximate minimiser of a quadratic from 0, by conjugate gradients preconditioned with `diagonal`."""
    step, residual = np.zeros(len(downhill)), downhill
    scaled = residual / diagonal
    direction, size = scaled, float(residual @ scaled)
    enough = RESIDUAL**2 * size
    for _ in range(ROUNDS):
        bent = curvature(direction)
        bend = float(direction @ bent)
        if size <= enough or bend <= 0:
            break
        step, residual = step + size / bend * direction, residual - size / bend * bent
        scaled = residual / diagonal
        before, size = size, float(residual @ scaled)
        direction = scaled + size / before * direction
    return step
