"""Sums over influence diagrams whose decisions are made by rules: what is expected, and what each decision is worth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import TooLarge
from ..game import Array

if TYPE_CHECKING:
    from .influence_diagram import InfluenceDiagram

CELLS = 5_000_000
"""Numbers in the largest table that a sum passes through."""

AXES = 30
"""Nodes in one table."""

Factor = tuple[tuple[str, ...], Array]
"""A table with an axis for each of some nodes."""


def expected(diagram: InfluenceDiagram) -> dict[str, float]:
    """What each agent gets; no decision is left."""
    found = dict.fromkeys(diagram.agents, 0.0)
    for node, owner in diagram.utilities.items():
        found[owner] += float(summed(diagram, node, ()))
    return found


def worth(diagram: InfluenceDiagram, decision: str) -> Array:
    """`float[…, A]`: what each value of a decision brings its decider at each thing it may know, times its odds.

    All other decisions have rules (are chance nodes). What does not depend on the decision is left out.
    """
    kept = (*diagram.parents[decision], decision)
    shape = [diagram.sizes[node] for node in kept]
    return sum((summed(diagram, node, kept) for node in diagram.aims(decision)), np.zeros(shape))


def summed(diagram: InfluenceDiagram, utility: str, kept: Sequence[str]) -> Array:
    """A utility times the odds of what leads to it and to the `kept` nodes, summed over all but those, `float[…]`.

    Decisions have no odds: they count as given, and have to be among the kept where they matter.
    """
    needed = diagram.ancestors(utility, *kept) - {utility}
    factors = [(diagram.parents[utility], diagram.tables[utility])]
    factors += [family(diagram, node) for node in diagram.nodes if node in needed and node in diagram.tables]
    factors += [((node,), np.ones(diagram.sizes[node])) for node in kept]
    axes, table = eliminated(factors, needed - set(kept), diagram.sizes)
    return table.transpose([axes.index(node) for node in kept])


def family(diagram: InfluenceDiagram, node: str, *, exact: bool = False) -> Factor:
    """The odds of a chance node, with the nodes that its axes stand for; as `Fraction`s where they were given so."""
    table = diagram.exact.get(node, diagram.tables[node]) if exact else diagram.tables[node]
    return (*diagram.parents[node], node), table


def eliminated(factors: Iterable[Factor], away: Iterable[str], sizes: Mapping[str, int]) -> Factor:
    """The product of factors, summed over the nodes `away`: one at a time, the cheapest first.

    Raises `TooLarge` where a table on the way would be.
    """
    left, waiting = list(factors), sorted(away)
    while waiting:
        cost = {node: math.prod(sizes[one] for one in _joint(left, node)) for node in waiting}
        node = min(waiting, key=lambda one: (cost[one], one))
        waiting.remove(node)
        mine = [factor for factor in left if node in factor[0]]
        if mine:
            axes, table = _product(mine, sizes)
            at = axes.index(node)
            left = [factor for factor in left if node not in factor[0]]
            left.append((axes[:at] + axes[at + 1 :], table.sum(at)))
    return _product(left, sizes)


def _joint(factors: Iterable[Factor], node: str) -> set[str]:
    return {one for axes, _ in factors if node in axes for one in axes}


def _product(factors: Sequence[Factor], sizes: Mapping[str, int]) -> Factor:
    whole = tuple(dict.fromkeys(node for axes, _ in factors for node in axes))
    cells = math.prod(sizes[node] for node in whole)
    if cells > CELLS or len(whole) > AXES:
        raise TooLarge(
            f"A sum needs a table of {cells:,} numbers, over {', '.join(whole[:6])} and others.",
            f"Tables of more than {CELLS:,} numbers or {AXES} nodes are not made.",
            "Give a smaller diagram, or fewer parents.",
        )
    result: Any = np.ones([1] * len(whole), int)
    for axes, table in factors:
        order = sorted(range(len(axes)), key=lambda k: whole.index(axes[k]))
        result = result * np.asarray(table).transpose(order).reshape([sizes[n] if n in axes else 1 for n in whole])
    return whole, np.asarray(result)  # a product without axes would be a bare number
