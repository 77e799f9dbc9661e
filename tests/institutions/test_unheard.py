"""Unheard: who hears nothing is bound by nothing and told nothing, with the odds it has, seat by seat."""

import itertools

import numpy as np
import pytest

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma, Rescue
from ostrom.institutions import Allotment, Election, Fines, Unheard
from ostrom.testing.check_institution import check_institution

RULE = Allotment(("A", "B", "C"))


def wishes(look):
    """Rank sites as they are, and go to A where nobody says otherwise."""
    return {"wish": "A>B>C"} if "wish" in look.choices else {"act": look.choices["act"][0]}


@pytest.mark.parametrize("rule", [Allotment(("C", "D")), pytest.param(Election(("C", "D")), marks=pytest.mark.slow)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(Unheard(rule, 0.3))
    assert "Staged" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@pytest.mark.parametrize("loss", [0.0, 0.25, 1.0])
def test_who_is_saved_over_a_bad_radio_is_counted_by_hand(loss):
    """Each agency by itself goes to its own site, or to A where it did not hear."""
    game, expected = Rescue(), 0.0
    for lost in itertools.product((False, True), repeat=3):
        odds = np.prod([loss if one else 1 - loss for one in lost])
        at = np.array([0 if one else site for site, one in enumerate(lost)])
        expected += odds * float(game.bystander_payoffs_at(at)[0])
    found = game.under(Unheard(RULE, loss)).value(wishes)
    assert found.sum() == pytest.approx(expected)  # credit sums to who is saved


@pytest.mark.slow
def test_it_falls_with_every_loss_to_what_there_is_without_a_rule():
    values = [Rescue().under(Unheard(RULE, loss)).value(wishes).sum() for loss in (0.0, 0.2, 0.5, 0.8, 1.0)]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(Rescue.reference["saved at the optimum"])
    assert values[-1] == pytest.approx(Rescue.reference["saved at equilibrium"])


def test_who_hears_nothing_is_told_nothing():
    told = set()
    for seed in range(30):
        session = Session(Rescue(), [Unheard(RULE, 0.5)], seed=seed)
        for seat in range(3):
            session.submit(seat, {"wish": "A>B>C"})
        for seat in range(3):
            look = session.look(seat)
            heard = look.choices["act"] == (("A", "B", "C")[seat],)
            assert look.sees["allotted"] == ([0, 1, 2] if heard else [-1, -1, -1])
            assert heard or look.choices["act"] == ("A", "B", "C")
            told.add((seat, heard))
    assert told == set(itertools.product(range(3), (False, True)))


def test_on_the_command_line_and_refused():
    assert build("institutions", Unheard.example) == Unheard(Election(("C", "D")), 0.2)
    with pytest.raises(InputError, match="go unheard"):
        PrisonersDilemma().under(Unheard(Fines((("*", "D", 5.0),))))
    with pytest.raises(InputError, match="out of range"):
        Unheard(RULE, 1.5)
