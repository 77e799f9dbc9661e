"""Flows on routes, moved towards cheaper ones: gradient projection, one origin after the other.

Jayakrishnan, Tsai, Prashker and Rajadhyaksha (1994) after Bertsekas and Gafni (1982): every pair sends flow from its
dearer routes to its cheapest one, by as much as would make their costs equal if nothing else moved (a Newton step).
Here all pairs of an origin move together, and a line search along their joint step keeps Beckmann's objective falling.
Where drivers mind tolls differently, those of one origin and one value of time move together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.forms.network import Network
from ..core.game import Array
from ._shortest_paths import ShortestPaths

SAME = 1e-12
"""Relative difference of costs below which two routes are the same route, up to rounding."""
SPECK = 1e-12
"""Share of a pair's trips below which the last of them leave a dearer route together.

Steps towards a cost of 0 shrink for ever where the cost is a power of the flow; so they come to an end.
"""
SEARCHES = 20
"""Evaluations in a line search at most; it stops when the slope has fallen to a tenth."""


class RouteFlows:
    """The routes in use from one origin, by drivers who mind tolls alike, route after route.

    Attributes
    ----------
    pairs, trips : which populations of the network these are, and their demands.
    lengths, links : the links of all routes one after the other, and how many each route has.
    pair, flow : for each of the K routes, its population (numbered within `pairs`) and its flow.
    tolls : `float[L]`, what links charge, in the time of these drivers.
    """

    def __init__(self, pairs: Array, trips: Array, tolls: Array, lengths: Array, links: Array) -> None:
        """Every population's trips all on one route; the routes stand in the order of `pairs`."""
        self.pairs, self.trips, self.tolls = pairs, trips, tolls
        self._set(lengths, links, np.arange(len(pairs)), trips.copy())

    def _set(self, lengths: Array, links: Array, pair: Array, flow: Array) -> None:
        self.lengths, self.links, self.pair, self.flow = lengths, links, pair, flow
        self.starts = np.cumsum(lengths) - lengths
        self.route = np.repeat(np.arange(len(lengths)), lengths)

    @classmethod
    def merged(cls, blocks: Sequence[RouteFlows]) -> RouteFlows:
        """The routes of several origins as one; it has no tolls, which may differ from one to the next."""
        ahead = np.cumsum([0, *(len(block.pairs) for block in blocks)])
        pairs, trips, lengths, links = (
            np.concatenate([getattr(b, name) for b in blocks]) for name in ("pairs", "trips", "lengths", "links")
        )
        every = cls(pairs, trips, np.zeros(0), lengths, links)
        pair = np.concatenate([block.pair + n for block, n in zip(blocks, ahead, strict=False)])
        every._set(every.lengths, every.links, pair, np.concatenate([block.flow for block in blocks]))
        return every

    def routes(self) -> list[tuple[int, ...]]:
        """The links of each route."""
        return [tuple(part.tolist()) for part in np.split(self.links, self.starts[1:])]

    def sums(self, per_link: Array) -> Array:
        """What the links of each route add up to, `float[K]`."""
        return np.add.reduceat(per_link[self.links], self.starts)

    def on_links(self, per_route: Array, count: int) -> Array:
        """What routes bring to the links, `float[L]`."""
        return np.bincount(self.links, per_route[self.route], minlength=count)

    def cheapest(self, costs: Array) -> Array:
        """For each pair, the number of its cheapest route at route costs `float[K]`; the first of equals."""
        order = np.lexsort((costs, self.pair))
        return order[np.r_[True, np.diff(self.pair[order]) > 0]]

    def renew(self, paths: ShortestPaths, least: Array, last: Array, times: Array) -> None:
        """Drop the routes nobody uses and add, at flow 0, the cheapest ones that are cheaper than all known."""
        cost = self.sums(times + self.tolls)
        known = cost[self.cheapest(cost)]
        new = np.flatnonzero(least[self.pairs] < known * (1 - SAME))
        keep = self.flow > 0
        if len(new) or not keep.all():
            lengths, links = paths.trace(last, self.pairs[new])
            self._set(
                np.concatenate([self.lengths[keep], lengths]),
                np.concatenate([self.links[keep[self.route]], links]),
                np.concatenate([self.pair[keep], new]),
                np.concatenate([self.flow[keep], np.zeros(len(new))]),
            )

    def shift(self, network: Network, flows: Array, times: Array, floor: float) -> tuple[Array, Array]:
        """One step towards the cheapest routes; changes `flow`, and returns the new link flows and times `float[L]`.

        `floor` is the flow at which slopes are read on empty links, where a power may have slope 0 or infinity.
        """
        cost = self.sums(times + self.tolls)
        best = self.cheapest(cost)
        target = best[self.pair]
        slopes = network.slopes(np.maximum(flows, floor))
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = (cost - cost[target]) / self._slopes_apart(slopes, target)
        leaving = np.minimum(np.nan_to_num(wanted, nan=0.0, posinf=np.inf), self.flow)
        last_few = (cost > cost[target]) & (self.flow - leaving < SPECK * self.trips[self.pair])
        leaving[last_few] = self.flow[last_few]
        change = np.bincount(target, leaving, minlength=len(leaving)) - leaving
        along = self.on_links(change, len(flows))
        tolls = float(along @ self.tolls)
        if not along @ times + tolls < 0:
            return flows, times
        share = line_search(network, flows, along, times, tolls)
        self.flow = np.maximum(self.flow + share * change, 0)
        flows = np.maximum(flows + share * along, 0)
        return flows, network.times(flows)

    def _slopes_apart(self, slopes: Array, target: Array) -> Array:
        """For each route, the slopes summed over the links that it does not share with its pair's target route."""
        table = np.zeros((len(self.trips), len(slopes)), bool)
        is_target = target == np.arange(len(target))
        whose = self.pair[self.route]
        mine = is_target[self.route]
        table[whose[mine], self.links[mine]] = True
        shared = np.where(table[whose, self.links], slopes[self.links], 0.0)
        both = np.add.reduceat(shared, self.starts)
        total = self.sums(slopes)
        return np.maximum(total + total[target] - 2 * both, 0)


def line_search(network: Network, flows: Array, along: Array, times: Array, tolls: float) -> float:
    """How much of a step to take: all of it, or about as far as the objective falls (the derivative changes sign).

    `tolls` is what the whole step adds to the tolls paid, in time.
    """
    low, high = 0.0, 1.0
    start = at_low = float(along @ times) + tolls
    at_high = float(along @ network.times(np.maximum(flows + along, 0))) + tolls
    if at_high <= 0:
        return 1.0
    for _ in range(SEARCHES):
        secant = low + (high - low) * at_low / (at_low - at_high)
        share = min(max(secant, 0.9 * low + 0.1 * high), 0.1 * low + 0.9 * high)
        slope = float(along @ network.times(np.maximum(flows + share * along, 0))) + tolls
        if abs(slope) <= 0.1 * abs(start):
            return share
        low, at_low, high, at_high = (low, at_low, share, slope) if slope > 0 else (share, slope, high, at_high)
    return low
