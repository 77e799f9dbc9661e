"""Delegations as TOML and JSON: the documented form, and what is said when a file departs from it."""

import json
import math

import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.formats.delegation import load_delegation, read_delegation

PAYOFFS = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
GAME = NormalForm(PAYOFFS, players=("row", "column"), moves=("C", "D"), name="dilemma")
WHOLE = """
precision = 2.5
welfare = "utilitarian"

[utilities]
row = {row = 1, column = 1}     # row's principal cares about both

[rewards]
column = [[3, 5], [0, 1]]       # by row's move, then column's

[bystanders]
public = {row = -1}

[observed]
row = {C = 6, D = 4}
column = [0.5, 0.5]
"""


def test_the_documented_form_means_what_it_says():
    delegation = read_delegation(WHOLE, "lake.toml", GAME)
    assert delegation.principals == ("row", "column", "public")
    assert delegation.precision == 2.5
    assert delegation.utilities[..., 0].tolist() == [[6, 5], [5, 2]]
    assert delegation.utilities[..., 2].tolist() == [[-3, 0], [-5, -1]]
    assert delegation.rewards[..., 1].tolist() == [[3, 5], [0, 1]]
    assert [own.tolist() for own in delegation.counts or ()] == [[6, 4], [0.5, 0.5]]


def test_json_says_the_same_as_toml():
    text = json.dumps({"precision": "inf", "rewards": {"row": {"row": 1, "column": 1}}})
    from_json = read_delegation(text, game=GAME)
    from_toml = read_delegation("precision = inf\n[rewards]\nrow = {row = 1, column = 1}", game=GAME)
    assert from_json.precision == from_toml.precision == math.inf
    assert from_json.rewards.tolist() == from_toml.rewards.tolist()


def test_the_game_may_stand_in_the_file():
    text = json.dumps({"game": {"players": ["a", "b"], "payoffs": PAYOFFS}, "rewards": {"a": {"b": 1}}})
    delegation = read_delegation(text)
    assert delegation.game.players == ("a", "b")
    assert delegation.rewards[1, 0].tolist() == [0, 0]


def test_a_given_game_wins_over_the_one_in_the_file():
    text = json.dumps({"game": {"payoffs": PAYOFFS}, "precision": 1})
    assert read_delegation(text, game=GAME).game.name == "dilemma"


def test_from_a_file(tmp_path):
    path = tmp_path / "lake.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert load_delegation(path, GAME).precision == 2.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("precision = -1", "precision"),
        ("precision = nan", "precision"),
        ("precison = 1", "precison"),
        ("[utilities]\nrwo = {row = 1}", "rwo"),
        ("[utilities]\nrow = [[1, 2], [3]]", "utilities"),
        ("[utilities]\nrow = [[1, 2], [3, nan]]", "nan"),
        ("[observed]\nrow = [1, 2]", "column"),
        ("utilities = 3", "utilities"),
        ("[utilities\n", "line 1"),
        ('{"precision": NaN}', "not finite"),
    ],
)
def test_what_cannot_be_used_is_named(text, says):
    with pytest.raises(InputError) as caught:
        read_delegation(text, "lake.toml", GAME)
    assert caught.value.what.startswith("lake.toml")
    assert says in str(caught.value)


def test_without_a_game_there_is_nothing_to_delegate():
    with pytest.raises(InputError, match="which game"):
        read_delegation("precision = 1")


def test_other_suffixes_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"neither \.toml nor \.json"):
        load_delegation(tmp_path / "lake.yaml", GAME)
