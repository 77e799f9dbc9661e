"""The most that flows through a network."""

from __future__ import annotations

import numpy as np

from ..core.game import Array


def max_flow(capacity: Array, source: int, sink: int) -> float:
    """The most that flows, along shortest paths that have room left (Edmonds and Karp, 1972).

    `capacity` is `float[N, N]`, at least 0; in whole numbers the flow is exact.
    """
    residual, total = np.array(capacity, float), 0.0
    while (before := _shortest(residual, source, sink)) is not None:
        path, node = [], sink
        while node != source:
            path.append((before[node], node))
            node = before[node]
        tails, heads = np.array(path).T
        room = residual[tails, heads].min()
        residual[tails, heads] -= room
        residual[heads, tails] += room
        total += float(room)
    return total


def _shortest(residual: Array, source: int, sink: int) -> Array | None:
    """`int[N]`: by which each place is first reached, breadth first; None where the sink is not."""
    before = np.full(len(residual), -1)
    before[source] = source
    edge = np.array([source])
    while len(edge) and before[sink] < 0:
        open_to = (residual[edge] > 0) & (before < 0)
        found = np.flatnonzero(open_to.any(0))
        before[found] = edge[open_to[:, found].argmax(0)]
        edge = found
    return before if before[sink] >= 0 else None
