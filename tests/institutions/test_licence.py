"""Licence: open to holders, a quota of nothing for all others, on labels, facts and numbers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.society import Session
from ostrom.institutions.ban import Ban
from ostrom.institutions.licence import Licence
from ostrom.institutions.quota import Quota
from ostrom.testing.check_institution import check_institution

LAKE = NormalForm(
    np.random.default_rng(2).normal(size=(3, 3, 3, 3)),
    players="xyz",
    moves=("rest", "fish", "trawl"),
    facts=[Fact.of_own_move("harvest", "fish", (0, 2, 5)), Fact.of_own_move("noise", "hours", (1, 1, 3))],
)
HOLDERS = st.sets(st.sampled_from("xyz")).map(lambda held: tuple(sorted(held)))


@pytest.mark.parametrize("rule", [Licence("harvest", ("player 2",)), Licence("D", ("player 1", "player 3"))])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@given(HOLDERS)
def test_holders_keep_all_moves_and_the_others_those_that_bring_nothing(holders):
    for on, left in (("harvest", ("rest",)), ("trawl", ("rest", "fish")), ("noise", ("rest", "fish"))):
        wanted = tuple(LAKE.moves[0] if player in holders else left for player in "xyz")
        assert LAKE.under(Licence(on, holders)).moves == wanted


@given(HOLDERS)
def test_on_a_move_it_is_a_ban_for_all_others(holders):
    banned = Ban(tuple((player, "trawl") for player in "xyz" if player not in holders))
    ruled, same = LAKE.under(Licence("trawl", holders)), LAKE.under(banned)
    assert ruled.moves == same.moves
    assert np.array_equal(ruled.payoffs, same.payoffs)


def test_for_nobody_it_is_a_quota_of_nothing_and_for_all_it_is_nothing():
    assert LAKE.under(Licence("harvest")).moves == LAKE.under(Quota("harvest", 0.0)).moves
    assert LAKE.under(Licence("harvest", tuple("xyz"))).moves == LAKE.moves


@given(st.permutations("xyz"))
def test_names_count_and_not_seats(order):
    seats = ["xyz".index(player) for player in order]
    moved = NormalForm(
        np.transpose(LAKE.payoffs, (*seats, 3))[..., seats], players=order, moves=LAKE.moves[0], facts=LAKE.facts
    )
    ruled, same = moved.under(Licence("harvest", ("y",))), LAKE.under(Licence("harvest", ("y",)))
    assert np.allclose(ruled.payoffs, np.transpose(same.payoffs, (*seats, 3))[..., seats])


def test_as_many_licences_as_the_commons_can_bear():
    """Each boat earns 5 - 2 (boats - 1): alone 5, two 3 each, three 1 each; with two licences 6, the most there is."""
    boats = np.moveaxis(np.indices((2, 2, 2)), 0, -1)
    game = NormalForm(boats * (7.0 - 2 * boats.sum(-1, keepdims=True)), players="xyz", moves=("stay", "go"))
    best = {
        len(held): float(game.under(Licence("go", held)).payoffs.sum(-1).flat[-1])
        for number in range(4)
        for held in itertools.combinations("xyz", number)
    }
    assert best == {0: 0.0, 1: 5.0, 2: 6.0, 3: 3.0}


def test_a_number_is_nought_without_a_licence():
    class Pledge(Institution):
        """A number besides the move."""

        def menu(self, ground):
            return ground.alongside(Part("pledge", low=0.0, high=9.0))

    session = Session(LAKE, [Pledge(), Licence("pledge", ("y",))])
    assert [session.look(seat).choices["pledge"] for seat in range(3)] == [(0.0, 0.0), (0.0, 9.0), (0.0, 0.0)]


def test_a_world_permits_as_the_table(same_in_a_world):
    same_in_a_world(LAKE, Licence("harvest", ("x", "z")))


def test_on_the_command_line_and_refused():
    assert build("institutions", "licence:on=D,holders=(fisher 1,fisher 2)") == Licence("D", ("fisher 1", "fisher 2"))
    with pytest.raises(UnknownName, match="player"):
        LAKE.under(Licence("harvest", ("nobody",)))
    with pytest.raises(UnknownName, match="fact, part or label"):
        LAKE.under(Licence("gold", ("x",)))
