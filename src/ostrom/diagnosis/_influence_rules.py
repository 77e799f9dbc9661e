"""Rules for the decisions of an influence diagram: the best of one agent, or an equilibrium of several."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms._diagram_sums import worth
from ..core.forms.extensive import ExtensiveForm
from ..core.forms.influence_diagram import InfluenceDiagram, Rule
from ..core.game import Array
from ..solvers.nash import nash
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.tree_equilibrium import tree_equilibrium
from ._influence_graph import layers, relevance_of

Rules = dict[str, Rule]

JOINT = 20_000
"""Joint rules of one agent's decisions up to which all are tried."""


def solved(diagram: InfluenceDiagram, seconds: float = 30.0) -> tuple[Rules, list[tuple[str, ...]]]:
    """Rules from which no agent gains by leaving, and the groups of decisions they were found in, first ones first.

    A decision is made once those that it relies on are; how the others are made does not matter for it (Koller and
    Milch 2003). Decisions that rely on one another are solved together.
    """
    diagram.require_numbers()
    rules = diagram.even()
    groups = layers(relevance_of(diagram))
    for group in groups:
        part = diagram.fixed({node: rule for node, rule in rules.items() if node not in group})
        owners = {diagram.decisions[node] for node in group}
        if len(group) == 1:
            rules[group[0]] = best_reply(worth(part, group[0]))
        elif len(owners) == 1:
            rules.update(_best_joint(part, group, owners.pop()))
        else:
            rules.update(_together(part, seconds))
    return rules, groups


def best_reply(table: Array) -> Rule:
    """The rule that takes the best value everywhere, of equally good ones the first."""
    return np.eye(table.shape[-1])[table.argmax(-1)]


def best_value(diagram: InfluenceDiagram, agent: str) -> float:
    """The most that the only agent who decides can expect."""
    rules, _ = solved(diagram)
    return diagram.expected(rules)[agent]


def regrets(diagram: InfluenceDiagram, rules: Rules) -> dict[str, float]:
    """What each agent could gain by other rules for all of its decisions while all others keep theirs."""
    now, found = diagram.expected(rules), {}
    for agent in dict.fromkeys(diagram.decisions.values()):
        others = {node: rule for node, rule in rules.items() if diagram.decisions[node] != agent}
        found[agent] = max(0.0, best_value(diagram.fixed(others), agent) - now[agent])
    return found


def _best_joint(diagram: InfluenceDiagram, group: Sequence[str], agent: str) -> Rules:
    """The best of all joint pure rules of decisions that rely on one another in a circle."""
    count = math.prod(diagram.sizes[node] ** math.prod(_contexts(diagram, node)) for node in group)
    if count > JOINT:
        raise TooLarge(
            f"{agent} has {count:,} joint rules for {', '.join(group)}, which rely on one another in a circle.",
            f"All are tried, up to {JOINT:,}.",
            "Let later decisions know what earlier ones knew and did.",
        )
    best: tuple[float, Rules] = (-math.inf, {})
    for chosen in product(*(_pure(diagram, node) for node in group)):
        rules = dict(zip(group, chosen, strict=True))
        value = diagram.expected(rules)[agent]
        if value > best[0] + 1e-12 * max(1.0, abs(value)):
            best = value, rules
    return best[1]


def _contexts(diagram: InfluenceDiagram, node: str) -> tuple[int, ...]:
    return tuple(diagram.sizes[parent] for parent in diagram.parents[node])


def _pure(diagram: InfluenceDiagram, node: str) -> Iterator[Rule]:
    """Every rule of a decision that leaves nothing to chance."""
    shape, moves = _contexts(diagram, node), diagram.sizes[node]
    for taken in product(range(moves), repeat=math.prod(shape)):
        yield np.eye(moves)[np.array(taken).reshape(shape)]


def _together(diagram: InfluenceDiagram, seconds: float) -> Rules:
    """An equilibrium of decisions that rely on one another, on the tree."""
    game = diagram.tree()
    if not game.perfect_recall:
        return _pure_together(diagram, game)
    if len(game.players) == 2:
        found = tree_equilibrium(game, seconds)
        if found.points:
            return diagram.rules(found.points[0])
    mixed = nash(game, seconds)
    if mixed.status == "timed out":
        raise InputError(
            f"No equilibrium of {', '.join(diagram.decisions)} was found in {seconds:g} seconds.",
            "They rely on one another, and mixing of many is hard.",
            "Give more seconds, or a smaller diagram.",
        )
    plans = tuple(np.asarray(x) @ follows for x, follows in zip(mixed.points[0], game.follows, strict=True))
    return diagram.rules(game.behaviour_of(plans))


def _pure_together(diagram: InfluenceDiagram, game: ExtensiveForm) -> Rules:
    """A pure equilibrium where somebody forgets: mixtures and rules are then not the same."""
    found = pure_equilibria(game, limit=1)
    if not found.profiles:
        raise InputError(
            f"{', '.join(diagram.decisions)} have no equilibrium in rules without chance.",
            "Somebody forgets what it did or knew, and equilibria in rules need not exist.",
            "Let later decisions know what earlier ones knew and did.",
        )
    behaviour = [own.copy() for own in game.even()]
    for player, k in enumerate(found.profiles[0]):
        for h, move in game.strategies[player][k].items():
            behaviour[game.own_sets(player)[h]] = np.eye(len(game.infosets[game.own_sets(player)[h]].moves))[move]
    return diagram.rules(behaviour)
