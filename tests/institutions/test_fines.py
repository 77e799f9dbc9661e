"""Fines: who pays, who gets it, and that nothing is lost on the way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import CarrierError, InputError, UnknownName
from ostrom.core.forms.congestion import Congestion
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.fines import Fines
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
LABELS = (("a", "b", "c"), ("b", "d"), ("a", "b"))
GAME = NormalForm(np.random.default_rng(5).normal(size=(3, 2, 2, 3)), players=("x", "y", "z"), moves=LABELS)
ROWS = st.tuples(st.sampled_from("*xyz"), st.sampled_from("abcd"), st.floats(0, 9)).filter(
    lambda row: row[0] == "*" or row[1] in LABELS["xyz".index(row[0])]
)
SCHEDULES = st.lists(ROWS, max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("fines", "scope", "budget"),
    [
        (Fines((("*", "D", 2.0),)), "counts", "balanced"),
        (Fines((("player 1", "D", 2.0), ("*", "C", 0.5))), "profile", "balanced"),
        (Fines((("player 1", "D", 2.0),), shared=False), "additive", "surplus"),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(fines, scope, budget):
    assert (fines.scope, fines.budget) == (scope, budget)
    report = check_institution(fines)
    assert "Governed" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def paid_by_hand(schedule, shared):
    """The table of payments, seat by seat and joint move by joint move."""
    paid = np.zeros(GAME.payoffs.shape)
    for place in np.ndindex(*GAME.sizes):
        for seat, player in enumerate(GAME.players):
            own = LABELS[seat][place[seat]]
            for who, label, amount in schedule:
                if who in ("*", player) and label == own:
                    paid[(*place, seat)] -= amount
                    for other in {0, 1, 2} - {seat} if shared else ():
                        paid[(*place, other)] += amount / 2
    return paid


@given(SCHEDULES, st.booleans())
def test_payments_are_those_counted_by_hand(schedule, shared):
    fines = Fines(schedule, shared)
    paid = GAME.under(fines).payoffs - GAME.payoffs
    assert np.allclose(paid, paid_by_hand(schedule, shared))
    assert np.allclose(paid.sum(-1), 0) if shared else (paid <= 1e-12).all()


def test_a_world_pays_as_the_table(same_in_a_world):
    for shared in (False, True):
        same_in_a_world(GAME, Fines((("*", "b", 1.5), ("x", "c", 2.0), ("x", "b", 0.25)), shared))


def test_an_unshared_fine_on_everybody_is_a_tax_on_the_move():
    fined, taxed = PD.under(Fines((("*", "D", 1.5),), shared=False)), PD.under(Tax("D", 1.5))
    assert np.array_equal(fined.payoffs, taxed.payoffs)
    assert np.array_equal(fined.treasury, taxed.treasury)


@given(st.lists(st.integers(-5, 5), min_size=36, max_size=36), st.tuples(*[st.integers(0, n - 1) for n in (3, 2, 2)]))
def test_any_joint_move_can_be_made_dominant_without_money(values, target):
    """A fine on each move of a little more than it can ever gain over one's part (Monderer and Tennenholtz, 2004)."""
    game = NormalForm(np.reshape(values, (3, 2, 2, 3)), players=("x", "y", "z"), moves=LABELS)
    schedule = []
    for seat, player in enumerate(game.players):
        own = np.moveaxis(game.payoffs[..., seat], seat, 0)
        gain = (own - own[target[seat]]).reshape(len(own), -1).max(1)
        schedule += [(player, label, float(g + 0.5)) for label, g in zip(LABELS[seat], gain, strict=True) if g > -0.5]
        schedule.remove((player, LABELS[seat][target[seat]], 0.5))
    paid = game.under(Fines(schedule)).payoffs
    for seat in range(3):
        own = np.moveaxis(paid[..., seat], seat, 0)
        assert (own[target[seat]] >= np.delete(own, target[seat], 0) + 0.5 - 1e-9).all()
    assert np.allclose(paid[target], game.payoffs[target])


def test_who_is_alone_pays_nothing_and_who_is_absent_gets_nothing():
    three = NormalForm(np.zeros((2, 2, 2, 3)), players=("x", "y", "z"), moves=("C", "D"))
    session = Session(three, [Fines((("*", "D", 2.0), ("z", "C", 7.0)))], rounds=3)
    session.leave(2)
    for seat, move in enumerate("DCC"):
        session.submit(seat, {"act": move})
    assert session.totals.tolist() == [-2 + 3.5, 1 + 3.5, 1 - 7]
    session.leave(1)
    for seat, move in enumerate("DC"):
        session.submit(seat, {"act": move})
    assert session.totals.tolist() == [1.5 - 2, 4.5 + 2, -6]
    session.submit(0, {"act": "D"})
    assert session.totals.tolist() == [-0.5, 6.5, -6]


def test_a_fine_on_delegating():
    game = PD.under(Mediator(), Fines((("*", "delegate", 1.0),), shared=False))
    assert game.payoffs[game.profile(("delegate", "delegate"))].tolist() == [2, 2]


def test_a_game_that_is_no_table_takes_only_fines_that_read_one_seat():
    roads = Congestion(np.eye(3), np.outer([1, 2, 3], np.arange(41)))
    first = roads.moves[0][0]
    at = np.zeros((1, 40), int)
    for rule in (Fines((("*", first, 2.0),)), Fines(((roads.players[3], first, 2.0),), shared=False)):
        paid = (roads.under(rule).payoffs_at(at) - roads.payoffs_at(at))[0]
        assert np.allclose(paid, 0 if rule.shared else np.where(np.arange(40) == 3, -2.0, 0.0))
    with pytest.raises(CarrierError, match="scope 'profile'"):
        roads.under(Fines(((roads.players[3], first, 2.0),)))


def test_on_the_command_line():
    wanted = Fines((("*", "D", 0.5), ("fisher 1", "C", 2.0)), shared=False)
    assert build("institutions", "fines:schedule=((*,D,1/2),(fisher 1,C,2)),shared=no") == wanted


@pytest.mark.parametrize(
    ("schedule", "error", "said"),
    [
        ((("*", "D", -1.0),), InputError, "fine of .* for D is -1"),
        ((("*", "D", float("inf")),), InputError, "is inf"),
        ((("*", "D", float("nan")),), InputError, "is nan"),
        ((("*", "D"),), InputError, "rows like"),
        ((("*", "D", "much"),), InputError, "rows like"),
        ((("*", "E", 1.0),), UnknownName, "label of act"),
        ((("nobody", "D", 1.0),), UnknownName, "player"),
    ],
)
def test_schedules_that_cannot_be(schedule, error, said):
    with pytest.raises(error, match=said):
        PD.under(Fines(schedule))
