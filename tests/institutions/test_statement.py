"""Signed statements: believed exactly when breaking them costs as much as it gains."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import BattleOfTheSexes, PrisonersDilemma, StagHunt
from ostrom.institutions.ban import Ban
from ostrom.institutions.statement import Statement
from ostrom.testing.check_institution import check_institution

PD = PrisonersDilemma()


@pytest.mark.parametrize("rule", [Statement(), Statement(1.5, shared=True)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "Staged" in carriers["table"]


def outcomes(game, rule):
    found = game.under(rule).subgame_perfect()
    return {(point.path[0], point.path[1]) for point in found.points}


@given(st.floats(0.0, 4.0))
@settings(max_examples=20, deadline=None)
def test_after_both_signed_cooperation_is_kept_iff_the_bond_is_the_gain(bond):
    """After "will C", C loses nothing against C from a bond of 2 on (5 - b ≤ 3), by the table of the last stage."""
    plays = PD.under(Statement(bond)).plays
    signed = (plays.moves["state"] == 1).all(-1)
    paid = {
        tuple(made): worth
        for made, worth in zip(plays.moves["act"][signed].tolist(), plays.payoffs[signed], strict=True)
    }
    assert paid[1, 0] == pytest.approx([5.0 - bond, 0.0])
    kept = paid[0, 0][0] >= paid[1, 0][0] and paid[0, 0][1] >= paid[0, 1][1]
    assert kept == (bond >= 2.0)


def test_a_statement_asks_nothing_of_the_others_and_so_nobody_signs_away_the_dilemma():
    for bond in (1.0, 2.5, 10.0):
        assert {acts for _, acts in outcomes(PD, Statement(bond))} == {(("act", "D"), ("act", "D"))}


def test_one_believed_statement_is_enough_in_a_stag_hunt():
    """Who signed "will stag" keeps it even alone from a bond of 3 on, and the other follows unless it signed hares."""
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    hares = (("act", "hare"), ("act", "hare"))
    said = {bond: {states for states, acts in outcomes(hunt, Statement(bond)) if acts == hares} for bond in (1.0, 3.5)}
    assert len(said[1.0]) > 1
    assert said[3.5] == {(("state", "will hare"), ("state", "will hare"))}


def test_a_statement_by_one_solves_what_needs_only_one():
    """In the battle of the sexes to sign one's own place first would lead; both at once can still clash."""
    game = BattleOfTheSexes()
    found = outcomes(game, Statement(5.0))
    told = {states for states, _ in found}
    assert any(states[0][1] != "nothing" and states[1][1] == "nothing" for states in told)


def test_without_a_bond_it_is_talk():
    plain, talked = StagHunt(), StagHunt().under(Statement(0.0))
    plays = talked.plays
    for row in range(plays.rows):
        made = tuple(plays.moves["act"][row])
        assert np.allclose(plays.payoffs[row], plain.payoffs[made])


def test_bonds_go_to_the_others():
    game = NormalForm(np.zeros((2, 2, 2, 3)), moves=("C", "D"))
    for shared, expected in ((True, [-2.0, 1.0, 1.0]), (False, [-2.0, 0.0, 0.0])):
        session = Session(game, [Statement(2.0, shared)], rounds=1)
        for seat, said in enumerate(("will C", "will D", "nothing")):
            session.submit(seat, {"state": said})
        for seat in range(3):
            session.submit(seat, {"act": "D"})
        assert session.totals.tolist() == expected


def test_what_is_forbidden_cannot_be_signed():
    session = Session(PD, [Ban((("*", "D"),)), Statement()], rounds=1)
    assert session.look(0).choices["state"] == ("nothing", "will C")


def test_each_can_sign_its_own_moves():
    game = NormalForm(np.zeros((2, 3, 2)), players=("row", "column"), moves=(("u", "d"), ("l", "m", "r")))
    look = Session(game, [Statement()], rounds=1).look
    assert look(0).choices["state"] == ("nothing", "will u", "will d")
    assert look(1).choices["state"] == ("nothing", "will l", "will m", "will r")
    plays = game.under(Statement(1.0)).plays
    assert {tuple(p) for p in product((0.0, -1.0), repeat=2)} == {tuple(p) for p in plays.payoffs[plays.legal].tolist()}


def test_a_move_that_is_called_nothing_is_refused():
    with pytest.raises(InputError, match="signs nothing"):
        NormalForm(np.zeros((2, 2, 2)), moves=("nothing", "all")).under(Statement())
