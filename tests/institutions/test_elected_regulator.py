"""Elected regulator: who is elected decides, and nobody else does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import Commons, PublicGoods
from ostrom.institutions import ElectedRegulator, Quota, Tax, Transfers
from ostrom.testing.check_institution import check_institution

NAMES = ("ann", "bob", "cem")
THREE = NormalForm(np.zeros((2, 2, 2, 3)), players=NAMES, moves=("C", "D"))
LEVELS = (0.0, 1.0, 4.0)


@pytest.mark.parametrize(
    "rule",
    [ElectedRegulator(Tax("D"), "rate", (0.0, 2.0)), ElectedRegulator(Quota("harvest"), "limit", (3.0, 1.0))],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(
    st.lists(st.sampled_from(NAMES), min_size=3, max_size=3),
    st.sampled_from(range(3)),
    st.lists(st.sampled_from("CD"), min_size=3, max_size=3),
)
@settings(deadline=None)
def test_who_is_named_most_decides(named, level, acts):
    session = Session(THREE, [ElectedRegulator(Tax("D"), "rate", LEVELS)])
    for seat, name in enumerate(named):
        session.submit(seat, {"elect": name})
    votes = [named.count(name) for name in NAMES]
    elected = [seat for seat in range(3) if votes[seat] >= 2]
    if elected:
        assert session.waiting == tuple(elected)
        session.submit(elected[0], {"regulate": f"rate {LEVELS[level]:g}"})
    for seat, act in enumerate(acts):
        session.submit(seat, {"act": act})
    rate = LEVELS[level] if elected else 0.0
    assert session.totals.tolist() == [-rate * (act == "D") for act in acts]


def test_a_regulator_who_shares_in_the_good_lets_the_rule_bite():
    """Taxed 13, keeping is no longer worth it and all get 24: whoever is elected chooses that, and somebody is."""
    game = PublicGoods(players=3, levels=2).under(ElectedRegulator(Tax("0"), "rate", (0.0, 13.0)))
    found = game.subgame_perfect()
    assert found.status == "complete"
    assert {tuple(round(x, 9) for x in o.payoffs) for o in found.points} == {(24.0,) * 3}


def test_a_regulator_who_is_paid_by_the_rule_serves_itself():
    """The elected sets what is best for itself: here the level that moves 4 from the two others to ann."""
    from ostrom.core.institution import Institution

    class Privilege(Institution):
        rate: float = 0.0

        def settle(self, now, payoffs):
            return payoffs + self.rate * np.array([2.0, -1.0, -1.0])

    game = NormalForm(np.zeros((1, 1, 1, 3)), players=NAMES, moves=("stay",))
    governed = game.under(ElectedRegulator(Privilege(), "rate", (0.0, 2.0)))
    by_elected = {}
    for o in governed.subgame_perfect().points:
        named = [name for _, name in o.path[0]]
        winner = next((n for n in NAMES if named.count(n) >= 2), None)
        by_elected.setdefault(winner, set()).add(o.payoffs)
    assert by_elected.get("ann", {(4.0, -2.0, -2.0)}) == {(4.0, -2.0, -2.0)}
    assert by_elected["bob"] == by_elected["cem"] == {(0.0, 0.0, 0.0)}


def test_a_quota_set_by_the_elected_closes_moves():
    game = Commons(players=3)
    session = Session(game, [ElectedRegulator(Quota("harvest"), "limit", (4.0, 1.0))])
    for seat in range(3):
        session.submit(seat, {"elect": game.players[2]})
    session.submit(2, {"regulate": "limit 1"})
    assert session.look(0).choices == {"act": ("0", "1")}


def test_the_absent_cannot_be_elected():
    session = Session(THREE, [ElectedRegulator(Tax("D"), "rate", LEVELS)], rounds=2)
    session.leave(2)
    while session.time == 0:
        session.lapse()
    assert session.look(0).choices == {"elect": ("ann", "bob")}
    session.submit(0, {"elect": "ann"})
    session.submit(1, {"elect": "bob"})
    assert session.look(0).choices == {"act": ("C", "D")}  # one vote each: nobody is elected


@pytest.mark.slow
def test_in_a_world():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    world, key = Lake(players=3).under(ElectedRegulator(Quota("harvest"), "limit", (50.0, 0.0))), np.zeros(2, np.uint32)
    state, step = world.reset(key), jax.jit(world.step)
    moves = {"elect": [1, 1, 0], "regulate": [0, 1, 0], "act": [2, 2, 2]}
    moves = {name: np.array(made, np.int32) for name, made in moves.items()}
    state, _ = step(key, state, moves)
    assert np.array(world.mask(state)["regulate"]).sum(-1).tolist() == [1, 2, 1]
    state, _ = step(key, state, moves)
    assert np.array(world.mask(state)["act"]).tolist() == [[True, False, False]] * 3


def test_rules_without_that_number_are_refused():
    with pytest.raises(InputError, match="no number called 'rate'"):
        ElectedRegulator(Transfers(moves=(("C", "D"),) * 2, payments=np.zeros((2, 2, 2))))


def test_on_the_command_line():
    text = "elected_regulator:rule=(tax:on=D),parameter=rate,levels=(0,1,4)"
    assert build("institutions", text) == ElectedRegulator(Tax("D"), "rate", LEVELS)
