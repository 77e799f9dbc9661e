"""Agreement: in force only when all sign; each promises a move of its own, some are paid, breakers owe the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.agreement import Agreement
from ostrom.institutions.contract import Contract
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
THREE = NormalForm(np.zeros((2, 2, 3, 3)), moves=(("C", "D"), ("C", "D"), ("C", "D", "E")))
TERMS = Agreement(("C", "D", "C"), (1.0, -3.0, 2.0), (3.0, 1.0, 0.5))
ALIKE = Agreement(("C", "D", "C"), (1.0, -3.0, 2.0), (3.0, 1.0, 0.5), ((), (), ("E",)), each_round=True)


@pytest.mark.parametrize("rule", [TERMS, Agreement(("C", "D", "C"), (1, -1, 0), (1, 2, 3), ((), ("C",), ()), True)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "Staged" in carriers["table"]
    assert "refused: The agreement is for 3 seats" in carriers["counts"]
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "replayed" in carriers["society"]


@pytest.mark.parametrize(
    ("signed", "acts", "paid"),
    [
        ("yyy", "CDC", [1.0, -3.0, 2.0]),
        ("yyn", "CDC", [0, 0, 0]),
        ("yyy", "DDC", [-3.0, 1.5, 1.5]),
        ("yyy", "DCC", [-2.5, 0.5, 2.0]),
        ("yyy", "CDE", [0.25, 0.25, -0.5]),
        ("yny", "DCE", [0, 0, 0]),
    ],
)
@pytest.mark.parametrize("rule", [TERMS, ALIKE])
def test_who_pays_whom(rule, signed, acts, paid):
    session = Session(THREE, [rule])
    for seat, letter in enumerate(signed):
        session.submit(seat, {"sign": "yes" if letter == "y" else "no"})
    for seat, act in enumerate(acts):
        session.submit(seat, {"act": act})
    same = rule is ALIKE and acts == "CDE" and signed == "yyy"
    assert session.totals.tolist() == ([1.0, -3.0, 2.0] if same else paid)


@given(st.lists(st.integers(0, 8), min_size=3, max_size=3), st.tuples(st.integers(-5, 5), st.integers(-5, 5)))
@settings(max_examples=20, deadline=None)
def test_transfers_sum_to_nothing_at_every_play(damages, pay):
    rule = Agreement(("C", "D", "E"), (*pay, -sum(pay)), damages)
    plays = THREE.under(rule).plays
    assert np.allclose(plays.payoffs[plays.legal].sum(1), 0, atol=1e-9)
    assert (plays.payoffs[plays.legal].min(0) >= -np.maximum(damages, -np.array(rule.pay)) - 1e-9).all()


def test_one_promise_for_all_and_no_pay_is_the_contract():
    one = PD.under(Agreement(("C", "C"), (0, 0), (2.5, 2.5)))
    other = PD.under(Contract("C", 2.5))
    assert np.array_equal(one.plays.payoffs, other.plays.payoffs)
    assert {p.payoffs for p in one.subgame_perfect().points} == {p.payoffs for p in other.subgame_perfect().points}


def test_in_a_compiled_world_terms_are_leaves():
    """Signing is a step of its own; with both signed it pays as the table, and what seat 1 owes moves seat 0's pay."""
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.matrix import MatrixWorld

    key, both = np.zeros(2, np.uint32), np.array([1, 1], np.int32)

    @jax.jit
    def played(rule, acts):
        world = MatrixWorld.of(PD).under(rule)
        state, _ = world.step(key, world.reset(key), {"sign": both, "act": acts})
        return world.step(key, state, {"sign": both, "act": acts})[1]

    rule = Agreement(("C", "D"), (2.5, -2.5), (2.0, 3.0))
    expected = {(0, 1): [2.5, 2.5], (0, 0): [6, 0], (1, 1): [-1, 3], (1, 0): [6, -1]}
    for acts, paid in expected.items():
        assert played(rule, np.array(acts, np.int32)).tolist() == paid
    gradient = jax.grad(lambda rule: played(rule, np.array([0, 0], np.int32))[0])(rule)
    assert gradient.damages.tolist() == [0, 1]
    assert gradient.pay.tolist() == [0, 0]


def test_nothing_is_in_force_while_somebody_is_absent():
    session = Session(PD, [Agreement(("C", "D"), (4, -4), (9, 9))], rounds=3)
    for seat in range(2):
        session.submit(seat, {"sign": "yes"})
    session.submit(0, {"act": "C"})
    session.submit(1, {"act": "D"})
    assert session.totals.tolist() == [0 + 4, 5 - 4]
    session.leave(1)  # from the next round on
    session.lapse()
    assert session.totals.tolist() == [4 + 3 + 9, 1 + 3 - 9]
    session.submit(0, {"act": "D"})
    assert session.totals.tolist() == [16 + 5, -5]


@pytest.mark.parametrize("each_round", [False, True])
def test_signed_once_or_every_round(each_round):
    session = Session(PD, [Agreement(("C", "C"), (0, 0), (3, 3), each_round=each_round)], rounds=3)
    while not session.over:
        session.lapse()
    assert sum(event.channel == "sign" for event in session.log) == (6 if each_round else 2)


def test_on_the_command_line():
    rule = build("institutions", Agreement.example)
    assert rule == Agreement(("C", "C"), (1, -1), (4, 4))
    assert build("institutions", "agreement:promise=(C,D),pay=(5/2,-5/2),damages=(2,1),same=((),(C))").same == (
        (),
        ("C",),
    )


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"promise": ("C", "E")}, UnknownName, "label of act"),
        ({"promise": ("C", "C", "C")}, InputError, "one number for each seat"),
        ({"pay": (1.0, 1.0)}, InputError, "2 in all"),
        ({"pay": (float("nan"), 1.0)}, InputError, "finite"),
        ({"damages": (-1.0, 1.0)}, InputError, "reward for breaking"),
        ({"damages": (1.0,)}, InputError, "shape"),
        ({"same": ((),)}, InputError, "for 1 seats of 2"),
        ({"same": ((), ("E",))}, UnknownName, "label of act"),
        ({"promise": ("C",) * 3, "pay": (0,) * 3, "damages": (0,) * 3}, InputError, "is for 3 seats"),
    ],
)
def test_terms_that_do_not_fit(given, error, said):
    with pytest.raises(error, match=said):
        PD.under(Agreement(**{"promise": ("C", "C"), "pay": (0, 0), "damages": (3, 3), **given}))
