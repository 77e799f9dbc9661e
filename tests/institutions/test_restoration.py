"""Restoration: standing can be bought back, and what price keeps it worth having."""

import numpy as np
import pytest

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma
from ostrom.institutions.mistakes import Mistakes
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.restoration import Restoration
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution


def atones(look):
    """Atone when in bad standing, and do to the other what its standing calls for."""
    if "atone" in look.choices:
        return {"atone": look.choices["atone"][-1]}
    return {"act": "C" if look.sees["standing"][1 - look.seat] else "D"}


@pytest.mark.parametrize(
    "rule", [Restoration(Reputation()), Restoration(Mistakes(Reputation("GBBGGBBG"), 0.1), 0.5)], ids=str
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    assert rule.budget == "surplus"
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "states" in carriers["repeated"]


def test_standing_is_lost_paid_for_and_had_at_once():
    session = Session(PrisonersDilemma(), [Restoration(Reputation(), 1.5)], rounds=4)
    assert session.stage == 1  # nobody has anything to atone for
    for seat, act in enumerate("DC"):
        session.submit(seat, {"act": act})
    assert session.look(0).sees["standing"] == [False, True]
    assert session.waiting == (0,)
    session.submit(0, {"atone": "yes"})
    assert session.look(1).sees["standing"] == [True, True]
    assert session.look(1).sees["atone"] == ("yes", "no")
    before = session.totals.copy()
    for seat in range(2):
        session.submit(seat, {"act": "C"})
    assert (session.totals - before).tolist() == [1.5, 3.0]
    assert session.look(0).sees["standing"] == [True, True]


def test_who_does_not_atone_stays_as_it_is():
    session = Session(PrisonersDilemma(), [Restoration(Reputation())], rounds=3)
    for acts in ("DC", "DD"):
        for seat, act in enumerate(acts):
            if session.waiting == (0,) and "atone" in session.look(0).choices:
                session.submit(0, {"atone": "no"})
            session.submit(seat, {"act": act})
    assert session.look(0).sees["standing"] == [False, True]


@pytest.mark.parametrize("discount", [0.7, 0.9])
@pytest.mark.parametrize("cost", [0.0, 1.0, 2.0, 2.5, 3.0, 4.0])
def test_defecting_gains_what_atoning_is_too_cheap_by(cost, discount):
    """Defect (2 more) and atone in the next round (costs c), every time; or, if c > 3, cooperate as a sucker (3 less).

    So stern judging holds from every state on if and only if 2/δ ≤ c ≤ 3: atoning has to cost more than defecting
    gains, and no more than the other way back.
    """
    game = PrisonersDilemma().repeated(discount).under(Restoration(Reputation("GBBG"), cost))
    gains = game.gains(atones)
    assert np.allclose(gains[0], max(0.0, 2 - discount * min(cost, 3.0)))
    assert bool(gains.max() <= 1e-9) is (2 / discount <= cost <= 3.0)


def test_mistakes_cost_what_atoning_costs():
    """One entry in twenty is wrong; whoever it is about pays in the round after, and both go on cooperating."""
    game = PrisonersDilemma().repeated(0.9).under(Restoration(Mistakes(Reputation("GBBG"), 0.05), 2.5))
    assert np.allclose(game.value(atones)[0], 3.0 - 0.05 * 0.9 * 2.5)
    assert game.gains(atones).max() <= 1e-9


def test_a_rule_that_keeps_nothing_of_seats_is_refused():
    with pytest.raises(InputError, match="keeps nothing"):
        Session(PrisonersDilemma(), [Restoration(Tax("D"))])


def test_the_absent_do_not_atone():
    three = NormalForm(np.zeros((2, 2, 2, 3)), moves=("C", "D"))
    session = Session(three, [Restoration(Reputation())], rounds=3)
    session.leave(2)
    for seat, act in enumerate("CCD"):
        session.submit(seat, {"act": act})
    assert session.look(0).sees["standing"] == [True, True, False]
    assert session.stage == 1  # nobody who is there has anything to atone for
    for seat in session.waiting:
        session.submit(seat, {"act": "C"})
    assert session.look(0).sees["standing"][2] is False


def test_on_the_command_line():
    text = "restoration:rule=(reputation:norm=GBBG),cost=2.5"
    assert build("institutions", text) == Restoration(Reputation("GBBG"), 2.5)
