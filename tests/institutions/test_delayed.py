"""Delayed: what a later fine still deters, that money neither appears nor is lost, and what lapses."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.core.society import Session
from ostrom.institutions import Fines, GraduatedSanctions, Quota, RevenueSharing
from ostrom.institutions.delayed import Delayed
from ostrom.institutions.new_name import NewName
from ostrom.testing.check_institution import check_institution

PRISONERS = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
GROUND = Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),))


def fine(amount, shared=False):
    return Fines((("*", "D", amount),), shared=shared)


def alone(gain):
    return NormalForm([[0.0], [gain]], moves=("C", "D"))


def honest(look):
    """Keep the rule, and the name."""
    return {part: open_[0] for part, open_ in look.choices.items()}


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (Delayed(fine(5.0, shared=True)), "balanced"),
        (Delayed(GraduatedSanctions("D", fines=(0.0, 1.0))), "surplus"),
        (Delayed(RevenueSharing(), 1), "balanced"),
        (NewName(Delayed(fine(5.0, shared=True), 2), 0.5), "surplus"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert (rule.memory, rule.budget) == ("finite", budget)
    carriers = check_institution(rule, PRISONERS).carriers
    assert "states" in carriers["repeated"]
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(st.floats(0.1, 4), st.integers(1, 1999), st.integers(1, 4), st.floats(0.1, 0.95))
@settings(deadline=None, max_examples=30)
def test_what_is_left_of_a_gain(gain, coins, rounds, discount):
    """g - δ^k F a round: no more than 0 if and only if the delayed fine deters."""
    charge = coins / 200
    game = alone(gain).repeated(discount).under(Delayed(fine(charge), rounds))
    assert len(game.states) == 2**rounds
    assert np.allclose(game.gains(honest), max(0.0, gain - discount**rounds * charge), atol=1e-8)


@given(st.floats(0.1, 3), st.floats(0.05, 9), st.integers(1, 3), st.floats(0.3, 0.95))
@settings(deadline=None, max_examples=30)
def test_a_delayed_fine_and_a_cheap_new_name_deter_nobody(gain, price, rounds, discount):
    """However high the fine: violate for k rounds, change the name. It deters iff δ^k c ≥ g (1 - δ^k) / (1 - δ)."""
    charge = round(gain / discount**rounds + 50.0)
    stays = discount**rounds * price - gain * (1 - discount**rounds) / (1 - discount)
    assume(abs(stays) > 1e-4)
    game = alone(gain).repeated(discount)
    assert (game.under(Delayed(fine(charge), rounds)).gains(honest) <= 1e-9).all()
    found = game.under(NewName(Delayed(fine(charge), rounds), price)).gains(honest)[0, 0]
    assert (found <= 1e-9) == (stays > 0)


AMOUNTS = st.tuples(*[st.integers(-3000, 3000)] * 3)


def due_now(amounts, present=(True, True, True), unit=1e-3):
    """What is paid in the round in which a rule's payments fall due."""
    rule = Delayed(fine(1.0), 1, unit)
    line = np.array(amounts)
    totals = {"taken": -line[line < 0].sum(), "given": line[line > 0].sum()}
    record = {"due": line[None], **{name: np.array([[total]]) for name, total in totals.items()}}
    return rule.settle(Now(GROUND, record, {}, present=np.array(present)), np.zeros(3))


@given(AMOUNTS, st.tuples(*[st.booleans()] * 3), st.booleans())
@settings(deadline=None)
def test_money_neither_appears_nor_is_lost_when_somebody_is_gone(amounts, present, level):
    if level:
        amounts = (*amounts[:2], -amounts[0] - amounts[1])
    assert np.allclose(due_now(amounts), np.array(amounts) / 1000)
    paid, total = due_now(amounts, present), sum(amounts)
    assert (paid[~np.array(present)] == 0).all()
    assert (paid * np.array(amounts) >= 0).all()
    assert (np.abs(paid) <= np.abs(amounts) / 1000 + 1e-9).all()
    if total == 0:
        assert paid.sum() == pytest.approx(0)
    assert paid.sum() * total >= -1e-9


def test_a_debtor_or_a_creditor_who_is_gone():
    assert due_now((-4000, 2000, 2000)).tolist() == [-4, 2, 2]
    assert due_now((-4000, 2000, 2000), (False, True, True)).tolist() == [0, 0, 0]
    assert due_now((-4000, 2000, 2000), (True, True, False)).tolist() == [-2, 2, 0]
    assert due_now((-4000, 0, 0), (True, False, True)).tolist() == [-4, 0, 0]


@given(st.lists(st.floats(-9, 9), min_size=3, max_size=3), st.sampled_from([1e-3, 0.1, 1.0]))
@settings(deadline=None)
def test_coins_sum_to_what_is_owed_in_all(amounts, unit):
    """Each is off by less than a coin, and the sum by half a one at the most."""
    transfers = Fines((("x", "C", abs(amounts[0])), ("y", "C", abs(amounts[1])), ("z", "C", abs(amounts[2]))))
    rule = Delayed(transfers, 2, unit)
    now = Now(GROUND, rule.found(GROUND), {"act": np.zeros(3, int)})
    kept, exact = rule.remember(now, np.zeros(3)), transfers.settle(now, np.zeros(3))
    assert kept["due"][0].tolist() == [0, 0, 0]
    assert kept["due"][1].sum() == 0
    assert (np.abs(kept["due"][1] * unit - exact) < unit + 1e-9).all()
    assert kept["taken"][1, 0] == kept["given"][1, 0] == np.maximum(kept["due"][1], 0).sum()


def test_a_fine_is_paid_rounds_later_and_lapses_with_a_name_or_the_end():
    def totals(rule, rounds, names=()):
        session = Session(NormalForm(np.zeros((2, 2, 2)), players=("x", "y"), moves=("C", "D")), [rule], rounds=rounds)
        paid = []
        for t in range(rounds):
            for seat in range(2) if names else ():
                session.submit(seat, {"name": "new" if (t, seat) in names else "keep"})
            for seat in range(2):
                session.submit(seat, {"act": "D" if (t, seat) == (0, 0) else "C"})
            paid.append(session.totals.tolist())
        return paid

    assert totals(Delayed(fine(4.0, True), 2), 4) == [[0, 0], [0, 0], [-4, 4], [-4, 4]]
    assert totals(Delayed(fine(4.0, True), 2), 2) == [[0, 0], [0, 0]]
    wiped = totals(NewName(Delayed(fine(4.0, True), 2), 0.5), 3, names={(2, 0)})
    assert wiped[-1] == [-0.5, 0]  # what nobody pays nobody gets


def test_the_rule_sees_what_it_would_have_seen():
    """Half of what is earned, shared one round later: the payments of the round before, not of this one."""
    bare, late = RevenueSharing(1.0), Delayed(RevenueSharing(1.0), 1)
    session = Session(PRISONERS, [late], rounds=3)
    for acts in ("DC", "CC", "CC"):
        for seat in range(2):
            session.submit(seat, {"act": acts[seat]})
    shared = PRISONERS.under(bare).payoffs[1, 0] - PRISONERS.payoffs[1, 0]
    assert np.allclose(session.totals, shared + np.array([11, 6]))


def test_what_cannot_be():
    with pytest.raises(InputError, match="takes no money"):
        PRISONERS.repeated(0.9).under(Delayed(Quota("D", 0.0)))
    with pytest.raises(InputError, match="out of range"):
        Delayed(fine(1.0), 0)
    with pytest.raises(InputError, match="too many coins"):
        len(alone(1.0).repeated(0.9).under(Delayed(fine(1e7), 1)).states)


def test_on_the_command_line():
    assert build("institutions", Delayed.example) == Delayed(fine(5.0), 2)
