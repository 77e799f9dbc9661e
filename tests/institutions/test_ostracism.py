"""Ostracism: who is voted out, what it may still do, and when the threat of it holds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PublicGoods
from ostrom.institutions.ostracism import Ostracism
from ostrom.testing.check_institution import check_institution

NAMES = ("ann", "bob", "cem", "dan")
FOUR = NormalForm(np.ones((2, 2, 2, 2, 4)), players=NAMES, moves=("C", "D"))
POOL = PublicGoods(players=3, levels=2)


@pytest.mark.parametrize("rule", [Ostracism(), Ostracism("C", 2, 1, outside=-1.0)], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "states" in carriers["repeated"]


def held(rule, ballots, rounds=3):
    session = Session(FOUR, [rule], rounds=rounds)
    for seat in range(4):
        session.submit(seat, {"act": "C"})
    for seat, ballot in enumerate(ballots):
        session.submit(seat, {"ostracize": ballot})
    return session


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.integers(0, 4))
@settings(deadline=None, max_examples=60)
def test_who_is_out_is_counted_by_hand(picks, needed):
    ballots = [(["nobody", *(n for n in NAMES if n != NAMES[i])])[k] for i, k in enumerate(picks)]
    votes = [ballots.count(name) for name in NAMES]
    first = max(votes)
    out = [v == first >= (needed or 3) and first > 0 and votes.count(first) == 1 for v in votes]
    session = held(Ostracism("D", 2, needed), ballots)
    assert session.look(0).sees["excluded"] == [2 * x for x in out]


def test_the_excluded_rest_have_no_vote_and_are_not_named():
    session = held(Ostracism("D", 2, outside=-5.0), ("bob", "nobody", "bob", "bob"))
    before = session.totals.copy()
    assert session.look(1).choices == {"act": ("D",)}
    for seat, act in enumerate("CDCC"):
        session.submit(seat, {"act": act})
    assert session.waiting == (0, 2, 3)
    assert session.look(0).choices == {"ostracize": ("nobody", "cem", "dan")}
    session.submit(0, {"ostracize": "cem"})
    session.submit(2, {"ostracize": "nobody"})
    session.submit(3, {"ostracize": "cem"})  # two of three
    assert (session.totals - before).tolist() == [1, -5, 1, 1]
    assert session.look(0).sees["excluded"] == [0, 1, 2, 0]


def test_nobody_sits_it_out_elsewhere():
    session = Session(FOUR, [Ostracism("D", 1)], rounds=6)
    session.leave(1)
    for seat in range(4):
        session.submit(seat, {"act": "C"})
    for seat, ballot in enumerate(("bob", "nobody", "bob", "bob")):
        session.submit(seat, {"ostracize": ballot})
    for _ in range(3):
        for seat in (0, 2, 3):
            session.submit(seat, {"act": "C"})
        assert session.look(0).choices == {"ostracize": ("nobody", "cem", "dan")}
        for seat in (0, 2, 3):
            session.submit(seat, {"ostracize": "nobody"})
    assert session.look(0).sees["excluded"] == [0, 1, 0, 0]


def votes_against_free_riders(look):
    if "act" in look.choices:
        return {"act": "20" if "20" in look.choices["act"] else "0"}
    riders = [
        POOL.players[i] for i, act in enumerate(look.sees["act"]) if act == "0" and POOL.players[i] != look.player
    ]
    named = [name for name in riders if name in look.choices["ostracize"]]
    return {"ostracize": named[0] if named else "nobody"}


@pytest.mark.parametrize(("rounds", "outside", "discounts"), [(1, 10.0, (0.8, 0.9)), (2, 14.0, (0.5, 0.75, 0.95))])
def test_the_gain_from_riding_free_is_that_of_the_cycle(rounds, outside, discounts):
    """Free-ride for 36 instead of 24, be out for `rounds` at `outside`, again: the best reply to those who vote."""
    rule = Ostracism("0", rounds, outside=outside)
    for discount in discounts:
        powers = discount ** np.arange(rounds + 1)
        cycle = (1 - discount) * (powers @ [36.0, *[outside] * rounds]) / (1 - discount ** (rounds + 1))
        found = POOL.repeated(discount).under(rule).gains(votes_against_free_riders)[0]
        assert np.allclose(found, max(0.0, cycle - 24.0))
        lost = discount * (1 - discount**rounds) / (1 - discount) * (24.0 - outside)
        assert (found.max() <= 1e-9) == (lost >= 12.0)


def test_where_the_excluded_still_share_it_deters_nobody():
    """A public good from which nobody can be kept: being out is riding free by order."""
    found = POOL.repeated(0.9).under(Ostracism("0", 1)).gains(votes_against_free_riders)[0]
    assert np.allclose(found, 12.0)


def test_one_out_of_two_needs_a_rule_of_one():
    pair = NormalForm(np.zeros((2, 2, 2)), players=("ann", "bob"), moves=("C", "D"))
    seen = {}
    for needed, (first, second) in product((0, 1), (("bob", "nobody"), ("bob", "ann"))):
        session = Session(pair, [Ostracism("D", 1, needed)], rounds=2)
        for seat in range(2):
            session.submit(seat, {"act": "C"})
        session.submit(0, {"ostracize": first})
        session.submit(1, {"ostracize": second})
        seen[needed, second] = session.look(0).sees["excluded"]
    assert seen == {(0, "nobody"): [0, 0], (0, "ann"): [0, 0], (1, "nobody"): [0, 1], (1, "ann"): [0, 0]}


def test_in_a_lake_the_excluded_stay_ashore():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    world = Lake(players=3, horizon=3).under(Ostracism("rest", 2, outside=0.25))
    step, state = jax.jit(world.step), world.reset(np.zeros(2, np.uint32))
    moves = {"act": np.array([1, 1, 2], np.int32), "ostracize": np.array([2, 2, 0], np.int32)}  # both name the third
    masks, paid = [], []
    for _ in range(4):
        masks.append(np.array(world.mask(state)["act"]).sum(-1).tolist())
        state, payoffs = step(np.zeros(2, np.uint32), state, moves)
        paid.append(np.array(payoffs).tolist())
    assert masks[0] == [3, 3, 3]
    assert masks[2] == [3, 3, 1]
    assert paid[3][2] == pytest.approx(0.25)
    assert np.array(state.records[0]["excluded"]).tolist() == [0, 0, 1]


def test_an_unknown_rest_is_named():
    with pytest.raises(UnknownName, match="no label of act called 'rest'"):
        FOUR.repeated(0.5).under(Ostracism("rest"))


def test_on_the_command_line():
    assert build("institutions", "ostracism:rest=D,rounds=2,outside=0") == Ostracism("D", 2, 0, 0.0)
