"""Influence diagrams as people give them: read, and refused in words where they make no sense."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import InputError, UnknownName
from ..game import Array
from ._tree import said
from .normal_form import _numbers


def values_of(node: str, own: Any) -> tuple[str, ...]:
    """The names of a node's values, given as such or as their number."""
    whole = type(own) is int and 0 < own <= 10_000
    names = tuple(map(str, range(own))) if whole else tuple(own) if isinstance(own, list | tuple) else ()
    if not names or not all(isinstance(one, str) for one in names) or len(set(names)) < len(names):
        raise InputError(
            f"The values of {node} are {said(own)}.",
            "A node takes one of at least one value, each with a name of its own.",
            "Give a list of different names, or how many there are.",
        )
    return names


def table_of(node: str, given: Any, axes: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[Any, Array]:
    """`(exact, floats)`: a table with an axis for each node of `axes`; exact where it was given so, else None."""
    exact, table = _numbers(given, f"numbers of {node}")
    shape = tuple(len(values[one]) for one in axes)
    if table.shape != shape:
        raise InputError(
            f"The table of {node} has shape {table.shape}.",
            f"Its axes are {', '.join(axes) or 'none'}, of sizes {shape}.",
            "Give numbers in that order.",
        )
    whole = np.asarray(given).dtype.kind in "iu"
    return (np.asarray(given, object) if whole else exact), table


def graph_of(parents: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Node -> parents, complete; `InputError` for names that are none, and for parents named twice."""
    graph: dict[str, tuple[str, ...]] = {}
    if not isinstance(parents, Mapping):
        raise InputError(f"The parents are {said(parents)}.", do="Give {node: [what it depends on]}.")
    for node, own in parents.items():
        given = (own,) if isinstance(own, str) else tuple(own)
        for one in (node, *given):
            if not isinstance(one, str) or not one:
                raise InputError(f"A node is called {said(one)}.", "Nodes have names.", "Give texts, not empty ones.")
        if len(set(given)) < len(given):
            raise InputError(f"{node} depends on {said(list(given))}.", "Each parent counts once.", "Name it once.")
        graph[node] = given
    if not graph:
        raise InputError("A diagram has no nodes.", do="Give parents={node: [what it depends on]}.")
    for given in list(graph.values()):
        for one in given:
            graph.setdefault(one, ())
    return graph


def owned(given: Mapping[str, str] | Iterable[str], kind: str, nodes: Sequence[str]) -> dict[str, str]:
    """Node -> owner, of decisions or utilities."""
    given = (given,) if isinstance(given, str) else given
    owners = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, "agent")
    for node, owner in owners.items():
        if node not in nodes:
            raise UnknownName(f"node (given as a {kind})", str(node), nodes)
        if not isinstance(owner, str) or not owner:
            raise InputError(f"{node} belongs to {said(owner)}.", "An owner has a name.", "Give a text.")
    return owners


def check_odds(node: str, table: Array) -> None:
    """Raises `InputError` for odds that are negative or do not sum to one."""
    whole = table.sum(-1)
    if (table < 0).any() or not np.allclose(whole, 1, rtol=0, atol=1e-9):
        worst = np.unravel_index(np.abs(whole - 1).argmax(), whole.shape) if whole.shape else ()
        raise InputError(
            f"The odds of {node} are {said(table[worst].tolist())} at {tuple(map(int, worst))} of its parents, "
            f"{math.fsum(table[worst]):.12g} in all.",
            "Odds are not negative and sum to one.",
            "Mend them; the last axis is the node itself.",
        )
