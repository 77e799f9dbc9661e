"""Rotation: whose turn it is, counted by hand; fair over a round of turns; and what taking turns is worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import CarrierError, InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions.licence import Licence
from ostrom.institutions.rotation import Rotation
from ostrom.testing.check_institution import check_institution

LAKE = NormalForm(
    np.zeros((2,) * 4 + (4,)), players="wxyz", moves=("rest", "fish"), facts=[Fact.of_own_move("harvest", "t", (0, 3))]
)
CHICKEN = NormalForm([[[0, 0], [0, 4]], [[4, 0], [-3, -3]]], moves=("wait", "go"))


@pytest.mark.parametrize("rule", [Rotation("harvest"), Rotation("D", 2, 2)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert report.carriers["repeated"].startswith(str(3 * rule.rounds) if rule.holders == 1 else "6")
    assert "refused" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(st.integers(1, 5), st.integers(1, 3), st.lists(st.integers(-1, 3), min_size=1, max_size=12))
def test_turns_are_those_counted_by_hand(holders, rounds, toggles):
    """Before each round one seat may leave or come back; whose turn it is are the next ones who are there."""
    session = Session(LAKE, [Rotation("harvest", holders, rounds)], rounds=len(toggles) + 1)
    there, begins = [True] * 4, 0
    for age, toggle in enumerate([-1, *toggles], start=1):
        if toggle >= 0 and sum(there) - there[toggle] > 0:
            (session.leave if there[toggle] else session.enter)(toggle)
            coming = [here != (seat == toggle) for seat, here in enumerate(there)]
        else:
            coming = list(there)
        order = [(begins + k) % 4 for k in range(4) if there[(begins + k) % 4]]
        turn = order[:holders]
        assert session.look(0).sees["turn"] == [seat in turn for seat in range(4)]
        for seat in session.waiting:
            assert session.look(seat).choices["act"] == (("rest", "fish") if seat in turn else ("rest",))
        session.lapse()
        if age % rounds == 0:
            begins = (turn[-1] + 1) % 4
        there = coming


@given(st.integers(1, 4), st.integers(1, 3))
def test_over_a_whole_cycle_all_have_equally_many_turns(holders, rounds):
    cycle = 4 * rounds
    session, had = Session(LAKE, [Rotation("harvest", holders, rounds)], rounds=cycle), np.zeros(4)
    for _ in range(cycle):
        had += session.look(0).sees["turn"]
        session.lapse()
    assert (had == holders * rounds).all()


@pytest.mark.parametrize("discount", [0.2, 0.9])
def test_taking_turns_in_chicken_is_an_equilibrium_with_all_there_is(discount):
    """4 at once and again in every second round; the mixed equilibrium of the game is worth 0 to both."""

    def mine(look):
        return {"act": "go" if "go" in look.choices["act"] else "wait"}

    game = CHICKEN.repeated(discount).under(Rotation("go"))
    value = game.value(mine)[0]
    assert np.allclose(value, (4 / (1 + discount), 4 * discount / (1 + discount)))
    assert np.isclose(value.sum(), 4)
    assert (game.gains(mine) < 1e-9).all()


def test_a_turn_that_lasts_is_a_licence():
    rule = CHICKEN.repeated(0.5).under(Rotation("go", 1, 50)).states[0]
    licensed = CHICKEN.under(Licence("go", (CHICKEN.players[0],)))
    assert rule.legal.sum() == licensed.size


def test_on_the_command_line_and_refused():
    assert build("institutions", "rotation:on=D,holders=2,rounds=3") == Rotation("D", 2, 3)
    with pytest.raises(CarrierError, match="remembers"):
        CHICKEN.under(Rotation("go"))
    with pytest.raises(InputError, match="out of range"):
        Rotation("go", holders=0)
