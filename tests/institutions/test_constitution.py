"""Articles in force and out of it, votes on them, and a safeguard that can be voted away, or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.society import Session
from ostrom.institutions import (
    Constitution,
    Contract,
    Enforced,
    Fines,
    GraduatedSanctions,
    Mediator,
    PeerPunishment,
    Prosocial,
    Quota,
    Reputation,
    Tax,
    Vote,
)
from ostrom.testing import check_institution

COMMONS = Symmetric(
    lambda own, others: 2.0 * own + 1.5 * others[:, 0],
    players=3,
    moves=("C", "D"),
    name="commons",
    facts=[Fact.of_own_move("harvest", "units", (1.0, 3.0))],
).dense()
TWO = Symmetric(
    lambda own, others: 2.0 * own + 1.5 * others[:, 0],
    players=2,
    moves=("C", "D"),
    facts=[Fact.of_own_move("harvest", "units", (1.0, 3.0))],
).dense()
TAX, QUOTA = Tax("D", 3.0), Quota("harvest", 2.0)
ARTICLES = (TAX, QUOTA, Vote("C", 2), Contract("C", 1.5, each_round=True), Tax("harvest", 0.5, shared=True))


class Renamed(Institution):
    """Other moves in the place of those there are."""

    def menu(self, ground):
        return ground.instead_of("act", Part("deed", ("good", "bad")))

    def enact(self, now, moves):
        return {**moves, "act": moves["deed"]}


def go(session, act=("C", "C", "C"), motion=("keep",) * 3):
    """One round: these acts where they are asked for, these motions, and the first choice in all else."""
    time = session.time
    while session.time == time and not session.over:
        seat = session.waiting[0]
        made = {part: options[0] for part, options in session.look(seat).choices.items()}
        for part, wanted in (("act", act), ("motion", motion)):
            if part in made:
                made[part] = wanted[seat]
        session.submit(seat, made)
    return session.records[0]["force"].tolist()


def paid(session, time):
    return [event.payoff for event in session.log if event.channel == "paid" and event.t == time]


def test_it_keeps_what_it_declares_on_every_carrier():
    carriers = check_institution(Constitution((TAX,), needed=2, safeguard=3)).carriers
    assert "compiled steps pay as live" in carriers["world"]
    assert carriers["repeated"] == "4 states"
    assert carriers["table"].startswith("refused: Constitution remembers")


@pytest.mark.slow
@pytest.mark.parametrize(
    "articles",
    [
        (TAX, QUOTA),
        (Contract("C"),),
        (Mediator(), Tax("delegate", 0.5)),
        (Vote("C"),),
        (Reputation(),),
        (PeerPunishment(),),
        (GraduatedSanctions("D", forgotten=1, fines=(0.5,)),),
        (Enforced(Fines((("*", "D", 2.0),), shared=False), detection=0.5),),
    ],
    ids=str,
)
def test_any_rule_can_be_an_article(articles):
    """Rules that add parts, labels, dice or memory."""
    carriers = check_institution(Constitution(articles, needed=2, safeguard=2), TWO).carriers
    assert "compiled steps pay as live" in carriers["world"]
    assert "replayed to the same bytes" in carriers["society"]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.sampled_from(ARTICLES), min_size=1, max_size=4, unique=True))
def test_a_round_is_that_under_the_articles_in_force(seed, articles):
    """Whatever was voted for: asked, permitted and paid is as under a plain charter of what is in force."""
    rng, law = np.random.default_rng(seed), Constitution(tuple(articles), needed=1)
    session = Session(COMMONS, [law], rounds=4)
    while not session.over:
        force, time = session.records[0]["force"], session.time
        plain = Session(COMMONS, [rule for rule, on in zip(articles, force, strict=True) if on])
        names = dict(zip(session.charter.ground.parts, session.charter.ground.parts, strict=True))
        while session.time == time and not session.over:
            seat = session.waiting[0]
            choices = session.look(seat).choices
            made = {part: options[rng.integers(len(options))] for part, options in choices.items()}
            if "motion" not in made:
                assert plain.look(seat).choices == choices
                plain.submit(seat, {names[part]: label for part, label in made.items()})
            session.submit(seat, made)
        assert plain.over
        assert paid(plain, 0) == pytest.approx(paid(session, time))


def test_a_majority_repeals_and_enacts_again():
    session = Session(COMMONS, [Constitution((TAX, QUOTA))], rounds=6)
    assert session.look(0).choices["act"] == ("C",)
    assert go(session, motion=("change Quota", "keep", "keep")) == [True, True]
    assert go(session, motion=("change Quota", "keep", "change Quota")) == [True, False]
    assert session.look(0).choices["act"] == ("C", "D")
    assert session.look(0).sees["force"] == [True, False]
    assert go(session, ("D", "C", "C"), ("change Tax", "change Tax", "change Quota")) == [False, False]
    assert go(session, ("D", "C", "C"), ("change Tax",) * 3) == [True, False]
    assert paid(session, 2)[0] == paid(session, 3)[0] - 3.0
    assert go(session, motion=("change Quota",) * 3) == [True, True]


def test_a_safeguard_that_is_not_entrenched_falls_first():
    """Two of three cannot repeal the quota; they can repeal what says so, and then the quota (Suber's paradox)."""
    two = ("change Quota", "change Quota", "keep")
    session = Session(COMMONS, [Constitution((QUOTA,), needed=2, safeguard=3)], rounds=4)
    assert go(session, motion=two) == [True, True]
    assert go(session, motion=("change safeguard", "change safeguard", "keep")) == [True, False]
    assert go(session, motion=two) == [False, False]
    firm = Session(COMMONS, [Constitution((QUOTA,), needed=2, safeguard=3, entrenched=True)], rounds=4)
    assert go(firm, motion=("change safeguard", "change safeguard", "keep")) == [True, True]
    assert go(firm, motion=("change Quota",) * 3) == [False, True]
    assert go(firm, motion=("change safeguard",) * 3) == [False, False]


def test_a_safeguard_guards_what_it_is_said_to():
    law = Constitution((TAX, QUOTA), needed=1, safeguard=4, guarded=(1,), entrenched=True)
    assert law.votes((True, True, True), 3) == [1, 4, 4]
    session = Session(COMMONS, [law], rounds=3)
    assert go(session, motion=("change Quota", "change Quota", "change Tax")) == [False, True, True]
    assert go(session, motion=("change Quota",) * 3) == [False, True, True]  # more votes than there are seats


def test_who_is_absent_has_no_vote():
    session = Session(COMMONS, [Constitution((QUOTA,))], rounds=4)
    session.leave(0)
    go(session)
    assert go(session, motion=("change Quota", "change Quota", "keep")) == [True]
    assert go(session, motion=("keep", "change Quota", "change Quota")) == [False]


def test_books_rest_while_an_article_is_out_of_force():
    steps = GraduatedSanctions("D", fines=(1.0, 2.0, 4.0))
    session = Session(COMMONS, [Constitution((steps,), needed=1)], rounds=6)
    greedy, change = ("D", "C", "C"), ("keep", "keep", "change GraduatedSanctions")
    for motion in (("keep",) * 3, change, change, ("keep",) * 3):
        go(session, greedy, motion)
    took = [
        Session(COMMONS, []).carrier.game.payoffs_at(np.array([1, 0, 0]))[0] - paid(session, t)[0] for t in range(4)
    ]
    assert took == [1.0, 2.0, 0.0, 4.0]


def test_labels_of_a_repealed_article_are_closed():
    session = Session(COMMONS, [Constitution((Mediator(), TAX), needed=1)], rounds=3)
    assert "delegate" in session.look(0).choices["act"]
    go(session, motion=("change Mediator", "change Tax", "keep"))
    assert session.look(0).choices["act"] == ("C", "D")


def test_a_constitution_can_be_an_article():
    """The inner one needs all three for its tax; the outer needs two to repeal the inner one altogether."""
    session = Session(COMMONS, [Constitution((Constitution((TAX,), needed=3), QUOTA), needed=2)], rounds=4)
    inner = "article 0 force"

    def vote(*motions):
        time = session.time
        while session.time == time and not session.over:
            seat = session.waiting[0]
            made = {"act": "C", "motion": motions[seat], "motion2": motions[seat]}
            choices = session.look(seat).choices
            session.submit(seat, {p: made[p] if made[p] in choices[p] else "keep" for p in choices})
        return session.records[0]["force"].tolist(), session.records[0][inner].tolist()

    assert vote("change Tax", "change Tax", "keep") == ([True, True], [True])
    assert vote("change Constitution", "change Quota", "change Quota") == ([True, False], [True])
    assert vote("change Constitution", "change Constitution", "keep") == ([False, False], [True])
    assert "motion" not in session.look(0).choices


def test_two_articles_of_one_kind_are_told_apart():
    law = Constitution((TAX, Tax("C", 1.0)))
    assert law.names == ("Tax", "Tax 2")
    parts = Session(COMMONS, [law, Constitution((QUOTA,))]).charter.ground.parts
    assert parts["motion"].labels == ("keep", "change Tax", "change Tax 2")
    assert parts["motion2"].labels == ("keep", "change Quota")


@pytest.mark.parametrize(
    ("safeguard", "entrenched", "states"), [(0, False, 2), (2, True, 4), (3, False, 4), (3, True, 1)]
)
def test_what_a_repeated_game_can_become(safeguard, entrenched, states):
    """Every state of the rules that two seats can reach is met in the repeated game, and no other one."""
    pair = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    assert len(pair.repeated(0.9).under(Constitution((TAX,), 1, safeguard, entrenched)).states) == states


def test_what_it_declares():
    assert build("institutions", Constitution.example) == Constitution((TAX,), 2, 3)
    assert Constitution((TAX, QUOTA)).budget is None
    assert Constitution((QUOTA, Contract())).budget == "balanced"
    assert Constitution((QUOTA, GraduatedSanctions())).budget == "surplus"
    assert Constitution((TAX,)).memory == "finite"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Constitution(()),
        lambda: Constitution((TAX,), guarded=(0,)),
        lambda: Constitution((TAX,), entrenched=True),
        lambda: Constitution((TAX,), safeguard=3, guarded=(1,)),
        lambda: COMMONS.repeated(0.9).under(Constitution((TAX,), needed=3, safeguard=2)),
        lambda: COMMONS.repeated(0.9).under(Constitution((Prosocial(),))),
        lambda: Session(COMMONS, [Constitution((Renamed(),))]),
    ],
)
def test_what_cannot_be(wrong):
    with pytest.raises(InputError):
        wrong()
