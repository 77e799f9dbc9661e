"""Programs that read each other: the folk theorem of program equilibrium, against minmax by enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma
from ostrom.institutions.ban import Ban
from ostrom.institutions.programs import Programs
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

PD = PrisonersDilemma()
TABLES = st.lists(st.integers(-5, 5), min_size=12, max_size=12)


@pytest.mark.parametrize("rule", [Programs((("C", "C", "C"),)), Programs((("C", "C", "C"), ("D", "C", "C")))], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


def test_the_same_programs_cooperate_and_others_fall_back():
    game = PD.under(Programs())
    rows = game.moves[0]
    assert rows == ("C", "D", "(C, C), else C", "(C, C), else D")
    carried = {"C": "C", "D": "D"}

    def done(own, other):
        if not own.startswith("("):
            return carried[own]
        return "C" if other.startswith("(") else own[-1]

    for (i, own), (j, other) in product(enumerate(rows), repeat=2):
        place = (PD.moves[0].index(done(own, other)), PD.moves[1].index(done(other, own)))
        assert np.allclose(game.payoffs[i, j], PD.payoffs[place])


def test_the_dilemma_is_solved_by_one_program():
    game = PD.under(Programs())
    found = {game.labels(place) for place in pure_equilibria(game).profiles}
    assert ("(C, C), else D",) * 2 in found
    assert ("D", "D") in found  # and nobody has to use it
    assert np.allclose(game.payoffs[3, 3], [3, 3])


@given(TABLES)
@settings(max_examples=40, deadline=None)
def test_an_agreement_is_kept_if_nobody_gets_less_than_it_can_be_held_down_to(values):
    """Tennenholtz (2004), in pure moves: some equilibrium plays z iff u_i(z) ≥ min over y, max over x, of u_i(x, y)."""
    game = NormalForm(np.reshape(values, (2, 3, 2)), players=("row", "column"), moves=(("u", "d"), ("l", "m", "r")))
    held = [game.payoffs[..., 0].max(0).min(), game.payoffs[..., 1].max(1).min()]
    for z in product(*game.moves):
        paid = game.payoffs[game.profile(z)]
        governed = game.under(Programs((z,))).dense()
        name = f"({', '.join(z)}), else "
        kept = [
            place
            for place in pure_equilibria(governed).profiles
            if all(label.startswith(name) for label in governed.labels(place))
        ]
        assert bool(kept) == bool((paid >= held).all())
        assert all(np.allclose(governed.payoffs[place], paid) for place in kept)


def test_a_seat_cannot_fall_back_on_somebody_elses_move():
    game = NormalForm(np.zeros((2, 2, 2)), players=("row", "column"), moves=(("u", "d"), ("l", "r")))
    governed = game.under(Programs((("u", "l"),)))
    assert governed.moves == (
        ("u", "d", "(u, l), else u", "(u, l), else d"),
        ("l", "r", "(u, l), else l", "(u, l), else r"),
    )


def test_who_is_absent_is_not_waited_for():
    counted = np.zeros((2, 2, 2, 3))
    counted[0, 0] = 1.0  # both of the first two do C
    session = Session(NormalForm(counted, moves=("C", "D")), [Programs((("C", "C", "C"),))], rounds=3)
    session.leave(2)  # from the next round on
    for seat in range(3):
        session.submit(seat, {"act": "D"})
    for program in ("(C, C, C), else D", "D"):
        session.submit(0, {"act": "(C, C, C), else D"})
        session.submit(1, {"act": program})
    assert session.totals[:2].tolist() == [1.0, 1.0]


def test_what_is_forbidden_below_is_not_done():
    """With C banned, the program's part is the first permitted move."""
    governed = PD.under(Ban((("*", "C"),)), Programs())
    top = governed.profile(("(C, C), else D",) * 2)
    assert np.allclose(governed.payoffs[top], PD.payoffs[1, 1])


def test_on_the_command_line():
    assert build("institutions", "programs:agreements=((C,D),(D,C))") == Programs((("C", "D"), ("D", "C")))


@pytest.mark.parametrize(
    ("agreements", "said"),
    [((("C",),), "for 2 seats"), ((), "0 programs"), ((("C", "C"), ("C", "C")), "named once")],
)
def test_agreements_that_cannot_be(agreements, said):
    with pytest.raises(InputError, match=said):
        PD.under(Programs(agreements))


def test_unknown_moves_are_named():
    with pytest.raises(UnknownName, match="X"):
        PD.under(Programs((("C", "X"),)))
