"""The conformance kit must pass honest rules and catch every lie."""

import itertools

import numpy as np
import pytest

from ostrom.core.errors import DeclarationError, InputError, UnknownName
from ostrom.core.ground import Part
from ostrom.core.institution import Around, Institution
from ostrom.institutions.advice import Advice
from ostrom.institutions.ban import Ban
from ostrom.institutions.contract import Contract
from ostrom.institutions.fines import Fines
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.quota import Quota
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.tax import Tax
from ostrom.institutions.transfers import Transfers
from ostrom.institutions.vote import Vote
from ostrom.testing.check_institution import check_institution

SIX_AND_MORE = [
    Tax("D", 0.5),
    Tax("harvest", 0.5, shared=True),
    Quota("harvest", 2.0),
    Quota("harvest", 4.0, season=3),
    Vote("C"),
    Contract("C"),
    Contract("C", each_round=True),
    Mediator("C", "D"),
    Advice(((("C", "C", "D"), 0.5), (("C", "D", "C"), 0.5))),
    Reputation("GBBG", "C"),
    Around(Tax("D", 0.5)),
    Ban((("player 1", "D"),)),
    Fines((("*", "D", 0.5),)),
    Transfers((("C", "D"),) * 3, np.arange(24.0).reshape(2, 2, 2, 3) - 9),
    Prosocial(weight=0.3),
]


@pytest.mark.parametrize("institution", SIX_AND_MORE, ids=lambda one: repr(one)[:60])
def test_ours_keep_what_they_declare(institution):
    report = check_institution(institution)
    assert set(report.carriers) >= {"table", "repeated", "counts", "society", "world"}
    assert "replayed to the same bytes" in report.carriers["society"]
    assert "pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]
    assert "keeps what it declares" in str(report)


class Liar(Institution):
    """Base of the planted failures."""


class ReadsOthers(Liar):
    scope = "additive"

    def settle(self, now, payoffs):
        return payoffs - now.did("act", "D").sum(-1, keepdims=True)


class ReadsOthersPayoffs(Liar):
    scope = "additive"

    def settle(self, now, payoffs):
        return payoffs - payoffs.sum(-1, keepdims=True)


class UnknownScope(Liar):
    scope = "banana"


class NoAnswer(Liar):
    def settle(self, now, payoffs):
        return None


class NotFinite(Liar):
    def settle(self, now, payoffs):
        return payoffs * np.nan


class ReadsWho(Liar):
    scope = "counts"

    def settle(self, now, payoffs):
        return payoffs - now.did("act", "D") * now.did("act", "D")[..., :1]


class Prints(Liar):
    budget = "balanced"

    def settle(self, now, payoffs):
        return payoffs + 1.0


class PaysOut(Liar):
    budget = "surplus"

    def settle(self, now, payoffs):
        return payoffs + now.did("act", "C")


class Keeps(Liar):
    def found(self, ground):
        return {"n": np.int32(0)}


class ChangesType(Liar):
    memory = "finite"

    def found(self, ground):
        return {"n": np.zeros(len(ground.players), np.int32)}

    def remember(self, now, payoffs):
        return {"n": now.record["n"] + 0.5}


class Shape(Liar):
    def settle(self, now, payoffs):
        return payoffs.sum(-1)


class Batch(Liar):
    def settle(self, now, payoffs):
        return payoffs - payoffs.mean()


class Odds(Liar):
    def dice(self, now):
        return {"d": np.array([[0.5, 0.6]])}


class Forbids(Liar):
    def permit(self, now, mask):
        return {part: m & False for part, m in mask.items()}


class Remembers(Liar):
    clock = itertools.count()

    def settle(self, now, payoffs):
        return payoffs + next(self.clock)


class Unguarded(Liar):
    def settle(self, now, payoffs):
        return payoffs / (now["act"] + 1)


class Spoils(Liar):
    def settle(self, now, payoffs):
        payoffs -= 1.0
        return payoffs


class LeavesOut(Liar):
    def menu(self, ground):
        return ground.instead_of("act", Part("bid", ("1", "2")))

    def enact(self, now, moves):
        return moves


class OnlyNumpy(Liar):
    """Honest on a table, not to be compiled."""

    def settle(self, now, payoffs):
        return payoffs - np.asarray(now.did("act", "D"))


LIARS = [
    ReadsOthers,
    ReadsOthersPayoffs,
    UnknownScope,
    NoAnswer,
    NotFinite,
    ReadsWho,
    Prints,
    PaysOut,
    Keeps,
    ChangesType,
    Shape,
    Batch,
    Odds,
    Forbids,
    Remembers,
    Unguarded,
    Spoils,
    LeavesOut,
]


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_planted_lie_is_caught(liar):
    with pytest.raises((DeclarationError, InputError)):
        check_institution(liar())


def test_a_rule_that_cannot_be_compiled_is_told_how_to_be():
    pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    with pytest.raises(DeclarationError, match=r"now\.xp"):
        check_institution(OnlyNumpy())


def test_a_rule_for_another_game_is_told_what_there_is():
    with pytest.raises(UnknownName, match="harvest"):
        check_institution(Tax("catch_of_the_day"))
