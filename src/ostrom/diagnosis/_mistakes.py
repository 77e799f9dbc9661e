"""How many mistakes lead from one recurrent set to another, and which sets the fewest mistakes lead to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ..solvers._components import sinks


class Steps(NamedTuple):
    """Moves among `count` states, from `tails[k]` to `heads[k]`; `free[k]` where that takes no mistake; else one."""

    count: int
    tails: Array
    heads: Array
    free: Array


def recurrent_sets(steps: Steps) -> tuple[tuple[int, ...], ...]:
    """Sets of states that are never left without a mistake, each as its states in order."""
    return sinks(steps.count, steps.tails[steps.free], steps.heads[steps.free])


def resistances(steps: Steps, sets: tuple[tuple[int, ...], ...]) -> Array:
    """`int[R, R]`: the fewest mistakes on any way from one set (row) to another (Young 1993)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    weights = np.where(steps.free, 0.0, 1.0)
    graph = coo_array((weights, (steps.tails, steps.heads)), shape=(steps.count, steps.count)).tocsr()
    first = [own[0] for own in sets]
    fewest = dijkstra(graph, indices=first)[:, first]
    return np.rint(fewest).astype(int)


def potentials(fewest: Array) -> Array:
    """`int[R]`: the fewest mistakes in a tree of ways from all other sets to each (Freidlin and Wentzell 1984).

    Elimination of states in which the sum is the minimum and the product is the sum; as nothing is subtracted from a
    minimum, the matrix-tree theorem holds of it: what the pivots add up to is the cost of the tree to the first set.
    """
    cost, count = fewest.astype(int), len(fewest)
    pivots = np.zeros(count, int)
    for k in range(count - 1, 0, -1):
        pivots[k] = cost[k, :k].min()
        through = cost[:k, k, None] - pivots[k] + cost[k, :k]
        cost[:k, :k] = np.minimum(cost[:k, :k], through)
    beside = np.zeros(count, int)
    for k in range(1, count):
        beside[k] = (beside[:k] + cost[:k, k]).min() - pivots[k]
    return beside + pivots.sum()
