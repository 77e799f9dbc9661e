"""The JSON form: everything, in full, and nothing that is not JSON."""

import json as standard
import re

import numpy as np

from ostrom import __version__, games
from ostrom.designers._design import design
from ostrom.reports._plain import plain
from ostrom.reports.json import json


def _refuse(word):
    raise AssertionError(word)


def read(result):
    """The document, if it is strict JSON."""
    return standard.loads(json(result), parse_constant=_refuse)


def test_every_kind_is_strict_json_and_says_what_it_is(results):
    for result in results.values():
        document = read(result)
        assert document["ostrom"] == __version__
        assert document["kind"]


def test_numbers_read_back_as_they_were(dilemma):
    document = read(dilemma)
    facets = document["diagnosis"]["facets"]
    assert facets["conflict"] == dilemma.diagnosis.facets.conflict
    assert facets["precision"] == "inf"
    fines = next(line for line in document["design"]["lines"] if line["proposal"]["approach"] == "fines")
    assert fines["proposal"]["effects"]["after"] == [3.0, 3.0]
    assert fines["proposal"]["institution"]["schedule"] == [list(row) for row in dilemma.design.institution.schedule]


def test_claims_and_findings_are_in_it(dilemma, kinds):
    assert [claim["verdict"] for claim in read(dilemma)["claims"]] == [claim.verdict for claim in dilemma.claims]
    answers = read(kinds.verification)["answers"]
    assert {name: len(claims) for name, claims in answers.items()} == {"Equilibria": 1, "Learners": 5}
    assert all(line["proposal"]["claims"] for line in read(kinds.design)["lines"])
    assert all(line["plan"]["claims"] for line in read(kinds.road_design)["lines"])
    said = [finding["sentence"] for finding in read(kinds.traffic)["diagnosis"]["findings"]]
    assert said == [finding.sentence for finding in kinds.traffic.diagnosis.findings]


def test_no_object_is_written_as_its_repr(results):
    """Games, institutions, proposals and arrays are data: nothing in any document looks like a Python object."""
    for result in results.values():
        for word in strings(read(result)):
            assert " object at 0x" not in word
            assert not re.match(r"(array|\w+(Form|Plan|Proposal|Design|Claim|Needs|Effects))\(", word), word


def strings(value):
    """All strings in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def test_institutions_are_told_by_name_and_parameters(kinds):
    lines = {line["proposal"]["approach"]: line["proposal"]["institution"] for line in read(kinds.design)["lines"]}
    assert lines["tax"] == {"institution": "Tax", "on": "D", "rate": lines["tax"]["rate"], "shared": True}
    assert {"fines": "Fines", "restriction": "Ban", "contract": "Contract"}.items() <= {
        approach: found["institution"] for approach, found in lines.items()
    }.items()
    tolls = read(kinds.road_design)["lines"][0]["plan"]["institution"]
    assert tolls["institution"] == "Toll"
    assert len(tolls["charges"]) == 4


def test_games_are_told_by_name_and_tables_are_not_written_for_every_proposal(kinds):
    for line in read(kinds.many_moves)["design"]["lines"]:
        assert line["proposal"]["governed"]["players"] == ["firm 1", "firm 2"]
        assert not {"worth", "outcome"} & line["proposal"].keys()


def test_a_lottery_is_written_out():
    """Chicken's best advice is a lottery, which no single move stands for."""
    made = read(design(games.Chicken(), among=["advice"], welfare="nash"))
    for line in made["lines"]:
        assert line["proposal"]["target"] or np.isclose(np.sum(line["proposal"]["outcome"]), 1)


def test_what_is_said_is_said_once(kinds):
    plan = read(kinds.road_design)["lines"][0]["plan"]
    assert len(plan["findings"]) > 1
    assert "findings" not in plan["effects"]


def test_a_comparison_says_what_does_not_apply(kinds):
    document = read(kinds.comparison)
    assert document["lines"][0]["approach"] == "doing nothing"
    assert [one["approach"] for one in document["impossible"]] == ["quota"]


def test_half_a_pair_of_surrogates_can_be_written(hostile):
    assert "\ud800" not in json(hostile)
    json(hostile).encode()


def test_plain_data():
    given = {1: np.array([1.5, np.inf]), "set": {2, 1}, "none": None, "flag": np.bool_(True), "whole": np.int64(3)}
    assert plain(given) == {"1": [1.5, "inf"], "set": [1, 2], "none": None, "flag": True, "whole": 3}


def test_the_same_result_gives_the_same_bytes(dilemma):
    assert json(dilemma) == json(dilemma)
