"""Predictions in an audit of records: planted agents whose mediators are told, one that departs, and what is said."""

import json as standard
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ostrom.designers.for_logs import OursForLogs
from ostrom.diagnosis._log_scores import REGARDING
from ostrom.reports._page import Picture, Table
from ostrom.reports._page_forecast import forecast_lead, forecast_sections
from ostrom.reports._pages import page_of
from ostrom.reports.audit import audit
from ostrom.reports.html import html
from ostrom.reports.json import json
from ostrom.reports.svg import svg
from ostrom.reports.text import text

MATRIX = {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}
COOPERATES = {"x/mild": 0.3, "x/plain": 0.2, "x/sharp": 0.1}
"""Three models that state how often they cooperate; mean points are 1 + that."""


def write(folder, arms, models=tuple(COOPERATES), matrix=MATRIX):
    """Records of a prisoner's dilemma: per mechanism, what every meeting paid each."""
    lines = {"configs": [], "payoffs": [], "plays": []}
    for mechanism, points in arms.items():
        name = {"cell": f"pd_{mechanism}", "game": "prisoners_dilemma", "mechanism": mechanism, "variant": mechanism}
        game = {"type": "PrisonersDilemma", "kwargs": {"payoff_matrix": matrix}}
        lines["configs"].append({**name, "config": {"game": game, "mechanism": {"type": mechanism, "kwargs": {}}}})
        for matchup, pair in enumerate([(a, b) for a in models for b in models]):
            paid = [points, points] if points else [1 + COOPERATES[pair[1]], 1 + COOPERATES[pair[0]]]
            agents = [f"{model}(IO)" for model in pair]
            lines["payoffs"].append({"cell": name["cell"], "discount": 1.0, "seat_agents": agents, "payoffs": [[paid]]})
            for seat in range(2) if mechanism == "no_mechanism" else ():
                share = 100 * COOPERATES[pair[seat]]
                play = {"cell": name["cell"], "matchup": matchup, "round": 0, "seat": seat + 1, "model": pair[seat]}
                play |= {"mode": "IO", "action": "DEFECT", "points": 0, "probs": {"A0": share, "A1": 100 - share}}
                lines["plays"].append(play)
    for file, rows in lines.items():
        (folder / f"{file}-r1.jsonl").write_text("".join(standard.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Under a mediator and a contract everybody always gets the same, so that intervals are points."""
    folder = tmp_path_factory.mktemp("planted")
    return audit(write(folder, {"no_mechanism": None, "mediation": 1.0, "divination": 1.5}))


def sections(found):
    return {section.title: section for section in page_of(found).sections}


def blocks(found, kind) -> list[Any]:
    return [
        block
        for section in forecast_sections(found.forecast, found.ours, found.unsought)
        for block in section.blocks
        if isinstance(block, kind)
    ]


def test_a_prediction_that_failed_is_called_a_miss(found):
    """Nobody gained anything with the mediator, and a rise was predicted."""
    (row,) = found.forecast.rows
    assert row.hit() is False
    told, *_ = blocks(found, Table)
    assert told.rows[0][:2] == ("prisoner's dilemma", "mediation")
    assert told.rows[0][2] == pytest.approx(100 * row.predicted[REGARDING].value, abs=0.05)
    assert told.rows[0][3:] == (0.0, "0 to 0", "miss", 20.0)
    assert told.marked == {0}
    assert "0 of 1 prediction from play without a mechanism alone hit" in page_of(found).lead


def test_scores_stand_beside_the_two_baselines(found):
    _, scores, *_ = blocks(found, Table)
    assert [row[0] for row in scores.rows] == [score.forecast for score in found.forecast.scores]
    assert scores.rows[2][:3] == ("no change", "0 of 1", 20)
    assert scores.rows[3][:3] == ("all do their part", "0 of 1", 100)
    assert [row[-1] for row in scores.rows] == [None] * 4  # one mechanism alone has no order


def test_hits_and_misses_differ_in_shape_and_in_colour(found):
    """The same arm drawn as it came, and as if any share had been recorded."""
    row = found.forecast.rows[0]
    wide = replace(row, recorded=replace(row.recorded, low=0.0, high=1.0))
    alone = replace(row, recorded=replace(row.recorded, low=None, high=None))
    looks, words = [], []
    for one in (row, wide, alone):
        (picture,) = blocks(replace(found, forecast=replace(found.forecast, rows=(one,))), Picture)
        marks = [layer["mark"] for layer in picture.chart["layer"] if layer["mark"]["type"] == "point"]
        looks += [(mark["shape"], mark["color"]) for mark in marks]
        words.append(picture.words.rpartition(", ")[2])
    assert [len(set(part)) for part in zip(*looks, strict=True)] == [3, 3]
    assert words == ["miss", "hit", "–"]


def test_ours_is_called_a_prediction_and_no_evidence(found):
    (title,) = (title for title in sections(found) if "ours" in title)
    assert "a prediction, not evidence" in title
    assert "Ours would have been fines with room" in page_of(found).lead
    ours = blocks(found, Table)[2]
    assert [row[1] for row in ours.rows] == ["fines with room", "fines", "restriction"]
    assert ours.marked == {0}
    lead = 3.0  # a margin of the whole range of payoffs
    odds = np.array([share / (1 - share) for share in COOPERATES.values()]) ** -lead  # of what costs 1 without
    assert ours.rows[0][2] == pytest.approx(100 * (odds / (1 + odds)).mean(), abs=1.5)
    assert ours.rows[0][4:7] == (20, 0.0, 4.0)
    assert ours.rows[0][7] == "0 %, mediation"  # what divination brought is no arm that could be predicted


def test_every_form_says_it(found):
    said = " ".join(text(found, 200).split())
    assert "a prediction, not evidence" in said
    assert "That this beats “no change” among other models, too, is not sure" in said
    for form in (html(found), svg(found)):
        assert "orange diamond" in form


def test_the_json_is_plain_and_the_same_twice(found):
    read = standard.loads(json(found), parse_constant=lambda word: pytest.fail(word))
    row = read["forecast"]["rows"][0]
    assert row["hit"][REGARDING] is False
    assert row["recorded"]["value"] == 0
    assert "redrawn" not in row
    assert read["ours"]["rows"][0]["design"] == "fines with room"
    assert read["ours"]["rows"][0]["governed"]["players"] == ["player 1", "player 2"]
    assert "frozenset" not in json(found)


def test_findings_of_the_audit_hold_predictions(found):
    topics = {finding.topic for finding in found.findings}
    assert {"welfare", "forecast", "score", "ours"} <= topics


def test_without_play_to_fit_it_says_so(tmp_path):
    found = audit(write(tmp_path, {"mediation": 1.5}))
    assert found.forecast is found.ours is None
    assert "No play without a mechanism was recorded" in found.unsought
    assert found.unsought in " ".join(text(found, 200).split())


def test_a_cell_without_anything_to_predict_says_so(tmp_path):
    """The bare arm alone: nothing is predicted of it, but ours is for its game."""
    found = audit(write(tmp_path, {"no_mechanism": None, "mediation": 1.5}), cell="no_mechanism")
    assert found.forecast is not None
    assert found.ours is not None
    assert found.forecast.rows == ()
    assert "no mechanism among these arms that could be predicted" in " ".join(text(found, 200).split())
    assert {row.game for row in found.ours.rows} == {"prisoners_dilemma"}


def test_one_model_hits_and_misses_nothing(tmp_path):
    found = audit(write(tmp_path, {"no_mechanism": None, "mediation": 1.5}, models=("x/mild",)))
    assert blocks(found, Table)[0].rows[0][4:6] == ("one model, none", "no interval")
    assert "one model leaves no interval to hit" in page_of(found).lead
    html(found)


def test_an_objection_leaves_it_to_the_next(found):
    first, *others = found.ours.rows
    objected = OursForLogs((replace(first, objection="It costs too much."), *others), {("a_game", "a wish"): "No."})
    assert "Ours would have been fines, predicted" in " ".join(forecast_lead(None, objected))
    tables = blocks(replace(found, ours=objected), Table)
    assert tables[2].rows[0][1] == "fines with room (objection: It costs too much.)"
    assert tables[2].marked == {1}
    assert tables[3].rows == (("a game", "a wish", "No."),)


def test_where_nothing_can_be_gained_nothing_is_predicted(tmp_path):
    constant = {"CC": [1, 1], "CD": [0, 2], "DC": [2, 0], "DD": [1, 1]}
    found = audit(write(tmp_path, {"no_mechanism": 1.0, "mediation": 1.0}, matrix=constant))
    assert found.forecast is found.ours is None
    assert "there is nothing to gain" in found.unsought


@pytest.mark.slow
def test_the_published_records(shared_data):
    found = audit(shared_data / "coopeval")
    assert found.forecast is not None
    assert [row.hit() for row in found.forecast.rows].count(True) == 12
    lead = page_of(found).lead
    assert "12 of 16 predictions from play without a mechanism alone hit" in lead
    assert "predicted to bring 98 to 100 % of the possible gain: a prediction, not evidence" in lead
    told, _, ours = blocks(found, Table)
    assert [row[5] for row in told.rows].count("miss") == len(told.marked) == 4
    room = [row for row in ours.rows if row[1] == "fines with room"]
    assert [row[6] for row in room] == pytest.approx([4, 2, 8, 9, 28])
    assert [row[2] for row in room] == pytest.approx([99, 99, 99, 98, 100], abs=1)
