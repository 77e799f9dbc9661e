"""Commitment: the largest group whose conditions are met is bound, and what that makes of public goods."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.charter import Charter
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.institution import Now
from ostrom.core.lifts.govern import ground_of
from ostrom.core.society import Session
from ostrom.games import Commons, PrisonersDilemma, PublicGoods
from ostrom.institutions.ban import Ban
from ostrom.institutions.commitment import Commitment
from ostrom.testing.check_institution import check_institution

FIVE = NormalForm(np.zeros((2, 2, 2, 2, 2, 5)), moves=("C", "D"))
POOL = PublicGoods(players=4, levels=2)


@pytest.mark.parametrize("rule", [Commitment(), Commitment("C", (2,))], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    many = "refused: player 1 has more than 4,000 strategies"  # as a table; the tree itself is small
    assert carriers["table"].startswith("Staged" if rule.thresholds else many)


def largest(asked, here):
    """By looking at every group of those who pledged and are there."""
    seats = [i for i, k in enumerate(asked) if k and here[i]]
    for size in range(len(seats), 0, -1):
        met = [group for group in combinations(seats, size) if all(asked[i] <= size for i in group)]
        if met:
            assert len(met) == 1
            return [i in met[0] for i in range(len(asked))]
    return [False] * len(asked)


@given(
    st.lists(st.integers(0, 5), min_size=5, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_the_largest_group_whose_conditions_are_met_is_bound(asked, here):
    rule = Commitment()
    ground = Charter(ground_of(FIVE), [rule]).ground
    moves = {"pledge": np.array([asked] * 2, np.int32), "act": np.full((2, 5), -1, np.int32)}
    bound = rule.bound(Now(ground, {}, moves, present=np.array(here)))
    assert bound.tolist() == [largest(asked, here)] * 2


def outcomes(game, rule):
    """`(pledges, payoffs)` of the pure subgame-perfect outcomes."""
    found = game.under(rule).subgame_perfect()
    assert found.status == "complete"
    return [(tuple(label for _, label in o.path[0]), o.payoffs) for o in found.points]


@pytest.mark.parametrize("quorum", [1, 2, 3, 4])
def test_quorums_of_a_public_good_are_those_counted_by_hand(quorum):
    """Each pledge decision against all others', with whoever is not bound giving nothing."""

    def paid(pledged):
        given = 20 * pledged if sum(pledged) >= quorum else 0 * pledged
        return 20 - given + 0.4 * given.sum()

    stable = set()
    for pledged in product((0, 1), repeat=4):
        here = np.array(pledged)
        flips = [paid(np.where(np.arange(4) == i, 1 - here, here))[i] for i in range(4)]
        if (paid(here) >= np.array(flips) - 1e-9).all():
            stable.add((tuple("no" if not p else f"if {quorum}" for p in pledged), tuple(paid(here).round(9))))
    found = {(pledges, tuple(np.round(payoffs, 9))) for pledges, payoffs in outcomes(POOL, Commitment("20", (quorum,)))}
    assert found == stable
    sizes = {sum(p != "no" for p in pledges) for pledges, _ in found}
    assert sizes == {1: {0}, 2: {0, 1}, 3: {0, 1, 3}, 4: {0, 1, 2, 4}}[quorum]


def test_in_the_dilemma_conditional_pledges_make_cooperation_an_equilibrium():
    found = outcomes(PrisonersDilemma(), Commitment("C"))
    assert {payoffs for _, payoffs in found} == {(1.0, 1.0), (3.0, 3.0)}
    assert ("if 2", "if 2") in {pledges for pledges, payoffs in found if payoffs == (3.0, 3.0)}
    assert all("if 1" not in pledges for pledges, _ in found)


@given(st.integers(-6, 6), st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.booleans())
@settings(deadline=None, max_examples=25)
def test_where_everybody_is_needed_pledging_is_never_worse(low, a, b, c, other):
    """In any dilemma a pledge that needs both weakly dominates none: it binds only together with the other."""
    game = PrisonersDilemma(low + a + b, low, low + a + b + c, low + a).under(Commitment("C", (2,)))

    def worth(own):
        def strategy(look):
            if "pledge" in look.choices:
                return {"pledge": "if 2" if (own if look.seat == 0 else other) else "no"}
            return {"act": look.choices["act"][-1]}

        return game.value(strategy)[0]

    assert worth(True) >= worth(False) + (b if other else 0)


def test_who_is_bound_has_no_other_move_and_all_see_why():
    session = Session(POOL, [Commitment("20", (2, 3))])
    for seat, pledge in enumerate(("if 2", "no", "if 3", "if 2")):
        session.submit(seat, {"pledge": pledge})
    looks = [session.look(seat) for seat in range(4)]
    assert [look.choices["act"] for look in looks] == [("20",), ("0", "20"), ("20",), ("20",)]
    assert looks[1].sees["pledge"] == ("if 2", "no", "if 3", "if 2")


def test_who_is_absent_counts_for_nobody():
    session = Session(POOL, [Commitment("20", (2,))], rounds=2)
    session.leave(3)
    session.lapse()
    session.lapse()
    session.submit(0, {"pledge": "if 2"})
    for seat in (1, 2):
        session.submit(seat, {"pledge": "no"})
    assert session.look(0).choices == {"act": ("0", "20")}


def test_a_promise_that_is_forbidden_binds_nobody():
    session = Session(PrisonersDilemma(), [Ban((("row", "C"),)), Commitment("C")])
    for seat in range(2):
        session.submit(seat, {"pledge": "if 2"})
    assert [session.look(seat).choices["act"] for seat in range(2)] == [("D",), ("C",)]


def test_in_a_world_of_many_rounds():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    world = Lake(players=3, horizon=2).under(Commitment("fish", (2, 3)))
    state = world.reset(np.zeros(2, np.uint32))
    moves = {"pledge": np.array([1, 0, 1], np.int32), "act": np.array([2, 2, 2], np.int32)}
    state, _ = jax.jit(world.step)(np.zeros(2, np.uint32), state, moves)
    one, all_ = [False, True, False], [True, True, True]
    assert np.array(world.mask(state)["act"]).tolist() == [one, all_, one]


@pytest.mark.parametrize("thresholds", [(0,), (5,), (2, 2)])
def test_thresholds_that_cannot_be(thresholds):
    with pytest.raises(InputError, match="different numbers from 1 to 4"):
        POOL.under(Commitment("20", thresholds))


def test_an_unknown_promise_is_named():
    with pytest.raises(UnknownName, match="no label of act called 'C'"):
        Commons().under(Commitment())


def test_on_the_command_line():
    assert build("institutions", "commitment:promise=20,thresholds=(3)") == Commitment("20", (3,))
