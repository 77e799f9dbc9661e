"""Shortest routes for all pairs of a network, at whatever the links cost at the moment."""

from __future__ import annotations

import numpy as np

from ..core.forms.network import Network
from ..core.game import Array

SMALL = 200_000
"""Origins times links up to which label correcting in NumPy is faster than Dijkstra once SciPy is loaded."""


class ShortestPaths:
    """Shortest routes on one network, asked again and again with changing link costs ≥ 0.

    Places that may not be passed through are split: routes arrive at the place and leave from a copy of it.

    Attributes
    ----------
    origins : `int[O]`, the places where trips start; `source` are the same as nodes of the split graph.
    row : `int[P]`, for each pair of the network, its origin's place in that list.
    """

    def __init__(self, network: Network, small: int = SMALL) -> None:
        split = np.arange(len(network.nodes))
        closed = sorted(network.no_through)
        split[closed] = len(split) + np.arange(len(closed))
        self.nodes = len(split) + len(closed)
        self.tails, self.heads = split[network.tails], network.heads
        self.targets = network.ends[:, 1]
        self.origins, self.row = np.unique(network.ends[:, 0], return_inverse=True)
        self.source = split[self.origins]
        self._search = self._correct_labels if len(self.origins) * len(self.tails) <= small else self._dijkstra
        self._by_head = np.lexsort((self.tails, self.heads))
        heads = self.heads[self._by_head]
        self._first = np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]])
        self._group = np.repeat(np.arange(len(self._first)), np.diff(np.r_[self._first, len(heads)]))

    def search(self, costs: Array) -> tuple[Array, Array]:
        """Least costs `float[P]` of all pairs, and for each origin the last link of the best route to each node."""
        distances, last = self._search(costs)
        return distances[self.row, self.targets], last

    def trace(self, last: Array, pairs: Array) -> tuple[Array, Array]:
        """The best routes of these pairs: how many links each has `int[K]`, and the links, route after route."""
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
        """Bellman and Ford, all origins at once: shorten until nothing shortens (the proof that all is shortest)."""
        rows = np.arange(len(self.origins))
        distances = np.full((len(rows), self.nodes), np.inf)
        distances[rows, self.source] = 0
        last = np.full(distances.shape, -1)
        tails, heads, cost = self.tails[self._by_head], self.heads[self._by_head][self._first], costs[self._by_head]
        while True:
            reach = distances[:, tails] + cost
            best = np.minimum.reduceat(reach, self._first, axis=1)
            origin, place = np.nonzero(best < distances[:, heads])
            if not len(origin):
                return distances, last
            ties = np.where(reach == best[:, self._group], np.arange(len(cost)), -1)
            taken = np.maximum.reduceat(ties, self._first, axis=1)
            distances[origin, heads[place]] = best[origin, place]
            last[origin, heads[place]] = self._by_head[taken[origin, place]]

    def _dijkstra(self, costs: Array) -> tuple[Array, Array]:
        """Dijkstra's algorithm (SciPy), for large networks; of parallel links the cheapest counts."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        key = self.tails * self.nodes + self.heads
        order = np.lexsort((costs, key))
        cheapest = order[np.r_[True, np.diff(key[order]) > 0]]
        starts = np.searchsorted(self.tails[cheapest], np.arange(self.nodes + 1))
        graph = csr_array((costs[cheapest], self.heads[cheapest], starts), shape=(self.nodes, self.nodes))
        distances, before = dijkstra(graph, indices=self.source, return_predecessors=True)
        wanted = np.maximum(before, 0).astype(np.int64) * self.nodes + np.arange(self.nodes)
        last = cheapest[np.searchsorted(key[cheapest], wanted) % len(cheapest)]
        return distances, np.where(before >= 0, last, -1)
