"""Escrow: all or nothing, on every carrier."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma
from ostrom.institutions.escrow import Escrow
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

LABELS = (("C", "D", "E"), ("C", "D"), ("E", "D"))
TABLES = st.lists(st.integers(-9, 9), min_size=36, max_size=36)


def made(values):
    return NormalForm(np.reshape(values, (3, 2, 2, 3)), players=("ann", "bob", "cem"), moves=LABELS)


@pytest.mark.parametrize("rule", [Escrow(), Escrow(fee=0.5)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert carriers["table"] == "Governed, 8 joint moves"
    assert "of 40 players" in carriers["counts"]
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(TABLES, st.floats(0, 3))
def test_the_table_is_the_one_made_by_hand(values, fee):
    """Ann and bob are the parties; cem has nothing to give and is not waited for."""
    game = made(values)
    governed = game.under(Escrow("C", "D", fee))
    for place in np.ndindex(*game.sizes):
        labels = list(game.labels(place))
        paid = [fee * (label == "C") for label in labels]
        if (labels[0] == "C") != (labels[1] == "C"):
            labels = ["D" if label == "C" else label for label in labels]
        assert np.allclose(governed.payoffs[place], game.payoffs[game.profile(labels)] - paid)


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(made(range(36)), Escrow("C", "D", 0.25))


def test_in_the_dilemma_giving_is_never_worse():
    governed = PrisonersDilemma().under(Escrow())
    assert governed.payoffs.tolist() == [[[3, 3], [1, 1]], [[1, 1], [1, 1]]]
    own = governed.payoffs[..., 0]
    assert (own[0] >= own[1]).all()
    assert pure_equilibria(governed).profiles == ((0, 0), (1, 1))


@pytest.mark.parametrize(("fee", "stable"), [(1.9, 2), (2.1, 1)])
def test_a_fee_of_more_than_the_exchange_is_worth_ends_it(fee, stable):
    """Both gain 3 - 1 = 2 by it."""
    assert len(pure_equilibria(PrisonersDilemma().under(Escrow(fee=fee))).profiles) == stable


def test_among_many_one_who_keeps_is_enough():
    crowd = Symmetric(lambda own, others: 2.0 * own + 0.1 * others[:, 0], players=60, moves=("C", "D"))
    governed, bare = crowd.under(Escrow()), crowd
    give, one = np.zeros(60, int), np.array([1] + [0] * 59)
    assert np.allclose(governed.payoffs_at(give), bare.payoffs_at(give))
    assert np.allclose(governed.payoffs_at(one), bare.payoffs_at(np.ones(60, int)))


@pytest.mark.parametrize(("away", "through"), [(1, False), (2, True)])
def test_the_absent_are_no_party(away, through):
    three = NormalForm(np.zeros((2, 2, 2, 3)), players=("ann", "bob", "cem"), moves=("C", "D"))
    game = three if away == 2 else PrisonersDilemma()
    session = Session(game, [Escrow()], rounds=2)
    session.leave(away)
    session.lapse()
    moves = {"act": np.zeros(len(game.players), np.int32)}
    seen = session.charter.descend(session._scene(), moves)[0]["act"]
    assert bool(seen[0] == 0) is through


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (lambda: Escrow("C", "C"), InputError, "two different moves"),
        (lambda: PrisonersDilemma().under(Escrow("give", "D")), UnknownName, "no label of act called 'give'"),
    ],
)
def test_exchanges_that_cannot_be(rule, error, said):
    with pytest.raises(error, match=said):
        rule()


def test_on_the_command_line():
    assert build("institutions", "escrow:give=C,keep=D,fee=0.1") == Escrow("C", "D", 0.1)
