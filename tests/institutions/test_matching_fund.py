"""Matching fund: balanced, a levied subsidy by another name, and efficient provision as an equilibrium."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.games.public_goods import PublicGoods
from ostrom.institutions.matching_fund import MatchingFund
from ostrom.institutions.subsidy import Subsidy
from ostrom.solvers.pure_equilibria import pure_equilibria
from ostrom.testing.check_institution import check_institution

GIVEN = (0.0, 1.0, 2.5)
GAME = NormalForm(
    np.random.default_rng(9).normal(size=(3, 3, 3, 3)), facts=[Fact.of_own_move("contribution", "coins", GIVEN)]
)


@pytest.mark.parametrize("rule", [MatchingFund(), MatchingFund("C", 0.4)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert "GovernedCounts" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(st.floats(0, 3))
def test_payments_are_those_counted_by_hand_and_sum_to_nothing(rate):
    paid = GAME.under(MatchingFund(rate=rate)).payoffs - GAME.payoffs
    for place in np.ndindex(3, 3, 3):
        gave = [GIVEN[move] for move in place]
        assert np.allclose(paid[place], [rate * (g - (sum(gave) - g) / 2) for g in gave])
    assert np.allclose(paid.sum(-1), 0)


@given(st.floats(0, 3))
def test_it_is_a_levied_subsidy_under_its_own_name(rate):
    levied = GAME.under(Subsidy("contribution", rate * 3 / 2, levied=True))
    assert np.allclose(GAME.under(MatchingFund(rate=rate)).payoffs, levied.payoffs)


def test_at_the_efficient_rate_all_bear_the_same_cost():
    costs = np.zeros((3, 3, 3, 3)) - np.array(GIVEN)[np.moveaxis(np.indices((3, 3, 3)), 0, -1)]
    game = NormalForm(costs, facts=GAME.facts).under(MatchingFund())
    assert np.allclose(game.payoffs, costs.mean(-1, keepdims=True))


@pytest.mark.parametrize(("players", "mpcr"), [(4, 0.4), (4, 0.26), (3, 0.34), (5, 0.21)])
def test_giving_is_dominant_from_what_a_kept_token_is_worth_more_to_its_owner(players, mpcr):
    """1 - mpcr; the efficient rate 1 - 1/n is enough just where giving is efficient, mpcr · n > 1."""
    goods = PublicGoods(players=players, mpcr=mpcr)
    for rate, dominant in ((1 - mpcr - 1e-3, False), (1 - mpcr + 1e-3, True), (None, True)):
        own = goods.under(MatchingFund(rate=rate)).dense().payoffs[..., 0]
        assert bool((np.diff(own, axis=0) > 0).all()) is dominant


def test_where_giving_is_wasted_nobody_gives():
    goods = PublicGoods(players=4, mpcr=0.24)
    assert pure_equilibria(goods.under(MatchingFund())).profiles == ((0, 0, 0, 0),)


@pytest.mark.parametrize(("players", "units"), [(2, 4), (3, 5), (4, 2)])
def test_the_efficient_amount_of_a_public_good_is_an_equilibrium(players, units):
    """Samuelson's rule: payoffs are e - g + b G - c G² / 2, and n (b - c G) = 1 at the efficient amount G."""
    slope, levels = 0.1, 4
    worth = 1 / players + slope * units

    def payoffs(own, others):
        total = own + others
        return 3 - own + worth * total - slope * total**2 / 2

    game = Symmetric(
        payoffs,
        players=players,
        moves=tuple(str(k) for k in range(levels)),
        amounts=list(range(levels)),
        facts=[Fact.of_own_move("contribution", "units", range(levels))],
    )
    total = np.moveaxis(np.indices((levels,) * players), 0, -1).sum(-1)
    welfare = game.dense().payoffs.sum(-1)
    best = set(total[welfare >= welfare.max() - 1e-9].tolist())
    found = {sum(profile) for profile in pure_equilibria(game.under(MatchingFund()).dense()).profiles}
    bare = {sum(profile) for profile in pure_equilibria(game.dense()).profiles}
    assert best == {units}
    assert units in found
    assert max(bare) < units


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(GAME, MatchingFund())
    same_in_a_world(GAME, MatchingFund(rate=0.3))


@pytest.mark.parametrize("rate", [None, 0.5])
def test_who_is_absent_does_not_count_and_who_is_alone_is_left_alone(rate):
    game = NormalForm(np.zeros((3, 3, 3, 3)), facts=GAME.facts)
    session = Session(game, [MatchingFund(rate=rate)], rounds=3)
    for leaving in (2, 1):
        session.leave(leaving)
        before = session.totals
        for seat in session.waiting:
            session.submit(seat, {"act": str(3 - seat)})
    assert np.allclose(session.totals - before, (1.5 / 2, -1.5 / 2, 0))
    before = session.totals
    session.submit(0, {"act": "3"})
    assert np.allclose(session.totals, before)


def test_on_the_command_line_and_refused():
    assert build("institutions", "matching_fund:on=contribution,rate=1/2") == MatchingFund("contribution", 0.5)
    assert build("institutions", "matching_fund") == MatchingFund()
    with pytest.raises(InputError, match="out of range"):
        MatchingFund(rate=-0.1)
