"""Bribery: when it pays both, what is left of a fine then, and what one honest inspector does."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions import Fines, Quota
from ostrom.institutions.bribery import Bribery
from ostrom.testing.check_institution import check_institution

MONEY = st.floats(0.1, 9)


def seats(gain, moves=("C", "D")):
    payoffs = [[[gain if move == "D" else 0.0, 0.0]] for move in moves]
    return NormalForm(payoffs, players=("row", "column"), moves=(moves, ("watch",)))


def fine(amount):
    return Fines((("row", "D", amount),), shared=False)


@pytest.mark.parametrize(
    "rule",
    [
        Bribery(Fines((("*", "D", 5.0),)), ("player 1",), 0.0, bribe=2.0),
        Bribery(Fines((("*", "D", 5.0),)), ("player 1", "player 2"), 0.5, 1.0, 0.1, 0.3, bribe=2.0),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    carriers = check_institution(rule, game).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(MONEY, MONEY, st.floats(0, 9), st.floats(0, 1), st.floats(0, 3))
@settings(deadline=None, max_examples=40)
def test_a_bribe_that_pays_both_is_given_and_taken(charge, bribe, reward, share, metafine):
    """With a sure violator and a free inspection: b, from r + s F + m to F, in place of the fine; else the fine."""
    worth = reward + share * charge
    assume(min(abs(bribe - charge), abs(bribe - worth - metafine), worth + metafine) > 1e-3)
    rule = Bribery(fine(charge), ("column",), 0.0, reward, share, metafine, bribe)
    found = {tuple(np.round(o.payoffs, 6)) for o in seats(0.0, ("D",)).under(rule).subgame_perfect().points}
    bribed = worth + metafine < bribe < charge
    paid = (-bribe, bribe - metafine) if bribed else (-charge, worth)
    assert found == {tuple(np.round(paid, 6))}


def playing(violates, inspects):
    """Mixed play and inspection; then who was inspected offers, and who inspected takes."""
    row = {"act": {"C": 1 - violates, "D": violates}}
    column = {"act": "watch", "inspect": {"look away": 1 - inspects, "inspect": inspects}}

    def strategy(look):
        if "act" in look.choices:
            return row if look.player == "row" else column
        return {
            part: "yes" if "yes" in open_ and look.sees["act"][0] == "D" else "no"
            for part, open_ in look.choices.items()
        }

    return strategy


@given(MONEY, MONEY, MONEY)
@settings(deadline=None, max_examples=20)
def test_the_inspection_game_is_then_one_about_the_bribe(gain, cost, bribe):
    """Violate with odds c / b, inspect with odds g / b, however high the fine is."""
    assume(max(gain, cost) < 0.9 * bribe)
    for charge in (1.1 * bribe, 10 * bribe):
        game = seats(gain).under(Bribery(fine(charge), ("column",), cost, 0.5 * bribe, bribe=bribe))
        assert np.allclose(game.gains(playing(cost / bribe, gain / bribe)), 0.0)
        assert game.gains(playing(cost / bribe, gain / bribe - 0.05))[0] > 1e-3
        assert game.gains(playing(cost / bribe + 0.05, gain / bribe))[1] > 1e-3


def watched(takes, inspecting=("inspect", "inspect")):
    """A round of a violator who offers, and two inspectors."""
    game = NormalForm(np.zeros((2, 2, 2, 3)), players=("row", "y", "z"), moves=("C", "D"))
    session = Session(game, [Bribery(fine(5.0), ("y", "z"), 0.5, 1.0, bribe=2.0)])
    session.submit(0, {"act": "D"})
    for seat, looks in enumerate(inspecting, start=1):
        session.submit(seat, {"act": "C", "inspect": looks})
    for seat in (1, 2, 0):
        if seat in session.waiting:  # each inspector is inspected by the other, where that one inspects
            session.submit(seat, {"offer": "no" if seat else "yes"})
    for seat, answer in enumerate(takes, start=1):
        if seat in session.waiting:
            session.submit(seat, {"take": answer})
    assert session.over
    return session.totals.tolist()


def test_one_honest_inspector_is_enough():
    assert watched(("yes", "yes")) == [-4, 1.5, 1.5]
    assert watched(("yes", "no")) == [-5, -0.5, 0.5]
    assert watched(("no", "no")) == [-5, 0, 0]
    assert watched(("yes", "no"), ("inspect", "look away")) == [-2, 1.5, 0]


def test_nothing_is_offered_where_nobody_inspected():
    session = Session(seats(2.0), [Bribery(fine(5.0), ("column",), 0.5, bribe=2.0)])
    session.submit(0, {"act": "D"})
    session.submit(1, {"act": "watch", "inspect": "look away"})
    assert session.over
    assert session.totals.tolist() == [2, 0]


def test_who_owes_nothing_gives_no_bribe():
    session = Session(seats(2.0), [Bribery(fine(5.0), ("column",), 0.5, bribe=2.0)])
    for seat, made in (
        (0, {"act": "C"}),
        (1, {"act": "watch", "inspect": "inspect"}),
        (0, {"offer": "yes"}),
        (1, {"take": "yes"}),
    ):
        session.submit(seat, made)
    assert session.totals.tolist() == [0, -0.5]


def test_what_cannot_be():
    with pytest.raises(InputError, match="takes no money"):
        seats(1.0).under(Bribery(Quota("D", 0.0), ("column",)))
    with pytest.raises(InputError, match="out of range"):
        Bribery(fine(1.0), ("column",), bribe=-1.0)


def test_on_the_command_line():
    assert build("institutions", Bribery.example) == Bribery(fine(5.0), ("column",), bribe=3.0)
