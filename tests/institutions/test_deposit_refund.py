"""Deposit and refund: a tax and a subsidy in one, never more back than was paid, and units held between rounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions.deposit_refund import DepositRefund
from ostrom.institutions.subsidy import Subsidy
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

FACTS = [Fact.of_own_move("bought", "bottles", (0, 2, 2, 0.5)), Fact.of_own_move("brought", "bottles", (3, 0, 1.5, 0))]
MOVES = ("return", "litter", "both", "sip")
SHOP = NormalForm(np.random.default_rng(4).normal(size=(4, 4, 2)), moves=MOVES, facts=FACTS)
LATER = DepositRefund("bought", "brought", 1.0, held=3)


@pytest.mark.parametrize(
    ("rule", "declared"),
    [
        (DepositRefund("harvest", level=1.5), ("additive", "none", "surplus")),
        (DepositRefund("harvest", "contribution", shared=True), ("counts", "none", "balanced")),
        (DepositRefund("D", "C", 0.5, held=2), ("additive", "finite", None)),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, declared):
    assert (rule.scope, rule.memory, rule.budget) == declared
    report = check_institution(rule)
    assert rule.held or "Governed" in report.carriers["table"]
    assert "states" in report.carriers["repeated"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def paid(rule):
    return SHOP.under(rule).payoffs - SHOP.payoffs


@given(st.floats(0, 9))
def test_payments_are_those_counted_by_hand(deposit):
    own = [0.0, -2 * deposit, -0.5 * deposit, -0.5 * deposit]
    assert np.allclose(paid(DepositRefund("bought", "brought", deposit))[..., 0], np.array(own)[:, None])
    level = [0.0, -2 * deposit, -2 * deposit, 0.0]
    assert np.allclose(paid(DepositRefund("bought", "", deposit, level=0.5))[..., 0], np.array(level)[:, None])


@given(st.floats(0, 9))
def test_sharing_gives_back_what_is_forfeited_in_equal_parts(deposit):
    kept = paid(DepositRefund("bought", "brought", deposit))
    shared = paid(DepositRefund("bought", "brought", deposit, shared=True))
    assert np.allclose(shared, kept - kept.mean(-1, keepdims=True))


@given(st.floats(0, 9), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_where_nobody_returns_more_than_it_took_it_is_a_tax_and_a_subsidy(deposit, shares):
    """Fullerton and Wolverton (2000): a two-part instrument, the tax on what is not returned."""
    taken = np.array([1.0, 2.0, 4.0])
    facts = [Fact.of_own_move("bought", "", taken), Fact.of_own_move("brought", "", taken * shares)]
    game = NormalForm(np.zeros((3, 3, 2)), facts=facts)
    two = game.under(Tax("bought", deposit), Subsidy("brought", deposit, levied=False))
    assert np.allclose(game.under(DepositRefund("bought", "brought", deposit)).payoffs, two.payoffs)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(MOVES)), min_size=1, max_size=8))
def test_what_is_held_is_an_account(plays):
    """Against plain counting: nobody is ever paid back more than it has deposited, and at most 3 units are held."""
    session = Session(SHOP, [LATER], rounds=len(plays))
    held, bare, wanted = [0, 0], np.zeros(2), np.zeros(2)
    for play in plays:
        assert session.look(0).sees["on_deposit"] == held
        for seat, move in enumerate(play):
            session.submit(seat, {"act": move})
            taken, brought = {"return": (0, 3), "litter": (2, 0), "both": (2, 1), "sip": (1, 0)}[move]
            back = min(brought, held[seat] + taken)
            wanted[seat] += back - taken
            held[seat] = min(held[seat] + taken - back, 3)
        bare += SHOP.payoffs[SHOP.profile(play)]
        assert np.allclose(session.totals - bare, wanted)
        assert (wanted <= 1e-9).all()


def test_bottles_come_back_from_the_deposit_on_that_makes_returning_worth_a_round():
    """A round of buying is worth 2 - d, one of returning d - 1: all return what they hold from d = 3/2 on."""
    trade = [Fact.of_own_move("bought", "bottles", (1, 0)), Fact.of_own_move("brought", "bottles", (0, 1))]
    worth = np.array([2.0, -1.0])
    market = NormalForm(np.stack(np.broadcast_arrays(worth[:, None], worth), -1), moves=("buy", "return"), facts=trade)

    def buy(look):
        return {"act": "buy"}

    def turns(look):
        return {"act": "return" if look.sees["on_deposit"][look.seat] else "buy"}

    for deposit, returned in ((1.4, False), (1.6, True)):
        game = market.repeated(0.5).under(DepositRefund("bought", "brought", deposit, held=1))
        held = sorted(plays.records[0]["deposits"].tolist() for plays in game.states)
        assert held == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert np.allclose(game.value(turns)[0], (1 - 0.5) * ((2 - deposit) + 0.5 * (deposit - 1)) / (1 - 0.25))
        assert bool((game.gains(buy) < 1e-9).all()) is not returned
        assert bool((game.gains(turns) < 1e-9).all()) is returned


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(SHOP, DepositRefund("bought", "brought", 0.5, shared=True))
    same_in_a_world(SHOP, DepositRefund("bought", "", 0.5, level=0.5))


def test_who_is_absent_deposits_nothing():
    session = Session(SHOP, [DepositRefund("bought", "brought", 1.0, shared=True)], rounds=2)
    session.leave(0)
    session.lapse()
    before = session.totals
    session.submit(1, {"act": "litter"})
    assert np.allclose(session.totals - before, (0, SHOP.payoffs[0, 1, 1]))


def test_on_the_command_line_and_refused():
    wanted = DepositRefund("bought", "brought", 0.5, held=2)
    assert build("institutions", "deposit_refund:on=bought,back=brought,deposit=1/2,held=2") == wanted
    for wrong in ({"held": 1}, {"held": 1, "back": "C", "shared": True}):
        with pytest.raises(InputError, match="cannot be"):
            DepositRefund(**wrong)
