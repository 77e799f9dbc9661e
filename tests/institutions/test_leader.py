"""Leader: outcomes are those of moving first, by enumeration; lotteries are drawn, and seen only as lotteries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import BattleOfTheSexes, MatchingPennies, PrisonersDilemma
from ostrom.institutions.ban import Ban
from ostrom.institutions.leader import Leader
from ostrom.institutions.tax import Tax
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

TABLES = st.lists(st.integers(-5, 5), min_size=12, max_size=12)


def made(values):
    return NormalForm(np.reshape(values, (2, 3, 2)), players=("row", "column"), moves=(("u", "d"), ("l", "m", "r")))


@pytest.mark.parametrize("rule", [Leader("player 1"), Leader("player 3", 2)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "Staged" in carriers["table"]


def moving_first(game, parts, seat=0):
    """All `(share of the leader's second move, the other's reply, payoffs)` in which neither can do better."""
    table = game.payoffs if seat == 0 else np.swapaxes(game.payoffs, 0, 1)
    other, found = 1 - seat, []
    replies = {}
    for k in range(parts + 1):
        paid = ((parts - k) * table[0] + k * table[1]) / parts
        best = np.flatnonzero(paid[:, other] >= paid[:, other].max() - 1e-9)
        replies[k] = [(reply, paid[reply]) for reply in best]
    for k, answers in replies.items():
        floor = max(min(p[seat] for _, p in others) for j, others in replies.items() if j != k)
        found += [(k, reply, tuple(p.round(9))) for reply, p in answers if p[seat] >= floor - 1e-9]
    return found


@given(TABLES, st.sampled_from([1, 2, 3]))
@settings(deadline=None, max_examples=40)
def test_outcomes_are_those_found_by_enumeration(values, parts):
    game = made(values)
    outcomes = game.under(Leader("row", parts)).subgame_perfect()
    assert outcomes.status == "complete"
    found = [
        (o.path[0][0][1].count("d"), "lmr".index(o.path[1][1][1]), tuple(np.round(o.payoffs, 9)))
        for o in outcomes.points
    ]
    assert sorted(found) == sorted(moving_first(game, parts))


@given(TABLES)
@settings(deadline=None, max_examples=40)
def test_the_best_of_leading_is_at_least_every_equilibrium_and_lotteries_add_to_it(values):
    game = made(values)

    def best(parts):
        return max(o.payoffs[0] for o in game.under(Leader("row", parts)).subgame_perfect().points)

    stable = [game.payoffs[profile][0] for profile in pure_equilibria(game).profiles]
    assert best(1) >= max(stable, default=-np.inf) - 1e-9
    assert best(2) >= best(1) - 1e-9
    assert best(4) >= best(2) - 1e-9


def test_who_leads_gets_its_favourite():
    for player, payoffs in (("row", (2.0, 1.0)), ("column", (1.0, 2.0))):
        outcomes = BattleOfTheSexes().under(Leader(player)).subgame_perfect()
        assert {o.payoffs for o in outcomes.points} == {payoffs}


def test_leading_is_a_curse_where_one_had_better_not_be_read():
    """Matching pennies: a first move is answered; a fair coin is not."""
    names = MatchingPennies().players
    worth = {
        parts: {o.payoffs[0] for o in MatchingPennies().under(Leader(names[0], parts)).subgame_perfect().points}
        for parts in (1, 2)
    }
    assert worth == {1: {-1.0}, 2: {0.0}}


def test_the_others_see_the_lottery_and_not_what_is_drawn():
    drawn = set()
    for seed in range(12):
        session = Session(PrisonersDilemma(), [Leader("row", 2)], seed=seed)
        assert session.waiting == (0,)
        assert session.look(0).choices == {"lead": ("to C+C", "to C+D", "to D+D")}
        session.submit(0, {"lead": "to C+D"})
        assert session.look(1).sees["lead"] == ("to C+D", None)
        assert set(session.look(1).sees) == {"lead"}
        assert session.look(0).choices == {"act": ("C",)}
        session.submit(0, {"act": "C"})
        session.submit(1, {"act": "C"})
        drawn.add(tuple(session.totals.tolist()))
    assert drawn == {(3.0, 3.0), (5.0, 0.0)}


def test_what_is_forbidden_cannot_be_announced():
    session = Session(PrisonersDilemma(), [Ban((("row", "C"),)), Leader("row", 2)])
    assert session.stage == 1  # nothing to choose from before play
    assert session.look(1).sees["lead"] == ("to D+D", None)
    game = PrisonersDilemma().under(Ban((("row", "C"),)), Leader("row"))
    assert {o.payoffs for o in game.subgame_perfect().points} == {(1.0, 1.0)}


def test_a_tax_outside_is_on_what_is_done():
    session = Session(PrisonersDilemma(), [Leader("row"), Tax("D", 0.5)])
    session.submit(0, {"lead": "to D"})
    assert session.look(0).choices == {"act": ("D",)}
    session.submit(0, {"act": "D"})
    session.submit(1, {"act": "D"})
    assert session.totals.tolist() == [0.5, 0.5]


def test_where_the_leader_is_absent_nobody_leads():
    session = Session(PrisonersDilemma(), [Leader("row")], rounds=2)
    session.leave(0)
    session.lapse()
    session.lapse()
    assert session.waiting == (1,)
    assert session.look(1).choices == {"act": ("C", "D")}


def test_in_a_lake():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    bare = Lake(players=2, horizon=2)
    world, key = bare.under(Leader(bare.ground.players[0])), np.zeros(2, np.uint32)
    state, step = world.reset(key), jax.jit(world.step)
    moves = {"lead": np.array([2, 0], np.int32), "act": np.array([0, 1], np.int32)}
    state, _ = step(key, state, moves)
    assert np.array(world.mask(state)["act"]).tolist() == [[False, False, True], [True, True, True]]
    state, paid = step(key, state, moves)
    _, wanted = bare.step(key, bare.reset(key), {"act": np.array([2, 1], np.int32)})
    assert np.allclose(paid, wanted)


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (Leader("nobody"), UnknownName, "no player called 'nobody'"),
        (Leader("column", 30), InputError, "more than 200 lotteries"),
    ],
)
def test_leaders_that_cannot_be(rule, error, said):
    with pytest.raises(error, match=said):
        made(range(12)).under(rule)


def test_on_the_command_line():
    assert build("institutions", "leader:player=row,parts=2") == Leader("row", 2)
