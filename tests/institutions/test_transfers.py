"""Transfers: looked up by label, total, declared as they are, and leaves in a compiled world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.ban import Ban
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.tax import Tax
from ostrom.institutions.transfers import Transfers
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
LABELS = (("a", "b", "c"), ("b", "d"))
GAME = NormalForm(np.random.default_rng(7).normal(size=(3, 2, 2)), moves=LABELS)
TABLES = arrays(float, (3, 2, 2), elements=st.floats(-9, 9))
THREE = np.random.default_rng(8).normal(size=(2, 2, 2, 3))
BUDGETS = {
    "balanced": THREE - THREE.mean(-1, keepdims=True),
    "surplus": -np.abs(THREE),
    "deficit": np.abs(THREE),
    None: THREE,
}


@pytest.mark.parametrize("budget", BUDGETS)
def test_it_keeps_what_it_declares_on_every_carrier(budget):
    rule = Transfers((("C", "D"),) * 3, BUDGETS[budget])
    assert rule.budget == budget
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert "refused: The payments are for 3 seats" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(TABLES)
def test_payments_are_added_at_every_joint_move(payments):
    game = GAME.under(Transfers(LABELS, payments))
    assert np.array_equal(game.payoffs, GAME.payoffs + payments)
    assert np.allclose(game.treasury, -payments.sum(-1), atol=1e-12)


@given(st.permutations(range(3)), st.permutations(range(2)), TABLES)
def test_the_order_of_labels_does_not_matter(rows, columns, payments):
    labels = (tuple(LABELS[0][k] for k in rows), tuple(LABELS[1][k] for k in columns))
    shuffled = Transfers(labels, payments[np.ix_(rows, columns)])
    assert np.array_equal(GAME.under(shuffled).payoffs, GAME.under(Transfers(LABELS, payments)).payoffs)


def test_a_tax_written_as_a_table_is_the_tax():
    taxed = PD.under(Tax("D", 1.5, shared=True))
    table = Transfers(PD.moves, taxed.payoffs - PD.payoffs)
    assert table.budget == "balanced"
    assert np.array_equal(PD.under(table).payoffs, taxed.payoffs)


@given(TABLES, st.tuples(st.integers(0, 2), st.integers(0, 1)))
def test_promises_make_any_joint_move_dominant_at_its_price(payoffs, target):
    """Monderer and Tennenholtz (2004): promised for one's part, what is paid is sum_i max_a u_i(a, t_-i) - u_i(t)."""
    game, promised, price = NormalForm(payoffs, moves=LABELS), np.zeros(payoffs.shape), 0.0
    for seat in range(2):
        own, lifted = (np.moveaxis(table[..., seat], seat, 0) for table in (payoffs, promised))
        lifted[target[seat]] = own.max(0) - own[target[seat]]
        price += lifted[target[seat]][target[1 - seat]]
    rule = Transfers(LABELS, promised)
    assert rule.budget in ("deficit", "balanced")
    governed = game.under(rule)
    for seat in range(2):
        own = np.moveaxis(governed.payoffs[..., seat], seat, 0)
        assert (own[target[seat]] >= own - 1e-12).all()
    assert np.isclose(-governed.treasury[target], price)


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(GAME, Transfers(LABELS, np.arange(12.0).reshape(3, 2, 2)))
    same_in_a_world(GAME, Ban((("*", "b"),)), Transfers((("c", "a"), ("d",)), np.arange(4.0).reshape(2, 1, 2)))


def test_moves_that_are_not_in_the_table_are_paid_nothing():
    inside = Transfers(PD.moves, np.ones((2, 2, 2)))
    game = PD.under(Mediator(), inside)
    paid = game.payoffs - PD.under(Mediator()).payoffs
    assert (paid[:2, :2] == 1).all()
    assert (paid[2] == 0).all()
    assert (paid[:, 2] == 0).all()


def test_nothing_is_paid_while_somebody_is_absent():
    session = Session(PD, [Transfers(PD.moves, np.full((2, 2, 2), 10.0))], rounds=2)
    session.leave(1)
    session.lapse()
    session.submit(0, {"act": "C"})
    assert session.totals.tolist() == [13 + 3, 13]


def test_payments_are_leaves_that_can_be_differentiated():
    """The gradient of seat 0's payoff is 1 at the one entry that is paid, and one compilation serves all tables."""
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.matrix import MatrixWorld

    key, compiled = np.zeros(2, np.uint32), []

    @jax.jit
    def first(rule):
        compiled.append(rule.budget)
        world = MatrixWorld.of(PD).under(rule)
        return world.step(key, world.reset(key), {"act": np.array([1, 0], np.int32)})[1][0]

    for scale in (1.0, 2.0, 3.0):
        rule = Transfers(PD.moves, scale * np.arange(8.0).reshape(2, 2, 2))
        assert float(first(rule)) == 5 + scale * 4
    assert compiled == [None]
    wanted = np.zeros((2, 2, 2))
    wanted[1, 0, 0] = 1
    assert np.array_equal(jax.grad(first)(rule).payments, wanted)
    batch = jax.vmap(lambda payments: first(Transfers(PD.moves, payments)))(np.arange(24.0).reshape(3, 2, 2, 2))
    assert batch.tolist() == [9, 17, 25]


def test_on_the_command_line():
    text = "transfers:moves=((C, D), (C, D)),payments=(((0,0),(1,-1)),((-1,1),(1/2,-1/2)))"
    rule = build("institutions", text)
    assert rule == Transfers(PD.moves, [[[0, 0], [1, -1]], [[-1, 1], [0.5, -0.5]]])
    assert rule.budget == "balanced"


@pytest.mark.parametrize(
    ("moves", "payments", "error", "said"),
    [
        (PD.moves, np.zeros((2, 2)), InputError, "need the shape"),
        (PD.moves, np.full((2, 2, 2), np.inf), InputError, "not finite"),
        (PD.moves, [[[0, 0], [0]]], InputError, "array of numbers"),
        ((("C", "E"), ("C", "D")), np.zeros((2, 2, 2)), UnknownName, "label of act"),
        ((("C",),) * 3, np.zeros((1, 1, 1, 3)), InputError, "for 3 seats"),
    ],
)
def test_tables_that_do_not_fit(moves, payments, error, said):
    with pytest.raises(error, match=said):
        PD.under(Transfers(moves, payments))
