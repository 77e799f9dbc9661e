"""Relevance: another library's graphs, numbers that show it, and equilibria checked by every other rule."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.influence_diagram import InfluenceDiagram
from ostrom.diagnosis.strategic_relevance import influence_equilibrium, strategic_relevance

STORED = json.loads((Path(__file__).parent / "data/influence.json").read_text(encoding="utf-8"))["several"]


def diagram(edges, decisions, utilities, **rest):
    parents = {}
    for a, b in edges:
        parents.setdefault(a, [])
        parents.setdefault(b, []).append(a)
    return InfluenceDiagram(parents, decisions=decisions, utilities=utilities, **rest)


def random_game(seed, nodes=7, agents=2, decided=3):
    """A random diagram of several agents, all nodes of two values."""
    rng = np.random.default_rng(seed)
    names = [f"n{k}" for k in range(nodes)]
    paid = {names[-1 - k]: f"a{k}" for k in range(agents)}
    own = {names[k]: f"a{j % agents}" for j, k in enumerate(rng.choice(nodes - agents, decided, replace=False))}
    parents = {b: [a for a in names[:j] if a not in paid and rng.random() < 0.4] for j, b in enumerate(names)}
    tables = {}
    for name in names:
        shape = [2] * len(parents[name])
        if name in paid:
            tables[name] = rng.integers(-9, 10, shape)
        elif name not in own:
            tables[name] = rng.dirichlet([1, 1], shape or None)
    return InfluenceDiagram(
        parents, decisions=own, utilities=paid, values={n: 2 for n in names if n not in paid}, tables=tables
    )


def pure_rules(graph, node):
    shape = [2] * len(graph.parents[node])
    for taken in product(range(2), repeat=2 ** len(shape)):
        yield np.eye(2)[np.array(taken).reshape(shape)]


def best_gain(graph, rules):
    """The most that any agent gains by any other pure rules for all its decisions: by trying them all."""
    now, gain = graph.expected(rules), 0.0
    for agent in set(graph.decisions.values()):
        own = [node for node, who in graph.decisions.items() if who == agent]
        for chosen in product(*(pure_rules(graph, node) for node in own)):
            gain = max(gain, graph.expected({**rules, **dict(zip(own, chosen, strict=True))})[agent] - now[agent])
    return gain


def test_the_graphs_are_those_of_pycid():
    for case in STORED:
        found = strategic_relevance(diagram(case["edges"], case["decisions"], case["utilities"]))
        assert {one: sorted(others) for one, others in found.relies_on.items()} == case["relies on"]
        assert found.recall == case["recall"]
        assert sorted(map(sorted, found.groups)) == case["groups"]
        for group in found.subgames:
            assert all(other in group for one in group for other in found.relies_on[one])
        whole = frozenset(case["decisions"])
        assert found.subgames[-1] == whole
        seen = set()
        for group in found.groups:  # those that others rely on come first
            seen |= set(group)
            assert all(other in seen for one in group for other in found.relies_on[one])
    assert len({len(case["groups"]) for case in STORED}) > 1


def test_a_decision_relies_on_another_for_some_numbers_just_where_the_graph_says_so():
    """Best values of one decision against two rules of the other, at random odds and payoffs of the stored graphs."""
    rng, seen = np.random.default_rng(3), set()
    for case in [one for one in STORED if len({n for edge in one["edges"] for n in edge}) <= 8][:6]:
        graph = diagram(case["edges"], case["decisions"], case["utilities"])
        relies = strategic_relevance(graph).relies_on
        for one, other in product(graph.decisions, repeat=2):
            if one != other:
                yes = other in relies[one]
                seen.add(yes)
                assert any(moves(graph, one, other, rng) for _ in range(150 if yes else 6)) == yes, (case, one, other)
    assert seen == {True, False}


def moves(graph, one, other, rng):
    """Whether the best rule for `one` under one rule of `other` is no best rule under another."""
    from ostrom.core.forms._diagram_sums import worth

    tables = {}
    for node in graph.nodes:
        shape = [2] * len(graph.parents[node])
        if node in graph.utilities:
            tables[node] = rng.normal(size=shape)
        elif node != one and node != other:
            tables[node] = rng.dirichlet([0.5, 0.5], shape or None)
    free = [node for node in graph.nodes if node not in graph.utilities]
    whole = InfluenceDiagram(
        graph.parents, decisions={n: graph.decisions[n] for n in (one, other)}, utilities=graph.utilities,
        values=dict.fromkeys(free, 2), tables=tables,
    )  # fmt: skip
    shape = [2] * len(graph.parents[other])
    first, second = (worth(whole.fixed({other: rng.dirichlet([0.3, 0.3], shape or None)}), one) for _ in range(2))
    both = (abs(first).max(-1) > 1e-9) & (abs(second).max(-1) > 1e-9)
    apart = (first.argmax(-1) != second.argmax(-1)) & both
    clear = (abs(np.diff(first)[..., 0]) > 1e-9) & (abs(np.diff(second)[..., 0]) > 1e-9)
    return bool((apart & clear).any())


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_nobody_gains_by_leaving_the_rules_found(seed):
    graph = random_game(seed)
    if max(len(graph.parents[node]) for node in graph.decisions) > 2:
        return
    if not all(strategic_relevance(graph).recall.values()):
        return  # somebody forgets, and there need not be any
    found = influence_equilibrium(graph)
    assert found.regret == pytest.approx(best_gain(graph, found.rules), abs=1e-7)
    assert found.regret < 1e-7
    assert found.values == pytest.approx(graph.expected(found.rules))


@pytest.mark.parametrize("agents", [2, 3])
def test_pennies_are_matched_evenly(agents):
    """Two who cannot see each other mix; a third who sees both is solved first, and by itself."""
    arrows = [("left", "u"), ("right", "u"), ("left", "v"), ("right", "v")]
    decided, paid = {"left": "ann", "right": "bob"}, {"u": "ann", "v": "bob"}
    tables = {"u": [[1, -1], [-1, 1]], "v": [[-1, 1], [1, -1]]}
    if agents == 3:
        arrows += [("left", "see"), ("right", "see"), ("see", "w"), ("left", "w")]
        decided, paid = {**decided, "see": "cy"}, {**paid, "w": "cy"}
        tables = {**tables, "w": [[1, 0], [0, 1]]}
    graph = diagram(arrows, decided, paid, values=dict.fromkeys(decided, 2), tables=tables)
    relevance = strategic_relevance(graph)
    assert dict(relevance.relies_on)["left"] == ("right",)
    assert ("left", "right") in relevance.groups
    found = influence_equilibrium(graph)
    assert np.allclose(found.rules["left"], 0.5)
    assert np.allclose(found.rules["right"], 0.5)
    assert found.regret < 1e-9
    if agents == 3:
        assert found.values["cy"] == 1
        assert frozenset({"see"}) in relevance.subgames


def test_what_is_solved_in_pieces_is_a_subgame_perfect_equilibrium_of_the_tree():
    """Entry deterrence: the incumbent shares, whatever the threat; the entrant comes in."""
    graph = diagram(
        [("enter", "fight"), ("enter", "e"), ("fight", "e"), ("enter", "i"), ("fight", "i")],
        {"enter": "entrant", "fight": "incumbent"}, {"e": "entrant", "i": "incumbent"},
        values={"enter": ["out", "in"], "fight": ["share", "fight"]},
        tables={"e": [[0, 0], [1, -1]], "i": [[2, 2], [1, -1]]},
    )  # fmt: skip
    found = influence_equilibrium(graph)
    assert found.values == {"entrant": 1, "incumbent": 1}
    assert found.rules["fight"][1].tolist() == [1, 0]
    assert found.groups == (("fight",), ("enter",))
    assert "has to reckon with fight (incumbent)" in strategic_relevance(graph).findings[0].sentence


def test_a_team_that_forgets_still_finds_its_best_rules():
    """Two decisions of one agent that have to match, neither known to the other: a circle, and all rules are tried."""
    graph = diagram(
        [("one", "u"), ("two", "u")], ["one", "two"], ["u"],
        values={"one": 2, "two": 2}, tables={"u": [[1, 0], [0, 3]]},
    )  # fmt: skip
    relevance = strategic_relevance(graph)
    assert relevance.recall == {"agent": False}
    assert "in a circle" in relevance.findings[-1].sentence
    assert influence_equilibrium(graph).values == {"agent": 3}


def test_what_cannot_be_is_refused_in_words():
    with pytest.raises(InputError, match="no tables of u"):
        influence_equilibrium(diagram([("d", "u")], ["d"], ["u"]))
    many = diagram([(f"d{k}", f"u{k}") for k in range(20)], {f"d{k}": f"a{k}" for k in range(20)},
                   {f"u{k}": f"a{k}" for k in range(20)})  # fmt: skip
    with pytest.raises(TooLarge, match="20 groups"):
        strategic_relevance(many)
