"""Lapses: what fines, bans and memories are worth when they are there only in some rounds, by closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions import Advice, Ban, Contract, Fines, GraduatedSanctions, Reputation, Tax
from ostrom.institutions.lapses import Lapses
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
FINED = Fines((("*", "D", 5.0),), shared=False)


@pytest.mark.parametrize(
    "rule",
    [
        Lapses(FINED, 0.3),
        Lapses(Tax("D", 1.0, shared=True), 0.5),
        Lapses(Ban((("*", "D"),)), 0.25),
        Lapses(Reputation(norm="GBBG"), 0.1),
        Lapses(Contract("C", 2.5), 0.5),
        Lapses(Lapses(FINED, 0.1), 0.2),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(st.floats(0, 1), st.floats(0, 10))
@settings(max_examples=30, deadline=None)
def test_a_fine_deters_by_the_rounds_in_which_it_is_there(odds, fine):
    paid = PD.under(Lapses(Fines((("*", "D", fine),), shared=False), odds)).payoffs
    assert paid[1, 0, 0] - paid[0, 0, 0] == pytest.approx(2.0 - (1 - odds) * fine)


@pytest.mark.parametrize("odds", [0.0, 0.25, 1.0])
def test_a_ban_leaks_in_proportion(odds):
    """Who takes what it can is worth, against who does too, 3 when D is banned and 1 when it is not."""

    def takes(look):
        return {"act": "D" if "D" in look.choices["act"] else "C"}

    kept = PD.repeated(0.5).under(Lapses(Ban((("*", "D"),)), odds))
    assert kept.value(takes)[0] == pytest.approx([3 - 2 * odds] * 2)
    assert kept.gains(lambda look: {"act": "C"})[0] == pytest.approx([2 * odds] * 2)


@pytest.mark.parametrize("odds", [0.0, 0.2, 0.6])
def test_a_defection_that_nobody_enters_goes_unpunished(odds):
    """Stern judging: defecting once gains 2 now and loses 3 in the next round, if it was entered; good again after.

    One-shot deviation: (1 - δ) · 2 ≤ δ (1 - o)(3 - V(bad)), where V(bad) = (1 - δ) · 0 + δ (o V(bad) + (1 - o) · 3).
    """
    discount = 0.9
    game = PD.repeated(discount).under(Lapses(Reputation(norm="GBBG"), odds))

    def judge(look):
        standing, seat = look.sees["standing"], look.seat
        return {"act": "C" if standing[1 - seat] else "D"}

    bad = discount * (1 - odds) * 3.0 / (1 - discount * odds)
    slack = discount * (1 - odds) * (3.0 - bad) - (1 - discount) * 2.0
    gains = game.gains(judge)[0, 0]
    assert (gains <= 1e-9) == (slack >= 0)
    assert game.value(judge)[0, 0] == pytest.approx(3.0)


def test_live_it_is_there_or_not_for_everybody_at_once():
    session, seen = Session(PD, [Lapses(FINED, 0.5)], rounds=40, seed=3), []
    for _ in range(40):
        before = session.totals.copy()
        for seat in range(2):
            session.submit(seat, {"act": "D"})
        seen.append(tuple(session.totals - before))
    assert set(seen) == {(1.0, 1.0), (-4.0, -4.0)}
    assert 8 <= seen.count((1.0, 1.0)) <= 32


def test_what_a_lapsed_rule_remembers_stays():
    session = Session(PD, [Lapses(GraduatedSanctions("D", fines=(1.0, 2.0)), 1.0)], rounds=3)
    for _ in range(3):
        assert session.look(0).sees["strikes"] == [0, 0]
        for seat in range(2):
            session.submit(seat, {"act": "D"})
    assert session.totals.tolist() == [3.0, 3.0]


def test_on_the_command_line():
    assert build("institutions", Lapses.example) == Lapses(Fines((("*", "D", 5.0),)), 0.2)


def test_a_rule_in_which_nothing_could_lapse_is_refused():
    with pytest.raises(InputError, match="nothing in it that could lapse"):
        PD.under(Lapses(Advice(((("C", "C"), 1.0),)), 0.5))


def test_certain_and_never():
    assert np.allclose(PD.under(Lapses(FINED, 0.0)).payoffs, PD.under(FINED).payoffs)
    assert np.allclose(PD.under(Lapses(FINED, 1.0)).payoffs, PD.payoffs)
