"""Who has to reckon with whom: the relevance graph of an influence diagram, its subgames, and rules in equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

from ..core.claim import Finding
from ..core.errors import TooLarge
from ..core.forms._dag import reached
from ..core.forms.influence_diagram import InfluenceDiagram, Rule
from ._influence_graph import layers, recalls, relevance_of
from ._influence_rules import regrets, solved

SOURCE = "Koller and Milch (2003); subgames by Hammond et al., Equilibrium Refinements for MAIDs (2021)."

GROUPS = 16
"""Groups of decisions up to which all subgames are listed."""


@dataclass(frozen=True)
class Relevance:
    """Which decisions have to be known before others can be chosen well.

    Attributes
    ----------
    relies_on : decision -> the decisions that its best rule can depend on.
    groups : decisions that rely on one another in a circle together, those that others rely on first.
    recall : agent -> whether its own decisions rely on one another in no circle (sufficient recall).
    subgames : sets of decisions that rely on nothing outside, the smallest first.
    owners : decision -> who makes it.
    """

    relies_on: Mapping[str, tuple[str, ...]]
    groups: tuple[tuple[str, ...], ...]
    recall: Mapping[str, bool]
    subgames: tuple[frozenset[str], ...]
    owners: Mapping[str, str]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Who has to reckon with whom, and who can be solved by itself."""
        found = []
        for decision, others in self.relies_on.items():
            whom = ", ".join(f"{other} ({self.owners[other]})" for other in others) or "no other decision"
            said = f"To choose {decision} well, {self.owners[decision]} has to reckon with {whom}."
            found.append(Finding("influence", said, (self.owners[decision],), {"relies on": list(others)}, SOURCE))
        forgetful = [agent for agent, whole in self.recall.items() if not whole]
        if forgetful:
            said = f"The decisions of {', '.join(forgetful)} rely on one another in a circle."
            found.append(Finding("influence", said, tuple(forgetful), {}, SOURCE))
        return tuple(found)


@dataclass(frozen=True, eq=False)
class RulesFound:
    """Rules for all decisions from which no agent gains by leaving.

    Attributes
    ----------
    rules : decision -> odds `float[…, A]`, its parents' axes first. values : what each agent expects.
    regret : what the best other rules for all of an agent's decisions would add, the largest over agents.
    groups : the decisions that were solved together, first ones first.
    """

    rules: Mapping[str, Rule]
    values: Mapping[str, float]
    regret: float
    groups: tuple[tuple[str, ...], ...] = field(default=())


def strategic_relevance(diagram: InfluenceDiagram) -> Relevance:
    """The relevance graph of a diagram, from the graph alone.

    A decision relies on another if some odds and payoffs make its best rule depend on the rule of the other
    (s-reachability, sound and complete: Koller and Milch 2003).

    Raises `TooLarge` for more than 16 groups of decisions, whose subgames would be too many to list.

    Examples
    --------
    >>> duel = InfluenceDiagram({"pay": ["ask", "give"], "gain": ["ask", "give"], "give": ["ask"]},
    ...     decisions={"ask": "ann", "give": "bob"}, utilities={"gain": "ann", "pay": "bob"})
    >>> dict(strategic_relevance(duel).relies_on)
    {'ask': ('give',), 'give': ()}
    """
    relevance = relevance_of(diagram)
    groups = layers(relevance)
    if len(groups) > GROUPS:
        raise TooLarge(
            f"{diagram.name} has {len(groups)} groups of decisions.",
            f"Of more than {GROUPS} the subgames are too many to list.",
            "Give a part of the diagram.",
        )
    closed = set()
    for many in range(1, len(groups) + 1):
        for some in combinations(groups, many):
            chosen = {node for group in some for node in group}
            if reached(relevance, chosen) == chosen:
                closed.add(frozenset(chosen))
    return Relevance(
        relies_on=relevance,
        groups=tuple(groups),
        recall={agent: recalls(diagram, agent) for agent in dict.fromkeys(diagram.decisions.values())},
        subgames=tuple(sorted(closed, key=lambda one: (len(one), sorted(one)))),
        owners=dict(diagram.decisions),
    )


def influence_equilibrium(diagram: InfluenceDiagram, seconds: float = 30.0) -> RulesFound:
    """Rules in equilibrium of a diagram with odds and payoffs; of one agent, its best rules.

    Decisions are solved in the order of relevance: one by itself exactly, by what each value brings; those that rely on
    one another together, on the tree (of two players Lemke's path in whole numbers, of more a path to one equilibrium).
    The result is one equilibrium, in every subgame of the diagram; there may be others.

    Raises
    ------
    InputError : no numbers, or nothing found in the time given. TooLarge : a tree or sums too large.

    Examples
    --------
    >>> duel = InfluenceDiagram({"gain": ["ask", "give"], "pay": ["ask", "give"], "give": ["ask"]},
    ...     decisions={"ask": "ann", "give": "bob"}, utilities={"gain": "ann", "pay": "bob"},
    ...     values={"ask": ["little", "much"], "give": ["no", "yes"]},
    ...     tables={"gain": [[0, 1], [0, 3]], "pay": [[-2, -1], [-2, -3]]})
    >>> influence_equilibrium(duel).values
    {'ann': 1.0, 'bob': -1.0}
    """
    rules, groups = solved(diagram, seconds)
    largest = max(regrets(diagram, rules).values(), default=0.0)
    return RulesFound(rules, diagram.expected(rules), largest, tuple(groups))
