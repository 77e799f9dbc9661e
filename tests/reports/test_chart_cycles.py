"""The picture of a circle: who is on it, which way arrows run, and when there is none."""

import numpy as np

import ostrom as om
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.cycles import cycles
from ostrom.reports._chart_cycles import circle_picture
from ostrom.reports._vega import drawn


def symmetric(row, names=None):
    row = np.asarray(row, float)
    return NormalForm(np.stack([row, row.T], axis=-1), moves=names)


def layers(picture, kind):
    return [row for layer in picture.chart["layer"] if layer["mark"]["type"] == kind for row in layer["data"]["values"]]


def test_every_contestant_and_every_win_is_drawn():
    wins = np.array([[0, 4, 4, -1], [-4, 0, 1, 2], [-4, -1, 0, 3], [1, -2, -3, 0]])
    picture = circle_picture(cycles(symmetric(wins, tuple("ABCD"))))
    places = {row["label"]: np.array([row["x"], row["y"]]) for row in layers(picture, "text")}
    arrows = layers(picture, "rule")
    assert (set(places), len(arrows)) == (set("ABCD"), 6)
    for arrow in arrows:
        start, end = np.array([arrow["x"], arrow["y"]]), np.array([arrow["x2"], arrow["y2"]])
        one, two = (min(places, key=lambda who: np.linalg.norm(places[who] - point)) for point in (start, end))
        assert wins["ABCD".index(one), "ABCD".index(two)] > 0
    assert sum(arrow["named"] for arrow in arrows) == 3
    assert picture.words == "Arrows from who beats to who is beaten: A, B, D and A again."
    assert drawn(picture.chart, "x").startswith("<svg")


def test_only_who_is_in_the_knot_stands_there():
    row = np.subtract.outer(-np.arange(6.0), -np.arange(6.0))
    row[4, 2], row[2, 4] = 0.5, -0.5
    picture = circle_picture(cycles(symmetric(row, tuple("abcdef"))))
    assert {row["label"] for row in layers(picture, "text")} == set("cde")


def test_no_picture_where_a_ranking_holds_or_players_differ():
    assert circle_picture(cycles(om.games.PrisonersDilemma())) is None
    assert circle_picture(cycles(om.games.MatchingPennies())) is None
