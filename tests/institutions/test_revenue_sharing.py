"""Revenue sharing: by hand, as caring for each other, and the share from which cooperation is stable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.revenue_sharing import RevenueSharing
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
TABLES = st.lists(st.integers(-5, 5), min_size=24, max_size=24).map(
    lambda values: NormalForm(np.reshape(values, (2, 2, 2, 3)), players="xyz", moves=("C", "D"))
)
WEIGHTS = st.lists(st.integers(0, 4), min_size=3, max_size=3).filter(any).map(lambda ws: tuple(map(float, ws)))


@pytest.mark.parametrize("rule", [RevenueSharing(0.4), RevenueSharing(0.4, (2.0, 1.0, 0.0))])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert ("refused" if rule.weights else "GovernedCounts") in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(TABLES, st.floats(0, 1), WEIGHTS)
def test_payments_are_those_counted_by_hand(game, share, weights):
    shared = game.under(RevenueSharing(share, weights)).payoffs
    for place in np.ndindex(2, 2, 2):
        own = game.payoffs[place]
        pot = share * sum(own)
        assert np.allclose(shared[place], [(1 - share) * u + pot * w / sum(weights) for u, w in zip(own, weights, strict=True)])  # fmt: skip  # noqa: E501


@given(TABLES, st.floats(0, 1))
def test_nothing_is_lost_and_equal_weights_are_no_weights(game, share):
    even = game.under(RevenueSharing(share)).payoffs
    assert np.allclose(even, game.under(RevenueSharing(share, (3.0,) * 3)).payoffs)
    assert np.allclose(even.sum(-1), game.payoffs.sum(-1))


@given(TABLES)
def test_nothing_shared_is_no_rule_and_everything_shared_is_one_interest(game):
    assert np.array_equal(game.under(RevenueSharing(0.0)).payoffs, game.payoffs)
    mean = np.broadcast_to(game.payoffs.mean(-1, keepdims=True), game.payoffs.shape)
    assert np.allclose(game.under(RevenueSharing(1.0)).payoffs, mean)


@given(TABLES, st.floats(0, 1))
def test_players_act_as_those_who_care_for_each_other(game, share):
    """(1 - s + s/n) u_i + s/n Σ_j u_j is a multiple of (1 - w) u_i + w Σ_j u_j."""
    own, other = 1 - share + share / 3, share / 3
    cared = game.under(Prosocial(other / (own + other))).payoffs
    assert np.allclose(game.under(RevenueSharing(share)).payoffs, (own + other) * cared)


@given(TABLES, st.floats(0, 1), st.permutations(range(3)))
def test_seats_are_treated_alike(game, share, order):
    def permuted(table):
        return np.transpose(table, (*order, 3))[..., list(order)]

    moved = NormalForm(permuted(game.payoffs), moves=("C", "D")).under(RevenueSharing(share)).payoffs
    assert np.allclose(moved, permuted(game.under(RevenueSharing(share)).payoffs))


def test_four_fifths_make_cooperation_stable_in_the_dilemma():
    """(1 - s) 2 - s/2 = 0: the gain of defecting, less half of what both lose by it."""
    for share, stable in ((0.79, False), (0.8, True), (1.0, True)):
        game = PD.under(RevenueSharing(share))
        assert (game.regret(game.pure((0, 0))) <= 1e-12) is stable


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(PD, RevenueSharing(0.3))
    same_in_a_world(PD, RevenueSharing(0.3, (1.0, 3.0)))


def test_who_is_absent_shares_nothing():
    three = NormalForm(np.broadcast_to(np.array([6.0, 0.0, 9.0]), (2, 2, 2, 3)), players="xyz", moves=("C", "D"))
    for weights, paid in (((), (4.5, 1.5, 0)), ((1.0, 2.0, 5.0), (4, 2, 0)), ((0.0, 0.0, 1.0), (6, 0, 0))):
        session = Session(three, [RevenueSharing(0.5, weights)], rounds=2)
        session.leave(2)
        session.lapse()
        before = session.totals
        session.lapse()
        assert np.allclose(session.totals - before, paid)


def test_on_the_command_line_and_refused():
    assert build("institutions", "revenue_sharing:share=1/2,weights=(2,1,1)") == RevenueSharing(0.5, (2.0, 1.0, 1.0))
    for weights in ((0.0, 0.0), (1.0, -1.0), (1.0, float("inf"))):
        with pytest.raises(InputError, match="divides nothing"):
            RevenueSharing(0.5, weights)
    with pytest.raises(InputError, match="3 weights"):
        PD.under(RevenueSharing(0.5, (1.0, 1.0, 1.0)))
