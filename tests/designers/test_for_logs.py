"""Our designs for recorded games: what planted agents are predicted to make of them, counted by hand."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from ostrom import NormalForm
from ostrom.core.errors import InputError
from ostrom.designers.for_logs import for_logs
from ostrom.diagnosis.predicted_arms import predict_arms
from ostrom.institutions.contract import Contract
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.tax import Tax

MATRIX = {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}
COOPERATES = {"x/mild": 0.3, "x/sharp": 0.1}


@pytest.fixture(scope="module")
def predictions(tmp_path_factory):
    """Two models with no regard for others, who state how often they cooperate; and one recorded mechanism."""
    folder, lines = tmp_path_factory.mktemp("records"), {"configs": [], "payoffs": [], "plays": []}
    for mechanism in ("no_mechanism", "mediation"):
        name = {"cell": mechanism, "game": "dilemma", "mechanism": mechanism, "variant": mechanism}
        game = {"type": "PrisonersDilemma", "kwargs": {"payoff_matrix": MATRIX}}
        lines["configs"].append({**name, "config": {"game": game, "mechanism": {"type": mechanism, "kwargs": {}}}})
        for matchup, pair in enumerate([(a, b) for a in COOPERATES for b in COOPERATES]):
            agents, points = [f"{model}(IO)" for model in pair], [1.5, 1.5]
            lines["payoffs"].append({"cell": mechanism, "discount": 1.0, "seat_agents": agents, "payoffs": [[points]]})
            for seat in range(2) if mechanism == "no_mechanism" else ():
                share = 100 * COOPERATES[pair[seat]]
                play = {"cell": mechanism, "matchup": matchup, "round": 0, "seat": seat + 1, "model": pair[seat]}
                play |= {"mode": "IO", "action": "DEFECT", "points": 0, "probs": {"A0": share, "A1": 100 - share}}
                lines["plays"].append(play)
    for file, rows in lines.items():
        (folder / f"{file}-r1.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return predict_arms(folder)


def under(*institutions, target=("COOPERATE", "COOPERATE")):
    return lambda game: SimpleNamespace(governed=game.under(*institutions), target=target)


def odds_of_cooperating(predictions, gain):
    """Per agent, when cooperating brings `gain` more than defecting whatever the other does: logit by hand.

    Without a mechanism it brings -1, which makes the stated chance; log-odds are in proportion to it.
    """
    stated = np.array([COOPERATES[name.removesuffix("(IO)")] for name in predictions.agents["each for itself"].names])
    logs = -gain * np.log(stated / (1 - stated))
    return 1 / (1 + np.exp(-logs))


def test_a_tax_is_played_as_the_fitted_agents_would(predictions):
    """A tax of 3 on defecting makes cooperating worth 2 more; the revenue leaves the game."""
    (row,) = for_logs(predictions, {"a tax": under(Tax("DEFECT", 3.0))}).rows
    cooperate = odds_of_cooperating(predictions, 2.0).mean()
    assert row.share.value == pytest.approx(cooperate, abs=0.01)  # welfare of the dilemma is linear in cooperation
    assert row.without.value == pytest.approx(odds_of_cooperating(predictions, -1.0).mean(), abs=0.01)
    assert row.paid_in == pytest.approx(-2 * 3 * (1 - cooperate), abs=0.06)
    assert row.moved == pytest.approx(2 * 3 * (1 - cooperate), abs=0.06)
    assert row.largest == 3
    assert row.share.low is not None
    assert row.share.high is not None
    assert row.share.low < row.share.value < row.share.high


def test_a_tax_that_is_given_back_costs_nobody_outside_anything(predictions):
    (row,) = for_logs(predictions, {"a shared tax": under(Tax("DEFECT", 3.0, shared=True))}).rows
    cooperate = odds_of_cooperating(predictions, 0.5).mean()  # half of one's own tax comes back
    assert row.share.value == pytest.approx(cooperate, abs=0.01)
    assert row.paid_in == pytest.approx(0, abs=1e-12)
    assert row.moved == pytest.approx(2 * cooperate * (1 - cooperate) * 1.5, abs=0.06)


def test_payments_and_bans_in_a_table_are_read_off_it(predictions):
    """A remedy that is a plain table: moves are told by their labels, payments by the difference."""

    def ban(game):
        return SimpleNamespace(
            governed=NormalForm(game.payoffs[:1, :1], moves=("COOPERATE",)), target=("COOPERATE",) * 2
        )

    def bonus(game):
        return SimpleNamespace(governed=NormalForm(game.payoffs + 1, moves=game.moves), target=("COOPERATE",) * 2)

    banned, paid = for_logs(predictions, {"a ban": ban, "a bonus": bonus}).rows
    assert (banned.share.value, banned.paid_in, banned.largest) == (1, 0, 0)
    assert paid.share.value == pytest.approx(paid.without.value, abs=1e-9)
    assert (paid.paid_in, paid.moved, paid.largest) == pytest.approx((2, 2, 1))


def test_a_mediator_is_measured_in_points_of_the_game(predictions):
    found = for_logs(predictions, {"a mediator": under(Mediator("COOPERATE", "DEFECT"))})
    assert found.rows[0].share.value == pytest.approx(predictions.rows[0].predicted["with regard for others"].value)
    assert found.rows[0].best_recorded is not None
    assert found.rows[0].best_recorded.cell.name == "mediation"
    said = found.findings[0].sentence
    assert "the most that was recorded is 50 %, with mediation" in said
    assert "a prediction, not evidence" in said


def test_what_cannot_be_predicted_is_said(predictions):
    never = lambda game: SimpleNamespace(because="There is no such thing.")  # noqa: E731
    found = for_logs(predictions, {"a wish": never, "a contract": under(Contract("COOPERATE", 2.0, each_round=True))})
    assert found.rows == ()
    assert found.none["dilemma", "a wish"] == "There is no such thing."
    assert "no table" in found.none["dilemma", "a contract"]
    assert "a wish for dilemma nothing is predicted: There is no such thing." in found.findings[0].sentence


def test_a_design_that_is_none_is_refused(predictions):
    with pytest.raises(InputError, match="gave int, which holds no game"):
        for_logs(predictions, {"nonsense": lambda game: 3})


def test_findings_can_be_written_as_json(predictions):
    found = for_logs(predictions, {"a tax": under(Tax("DEFECT", 3.0))})
    assert json.loads(json.dumps(found.findings[0].__dict__, allow_nan=False))["numbers"]["largest"] == 3
