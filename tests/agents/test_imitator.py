"""Imitators seat by seat in NumPy, and in a table game that shows what all did and got."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.agents import Conformist, Imitator, Loner, Prestige, Verified
from ostrom.core.agent import Sight
from ostrom.core.ground import Ground, Part

MOVES = ("a", "b", "c")
GROUND = Ground(("one", "two", "three", "four"), play=((Part("act", MOVES),),))


def sight(seat=0, mask=(True, True, True), **seen):
    """What a seat sees where everybody did something and was paid for it."""
    shown = {"does": [0, 1, 1, 2], "pay": [1.0, 2.0, 0.5, 3.0], **seen}
    return Sight(
        np.int32(seat), GROUND, {name: np.asarray(row) for name, row in shown.items()}, {"act": np.array(mask)}
    )


def chosen(policy, seen):
    """The moves that it makes with equal odds."""
    scores = policy.act(seen, policy.begin())[0]["act"]
    return "".join(label for label, score in zip(MOVES, scores, strict=True) if score == 0)


@pytest.mark.parametrize(
    ("policy", "moves"),
    [(Imitator(), "abc"), (Loner(), "a"), (Prestige(), "c"), (Conformist(behaviour="does"), "b")],
    ids=["anybody", "nobody", "the best paid", "most"],
)
def test_whom_they_copy(policy, moves):
    assert chosen(policy, sight()) == moves


def test_ties_are_broken_evenly():
    assert chosen(Prestige(), sight(pay=[1.0, 3.0, 0.0, 3.0])) == "bc"
    assert chosen(Conformist(behaviour="does"), sight(does=[0, 0, 1, 1])) == "ab"


def test_what_is_not_permitted_or_was_not_done_is_not_copied():
    assert chosen(Prestige(), sight(mask=(True, True, False))) == "b"
    assert chosen(Prestige(), sight(does=[0, 1, 1, -1])) == "b"
    assert chosen(Prestige(), sight(does=[-1, -1, -1, -1])) == "abc"  # the first round: anything


def test_where_behaviour_is_a_point_conformists_copy_the_seat_in_the_middle():
    points = [[0.0, 0.0], [1.0, 0.0], [1.1, 0.1], [9.0, 9.0]]
    total = [sum(np.linalg.norm(np.subtract(one, other)) for other in points) for one in points]
    assert int(np.argmin(total)) == 2
    assert chosen(Conformist(), sight(does=[0, 1, 2, 2], behaviour=points)) == "c"


def test_verified_imitators_copy_what_their_principal_does_not_mind():
    asked = {"approval": [0.5, 0.6, 0.4], "strayed": [0.1, 0.3, 0.2]}
    assert chosen(Verified(Prestige()), sight(**asked)) == "b"  # c, the best paid, would lower its utility
    assert chosen(Verified(Prestige(), ball=0.2), sight(**asked)) == "a"  # and b leads out of the ball
    asked["strayed"] = [0.9, 0.9, 0.9]
    assert chosen(Verified(Prestige(), ball=0.2), sight(**asked)) == "a"  # outside already: goes on as before
    assert chosen(Verified(Conformist(behaviour="does")), sight(3, approval=[0, 0, 0], strayed=[0, 0, 0])) == "b"


@given(
    does=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    pay=st.lists(st.floats(-5, 5), min_size=4, max_size=4),
    approval=st.lists(st.floats(-1, 1), min_size=3, max_size=3),
    strayed=st.lists(st.floats(0, 1), min_size=3, max_size=3),
    seat=st.integers(0, 3),
)
def test_no_verified_move_is_worse_than_going_on(does, pay, approval, strayed, seat):
    seen = sight(seat, does=does, pay=pay, approval=approval, strayed=strayed)
    own, moves = does[seat], [MOVES.index(move) for move in chosen(Verified(ball=0.5), seen)]
    fine = [move for move in does if approval[move] >= approval[own] and strayed[move] <= 0.5]
    assert moves
    assert set(moves) <= set(fine or [own])
    most = max((pay[k] for k in range(4) if does[k] in fine), default=None)
    assert not fine or set(moves) == {does[k] for k in range(4) if does[k] in fine and pay[k] == most}


def play_in_numpy(payoffs, policies, first, rounds):
    """Joint moves round by round of a table game in which all see what all did and got."""
    random, does = np.random.default_rng(0), np.array(first)
    for _ in range(rounds):
        pay = payoffs(does)
        looks = [sight(k, does=does, pay=pay) for k in range(4)]
        options = [
            [MOVES.index(move) for move in chosen(policy, look)] for policy, look in zip(policies, looks, strict=True)
        ]
        does = np.array([random.choice(own) for own in options])
        yield does.tolist()


def test_prestige_spreads_free_riding_and_conformity_spreads_what_most_do():
    """Four share double of what those put in who do a; who does b keeps its own and is better paid."""
    game = lambda does: np.where(does == 0, 0.0, 1.0) + 2 * (does == 0).sum() / 4  # noqa: E731
    first = [0, 0, 0, 1]
    assert list(play_in_numpy(game, [Prestige()] * 4, first, 2))[-1] == [1, 1, 1, 1]
    assert list(play_in_numpy(game, [Conformist(behaviour="does")] * 4, first, 2))[-1] == [0, 0, 0, 0]
    assert list(play_in_numpy(game, [Loner()] * 4, first, 2))[-1] == first


def test_they_do_the_same_in_a_compiled_world():
    pytest.importorskip("jax")
    import jax
    import jax.numpy as jnp

    seen = sight(approval=[0.5, 0.6, 0.4], strayed=[0.1, 0.3, 0.2], behaviour=np.eye(4))
    policies = [Imitator(), Loner(), Prestige(), Conformist(), Conformist(behaviour="does"), Verified(ball=0.5)]

    @jax.jit
    def act(seat, rows, mask):
        look = Sight(seat, GROUND, rows, {"act": mask}, jnp)
        return [policy.act(look, {})[0]["act"] for policy in policies]

    for compiled, policy in zip(act(seen.seat, seen.seen, seen.mask["act"]), policies, strict=True):
        assert np.array_equal(compiled, policy.act(seen, {})[0]["act"])
