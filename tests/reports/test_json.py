"""The JSON form: everything, in full, and nothing that is not JSON."""

import json as standard

import numpy as np

from ostrom import __version__
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
    assert document["remedies"][0]["found"]["payments"] == dilemma.remedies[0].found.payments.tolist()


def test_claims_and_findings_are_in_it(dilemma, kinds):
    assert [claim["verdict"] for claim in read(dilemma)["claims"]] == ["proved"] * 8
    said = [finding["sentence"] for finding in read(kinds.traffic)["diagnosis"]["findings"]]
    assert said == [finding.sentence for finding in kinds.traffic.diagnosis.findings]


def test_half_a_pair_of_surrogates_can_be_written(hostile):
    assert "\ud800" not in json(hostile)
    json(hostile).encode()


def test_plain_data():
    given = {1: np.array([1.5, np.inf]), "set": {2, 1}, "none": None, "flag": np.bool_(True), "whole": np.int64(3)}
    assert plain(given) == {"1": [1.5, "inf"], "set": [1, 2], "none": None, "flag": True, "whole": 3}


def test_the_same_result_gives_the_same_bytes(dilemma):
    assert json(dilemma) == json(dilemma)
