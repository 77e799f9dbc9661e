"""What the graph of an influence diagram says by itself: who relies on whom, and which observations cannot matter."""

from __future__ import annotations

from ..core.errors import InputError
from ..core.forms._dag import reached, separated
from ..core.forms.influence_diagram import InfluenceDiagram

Relevance = dict[str, tuple[str, ...]]
"""Decision -> the decisions whose rules it has to know before its own can be chosen."""


def relies_on(diagram: InfluenceDiagram, decision: str, node: str) -> bool:
    """Whether the best rule of a decision can depend on how another decision (or a chance node) is made.

    A new parent of that node, its mechanism, is not separated from the aims of the decision by what is known there and
    the decision itself (s-reachability, Koller and Milch 2003).
    """
    mechanism = max(diagram.nodes, key=len) + "'"
    dag = {**diagram.parents, mechanism: (), node: (*diagram.parents[node], mechanism)}
    return not separated(dag, [mechanism], diagram.aims(decision), (*diagram.parents[decision], decision))


def relevance_of(diagram: InfluenceDiagram) -> Relevance:
    """Every decision with those it relies on."""
    own = [node for node in diagram.nodes if node in diagram.decisions]
    return {one: tuple(other for other in own if other != one and relies_on(diagram, one, other)) for one in own}


def layers(relevance: Relevance) -> list[tuple[str, ...]]:
    """Decisions that rely on one another together (strong components), those that others rely on first."""
    after = {one: reached(relevance, [one]) for one in relevance}
    groups: list[tuple[str, ...]] = []
    for one in sorted(relevance, key=lambda node: (len(after[node]), list(relevance).index(node))):
        if not any(one in group for group in groups):
            groups.append(tuple(other for other in relevance if other in after[one] and one in after[other]))
    return groups


def recalls(diagram: InfluenceDiagram, agent: str) -> bool:
    """Whether the decisions of an agent rely on one another in no circle (sufficient recall, solubility)."""
    relevance = relevance_of(diagram)
    own = set(diagram.decisions_of(agent))
    within = {one: tuple(other for other in relevance[one] if other in own) for one in own}
    return all(len(group) == 1 for group in layers(within))


def informs(diagram: InfluenceDiagram, decision: str, node: str) -> bool:
    """Whether an observation of a decision can matter: given the others and the decision its aims depend on it."""
    given = [one for one in (*diagram.parents[decision], decision) if one != node]
    return not diagram.separated([node], diagram.aims(decision), given)


def trimmed_of(diagram: InfluenceDiagram) -> InfluenceDiagram:
    """The diagram without observations that cannot matter, taken away until none is left (d-reduction)."""
    while True:
        for decision in diagram.decisions:
            kept = [node for node in diagram.parents[decision] if informs(diagram, decision, node)]
            if len(kept) < len(diagram.parents[decision]):
                diagram = diagram.informed(decision, kept)
                break
        else:
            return diagram


def as_seen_by(diagram: InfluenceDiagram, agent: str) -> InfluenceDiagram:
    """The graph in which only one agent decides and is paid; what others decide is left to chance."""
    parents = {node: own for node, own in diagram.parents.items() if diagram.utilities.get(node, agent) == agent}
    return InfluenceDiagram(
        parents,
        decisions={node: who for node, who in diagram.decisions.items() if who == agent},
        utilities={node: who for node, who in diagram.utilities.items() if who == agent},
        name=diagram.name,
    )


def require_recall(diagram: InfluenceDiagram, agent: str) -> None:
    """Raises `InputError` where an agent's decisions rely on one another in a circle."""
    if not recalls(diagram, agent):
        raise InputError(
            f"In {diagram.name} the decisions of {agent} rely on one another in a circle.",
            "Then no decision can be judged before another, and what the graph says is not known.",
            "Let later decisions know what earlier ones knew and did, or ask about a part with one decision.",
        )
