"""Incentives: another library's answers on random graphs, and odds and payoffs that show each criterion both ways."""

import json
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.influence_diagram import InfluenceDiagram
from ostrom.diagnosis.influence_incentives import (
    influence_incentives,
    trimmed,
    value_of_control,
    value_of_information,
)

STORED = json.loads((Path(__file__).parent / "data/influence.json").read_text(encoding="utf-8"))["single"]
TINY = 1e-9


def diagram(edges, decisions, utilities):
    parents = {}
    for a, b in edges:
        parents.setdefault(a, [])
        parents.setdefault(b, []).append(a)
    return InfluenceDiagram(parents, decisions=decisions, utilities=utilities)


def test_the_answers_are_those_of_pycid():
    told = 0
    for case in STORED:
        graph = diagram(case["edges"], case["decisions"], case["utilities"])
        least = trimmed(graph)
        assert {d: sorted(least.parents[d]) for d in case["decisions"]} == case["requisite"]
        for decision, answers in case["answers"].items():
            found = influence_incentives(graph, decision)
            assert sorted(found.response) == sorted(answers["response"])
            assert sorted(found.control) == sorted(answers["control"])
            assert sorted(found.instrumental) == sorted(answers["instrumental"])
            known = [(node, answer) for node, answer in answers["information"] if answer is not None]
            assert [node in found.information for node, _ in known] == [answer for _, answer in known]
            told += sum(answer for _, answer in known)
    assert told > 50


def parametrised(graph, rng):
    """Random odds, sharp more often than not, and random payoffs: two values each."""
    tables = {}
    for node in graph.nodes:
        shape = [2] * len(graph.parents[node])
        if node in graph.utilities:
            tables[node] = rng.normal(size=shape) * rng.choice([1, 10])
        elif node in graph.chances:
            tables[node] = rng.dirichlet(np.full(2, rng.choice([0.2, 1.0])), shape or None)
    free = [node for node in graph.nodes if node not in graph.utilities]
    return InfluenceDiagram(
        graph.parents,
        decisions=graph.decisions,
        utilities=graph.utilities,
        values=dict.fromkeys(free, 2),
        tables=tables,
    )


def shown(graph, measure, rng, times):
    """Whether some of `times` random odds and payoffs give a measure above 0."""
    return any(measure(parametrised(graph, rng)) > TINY for _ in range(times))


@pytest.mark.parametrize("some", [slice(0, 8), pytest.param(slice(8, None), marks=pytest.mark.slow)])
def test_information_and_control_are_worth_something_for_some_numbers_just_where_the_graph_says_so(some):
    """Sound: never where it says no. Complete, for chance nodes: somewhere where it says yes."""
    rng = np.random.default_rng(5)
    small = [case for case in STORED if len({node for edge in case["edges"] for node in edge}) <= 7]
    for case in small[some]:
        graph = diagram(case["edges"], case["decisions"], case["utilities"])
        for decision in graph.decisions:
            found = influence_incentives(graph, decision)
            for node in [*graph.chances, *graph.decisions]:
                if node in graph.descendants(decision):
                    continue
                yes = node in found.information
                if yes and node in graph.decisions:
                    continue
                worth = shown(
                    graph, lambda d, at=decision, x=node: value_of_information(d, at, x), rng, 150 if yes else 5
                )
                assert worth == yes, (case, decision, node)
            for node in graph.chances:
                yes = node in found.control
                assert shown(graph, lambda d, x=node: value_of_control(d, x), rng, 150 if yes else 5) == yes


def test_instrumental_control_needs_a_way_through():
    """Everitt's content recommender: posts shape opinions, opinions shape clicks; a model's clicks cut the way."""
    arrows = [("opinions", "later"), ("opinions", "model"), ("model", "posts"), ("posts", "later")]
    honest = diagram([*arrows, ("later", "clicks"), ("posts", "clicks")], ["posts"], ["clicks"])
    safe = diagram([*arrows, ("posts", "clicks"), ("model", "clicks")], ["posts"], ["clicks"])
    assert influence_incentives(honest).instrumental == ("later",)
    assert influence_incentives(safe).instrumental == ()
    assert influence_incentives(safe).response == ("opinions", "model")


def test_grade_prediction():
    """After Everitt et al. (2021): predicting a grade from school and gender rewards responding to race by school."""
    graph = diagram(
        [("race", "school"), ("school", "education"), ("education", "grade"), ("school", "predict"),
         ("gender", "predict"), ("predict", "accuracy"), ("grade", "accuracy")],
        ["predict"], ["accuracy"],
    )  # fmt: skip
    found = influence_incentives(graph)
    assert set(found.response) == {"race", "school"}
    assert set(found.information) == {"school", "education", "grade"}
    assert (found.needless, found.instrumental) == (("gender",), ())
    assert [one.topic for one in found.findings] == ["influence"] * 5


def test_a_worked_value():
    """Rain in a quarter of days, an umbrella costs 1, getting wet 10: always taking it costs 1, knowing 1/4."""
    umbrella = InfluenceDiagram(
        {"rain": [], "take": [], "dry": ["rain", "take"]}, decisions=["take"], utilities=["dry"],
        values={"rain": 2, "take": 2}, tables={"rain": [0.75, 0.25], "dry": [[0, -1], [-10, -1]]},
    )  # fmt: skip
    assert value_of_information(umbrella, "take", "rain") == pytest.approx(0.75)
    assert value_of_control(umbrella, "rain") == pytest.approx(1.0)


def test_what_others_decide_is_chance_to_an_agent():
    pair = InfluenceDiagram(
        {"cost": [], "bid": ["cost"], "ask": [], "won": ["bid", "ask", "cost"], "sold": ["bid", "ask"]},
        decisions={"bid": "ann", "ask": "bob"}, utilities={"won": "ann", "sold": "bob"},
        values={"cost": 2, "bid": 2, "ask": 2},
        tables={"cost": [0.5, 0.5], "won": [[[0, 1], [2, 3]], [[0, 1], [-2, 4]]], "sold": [[0, 1], [1, 0]]},
    )  # fmt: skip
    assert influence_incentives(pair, "bid").information == ("cost", "ask")
    with pytest.raises(InputError, match="Name one of"):
        influence_incentives(pair)
    with pytest.raises(InputError, match="ann, bob decides"):
        value_of_information(pair, "bid", "cost")
    even = pair.fixed({"ask": [0.5, 0.5]})
    assert value_of_information(even, "bid", "cost") >= 0


def test_a_decision_of_ones_own_need_not_be_looked_up():
    """The graph says that it may matter, being no more than sound there; nobody gains by looking up what it decided."""
    graph = diagram([("first", "second"), ("first", "u"), ("second", "u")], ["first", "second"], ["u"])
    assert influence_incentives(graph, "second").information == ("first",)
    assert not shown(graph, lambda d: value_of_information(d, "second", "first"), np.random.default_rng(0), 50)


def test_what_cannot_be_is_refused_in_words():
    forgets = diagram([("x", "one"), ("one", "u"), ("two", "u"), ("x", "u")], ["one", "two"], ["u"])
    with pytest.raises(InputError, match="in a circle"):
        influence_incentives(forgets, "one")
    graph = diagram([("x", "one"), ("one", "u"), ("x", "u")], ["one"], ["u"])
    for ask in (lambda: value_of_information(graph, "one", "u"), lambda: value_of_information(graph, "one", "x")):
        with pytest.raises(InputError):
            ask()
    with pytest.raises(UnknownName):
        influence_incentives(graph, "x")
    with pytest.raises(InputError, match="no chance node"):
        value_of_control(graph, "u")
