"""Causal influence diagrams: what causes what, who decides what on which information, and who is paid for what.

A graph alone says what an agent may have a reason to know, to respond to or to control. With odds and payoffs it is a
game, and `tree()` is that game written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..errors import InputError, UnknownName
from ..game import Array
from ..kind import Kind
from ._dag import Dag, children, ordered, reached, separated
from ._diagram_given import check_odds, graph_of, owned, table_of, values_of
from .extensive import ExtensiveForm

Rule = Array
"""How a decision is made: odds `float[…, A]` of each of its values, the axes before the last those of its parents."""


class InfluenceDiagram(Kind):
    """A causal influence diagram of one agent or of several.

    Parameters
    ----------
    parents : node -> the nodes that it depends on; of a decision, what is known when it is made. A parent that is not
        listed itself is a chance node without parents.
    decisions : node -> who decides it; or the names alone, of one agent.
    utilities : node -> who is paid it; or the names alone. Nothing depends on a utility.
    values : node -> its values as names, or how many there are; of chance nodes and decisions.
    tables : chance node -> odds `[…, A]`, utility -> payoffs `[…]`, with an axis for each parent in the order of
        `parents`. `Fraction`s are kept.

    Attributes
    ----------
    nodes : parents before children. parents, decisions, utilities, values : as given, complete.
    tables : `float64` arrays. exact : the same as `Fraction`s, of those that were given so.

    Raises
    ------
    InputError : arrows in a circle, something that depends on a utility, tables of other shapes, odds that are none.
    UnknownName : a decision, a utility, a table or values of something that is no node.

    Source: Howard and Matheson (1984); of several agents Koller and Milch (2003).

    Examples
    --------
    >>> umbrella = InfluenceDiagram({"forecast": ["rain"], "take": ["forecast"], "dry": ["rain", "take"]},
    ...     decisions=["take"], utilities=["dry"])
    >>> umbrella.nodes, umbrella.separated(["rain"], ["take"], given=["forecast"])
    (('rain', 'forecast', 'take', 'dry'), True)
    """

    in_words: ClassVar[str] = "an influence diagram"

    def __init__(
        self,
        parents: Mapping[str, Iterable[str]],
        *,
        decisions: Mapping[str, str] | Iterable[str],
        utilities: Mapping[str, str] | Iterable[str] = (),
        values: Mapping[str, Any] | None = None,
        tables: Mapping[str, Any] | None = None,
        name: str = "influence diagram",
    ) -> None:
        self.name = name
        self.parents: Dag = graph_of(parents)
        self.nodes: tuple[str, ...] = ordered(self.parents)
        self.decisions = owned(decisions, "decision", self.nodes)
        self.utilities = owned(utilities, "utility", self.nodes)
        self._check_kinds()
        self.values = self._read_values({} if values is None else values)
        self.exact: dict[str, Array] = {}
        self.tables = self._read_tables({} if tables is None else tables)

    # The graph -----------------------------------------------------------------------------------------------------

    @property
    def chances(self) -> tuple[str, ...]:
        """The nodes that nobody decides and nobody is paid."""
        return tuple(node for node in self.nodes if node not in self.decisions and node not in self.utilities)

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """Who decides or is paid, deciders first."""
        return tuple(dict.fromkeys([*self.decisions.values(), *self.utilities.values()]))

    def decisions_of(self, agent: str) -> tuple[str, ...]:
        """The decisions of an agent, parents first."""
        return self._of(self.decisions, agent)

    def utilities_of(self, agent: str) -> tuple[str, ...]:
        """What an agent is paid."""
        return self._of(self.utilities, agent)

    def _of(self, owners: Mapping[str, str], agent: str) -> tuple[str, ...]:
        if agent not in self.agents:
            raise UnknownName("agent", str(agent), self.agents)
        return tuple(node for node in self.nodes if owners.get(node) == agent)

    def children(self, node: str) -> tuple[str, ...]:
        """What depends on a node directly."""
        return tuple(children(self.parents)[self.known(node)])

    def ancestors(self, *nodes: str) -> frozenset[str]:
        """What the nodes depend on, directly or not, and the nodes themselves."""
        return frozenset(reached(self.parents, map(self.known, nodes)))

    def descendants(self, *nodes: str) -> frozenset[str]:
        """What depends on the nodes, directly or not, and the nodes themselves."""
        return frozenset(reached(children(self.parents), map(self.known, nodes)))

    def separated(self, one: Iterable[str], other: Iterable[str], given: Iterable[str] = ()) -> bool:
        """Whether `given` blocks every trail between `one` and `other` (d-separation): they are then independent."""
        one, other, given = ([self.known(node) for node in part] for part in (one, other, given))
        return separated(self.parents, one, other, given)

    def aims(self, decision: str) -> tuple[str, ...]:
        """Of what the decider of a decision is paid, what depends on that decision."""
        owner, after = self.decider(decision), self.descendants(decision)
        return tuple(node for node in self.nodes if self.utilities.get(node) == owner and node in after)

    def decider(self, decision: str) -> str:
        """Who makes a decision; `UnknownName` if it is none."""
        if decision not in self.decisions:
            raise UnknownName("decision", str(decision), self.decisions)
        return self.decisions[decision]

    def known(self, node: str) -> str:
        """The name of a node; `UnknownName` if there is none."""
        if node not in self.parents:
            raise UnknownName("node", str(node), self.nodes)
        return node

    # Other diagrams ------------------------------------------------------------------------------------------------

    def informed(self, decision: str, parents: Iterable[str]) -> InfluenceDiagram:
        """The same with other information for a decision."""
        self.decider(decision)
        return self._changed(parents={**self.parents, decision: [self.known(node) for node in parents]})

    def fixed(self, rules: Mapping[str, Any]) -> InfluenceDiagram:
        """The same with decisions that are made by rules, and are chance nodes from then on."""
        left = {node: who for node, who in self.decisions.items() if node not in rules}
        for node in rules:
            self.decider(node)
        return self._changed(decisions=left, tables={**self._given, **rules})

    def taken(self, node: str, agent: str) -> InfluenceDiagram:
        """The same with a chance node that an agent decides, on what the node depends on."""
        if self.known(node) not in self.chances:
            raise InputError(f"{node} is no chance node.", "Only those can be taken over.", "Name a chance node.")
        tables = {name: table for name, table in self._given.items() if name != node}
        return self._changed(decisions={**self.decisions, node: agent}, tables=tables)

    def _changed(self, **parts: Any) -> InfluenceDiagram:
        kept = {"parents": self.parents, "decisions": self.decisions, "utilities": self.utilities,
                "values": self.values, "tables": self._given, "name": self.name}  # fmt: skip
        return InfluenceDiagram(**{**kept, **parts})

    @property
    def _given(self) -> dict[str, Array]:
        return {**self.tables, **self.exact}

    # With odds and payoffs -----------------------------------------------------------------------------------------

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many values each chance node and decision has. `InputError` where that is not known of all."""
        self._require([n for n in self.nodes if n not in self.utilities and n not in self.values], "values")
        return {node: len(own) for node, own in self.values.items()}

    def require_numbers(self) -> None:
        """Raises `InputError` unless all odds and payoffs are there."""
        self._require([n for n in self.nodes if n not in self.decisions and n not in self.tables], "tables")
        assert self.sizes

    def _require(self, missing: Sequence[str], what: str) -> None:
        if missing:
            raise InputError(
                f"{self.name} has no {what} of {', '.join(missing[:6])}.",
                "The graph alone has no numbers.",
                f"Give {what}={{{missing[0]!r}: …}}.",
            )

    def even(self) -> dict[str, Rule]:
        """The rules that take every value of every decision equally often."""
        sizes = self.sizes
        return {node: np.full([sizes[n] for n in (*self.parents[node], node)], 1 / sizes[node])
                for node in self.nodes if node in self.decisions}  # fmt: skip

    def expected(self, rules: Mapping[str, Any] | None = None) -> dict[str, float]:
        """What each agent gets on average when decisions are made by rules (of none without decisions)."""
        from ._diagram_sums import expected

        self.require_numbers()
        return expected(self.fixed({} if rules is None else rules))

    def tree(self) -> ExtensiveForm:
        """The diagram as a game tree; information sets are named by decision and what is known.

        Agents without a decision are bystanders. Chance that no decision depends on is summed into the payoffs.
        Raises `InputError` without numbers, and `TooLarge`.
        """
        from ._diagram_tree import tree

        self.require_numbers()
        return tree(self)

    def rules(self, behaviour: Sequence[Array]) -> dict[str, Rule]:
        """A behaviour of `tree()` as rules for decisions; even where it says nothing."""
        from ._diagram_tree import rules

        return rules(self, self.tree(), behaviour)

    # Reading what is given -----------------------------------------------------------------------------------------

    def _check_kinds(self) -> None:
        if both := sorted(set(self.decisions) & set(self.utilities)):
            raise InputError(f"{both[0]} is a decision and a utility.", "A node is one thing.", "Make two of it.")
        for node, parents in self.parents.items():
            if paid := next((parent for parent in parents if parent in self.utilities), None):
                raise InputError(
                    f"{node} depends on the utility {paid}.",
                    "Utilities are what it is all for: nothing follows from them.",
                    "Put what is measured into a chance node of its own, on which both depend.",
                )

    def _read_values(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        if paid := next((node for node in values if self.known(node) in self.utilities), None):
            raise InputError(f"{paid} is a utility.", "It has payoffs, and no values.", "Leave its values out.")
        return {node: values_of(node, own) for node, own in values.items()}

    def _read_tables(self, tables: Mapping[str, Any]) -> dict[str, Array]:
        found = {}
        for node, given in tables.items():
            if self.known(node) in self.decisions:
                raise InputError(f"{node} is a decision and has a table.", do="Give its rule to fixed() or expected().")
            axes = self.parents[node] if node in self.utilities else (*self.parents[node], node)
            self._require([one for one in axes if one not in self.values], "values")
            exact, found[node] = table_of(node, given, axes, self.values)
            if node not in self.utilities:
                check_odds(node, found[node])
            if exact is not None:
                self.exact[node] = exact
        return found

    def __repr__(self) -> str:
        counts = f"{len(self.chances)} chance, {len(self.decisions)} decisions, {len(self.utilities)} utilities"
        return f"<InfluenceDiagram {self.name}: {counts}, of {', '.join(self.agents)}>"
