"""A rule among some seats: as it would be in a game of theirs alone, and nothing to all others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions import (
    Constitution,
    Contract,
    Enforced,
    Fines,
    GraduatedSanctions,
    Mediator,
    PeerPunishment,
    Quota,
    Reputation,
    Tax,
    Vote,
    Within,
)
from ostrom.testing import check_institution

PAYOFFS = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], float)
PAIR = NormalForm(
    PAYOFFS, players=("ann", "cid"), moves=("C", "D"), facts=[Fact.of_own_move("harvest", "units", (1.0, 3.0))]
)
AMONG = ("cid", "ann")


def three(alone=(7.0, 8.0)):
    """The pair's game, and bob between them, whose moves bring him something and change nothing for them."""
    table = np.zeros((2, 2, 2, 3))
    for a, b, c in np.ndindex(2, 2, 2):
        table[a, b, c] = PAYOFFS[a, c, 0], alone[b], PAYOFFS[a, c, 1]
    facts = [Fact.of_own_move("harvest", "units", (1.0, 3.0))]
    return NormalForm(table, players=("ann", "bob", "cid"), moves=("C", "D"), facts=facts)


RULES = (
    Tax("D", 2.0, shared=True),
    Tax("harvest", 0.5),
    Quota("harvest", 2.0),
    Vote("C", 1),
    Contract("C", 2.0),
    Contract("C", 2.0, each_round=True),
    Mediator(),
    PeerPunishment(),
    Reputation(),
    GraduatedSanctions("D", fines=(1.0, 2.0), forgotten=2),
    Enforced(Fines((("cid", "D", 2.0),)), detection=0.5),
    Constitution((Tax("D", 3.0), Quota("D", 0.0)), needed=1),
    Within(Tax("D", 1.0), ("cid",)),
)


@pytest.mark.parametrize("rule", [RULES[0], RULES[9], Within(Vote("C"), ("player 3",))], ids=str)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(Within(rule, ("player 3", "player 1"))).carriers
    assert "compiled steps pay as live" in carriers["world"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(RULES))
def test_members_play_as_if_they_were_all(seed, rule):
    """Live, choice by choice: what the two are asked and paid is as in a game of two under the bare rule."""
    rng = np.random.default_rng(seed)
    session = Session(three(), [Within(rule, AMONG)], rounds=4, seed=seed)
    pair = Session(PAIR, [rule], rounds=4, seed=seed)
    while not session.over:
        waiting = [seat for seat in session.waiting if seat != 1]
        seat = waiting[0] if waiting else 1
        choices = session.look(seat).choices
        made = {part: options[rng.integers(len(options))] for part, options in choices.items()}
        if seat == 1:
            assert set(choices) == {"act"}
            assert choices["act"] == ("C", "D")
        else:
            assert pair.look(seat // 2).choices == choices
            mine, theirs = session.look(seat).sees, pair.look(seat // 2).sees
            assert set(theirs) <= set(mine)
            pair.submit(seat // 2, made)
        session.submit(seat, made)
    assert pair.over
    assert session.totals[[0, 2]] == pytest.approx(pair.totals)
    acts = [event.action for event in session.log if event.agent == "bob" and event.channel == "act"]
    assert session.totals[1] == sum({"C": 7.0, "D": 8.0}[act] for act in acts)


@pytest.mark.parametrize("rule", RULES[:3], ids=str)
def test_among_all_it_is_the_rule(rule):
    whole = three().under(Within(rule, ("cid", "bob", "ann")))
    plain = three().under(rule)
    assert whole.moves == plain.moves
    assert whole.payoffs == pytest.approx(plain.payoffs)


def test_a_club_in_a_club_and_two_beside_each_other():
    nested = three().under(Within(Within(Tax("D", 2.0), ("ann",)), AMONG))
    assert nested.payoffs == pytest.approx(three().under(Within(Tax("D", 2.0), ("ann",))).payoffs)
    both = three().under(Within(Tax("D", 2.0), ("ann",)), Within(Tax("D", 1.0), ("bob",)))
    expected = three().payoffs.copy()
    expected[1, :, :, 0] -= 2.0
    expected[:, 1, :, 1] -= 1.0
    assert both.payoffs == pytest.approx(expected)


def test_parts_of_members_are_only_theirs():
    session = Session(three(), [Within(Contract("C"), AMONG), Within(Contract("D"), ("bob",))])
    parts = session.charter.ground.parts
    assert (parts["sign"].who, parts["sign2"].who) == ((0, 2), (1,))
    assert parts["act"].labels == ("C", "D")
    extended = Session(three(), [Within(Mediator(), AMONG)])
    assert extended.look(1).choices == {"act": ("C", "D")}
    assert extended.look(2).choices == {"act": ("C", "D", "delegate")}


def test_what_it_shares_stays_among_members():
    added = three().under(Within(Tax("D", 2.0, shared=True), AMONG)).adds
    assert added[..., 1] == pytest.approx(0.0)
    assert added.sum(-1) == pytest.approx(0.0)


def test_who_is_absent_has_no_part():
    session = Session(three(), [Within(Tax("D", 2.0, shared=True), AMONG)], rounds=2)
    session.leave(0)
    for _ in range(2):
        for seat in session.waiting:
            session.submit(seat, {"act": "D"})
    paid = [event.payoff for event in session.log if event.t == 1 and event.channel == "paid"]
    assert paid == [8.0, PAYOFFS[0, 1, 1]]  # absent ann counts as C; cid pays the tax to himself


def test_what_cannot_be():
    for members in ((), ("ann", "ann")):
        with pytest.raises(InputError):
            Within(Tax("D"), members)
    with pytest.raises(UnknownName):
        three().under(Within(Tax("D"), ("dan",)))
    with pytest.raises(UnknownName):  # a rule that names somebody who is no member
        three().under(Within(Fines((("bob", "D", 1.0),)), AMONG))
    assert build("institutions", Within.example) == Within(Tax("D", 3.0), ("row",))
    assert Within(Tax("D"), AMONG).scope == "additive"
    assert Within(Tax("D", shared=True), AMONG).scope == "profile"
