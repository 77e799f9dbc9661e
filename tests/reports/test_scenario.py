import re
import xml.etree.ElementTree as ElementTree

import pytest

from ostrom.core import catalogue
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.core.forms.normal_form import NormalForm
from ostrom.games import BookPrices, PublicGoods, SecurityDilemma
from ostrom.reports.scenario import scenario


def words(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")]


@pytest.mark.parametrize("name", catalogue.names("games"))
def test_every_scenario_has_a_picture_that_is_the_same_twice(name):
    made = catalogue.member("games", name)
    drawn = scenario(made())
    if name == "leduc_poker":  # 5,520 ends are no picture
        assert drawn == ""
        return
    assert drawn.startswith("<svg")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn)
    assert drawn == scenario(made())


def test_a_tree_shows_moves_payoffs_odds_and_who_is_who():
    game = ExtensiveForm(
        Chance(
            {
                "rain": (
                    0.25,
                    Choice("ann", {"stay": End(pays=(1, 2)), "go <now>": End(pays=(0, -1.5))}, sees="clouds"),
                ),
                "sun": (0.75, Choice("ann", {"stay": End(pays=(3, 0)), "go <now>": End(pays=(4, 4))}, sees="clouds")),
            }
        ),
        players=("ann", "bob"),
    )
    said = words(scenario(game))
    assert {"ann", "bob", "chance", "rain 0.25", "sun 0.75", "stay", "go <now>", "1, 2", "0, -1.5"} <= set(said)
    assert scenario(game).count("stroke-dasharray") == 1


def test_a_tree_of_beliefs_shows_what_is_true():
    assert any(text.endswith("0.902") for text in words(scenario(SecurityDilemma())))
    assert "2.5, 2.5" in words(scenario(SecurityDilemma()))


def test_hostile_names_stay_words():
    game = ExtensiveForm(Choice("<script>", {"&\u202e": End(pays=[1]), "b": End(pays=[2])}), players=("<script>",))
    drawn = scenario(game)
    assert "<script>" not in drawn
    assert "\u202e" not in drawn


def test_lines_are_named_and_loops_are_on_a_scale_of_factors():
    assert {"the best reply", "doing the same"} <= set(words(scenario(PublicGoods())))
    assert {"profnath", "bordeebook"} <= set(words(scenario(BookPrices())))


def test_a_few_who_are_not_alike_are_shown_before_and_after():
    three = NormalForm([[[[1, 1, 1], [2, 2, 2]], [[3, 3, 3], [4, 4, 4]]], [[[0, 0, 0]] * 2] * 2])
    said = words(scenario(three))
    assert "player 1, equilibrium" in said
    assert "player 3, optimum" in said


def test_what_could_not_be_read_has_no_picture():
    pennies = [[[[1, -1, 0]], [[-1, 1, 0]]], [[[-1, 1, 0]], [[1, -1, 0]]]]  # and one who has nothing to choose
    assert scenario(NormalForm(pennies)) == ""
