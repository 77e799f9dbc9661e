"""Strongly connected components of a directed graph, and which of them nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.game import Array


def components(count: int, tails: Array, heads: Array) -> Array:
    """For each of `count` nodes the number of its strongly connected component, `int[count]`.

    Edge k runs from `tails[k]` to `heads[k]`, `int[E]`. Components are numbered from 0 by their first node.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(tails), bool), (tails, heads)), shape=(count, count)).tocsr()
    _, found = connected_components(graph, directed=True, connection="strong")
    _, first, place = np.unique(found, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place]


def sinks(count: int, tails: Sequence[int] | Array, heads: Sequence[int] | Array) -> tuple[tuple[int, ...], ...]:
    """The components that no edge leaves, each as its nodes in order, first node first (Tarjan 1972)."""
    tails, heads = np.asarray(tails, int), np.asarray(heads, int)
    label = components(count, tails, heads)
    left = np.zeros(label.max(initial=-1) + 1, bool)
    left[label[tails][label[tails] != label[heads]]] = True
    members = np.flatnonzero(~left[label])
    order = members[np.argsort(label[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return tuple(tuple(int(node) for node in part) for part in np.split(order, cuts) if len(part))
