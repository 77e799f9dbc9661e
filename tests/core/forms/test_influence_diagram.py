"""Influence diagrams: separation against another library, sums against whole tables, trees, and refusals."""

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName, WrongKind
from ostrom.core.forms.influence_diagram import InfluenceDiagram

STORED = json.loads((Path(__file__).parents[2] / "diagnosis/data/influence.json").read_text(encoding="utf-8"))

UMBRELLA = InfluenceDiagram(
    {"rain": [], "forecast": ["rain"], "take": ["forecast"], "dry": ["rain", "take"]},
    decisions=["take"],
    utilities=["dry"],
    values={"rain": ["no", "yes"], "forecast": ["fine", "wet"], "take": ["leave", "take"]},
    tables={
        "rain": [Fraction(3, 4), Fraction(1, 4)],
        "forecast": [[Fraction(4, 5), Fraction(1, 5)], [Fraction(1, 5), Fraction(4, 5)]],
        "dry": [[0, -1], [-10, -1]],
    },
)


def random_diagram(seed, nodes=6, agents=2, sizes=(1, 2, 3)):
    """A diagram with odds and payoffs: nodes in order, the last two are paid."""
    rng = np.random.default_rng(seed)
    names = [f"n{k}" for k in range(nodes)]
    paid = {names[-2]: "a0", names[-1]: f"a{agents - 1}"}
    decided = {names[k]: f"a{k % agents}" for k in rng.choice(nodes - 2, 2, replace=False)}
    parents = {b: [a for a in names[:j] if a not in paid and rng.random() < 0.45] for j, b in enumerate(names)}
    count = {name: int(rng.choice(sizes)) for name in names if name not in paid}
    tables = {}
    for name in names:
        shape = [count[parent] for parent in parents[name]]
        if name in paid:
            tables[name] = rng.integers(-5, 6, shape)
        elif name not in decided:
            tables[name] = rng.dirichlet(np.ones(count[name]), shape or None)
    return InfluenceDiagram(parents, decisions=decided, utilities=paid, values=count, tables=tables), rng


def random_rules(diagram, rng):
    """Odds for every decision."""
    return {
        node: rng.dirichlet(np.ones(rule.shape[-1]), rule.shape[:-1] or None) for node, rule in diagram.even().items()
    }


def summed_up(diagram, rules):
    """What each agent expects, by going through every combination of values."""
    free = [node for node in diagram.nodes if node not in diagram.utilities]
    total = dict.fromkeys(diagram.agents, 0.0)
    for place in product(*(range(diagram.sizes[node]) for node in free)):
        at = dict(zip(free, place, strict=True))
        odds = 1.0
        for node in free:
            table = rules.get(node, diagram.tables.get(node))
            odds *= table[tuple(at[one] for one in (*diagram.parents[node], node))]
        for node, owner in diagram.utilities.items():
            total[owner] += odds * diagram.tables[node][tuple(at[one] for one in diagram.parents[node])]
    return total


def test_separation_is_that_of_networkx():
    cases = STORED["separated"]["cases"]
    assert len({answer for _, asked in cases for *_, answer in asked}) == 2
    for edges, asked in cases:
        parents = {}
        for a, b in edges:
            parents.setdefault(a, [])
            parents.setdefault(b, []).append(a)
        diagram = InfluenceDiagram(parents, decisions=[])
        for one, other, known, answer in asked:
            assert diagram.separated([one], [other], known) == answer


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_sums_and_trees_are_what_all_combinations_add_up_to(seed):
    diagram, rng = random_diagram(seed)
    rules = random_rules(diagram, rng)
    wanted = summed_up(diagram, rules)
    assert diagram.expected(rules) == pytest.approx(wanted)
    game = diagram.tree()
    behaviour = []
    for infoset in game.infosets:
        node, _, known = infoset.label.partition(" | ")
        place = tuple(int(part.partition("=")[2]) for part in known.split(", ")) if known else ()
        behaviour.append(rules[node][place])
    if game.perfect_recall:
        worth = game.utilities(tuple(behaviour))
        assert dict(zip(game.principals, worth.tolist(), strict=True)) == pytest.approx(wanted)
    back = diagram.rules(behaviour)
    for node, table in back.items():
        assert table.shape == rules[node].shape
        assert np.allclose(table.sum(-1), 1)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_what_is_separate_is_independent(seed):
    """Soundness of separation, in numbers: odds of one node given others do not move with a separate third."""
    diagram, rng = random_diagram(seed, sizes=(2,))
    rules = random_rules(diagram, rng)
    free = [node for node in diagram.nodes if node not in diagram.utilities]
    joint = np.ones([2] * len(free))
    for node in free:
        table = rules.get(node, diagram.tables.get(node))
        axes = [free.index(one) for one in (*diagram.parents[node], node)]
        joint = joint * table.transpose(np.argsort(axes)).reshape([2 if k in axes else 1 for k in range(len(free))])
    one, other = rng.choice(len(free), 2, replace=False)
    known = [k for k in range(len(free)) if k not in (one, other) and rng.random() < 0.4]
    rest = tuple(k for k in range(len(free)) if k not in (one, other, *known))
    table = np.moveaxis(joint.sum(rest, keepdims=True), (one, other), (-2, -1)).reshape(-1, 2, 2)
    apart = table.sum(2, keepdims=True) * table.sum(1, keepdims=True)
    independent = np.allclose(table * table.sum((1, 2), keepdims=True), apart)
    separate = diagram.separated([free[one]], [free[other]], [free[k] for k in known])
    assert separate == independent  # the other way round but for odds that nobody draws


def test_numbers_stay_exact():
    game = UMBRELLA.tree()
    assert game.exact_paid is not None
    assert sum(game.exact_chance * game.exact_paid[:, 0]) == Fraction(-7, 2)  # all four moves at every draw
    assert [infoset.label for infoset in game.infosets] == ["take | forecast=fine", "take | forecast=wet"]


def test_what_no_decision_depends_on_is_summed_out_of_the_tree():
    later = InfluenceDiagram(
        {"bet": [], "coin": [], "won": ["bet", "coin"]},
        decisions={"bet": "ann"},
        utilities={"won": "bank"},
        values={"bet": ["heads", "tails"], "coin": ["heads", "tails"]},
        tables={"coin": [Fraction(2, 3), Fraction(1, 3)], "won": [[-1, 1], [1, -1]]},
    )
    game = later.tree()
    assert len(game.ends) == 2
    assert game.exact_paid[:, 1].tolist() == [Fraction(-1, 3), Fraction(1, 3)]
    assert (game.players, game.bystanders, later.agents) == (("ann",), ("bank",), ("ann", "bank"))


def test_names_that_look_like_more_are_told_apart():
    odd = ["1", "1, b=1"]
    diagram = InfluenceDiagram(
        {"a": [], "b": [], "d": ["a", "b"], "d | a=1": [], "u": ["d", "a", "b", "d | a=1"]},
        decisions=["d", "d | a=1"],
        utilities=["u"],
        values={"a": odd, "b": odd, "d": 2, "d | a=1": 2},
        tables={"a": [0.5, 0.5], "b": [0.5, 0.5], "u": np.zeros((2, 2, 2, 2))},
    )
    assert len(diagram.tree().infosets) == 5


def test_parts_of_a_diagram():
    assert UMBRELLA.chances == ("rain", "forecast")
    assert UMBRELLA.decisions_of("agent") == UMBRELLA.children("forecast") == ("take",)
    assert UMBRELLA.ancestors("take") == {"rain", "forecast", "take"}
    assert UMBRELLA.descendants("take") == {"take", "dry"}
    assert UMBRELLA.aims("take") == UMBRELLA.utilities_of("agent") == ("dry",)
    blind = UMBRELLA.informed("take", [])
    assert (blind.parents["take"], blind.parents["forecast"]) == ((), ("rain",))
    assert UMBRELLA.fixed({"take": np.eye(2)}).expected() == {"agent": pytest.approx(-0.25 * (0.8 + 0.2 * 10) - 0.15)}
    assert UMBRELLA.taken("rain", "agent").decisions == {"take": "agent", "rain": "agent"}
    assert "2 chance, 1 decisions, 1 utilities" in repr(UMBRELLA)


TWO = {"a": [], "d": ["a"], "u": ["a", "d"]}


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"parents": {}}, InputError, "no nodes"),
        ({"parents": [("a", "d")]}, InputError, "The parents are"),
        (
            {"parents": {"a": ["b"], "b": ["c"], "c": ["a"]}, "decisions": [], "utilities": []},
            InputError,
            "in a circle: a > ",
        ),
        ({"parents": {"a": ["a"]}, "decisions": [], "utilities": []}, InputError, "a > a"),
        ({"parents": {"a": ["b", "b"]}}, InputError, "counts once"),
        ({"parents": {"a": [3]}}, InputError, "called 3"),
        ({"parents": {"": []}}, InputError, "have names"),
        ({"decisions": ["x"]}, UnknownName, "'x'"),
        ({"decisions": {"d": 3}}, InputError, "belongs to 3"),
        ({"decisions": ["u"]}, InputError, "decision and a utility"),
        ({"utilities": ["a"]}, InputError, "depends on the utility a"),
        ({"values": {"u": 2}}, InputError, "has payoffs"),
        ({"values": {"a": 0}}, InputError, "values of a"),
        ({"values": {"a": ["x", "x"]}}, InputError, "values of a"),
        ({"values": {"a": True}}, InputError, "values of a"),
        ({"values": {"b": 2}}, UnknownName, "'b'"),
        ({"values": {"a": 2, "d": 2}, "tables": {"d": [[1, 0], [0, 1]]}}, InputError, "is a decision and has a table"),
        ({"values": {"a": 2}, "tables": {"u": [[1, 0], [0, 1]]}}, InputError, "no values of d"),
        ({"values": {"a": 2}, "tables": {"a": [0.5, 0.6]}}, InputError, "1.1 in all"),
        ({"values": {"a": 2}, "tables": {"a": [-0.5, 1.5]}}, InputError, "not negative"),
        ({"values": {"a": 2}, "tables": {"a": [0.5, float("nan")]}}, InputError, "nan"),
        ({"values": {"a": 2}, "tables": {"a": [1.0]}}, InputError, "shape"),
        ({"values": {"a": 2}, "tables": {"a": "hostile\n<b>"}}, InputError, "numbers"),
    ],
)
def test_what_cannot_be_is_refused_in_words(given, error, said):
    with pytest.raises(error, match=said):
        InfluenceDiagram(**{"parents": TWO, "decisions": ["d"], "utilities": ["u"], **given})


def test_a_graph_has_no_numbers():
    graph = InfluenceDiagram(TWO, decisions=["d"], utilities=["u"])
    for ask in (graph.expected, graph.tree, graph.even):
        with pytest.raises(InputError, match="The graph alone"):
            ask()
    with pytest.raises(WrongKind, match="an influence diagram"):
        graph.payoffs  # noqa: B018
    with pytest.raises(UnknownName):
        graph.separated(["a"], ["nowhere"])


def test_what_is_too_large_is_refused():
    names = [f"d{k}" for k in range(20)]
    many = InfluenceDiagram(
        {**{name: [] for name in names}, "u": names[:1]}, decisions=names, utilities=["u"],
        values=dict.fromkeys(names, 2), tables={"u": [0, 1]},
    )  # fmt: skip
    with pytest.raises(TooLarge, match="1,048,576 ends"):
        many.tree()
    assert many.expected(many.even()) == {"agent": 0.5}
