import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.pressure import pressed, pressure
from ostrom.games import AIRace, PrisonersDilemma


def test_rivals_press_on_safety():
    found = pressed(AIRace())
    by = {trend.parameter: trend for trend in found.trends}
    assert by["players"].direction == "falls"
    assert by["enmity"].direction == "falls"
    assert by["capability"].direction == "rises"
    said = [finding.sentence for finding in found.findings]
    assert said[0].startswith("From 2 to 4 players what humanity gets falls from 0.5 to 0.3")
    assert "each further rival costs it 0.1" in said[0]


def test_what_presses_is_known_by_formula():
    """One move of two: the second pays p more and costs the public p each."""

    def family(prize):
        table = [[[0, 0], [0, prize]], [[prize, 0], [prize, prize]]]
        cost = -np.array([[[0.0], [1.0]], [[1.0], [2.0]]])
        return NormalForm(table, bystanders=("public",), bystander_payoffs=cost)

    (trend,) = pressure(family, "public", {"prize": (-2.0, -1.0, 1.0)}).trends
    assert trend.goal == pytest.approx((0, 0, -2), abs=1e-6)
    assert trend.direction == "falls"
    assert trend.per_step == pytest.approx(-2 / 3)


def test_no_pressure_is_said_to_be_none():
    def family(prize):
        return PrisonersDilemma(temptation=5 + prize)

    found = pressure(family, "row", {"prize": (0.0, 0.5)})
    assert found.trends[0].direction == "stays"
    assert "no pressure" in found.findings[0].sentence


def test_games_that_say_nothing_of_rivals_are_left_alone():
    assert pressed(PrisonersDilemma()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"over": {}},
        {"over": {"enmity": (0.5,)}},
        {"over": {"enmity": (0.5, 0.4)}},
        {"over": {"enmity": (0.5, float("nan"))}},
        {"over": {"speed": (1.0, 2.0)}},
        {"over": {"enmity": (0.5, 2.0)}},
        {"goal": "nobody"},
    ],
)
def test_what_cannot_be_compared_is_refused(wrong):
    with pytest.raises(InputError):
        pressure(AIRace, wrong.get("goal", "humanity"), wrong.get("over", {"enmity": (0.5, 1.0)}))
