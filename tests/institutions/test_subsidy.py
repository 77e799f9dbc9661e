"""Subsidy: a tax of the other sign, balanced by a levy, with the least rate that makes giving dominant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.games.public_goods import PublicGoods
from ostrom.institutions.subsidy import Subsidy
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

WORK = [Fact.of_own_move("work", "hours", (0.0, 1.0, 2.5)), Fact("luck", "units", lambda made: made - 1.0)]
GAME = NormalForm(np.random.default_rng(3).normal(size=(3, 3, 3, 3)), facts=WORK)
GOODS = PublicGoods()


@pytest.mark.parametrize("levied", [False, True])
@pytest.mark.parametrize("on", ["contribution", "C"])
def test_it_keeps_what_it_declares_on_every_carrier(on, levied):
    rule = Subsidy(on, 0.7, levied)
    assert (rule.scope, rule.budget) == (("counts", "balanced") if levied else ("additive", "deficit"))
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert "GovernedCounts" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(st.floats(0, 9), st.booleans())
def test_it_is_a_tax_with_a_negative_rate(rate, levied):
    paid, taxed = GAME.under(Subsidy("work", rate, levied)), GAME.under(Tax("work", -rate, shared=levied))
    assert np.allclose(paid.payoffs, taxed.payoffs)
    hours = GAME.facts_at(GAME.profiles())["work"].sum(-1).reshape(3, 3, 3)
    assert np.allclose(paid.treasury, 0 if levied else -rate * hours)


def test_nothing_is_taken_for_amounts_below_nought():
    paid = GAME.under(Subsidy("luck", 2.0, levied=False)).payoffs - GAME.payoffs
    assert np.allclose(paid[0, 1, 2], (0, 0, 2))


def giving_is_dominant(rule):
    """Whether each token more is worth more to its giver, whatever the others give."""
    table = GOODS.under(rule).dense().payoffs[..., 0]
    return bool((np.diff(table, axis=0) > 0).all())


def test_the_least_rate_that_makes_giving_dominant():
    """From outside 1 - mpcr = 0.6 a token; with a levy a quarter of it is one's own money, so 0.6 · 4/3 = 0.8."""
    least = GOODS.reference["least subsidy per token that makes giving dominant"]
    for levied, rate in ((False, least), (True, least * 4 / 3)):
        assert not giving_is_dominant(Subsidy("contribution", rate - 1e-3, levied))
        assert giving_is_dominant(Subsidy("contribution", rate + 1e-3, levied))


def test_a_world_pays_as_the_table(same_in_a_world):
    for levied in (False, True):
        same_in_a_world(GAME, Subsidy("work", 0.3, levied))


def test_who_is_absent_neither_gets_nor_pays():
    session = Session(GAME, [Subsidy("work", 2.0)], rounds=2)
    session.leave(2)
    session.lapse()
    first = session.totals
    session.submit(0, {"act": "3"})
    session.submit(1, {"act": "1"})
    bare = GAME.payoffs[2, 0, 0]
    assert np.allclose(session.totals - first, (bare[0] + 2.5, bare[1] - 2.5, 0))


def test_on_the_command_line_and_refused():
    assert build("institutions", "subsidy:on=C,rate=2,levied=no") == Subsidy("C", 2.0, levied=False)
    with pytest.raises(InputError, match="out of range"):
        Subsidy("C", -1.0)
