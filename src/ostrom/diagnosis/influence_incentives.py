"""What an agent has a reason to know, to respond to and to control, from its influence diagram alone.

The criteria are sound: where one says no, no odds and payoffs on that graph give the incentive. Of a single decision
they are complete as well: where one says yes, some do. With odds and payoffs, what knowing and controlling are worth.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.forms.influence_diagram import InfluenceDiagram
from ._influence_graph import as_seen_by, informs, recalls, require_recall, trimmed_of
from ._influence_rules import best_value

SOURCE = "Everitt et al., Agent Incentives: A Causal Perspective (2021)."
SEVERAL = "van Merwijk, Carey and Everitt, A Complete Criterion for Value of Information (2022)."


@dataclass(frozen=True)
class Incentives:
    """What a decision gives its owner reasons for.

    Attributes
    ----------
    decision, owner : names.
    information : chance nodes and decisions that could be worth knowing when it is made, known already or not.
    needless : what is known and cannot matter.
    response : what the best rule may make the decision depend on, directly or through what is known.
    control : chance nodes that could be worth controlling by other means than the owner's decisions.
    instrumental : chance nodes that could be worth controlling by this decision: on a way from it to what is paid.
    several : whether the owner makes other decisions as well.
    """

    decision: str
    owner: str
    information: tuple[str, ...]
    needless: tuple[str, ...]
    response: tuple[str, ...]
    control: tuple[str, ...]
    instrumental: tuple[str, ...]
    several: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence for each kind of reason."""
        who, source = self.owner, SEVERAL if self.several else SOURCE
        said = {
            "information": f"At {self.decision} {who} may have a reason to know",
            "needless": f"What {who} knows at {self.decision} and cannot use is",
            "response": f"The best rule of {who} for {self.decision} may respond to",
            "control": f"{who} may gain if it could set, by other means,",
            "instrumental": f"By {self.decision} {who} may have a reason to control",
        }
        return tuple(
            Finding("influence", f"{words} {_listed(getattr(self, kind))}.", (who,),
                    {"decision": self.decision, kind: list(getattr(self, kind))}, source)
            for kind, words in said.items()
        )  # fmt: skip


def influence_incentives(diagram: InfluenceDiagram, decision: str | None = None) -> Incentives:
    """The incentives of a decision; it may be left out where there is only one.

    Decisions of other agents count as chance nodes: "may" is then for some rules of theirs as well. With several
    decisions of the owner, information is complete for chance nodes (van Merwijk et al. 2022); the rest is sound, no
    more: an own earlier decision, for one, that follows a rule without chance need not be looked up to be known.

    Raises
    ------
    InputError : no decision named among several, or an owner whose decisions rely on one another in a circle.
    UnknownName : no such decision.

    Examples
    --------
    >>> umbrella = InfluenceDiagram({"forecast": ["rain"], "take": ["forecast"], "dry": ["rain", "take"]},
    ...     decisions=["take"], utilities=["dry"])
    >>> found = influence_incentives(umbrella)
    >>> found.information, found.response, found.instrumental
    (('rain', 'forecast'), ('rain', 'forecast'), ())
    """
    decision = _only(diagram, decision)
    owner = diagram.decider(decision)
    own = as_seen_by(diagram, owner)
    require_recall(own, owner)
    least = trimmed_of(own)
    after, before, ways = own.descendants(decision), least.ancestors(decision), least.ancestors(*own.utilities)
    free = [node for node in own.nodes if node not in own.utilities and node != decision]
    chances = [node for node in free if node in own.chances]
    return Incentives(
        decision,
        owner,
        information=tuple(node for node in free if node not in after and _worth_knowing(own, decision, node)),
        needless=tuple(node for node in own.parents[decision] if node not in least.parents[decision]),
        response=tuple(node for node in free if node in before),
        control=tuple(node for node in chances if node in ways),
        instrumental=tuple(
            node for node in chances if node in after and set(own.aims(decision)) & own.descendants(node)
        ),
        several=len(own.decisions) > 1,
    )


def trimmed(diagram: InfluenceDiagram) -> InfluenceDiagram:
    """The diagram without observations that cannot matter, whatever the odds and payoffs (d-reduction).

    Raises `InputError` where an agent's decisions rely on one another in a circle.
    """
    for agent in dict.fromkeys(diagram.decisions.values()):
        require_recall(as_seen_by(diagram, agent), agent)
    return trimmed_of(diagram)


def value_of_information(diagram: InfluenceDiagram, decision: str, node: str) -> float:
    """How much more the owner of a decision can expect when it knows a node than when it does not.

    Exact in float64, both problems being solved to the end. Other agents' decisions need rules first
    (`diagram.fixed`). Raises `InputError` for a node that depends on the decision, and without numbers.
    """
    agent = _alone(diagram)
    diagram.decider(decision)
    if node in diagram.descendants(decision) or node in diagram.utilities:
        raise InputError(
            f"{node} cannot be known when {decision} is made.",
            "It is a utility, or depends on that decision.",
            "Ask about a node that comes before, or beside it.",
        )
    without = [parent for parent in diagram.parents[decision] if parent != node]
    known, unknown = diagram.informed(decision, [*without, node]), diagram.informed(decision, without)
    return best_value(known, agent) - best_value(unknown, agent)


def value_of_control(diagram: InfluenceDiagram, node: str) -> float:
    """How much more the only agent who decides can expect when it also decides a chance node, on what that depends on.

    Exact in float64. Raises `InputError` for what is no chance node, and without numbers.
    """
    agent = _alone(diagram)
    return best_value(diagram.taken(node, agent), agent) - best_value(diagram, agent)


def _worth_knowing(own: InfluenceDiagram, decision: str, node: str) -> bool:
    """Whether the link from a node to a decision stays when all that cannot matter is taken away."""
    parents = own.parents[decision]
    linked = own if node in parents else own.informed(decision, [*parents, node])
    if len(own.decisions) == 1:
        return informs(linked, decision, node)
    if not recalls(linked, own.decider(decision)):
        return informs(linked, decision, node)  # sound all the same
    return node in trimmed_of(linked).parents[decision]


def _only(diagram: InfluenceDiagram, decision: str | None) -> str:
    if decision is None and len(diagram.decisions) != 1:
        raise InputError(
            f"{diagram.name} has {len(diagram.decisions)} decisions.",
            "Incentives are those of one.",
            f"Name one of {', '.join(diagram.decisions) or 'them, after giving some'}.",
        )
    return next(iter(diagram.decisions)) if decision is None else decision


def _alone(diagram: InfluenceDiagram) -> str:
    deciders = sorted(set(diagram.decisions.values()))
    if len(deciders) != 1:
        raise InputError(
            f"In {diagram.name} {', '.join(deciders) or 'nobody'} decides.",
            "What is best for one depends on what the others do.",
            "Give the others' rules first: diagram.fixed({decision: rule}).",
        )
    return deciders[0]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
