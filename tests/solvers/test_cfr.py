import json
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import BeerQuiche, Chicken, KuhnPoker, LeducPoker
from ostrom.solvers.cfr import VARIANTS, cfr

CURVES = json.loads((Path(__file__).parent / "data" / "cfr.json").read_text(encoding="utf-8"))["curves"]


@pytest.fixture(scope="module")
def games():
    return {"kuhn_poker": KuhnPoker(), "leduc_poker": LeducPoker()}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("variant", ["cfr", "cfr+", "linear", "discounted"])
def test_iteration_by_iteration_it_is_open_spiels(games, name, variant):
    stored = dict(map(tuple, CURVES[name][variant]))
    ours = dict(cfr(games[name], max(stored), variant=variant, every=1).history)
    for iteration, exploitability in stored.items():
        assert ours[iteration] == pytest.approx(exploitability, abs=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_comes_near_the_value_of_kuhn_poker(games, variant):
    found = cfr(games["kuhn_poker"], 500, variant=variant)
    assert found.regret < 0.01
    assert games["kuhn_poker"].value(found.points[0])[0] == pytest.approx(-1 / 18, abs=0.005)
    assert found.history[-1][1] < found.history[0][1] / 50


def test_what_is_said_of_the_average_is_what_best_replies_gain(games):
    found = cfr(games["leduc_poker"], 50, variant="discounted")
    gains = games["leduc_poker"].gains(found.points[0])
    assert found.regret == gains.max()
    assert found.history[-1] == (50, pytest.approx(gains.sum()))
    assert found.status == "partial"


def test_it_stops_at_a_tolerance_and_in_time(games):
    found = cfr(games["kuhn_poker"], 10_000, tolerance=0.05)
    assert found.iterations < 200
    assert found.history[-1][1] <= 0.05
    assert cfr(games["leduc_poker"], 10**6, seconds=0.05).status == "timed out"


def test_matching_pennies_as_a_tree():
    """One information set each: regret matching on a table, whose equilibrium is known."""
    second = {
        a: Choice("b", {m: End(pays=(w, -w)) for m, w in zip("ht", pay, strict=True)}, sees="x")
        for a, pay in (("h", (1, -1)), ("t", (-1, 1)))
    }
    game = ExtensiveForm(Choice("a", second), players=("a", "b"))
    found = cfr(game, 2000, variant="predictive")
    assert np.concatenate(found.points[0]) == pytest.approx(np.full(4, 0.5), abs=0.02)


def test_general_sums_are_warned_of():
    assert "need not be near" in cfr(BeerQuiche(), 10).note
    assert cfr(KuhnPoker(), 10).note == ""


def test_a_player_without_a_choice_is_no_trouble():
    game = ExtensiveForm(
        Chance(
            {"a": (0.5, Choice("one", {"l": End(pays=(1, 0)), "r": End(pays=(0, 0))})), "b": (0.5, End(pays=(0, 0)))}
        ),
        players=("one", "two"),
    )
    found = cfr(game, 200)
    assert game.value(found.points[0])[0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("wrong", [{"iterations": 0}, {"iterations": 2.5}, {"variant": "best"}, {"every": -1}])
def test_impossible_wishes_are_refused(games, wrong):
    with pytest.raises(InputError):
        cfr(games["kuhn_poker"], **wrong)


def test_a_table_and_a_forgetful_player_are_refused():
    with pytest.raises(InputError, match="no tree"):
        cfr(Chicken())
    forgets = Choice("a", {m: Choice("a", {"l": End(pays=[1]), "r": End(pays=[0])}, sees="later") for m in "xy"})
    with pytest.raises(InputError, match="forgets"):
        cfr(ExtensiveForm(forgets, players=("a",)))
