"""`ostrom show`: one thing, its parameters and how to call it."""

import pytest

from ostrom.core import catalogue
from ostrom.core.rooms import rooms

NEED_JAX = ("worlds", "learners")
SHOWN = [(room, name) for room in rooms() if room not in NEED_JAX for name in catalogue.names(room)]


def test_a_scenario(ostrom):
    said = ostrom("show", "prisoners-dilemma").stdout
    assert said.startswith("prisoners_dilemma, one of games")
    assert "temptation" in said
    assert "2 players (row, column), 4 joint moves" in said
    assert "ostrom audit prisoners_dilemma reward=3.0" in said


def test_a_tree_with_too_many_strategies_to_name(ostrom):
    assert "a tree with 288 information sets" in ostrom("show", "leduc_poker").stdout


def test_an_institution(ostrom):
    said = ostrom("show", "Tax").stdout
    assert "rate" in said
    assert "ostrom audit GAME --under 'tax:on=D,rate=2,shared=true'" in said


def test_what_an_institution_declares(ostrom):
    said = ostrom("show", "graduated_sanctions").stdout
    assert "What it declares, made as graduated_sanctions:on=D,fines=(2.5,4,6),forgotten=3" in said
    assert "kind         strategic, formal, central, designed" in said
    assert "enforced by  whoever can observe the moves and keeps count" in said
    assert "memory       finite: it needs a repeated game" in said
    assert "budget       surplus: it never pays out on balance" in said
    assert "hooks        menu, found, inform, permit, settle, remember" in said


def test_a_wrapper_declares_what_it_wraps(ostrom):
    said = ostrom("show", "mistakes").stdout
    assert "kind         strategic, informal, decentral, emergent" in said
    assert "enforced by  the players, by what they do to those of bad standing" in said
    assert "hooks        menu, found, dice, inform, remember" in said


def test_every_institution_declares_something(ostrom):
    for name in catalogue.names("institutions"):
        assert "What it declares" in ostrom("show", name).stdout, name


def test_a_world(ostrom):
    pytest.importorskip("jax")
    said = ostrom("show", "coin_game").stdout
    assert "height   a whole number of at least 2; 3 if left out" in said
    assert "for example: ostrom train coin_game horizon=50" in said
    assert "In its small preset: 2 seats (player 1, player 2), 32 steps an episode" in said
    assert "bots: random, selfish, cooperative, reciprocal" in said


def test_a_learner_and_an_agent(ostrom):
    pytest.importorskip("jax")
    assert "for example: ostrom train WORLD --learner ippo:length=64" in ostrom("show", "ippo").stdout
    assert "for example: ostrom play WORLD --seat 'SEAT=imitator:does=does'" in ostrom("show", "imitator").stdout


@pytest.mark.parametrize("room", NEED_JAX)
def test_what_needs_jax_can_be_shown_too(ostrom, room):
    pytest.importorskip("jax")
    for name in catalogue.names(room):
        if name in ("pettingzoo", "gymnasium"):
            pytest.importorskip(name)
        done = ostrom("show", name)
        assert done.exit_code == 0, (name, done.stderr)
        assert f"{name}, one of {room}" in done.stdout


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
