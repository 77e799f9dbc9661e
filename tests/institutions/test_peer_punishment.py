"""Peer punishment: nobody ever punishes when it is the last thing to do, and the threat of it holds all the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PublicGoods
from ostrom.institutions.peer_punishment import PeerPunishment
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], players=("ann", "bob"), moves=("C", "D"))
THREE = NormalForm(np.zeros((2, 2, 2, 3)), players=("ann", "bob", "cem"), moves=("C", "D"))


def threatens(look):
    """Cooperate, and punish the first other one who did not."""
    if "act" in look.choices:
        return {"act": "C"}
    bad = [name for name in look.choices["punish"][1:] if name == "all others" or look.sees["act"][_seat(name)] == "D"]
    return {"punish": bad[0] if bad and "D" in look.sees["act"] else "nobody"}


def _seat(name):
    return ("ann", "bob", "cem").index(name)


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (PeerPunishment(), "surplus"),
        (PeerPunishment(0.5, 1.5, "all"), "surplus"),
        (PeerPunishment(1.0, -3.0, word="reward"), "deficit"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert rule.budget == budget
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "Staged" in carriers["table"]


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.floats(0, 4), st.floats(-4, 4), st.booleans())
@settings(deadline=None, max_examples=40)
def test_payments_are_those_counted_by_hand(picks, cost, harm, all_at_once):
    names = ("ann", "bob", "cem")
    session = Session(THREE, [PeerPunishment(cost, harm, "all" if all_at_once else "one")])
    for seat in range(3):
        session.submit(seat, {"act": "C"})
    paid = np.zeros(3)
    for seat, pick in enumerate(picks):
        options = session.look(seat).choices["punish"]
        chosen = options[pick % len(options)]
        session.submit(seat, {"punish": chosen})
        for other in range(3):
            if other != seat and chosen in (names[other], "all others"):
                paid[seat] -= cost
                paid[other] -= harm
    assert np.allclose(session.totals, paid)


@given(st.lists(st.integers(-6, 6), min_size=8, max_size=8), st.sampled_from([0.5, 1.0]), st.sampled_from([0.0, 3.0]))
@settings(deadline=None, max_examples=25)
def test_punishing_is_in_no_subgame_perfect_outcome(values, cost, harm):
    """What is left are the pure equilibria of the bare game."""
    game = NormalForm(np.reshape(values, (2, 2, 2)), players=("ann", "bob"), moves=("C", "D"))
    outcomes = game.under(PeerPunishment(cost, harm)).subgame_perfect()
    assert all(label == "nobody" for o in outcomes.points for _, label in o.path[1])
    bare = {game.labels(p) for p in pure_equilibria(game).profiles}
    assert {tuple(label for _, label in o.path[0]) for o in outcomes.points} == bare


@given(st.floats(0, 4), st.floats(0, 4))
@settings(deadline=None, max_examples=25)
def test_as_a_threat_it_holds_from_the_harm_on_that_outweighs_the_gain(cost, harm):
    """Defecting gains 5 - 3 = 2 and costs the harm; carrying out the threat is never asked for on the path of play."""
    game = PD.under(PeerPunishment(cost, harm))
    assert np.allclose(game.value(threatens), [3, 3])
    assert np.allclose(game.gains(threatens), max(0.0, 2 - harm))


def test_it_is_nash_among_all_strategies_of_the_tree():
    """By the table of reduced strategies: each names what it does at 4 information sets after play."""
    table = PD.under(PeerPunishment(1.0, 3.0)).dense()
    payoffs = {tuple(table.payoffs[p].tolist()) for p in pure_equilibria(table).profiles}
    assert (3.0, 3.0) in payoffs
    assert (1.0, 1.0) in payoffs


@pytest.mark.parametrize(("harm", "holds"), [(5.9, False), (6.1, True)])
def test_with_three_each_of_the_two_others_strikes(harm, holds):
    """A free rider gains 20 - 0.4 · 20 = 12, and two others take the harm from it."""
    game = PublicGoods(players=3, levels=2).under(PeerPunishment(harm / 3, harm))

    def strategy(look):
        if "act" in look.choices:
            return {"act": "20"}
        riders = [f"member {i + 1}" for i, act in enumerate(look.sees["act"]) if act == "0" and i != look.seat]
        return {"punish": riders[0] if riders else "nobody"}

    assert bool(game.gains(strategy).max() <= 1e-9) is holds
    assert np.allclose(game.gains(strategy), max(0.0, 12 - 2 * harm))


def test_a_reward_and_a_punishment_together():
    session = Session(PD, [PeerPunishment(1.0, 3.0), PeerPunishment(1.0, -3.0, word="reward")])
    for seat, act in enumerate("CD"):
        session.submit(seat, {"act": act})
    session.submit(0, {"punish": "bob"})
    session.submit(1, {"punish": "nobody"})
    session.submit(0, {"reward": "nobody"})
    session.submit(1, {"reward": "ann"})
    assert session.totals.tolist() == [0 - 1 + 3, 5 - 3 - 1]


def test_the_absent_are_out_of_reach():
    session = Session(THREE, [PeerPunishment(1.0, 3.0, "one")], rounds=2)
    session.leave(2)
    session.lapse()
    session.lapse()
    for seat in range(2):
        session.submit(seat, {"act": "C"})
    assert session.look(0).choices == {"punish": ("nobody", "bob")}
    every = Session(THREE, [PeerPunishment(1.0, 3.0, "all")], rounds=2)
    every.leave(2)
    every.lapse()
    every.lapse()
    for seat in range(2):
        every.submit(seat, {"act": "C"})
    every.submit(0, {"punish": "all others"})
    every.submit(1, {"punish": "nobody"})
    assert every.totals.tolist() == [-1, -3, 0]


def test_a_player_called_nobody_is_refused():
    game = NormalForm(np.zeros((2, 2, 2)), players=("nobody", "bob"), moves=("C", "D"))
    with pytest.raises(InputError, match="Rename"):
        game.under(PeerPunishment())


def test_on_the_command_line():
    assert build("institutions", "peer_punishment:cost=1,harm=3,whom=all") == PeerPunishment(1.0, 3.0, "all")
