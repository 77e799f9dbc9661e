"""Shortest routes for all pairs of a network, at whatever the links cost at the moment."""

from __future__ import annotations

import numpy as np

from ..core.forms.network import Network
from ..core.game import Array

SMALL = 200_000
"""Origins times links up to which label correcting in NumPy is faster than Dijkstra once SciPy is loaded."""


class ShortestPaths:
    """Shortest routes on one network, asked again and again with changing link times ≥ 0.

    Places that may not be passed through are split: routes arrive at the place and leave from a copy of it. Drivers to
    whom time is worth different amounts mind tolls differently, so where tolls are charged each value of time has
    searches of its own.

    Attributes
    ----------
    origins : `int[O]`, for each search, the place where its trips start; `source` are the same as nodes of the split
        graph.
    tolls : `float[O, L]`, what links charge, in the time of the drivers of each search; one row where all are alike.
    row : `int[P]`, for each population of the network, its search.
    """

    def __init__(self, network: Network, small: int = SMALL) -> None:
        split = np.arange(len(network.nodes))
        closed = sorted(network.no_through)
        split[closed] = len(split) + np.arange(len(closed))
        self.nodes = len(split) + len(closed)
        self.tails, self.heads = split[network.tails], network.heads
        self.targets = network.ends[:, 1]
        values = network.values if network.tolls.any() else np.ones(len(network.values))
        starts, self.row = np.unique(np.stack([network.ends[:, 0], values]), axis=1, return_inverse=True)
        self.origins = starts[0].astype(int)
        self.tolls = network.tolls / (starts[1][:, None] if np.ptp(values) else values[0])
        self.tolls = np.atleast_2d(self.tolls)
        self.source = split[self.origins]
        self._search = self._correct_labels if len(self.origins) * len(self.tails) <= small else self._dijkstra
        self._by_head = np.lexsort((self.tails, self.heads))
        heads = self.heads[self._by_head]
        self._first = np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]])
        self._group = np.repeat(np.arange(len(self._first)), np.diff(np.r_[self._first, len(heads)]))

    def toll(self, search: int) -> Array:
        """What links charge, `float[L]`, in the time of the drivers of a search."""
        return self.tolls[search if len(self.tolls) > 1 else 0]

    def search(self, times: Array) -> tuple[Array, Array]:
        """Least costs `float[P]` (time and toll) of all populations, and each search's last link to each node."""
        distances, last = self._search(times + self.tolls)
        return distances[self.row, self.targets], last

    def trace(self, last: Array, pairs: Array) -> tuple[Array, Array]:
        """The best routes of these populations: how many links each has `int[K]`, and the links, route after route."""
        node, source = self.targets[pairs].copy(), self.source[self.row[pairs]]
        rows, links, live = [], [], np.arange(len(pairs))
        while len(live):
            step = last[self.row[pairs[live]], node[live]]
            rows.append(live)
            links.append(step)
            node[live] = self.tails[step]
            live = live[node[live] != source[live]]
        whose = np.concatenate([np.zeros(0, int), *reversed(rows)])
        order = np.argsort(whose, kind="stable")
        return np.bincount(whose, minlength=len(pairs)), np.concatenate([np.zeros(0, int), *reversed(links)])[order]

    def _correct_labels(self, costs: Array) -> tuple[Array, Array]:
        """Bellman and Ford, all searches at once: shorten until nothing shortens (the proof that all is shortest)."""
        rows = np.arange(len(self.origins))
        distances = np.full((len(rows), self.nodes), np.inf)
        distances[rows, self.source] = 0
        last = np.full(distances.shape, -1)
        tails, heads, cost = self.tails[self._by_head], self.heads[self._by_head][self._first], costs[:, self._by_head]
        while True:
            reach = distances[:, tails] + cost
            best = np.minimum.reduceat(reach, self._first, axis=1)
            origin, place = np.nonzero(best < distances[:, heads])
            if not len(origin):
                return distances, last
            ties = np.where(reach == best[:, self._group], np.arange(cost.shape[1]), -1)
            taken = np.maximum.reduceat(ties, self._first, axis=1)
            distances[origin, heads[place]] = best[origin, place]
            last[origin, heads[place]] = self._by_head[taken[origin, place]]

    def _dijkstra(self, costs: Array) -> tuple[Array, Array]:
        """Dijkstra's algorithm (SciPy), for large networks, once for each value of time."""
        kinds, which = np.unique(costs, axis=0, return_inverse=True) if len(costs) > 1 else (costs, 0)
        distances = np.empty((len(self.origins), self.nodes))
        last = np.empty(distances.shape, int)
        for k, cost in enumerate(kinds):
            mine = np.broadcast_to(np.equal(which, k), len(self.origins))
            distances[mine], last[mine] = self._from(self.source[mine], cost)
        return distances, last

    def _from(self, source: Array, costs: Array) -> tuple[Array, Array]:
        """Distances from each source, and the last links; of parallel links the cheapest counts."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        key = self.tails * self.nodes + self.heads
        order = np.lexsort((costs, key))
        cheapest = order[np.r_[True, np.diff(key[order]) > 0]]
        starts = np.searchsorted(self.tails[cheapest], np.arange(self.nodes + 1))
        graph = csr_array((costs[cheapest], self.heads[cheapest], starts), shape=(self.nodes, self.nodes))
        distances, before = dijkstra(graph, indices=source, return_predecessors=True)
        wanted = np.maximum(before, 0).astype(np.int64) * self.nodes + np.arange(self.nodes)
        last = cheapest[np.searchsorted(key[cheapest], wanted) % len(cheapest)]
        return distances, np.where(before >= 0, last, -1)
