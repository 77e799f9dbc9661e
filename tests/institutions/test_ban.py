"""Ban: what is left is the same table with fewer rows, and somebody can always do something."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import CarrierError, InputError, UnknownName
from ostrom.core.forms.congestion import Congestion
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.society import Session
from ostrom.institutions.ban import Ban
from ostrom.institutions.mediator import Mediator
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
LABELS = (("a", "b", "c"), ("b", "d"), ("a", "b", "c", "d"))
GAME = NormalForm(
    np.random.default_rng(3).normal(size=(3, 2, 4, 3)), players=("fisher 1", "fisher 2", "the town"), moves=LABELS
)


@pytest.mark.parametrize("ban", [Ban((("*", "D"),)), Ban((("player 1", "C"), ("player 3", "D"))), Ban(())], ids=repr)
def test_it_keeps_what_it_declares_on_every_carrier(ban):
    report = check_institution(ban)
    assert "Governed" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]
    named = any(player != "*" for player, _ in ban.moves)
    assert ("refused" in report.carriers["counts"]) is named


@given(st.sets(st.tuples(st.sampled_from(range(3)), st.sampled_from("abcd"))))
def test_the_governed_table_is_the_restricted_one(pairs):
    """Against slicing the table by hand; a ban on everything of a seat is refused instead."""
    pairs = {(seat, label) for seat, label in pairs if label in LABELS[seat]}
    kept = [[k for k, label in enumerate(own) if (i, label) not in pairs] for i, own in enumerate(LABELS)]
    ban = Ban(tuple((GAME.players[seat], label) for seat, label in sorted(pairs)))
    if not all(kept):
        with pytest.raises(InputError, match="without a move"):
            GAME.under(ban)
        return
    governed = GAME.under(ban)
    assert np.array_equal(governed.payoffs, GAME.payoffs[np.ix_(*kept)])
    assert governed.moves == tuple(tuple(LABELS[i][k] for k in own) for i, own in enumerate(kept))


def test_everybody_is_whoever_has_the_label(same_in_a_world):
    ban = Ban((("*", "d"), ("the town", "a")))
    assert GAME.under(ban).moves == (("a", "b", "c"), ("b",), ("b", "c"))
    assert len(same_in_a_world(GAME, ban)) == 3 * 1 * 2


def test_on_counts_and_on_a_game_too_large_for_a_table():
    crowd = Symmetric(lambda own, others: own + 0.1 * others[:, 0], players=60, moves=("C", "D", "E"))
    assert crowd.under(Ban((("*", "E"),))).moves[0] == ("C", "D")
    with pytest.raises(CarrierError, match="different moves to different seats"):
        crowd.under(Ban(((crowd.players[0], "E"),)))
    roads = Congestion(np.eye(3), np.outer([1, 2, 3], np.arange(41)))
    closed = roads.under(Ban((("*", roads.moves[0][2]), (roads.players[7], roads.moves[0][0]))))
    assert [len(own) for own in closed.moves] == [2] * 7 + [1] + [2] * 32


def test_a_mediator_cannot_do_what_is_forbidden_below():
    game = PD.under(Ban((("*", "C"),)), Mediator("C", "C"))
    assert {float(x) for x in game.payoffs.flat} == {1.0}


def test_delegating_can_be_forbidden_too():
    assert PD.under(Mediator(), Ban(((PD.players[0], "delegate"),))).moves == (("C", "D"), ("C", "D", "delegate"))


def test_where_only_banned_moves_are_left_the_ban_is_void():
    assert PD.under(Ban((("*", "C"),)), Ban((("*", "D"),))).moves == (("D",), ("D",))


def test_who_is_absent_may_rest_although_resting_is_forbidden():
    session = Session(PD, [Ban((("*", "C"),))], rounds=2)
    session.leave(1)
    session.lapse()
    assert session.look(0).choices == {"act": ("D",)}
    session.submit(0, {"act": "D"})
    assert session.totals.tolist() == [1 + 5, 1]


def test_who_is_absent_from_a_world_may_rest():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    world = Lake(players=2, enters=(0, 5)).under(Ban((("*", "rest"),)))
    mask = jax.jit(lambda key: world.mask(world.reset(key)))(np.zeros(2, np.uint32))["act"]
    assert np.array(mask).tolist() == [[False, True, True], [True, False, False]]


def test_on_the_command_line():
    assert build("institutions", "ban:moves=((*,D),(fisher 1,4))") == Ban((("*", "D"), ("fisher 1", "4")))
    assert build("institutions", "ban:moves=((*, D))") == Ban((("*", "D"),))


@pytest.mark.parametrize(
    ("moves", "error", "said"),
    [
        ((("*", "E"),), UnknownName, "no label of act called 'E'"),
        ((("fisher", "D"),), UnknownName, "no player called 'fisher'"),
        ((("*", "C"), ("*", "D")), InputError, "without a move"),
        (("*", "D"), InputError, "rows like"),
        ((("*", "D", 2.0),), InputError, "rows like"),
    ],
)
def test_bans_that_cannot_be(moves, error, said):
    with pytest.raises(error, match=said):
        PD.under(Ban(moves))
