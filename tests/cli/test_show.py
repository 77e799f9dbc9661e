"""`ostrom show`: one thing, its parameters and how to call it."""

import pytest

from ostrom.core import catalogue
from ostrom.core.rooms import rooms

SHOWN = [(room, name) for room in rooms() if room != "worlds" for name in catalogue.names(room)]


def test_a_scenario(ostrom):
    said = ostrom("show", "prisoners-dilemma").stdout
    assert said.startswith("prisoners_dilemma, one of games")
    assert "temptation" in said
    assert "2 players (row, column), 4 joint moves" in said
    assert "ostrom audit prisoners_dilemma reward=3.0" in said


def test_an_institution(ostrom):
    said = ostrom("show", "Tax").stdout
    assert "rate" in said
    assert "ostrom audit GAME --under 'tax:on=D,rate=2,shared=true'" in said


def test_two_things_of_one_name_are_both_shown(ostrom):
    said = ostrom("show", "equilibria").stdout
    assert "equilibria, one of audits" in said
    assert "equilibria, one of diagnosis" in said


@pytest.mark.parametrize(("room", "name"), SHOWN, ids=lambda part: part)
def test_everything_can_be_shown(ostrom, room, name):
    done = ostrom("show", name)
    assert done.exit_code == 0, done.stderr
    assert f"{name}, one of {room}" in done.stdout
    assert "It does not say what it is" not in done.stdout


def test_an_unknown_thing(refused):
    assert "Did you mean" in refused("show", "taxx")
