"""Cheap talk: changes no payoff, keeps every equilibrium, and helps where interests agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import BattleOfTheSexes, PrisonersDilemma, StagHunt
from ostrom.institutions.cheap_talk import CheapTalk
from ostrom.institutions.tax import Tax
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

PLAYERS = ("ann", "bob")


@pytest.mark.parametrize("rule", [CheapTalk(), CheapTalk(("a", "b", "c"), ("player 2",))], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "Staged" in carriers["table"]


@given(st.lists(st.integers(-5, 5), min_size=8, max_size=8), st.sampled_from([(), ("ann",), ("bob",)]))
@settings(deadline=None, max_examples=40)
def test_babbling_is_always_there_and_pure_play_brings_nothing_new(values, who):
    """Every pure equilibrium stays one whatever is said, and after any words a pure equilibrium is played."""
    game = NormalForm(np.reshape(values, (2, 2, 2)), players=PLAYERS, moves=("C", "D"))
    outcomes = game.under(CheapTalk(("x", "y"), who)).subgame_perfect()
    bare = {tuple(game.payoffs[profile].tolist()) for profile in pure_equilibria(game).profiles}
    assert {o.payoffs for o in outcomes.points} == bare
    said = {o.path[0] for o in outcomes.points}
    assert len(said) == (2 ** (len(who) or 2) if bare else 0)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
@settings(deadline=None, max_examples=25)
def test_what_is_said_pays_nothing(odds):
    """Whoever mixes its words and does not listen to others gets what it would get without talk."""
    game = BattleOfTheSexes()

    def talks(look):
        own = look.seat
        if "say" in look.choices:
            return {"say": {"yes": odds[own], "no": 1 - odds[own]}}
        return {"act": {"opera": odds[2 + own], "match": 1 - odds[2 + own]}}

    mixture = tuple(np.array([odds[2 + i], 1 - odds[2 + i]]) for i in range(2))
    assert np.allclose(game.under(CheapTalk()).value(talks), game.expected_payoffs(mixture))


@given(st.floats(1.1, 6), st.floats(0.1, 1))
@settings(deadline=None, max_examples=25)
def test_farrells_equilibrium_of_the_battle_of_the_sexes(favourite, other):
    """Each names a place; if they name the same they go there, else they play the mixed equilibrium.

    With a for the favourite and b for the other, the mixed equilibrium is worth m = ab/(a + b) and is played as
    a/(a + b); a seat names its own favourite with odds q, at which naming either is worth the same to it:
    q m + (1 - q) a = q b + (1 - q) m.
    """
    a, b = favourite, other
    mixed = a * b / (a + b)
    own = (a - mixed) / (a - mixed + b - mixed)
    favourites = ("opera", "match")

    def strategy(look):
        mine, theirs = favourites[look.seat], favourites[1 - look.seat]
        if "say" in look.choices:
            return {"say": {mine: own, theirs: 1 - own}}
        said = set(look.sees["say"])
        return {"act": said.pop() if len(said) == 1 else {mine: a / (a + b), theirs: b / (a + b)}}

    game = BattleOfTheSexes(a, b).under(CheapTalk(favourites))
    value = game.value(strategy)
    assert np.allclose(value, own * mixed + (1 - own) * a)
    assert np.abs(game.gains(strategy)).max() < 1e-9
    assert (value > mixed).all()


def test_in_the_stag_hunt_a_word_is_enough_and_can_be_ignored():
    game = StagHunt().under(CheapTalk(("stag", "hare")))

    def believes(look):
        if "say" in look.choices:
            return {"say": "stag"}
        return {"act": "stag" if look.sees["say"] == ("stag", "stag") else "hare"}

    assert game.value(believes).tolist() == [4, 4]
    assert game.gains(believes).max() <= 1e-12
    assert game.concept == "subgame-perfect equilibrium"


def test_only_those_named_speak_and_all_hear_it():
    game = NormalForm(np.zeros((2, 2, 2)), players=PLAYERS, moves=("C", "D"))
    session = Session(game, [CheapTalk(("left", "right"), ("bob",))])
    assert session.waiting == (1,)
    session.submit(1, {"say": "right"})
    assert session.look(0).sees["say"] == (None, "right")
    assert session.look(0).choices == {"act": ("C", "D")}


def test_two_rounds_of_talk():
    game = NormalForm(np.zeros((2, 2, 2)), players=PLAYERS, moves=("C", "D"))
    assert list(game.under(CheapTalk(), CheapTalk()).charter.ground.parts) == ["say2", "say", "act"]


@pytest.mark.parametrize("words", [(), ("a",), ("a", "a")])
def test_fewer_than_two_words_say_nothing(words):
    with pytest.raises(InputError, match="two or more words"):
        CheapTalk(words)


def test_an_unknown_speaker_is_named():
    with pytest.raises(UnknownName, match="no player called 'cem'"):
        StagHunt().under(CheapTalk(who=("cem",)))


def test_on_the_command_line():
    assert build("institutions", "cheap_talk:words=(left,right)") == CheapTalk(("left", "right"))


def test_a_rule_on_a_move_is_on_what_is_done_and_not_on_what_is_said():
    """Laid outside, a tax on D meets two parts with that label: all say C and do D, and all pay."""
    talk = CheapTalk(("C", "D"))
    session = Session(PrisonersDilemma(), [talk, Tax(on="D", rate=1.0)], rounds=1)
    (said,) = session.look(0).choices
    assert said != "act"
    for choice in ({said: "C"}, {"act": "D"}):
        for seat in range(2):
            session.submit(seat, choice)
    assert session.totals.tolist() == [0.0, 0.0]
