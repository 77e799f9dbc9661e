"""Notice: all read what was done to whom, and nobody is paid otherwise."""

from typing import ClassVar

import numpy as np
import pytest

from ostrom.core.charter import Charter
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Institution, Now
from ostrom.core.society import Session
from ostrom.institutions import Ban, Fines, Mistakes, Notice, Prosocial, Reputation, Tax, Vote
from ostrom.testing import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
FINE = Fines((("*", "D", 2.0),), shared=False)


def boards(rules, rounds, game=PD):
    """What the seats see before each round, and after the last."""
    session, seen = Session(game, rules, rounds=len(rounds) + 1), []
    for acts in rounds:
        seen.append(session.look(0).sees)
        for seat, act in enumerate(acts):
            session.submit(seat, {"act": act})
    return [*seen, session.look(0).sees]


@pytest.mark.parametrize(
    "rule",
    [FINE, Tax("harvest", 0.4, shared=True), Mistakes(Reputation(), 0.1), Vote("C", 2), Ban((("*", "D"),))],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(Notice(rule)).carriers
    assert "compiled steps pay as live" in carriers["world"]
    assert "states" in carriers["repeated"]
    assert carriers["table"].startswith("refused: Notice remembers earlier rounds")  # and there is one round only
    declared = {name: getattr(rule, name) for name in ("scope", "budget")}
    assert {name: getattr(Notice(rule), name) for name in declared} == declared


def test_a_notice_is_of_the_round_before():
    first, second, third = boards([Notice(FINE)], [("D", "C"), ("C", "C")])
    assert (first["sanctioned"], first["did"], first["posted"]) == ([0, 0], [-1, -1], 0)
    assert (second["sanctioned"], second["did"], second["posted"]) == ([-1, 0], [1, 0], 1)
    assert (third["sanctioned"], third["did"], third["posted"]) == ([0, 0], [0, 0], 2)


def test_it_tells_what_was_paid_on_balance():
    def notice(rule, acts):
        return boards([Notice(rule)], [acts])[-1]["sanctioned"]

    assert notice(Fines((("*", "D", 2.0),)), ("D", "C")) == [-1, 1]
    assert notice(Fines((("*", "D", 2.0),)), ("D", "D")) == [0, 0]  # each pays the other
    assert notice(Tax("D", 0.1 + 0.2, shared=True), ("D", "D")) == [0, 0]  # though 0.3 is no binary number
    assert notice(Tax("D", -1.0), ("D", "C")) == [1, 0]
    assert boards([Notice(FINE, least=2.0)], [("D", "C")])[-1]["sanctioned"] == [0, 0]
    assert notice(Prosocial(0.5), ("D", "C")) == [0, 0]  # nobody pays anybody


@pytest.mark.parametrize("acts", [(a, b) for a in "CD" for b in "CD"], ids="".join)
def test_payoffs_are_those_of_the_rule(acts):
    bare, shown = (Session(PD, [rule]) for rule in (FINE, Notice(FINE)))
    for session in (bare, shown):
        for seat, act in enumerate(acts):
            session.submit(seat, {"act": act})
    assert (
        shown.totals.tolist() == bare.totals.tolist() == PD.under(FINE).payoffs[tuple(map("CD".index, acts))].tolist()
    )


class Twice(Institution):
    """Fines who does D again, and keeps and shows who did it under a name that a notice has; the dice read it."""

    memory: ClassVar[str] = "finite"

    def found(self, ground):
        return {"did": np.zeros(len(ground.players), np.int32)}

    def dice(self, now):
        return {"idle": np.array([[1.0, 0.0]]) + 0.0 * now.record["did"].sum()}

    def inform(self, now, view):
        return view.show(did=now.record["did"])

    def settle(self, now, payoffs):
        return payoffs - 2.0 * (now.did("act", "D") & (now.record["did"] > 0))

    def remember(self, now, payoffs):
        return {"did": np.minimum(now.record["did"] + now.did("act", "D"), 1)}


def test_what_the_rule_keeps_is_kept_apart():
    acts = [("D", "C"), ("D", "C"), ("C", "D")]
    told = boards([Notice(Twice())], acts)
    assert [seen["did"] for seen in told] == [[0, 0], [1, 0], [1, 0], [1, 1]]  # the rule's own
    assert [seen["did2"] for seen in told] == [[-1, -1], [1, 0], [1, 0], [0, 1]]
    assert [seen["sanctioned"] for seen in told] == [[0, 0], [0, 0], [-1, 0], [0, 0]]
    nested = boards([Notice(Notice(Twice()))], acts)
    assert [(seen["did2"], seen["sanctioned2"]) for seen in nested] == [
        (seen["did3"], seen["sanctioned"]) for seen in nested
    ]
    assert boards([Notice(Mistakes(Reputation("GGGG"), 1.0))], acts)[-1]["standing"] == [False, False]


def test_where_act_is_a_number_only_sanctions_are_public():
    class Levy(Institution):
        """Takes half of the number."""

        def settle(self, now, payoffs):
            return payoffs - 0.5 * now.amount("act")

    rule = Notice(Levy())
    ground = Ground(("one", "two"), play=((Part("act", low=0.0, high=2.0),),))
    record = Charter(ground, [rule]).found()[0]
    assert set(record) == {"sanctioned"}
    now = Now(ground, record, {"act": np.array([0.0, 1.5])})
    assert rule.remember(now, np.zeros(2))["sanctioned"].tolist() == [0, -1]


def test_of_who_is_absent_nothing_is_told():
    ground = Ground(("one", "two"), play=((Part("act", ("C", "D")),),))
    now = Now(ground, Notice(FINE).found(ground), {"act": np.array([1, 1])}, present=np.array([True, False]))
    told = Notice(FINE).remember(now, np.zeros(2))
    assert (told["did"].tolist(), told["sanctioned"].tolist()) == ([1, -1], [-1, 0])


def test_in_a_world_the_same_is_told():
    pytest.importorskip("jax")
    from ostrom.core.agent import Policy
    from ostrom.learners import play
    from ostrom.worlds import MatrixWorld

    class Reader(Policy):
        """Does C when somebody was fined, else D."""

        def act(self, sight, memory):
            return {"act": sight.scores("act", sight.xp.where((sight.seen["sanctioned"] < 0).any(), 0, 1))}, memory

    played = play(MatrixWorld.of(PD, horizon=4).under(Notice(FINE)), Reader(), episodes=2)
    assert played.moves["act"].tolist() == [[[1, 1], [0, 0], [1, 1], [0, 0]]] * 2
    assert np.allclose(played.payoffs[0, :2], [[-1, -1], [3, 3]])
