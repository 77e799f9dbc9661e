"""An influence diagram written out as a game tree, and behaviours of the tree as rules for decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import TooLarge
from ..game import Array
from ._diagram_sums import eliminated, family
from .extensive import Chance, Choice, End, ExtensiveForm, Node

if TYPE_CHECKING:
    from .influence_diagram import InfluenceDiagram

ENDS = 200_000
"""Ends beyond which no tree is written."""


def tree(diagram: InfluenceDiagram) -> ExtensiveForm:
    """The tree of a diagram with numbers: what decisions depend on first, all else summed into what is paid."""
    early = diagram.ancestors(*diagram.decisions)
    order = [node for node in diagram.nodes if node in early]
    ends = math.prod(diagram.sizes[node] for node in order)
    if ends > ENDS:
        raise TooLarge(
            f"{diagram.name} as a tree has {ends:,} ends.",
            f"More than {ENDS:,} are not written out.",
            "Give a smaller diagram, or ask for its relevance, which needs no tree.",
        )
    deciders = tuple(dict.fromkeys(diagram.decisions.values()))
    paid = {node: _paid(diagram, node, early) for node in diagram.utilities}

    def below(k: int, at: dict[str, int]) -> Node:
        if k == len(order):
            return End(pays=[_total(diagram, paid, agent, at) for agent in (*deciders, *others)])
        node = order[k]
        names = diagram.values[node]
        if node in diagram.decisions:
            moves = {name: below(k + 1, {**at, node: v}) for v, name in enumerate(names)}
            return Choice(diagram.decisions[node], moves, sees=sight(diagram, node, at))
        odds = family(diagram, node, exact=True)[1][tuple(at[parent] for parent in diagram.parents[node])]
        drawn = {name: (odds[v], below(k + 1, {**at, node: v})) for v, name in enumerate(names) if odds[v] > 0}
        return Chance(drawn, sees=node)

    others = tuple(agent for agent in diagram.agents if agent not in deciders)
    return ExtensiveForm(below(0, {}), players=deciders, bystanders=others, name=diagram.name)


def sight(diagram: InfluenceDiagram, decision: str, at: Mapping[str, int]) -> str:
    """The name of the information set of a decision where the nodes have these values."""
    known = ", ".join(f"{node}={_quoted(diagram.values[node][at[node]])}" for node in diagram.parents[decision])
    return f"{_quoted(decision)} | {known}" if known else _quoted(decision)


def _quoted(name: str) -> str:
    """A name as it is, or in quotes where it could be read as more than a name."""
    return repr(name) if any(mark in name for mark in ",=|'\"\\") else name


def rules(diagram: InfluenceDiagram, game: ExtensiveForm, behaviour: Sequence[Array]) -> dict[str, Array]:
    """Odds of each decision at everything it may know, from a behaviour of the diagram's tree."""
    odds = {(game.players[one.player], one.label): own for one, own in zip(game.infosets, behaviour, strict=True)}
    found = diagram.even()
    for node, table in found.items():
        parents = diagram.parents[node]
        for place in np.ndindex(table.shape[:-1]):
            where = sight(diagram, node, dict(zip(parents, place, strict=True)))
            table[place] = odds.get((diagram.decisions[node], where), table[place])
    return found


def _total(diagram: InfluenceDiagram, paid: Mapping[str, Any], agent: str, at: Mapping[str, int]) -> Any:
    own = [paid[node] for node, owner in diagram.utilities.items() if owner == agent]
    return _plain(sum(table[tuple(at[node] for node in axes)] for axes, table in own))


def _plain(number: Any) -> Any:
    if isinstance(number, Fraction | int):
        return number
    return int(number) if isinstance(number, np.integer) else float(number)


def _paid(diagram: InfluenceDiagram, utility: str, early: frozenset[str]) -> tuple[tuple[str, ...], Array]:
    """What a utility is on average given the early nodes: which of them it depends on, and the table over them."""
    late = diagram.ancestors(utility) - early - {utility}
    factors = [(diagram.parents[utility], diagram.exact.get(utility, diagram.tables[utility]))]
    factors += [family(diagram, node, exact=True) for node in diagram.nodes if node in late]
    return eliminated(factors, late, diagram.sizes)
