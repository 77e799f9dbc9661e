"""Allowance: an account that is kept, capped, and never overdrawn; the bound of a token bucket."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import CarrierError, InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.society import Session
from ostrom.institutions.allowance import Allowance
from ostrom.institutions.quota import Quota
from ostrom.testing.check_institution import check_institution

TAKEN = (0.0, 0.5, 2.0, 3.0)
LAKE = NormalForm(np.zeros((4, 4, 2)), moves=tuple("0123"), facts=[Fact.of_own_move("harvest", "fish", TAKEN)])
PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


@pytest.mark.parametrize("rule", [Allowance("harvest", 2, 2, 4), Allowance("D", 1, 3, 2, start=0)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert "states" in report.carriers["repeated"]
    assert "refused" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12),
    st.integers(0, 3),
    st.integers(1, 3),
    st.integers(0, 5),
    st.integers(-1, 5),
)
def test_accounts_are_those_counted_by_hand(wishes, grant, season, cap, start):
    session = Session(LAKE, [Allowance("harvest", grant, season, cap, start)], rounds=len(wishes))
    left = [min(grant if start < 0 else start, cap)] * 2
    first, used = left[0], np.zeros((len(wishes), 2))
    for time, wished in enumerate(wishes):
        assert session.look(0).sees["allowance"] == left
        for seat, wish in enumerate(wished):
            choices = session.look(seat).choices["act"]
            assert choices == tuple(str(k) for k in range(4) if TAKEN[k] <= left[seat])
            made = min(wish, len(choices) - 1)
            session.submit(seat, {"act": str(made)})
            used[time, seat] = TAKEN[made]
            left[seat] -= int(np.ceil(TAKEN[made]))
        if time % season == season - 1:
            left = [min(have + grant, cap) for have in left]
    for begin in range(len(wishes)):
        for end in range(begin, len(wishes)):
            granted = grant * (end // season - begin // season)
            held = first if begin == 0 else cap
            assert (used[begin : end + 1].sum(0) <= held + granted + 1e-9).all()


def test_what_is_saved_up_is_more_than_a_quota_gives():
    """Nothing for two rounds, then three at once: a quota of one a round never allows that."""
    for rule, allowed in ((Allowance("harvest", 1, 1, 3), ("0", "1", "2", "3")), (Quota("harvest", 1), ("0", "1"))):
        session = Session(LAKE, [rule], rounds=3)
        for _ in range(4):
            session.submit(session.waiting[0], {"act": "0"})
        assert session.look(0).choices["act"] == allowed


def test_with_nothing_kept_it_is_the_quota_of_each_round():
    game = PD.repeated(0.5).under(Allowance("D", 1, 1, 1))
    assert len(game.states) == 1
    assert game.states[0].legal.all()
    assert len(PD.repeated(0.5).under(Allowance("D", 0, 1, 3)).states) == 1


@pytest.mark.parametrize(("discount", "stable"), [(0.3, True), (0.49, True), (0.51, False), (0.9, False)])
def test_who_is_patient_saves_it_for_when_the_others_have_nothing_left(discount, stable):
    """Defecting adds 1 while the other defects too and 2 a round later, when it cannot: worth the wait from 1/2 on."""

    def at_once(look):
        return {"act": "D" if "D" in look.choices["act"] else "C"}

    game = PD.repeated(discount).under(Allowance("D", 1, 2, 1))
    assert np.allclose(game.value(at_once)[0], (1 - discount) * (1 + 3 * discount) / (1 - discount**2))
    assert bool((game.gains(at_once) < 1e-9).all()) is stable


def test_what_everything_exceeds_empties_the_account():
    hungry = NormalForm(np.zeros((2, 2, 2)), facts=[Fact.of_own_move("harvest", "fish", (2.0, 5.0))])
    session = Session(hungry, [Allowance("harvest", 1, 1, 3)], rounds=2)
    assert session.look(0).choices["act"] == ("1",)
    session.lapse()
    assert session.look(0).sees["allowance"] == [1, 1]


def test_a_number_is_limited_by_what_is_there():
    class Pledge(Institution):
        """A number besides the move."""

        def menu(self, ground):
            return ground.alongside(Part("pledge", low=0.0, high=9.0))

    session = Session(PD, [Pledge(), Allowance("pledge", 2, 1, 4)], rounds=2)
    assert session.look(0).choices["pledge"] == (0.0, 2.0)
    for seat in range(2):
        session.submit(seat, {"act": "C", "pledge": 1.5 * seat})
    assert [session.look(seat).choices["pledge"] for seat in range(2)] == [(0.0, 4.0), (0.0, 2.0)]


def test_who_is_absent_saves_and_uses_nothing():
    forced = NormalForm(np.zeros((2, 2, 2)), facts=[Fact.of_own_move("harvest", "fish", (1.0, 2.0))])
    session = Session(forced, [Allowance("harvest", 1, 1, 9)], rounds=4)
    session.leave(0)
    for _ in range(3):
        session.lapse()
    assert session.look(1).sees["allowance"] == [3, 1]


def test_on_the_command_line_and_refused():
    assert build("institutions", "allowance:on=D,grant=1,season=2,cap=2") == Allowance("D", 1, 2, 2)
    with pytest.raises(CarrierError, match="remembers earlier rounds"):
        PD.under(Allowance("D"))
    with pytest.raises(InputError, match="out of range"):
        Allowance("D", season=0)
