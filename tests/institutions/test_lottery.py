"""Lottery: who is drawn, how often, and what a draw is worth."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma
from ostrom.institutions.lottery import Lottery
from ostrom.testing.check_institution import check_institution

CHICKEN = NormalForm([[[0, 0], [0, 4]], [[4, 0], [-3, -3]]], moves=("wait", "go"))


@pytest.mark.parametrize("rule", [Lottery("harvest"), Lottery("D", 2), Lottery("D", 9)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


def greedy(look):
    return {"act": look.choices["act"][-1]}


def test_in_chicken_a_lot_is_worth_what_taking_turns_is():
    """The one who is drawn goes and gets 4, the other waits: 2 each on average; without it both go, at -3."""
    game = CHICKEN.under(Lottery("go"))
    assert game.value(greedy) == pytest.approx([2.0, 2.0])
    assert game.gains(greedy).max() == pytest.approx(0.0)


@given(st.integers(1, 6), st.integers(1, 4))
def test_as_many_are_drawn_as_may_be_and_each_equally_often(players, holders):
    rule = Lottery("D", holders)
    groups = rule._groups(players)
    assert (groups.sum(1) == min(holders, players)).all()
    assert len(np.unique(groups, axis=0)) == len(groups) == comb(players, min(holders, players))
    assert len(set(groups.sum(0).tolist())) == 1


def test_live_each_round_draws_anew_and_all_see_it():
    session, seen = Session(PrisonersDilemma(), [Lottery("D")], rounds=60, seed=1), []
    while not session.over:
        drawn = session.look(0).sees["drawn"]
        assert sum(drawn) == 1
        for seat in range(2):
            assert session.look(seat).choices["act"] == (("C", "D") if drawn[seat] else ("C",))
        seen.append(drawn[0])
        for seat in range(2):
            session.submit(seat, greedy(session.look(seat)))
    assert 18 <= sum(seen) <= 42


def test_drawing_all_is_no_rule():
    game = PrisonersDilemma()
    assert np.allclose(game.under(Lottery("D", 2)).payoffs, game.payoffs)


def test_too_many_ways_are_refused():
    game = NormalForm(np.zeros((2, *(1,) * 29, 30)), moves=[("C", "D"), *[("C",)] * 29])
    with pytest.raises(InputError, match="155,117,520 ways"):
        game.under(Lottery("D", 15))
