"""The conformance kit must trust sound audits and catch each way in which one can be unsound."""

from dataclasses import replace
from itertools import count

import pytest

from ostrom import Claim, NormalForm
from ostrom.audits.equilibria import Equilibria
from ostrom.audits.learners import Learners
from ostrom.core.errors import DeclarationError
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
FAILS, HOLDS = (DILEMMA, ("C", "C")), (DILEMMA, ("D", "D"))


def test_sound_audits_are_trusted():
    assert "Equilibria finds what it has to find." in str(check_audit(Equilibria(), FAILS, HOLDS))
    assert "3 of 3 claims confirmed" in check_audit(Equilibria(), FAILS, HOLDS).checks[2]
    sampled = check_audit(Learners(seeds=4, rounds=50, rules=("hedge",)), FAILS, HOLDS)
    assert "0 of 2 claims confirmed" in sampled.checks[2]


def planted(change):
    """An audit that answers as `Equilibria` does, with `change` made to each claim."""

    def audit(game, target, seed=0):
        return tuple(change(claim) for claim in Equilibria()(game, target, seed=seed))

    return audit


def never_refutes(claim):
    return replace(claim, verdict="unknown") if claim.verdict == "refuted" else claim


def always_refutes(claim):
    return replace(claim, verdict="refuted", witness={"trust": "me"})


def never_decides(claim):
    return claim if claim.verdict == "refuted" else replace(claim, verdict="unknown")


def has_no_evidence(claim):
    return replace(claim, evidence=None)


def exaggerates(claim):
    return replace(claim, evidence={**claim.evidence, "gain": 99}) if claim.verdict == "refuted" else claim


def proves_too_much(claim):
    return replace(claim, evidence={**claim.evidence, "lead": 99}) if "lead" in claim.evidence else claim


def names_no_method(claim):
    return replace(claim, method="")


def supports_without_numbers(claim):
    return claim if claim.verdict == "refuted" else replace(claim, verdict="supported")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (never_refutes, "refutes nothing"),
        (always_refutes, "refutes a claim about the planted success"),
        (never_decides, "neither proves nor supports"),
        (has_no_evidence, "without evidence"),
        (exaggerates, "is wrong"),
        (proves_too_much, "is wrong"),
        (names_no_method, "names no method"),
        (supports_without_numbers, "without n, interval and seeds"),
    ],
)
def test_every_planted_fault_is_caught(change, said):
    check_audit(planted(lambda claim: claim), FAILS, HOLDS)
    with pytest.raises(DeclarationError, match=said):
        check_audit(planted(change), FAILS, HOLDS)


def test_an_audit_that_changes_its_mind_is_caught():
    turn = count()

    def wavers(game, target, seed=0):
        return tuple(replace(claim, numbers={"turn": next(turn)}) for claim in Equilibria()(game, target))

    with pytest.raises(DeclarationError, match="asked again"):
        check_audit(wavers, FAILS, HOLDS)


def test_samples_without_evidence_may_refute_when_they_say_how_many():
    def sampled(game, target, seed=0):
        numbers = {"n": 4, "interval": [0.0, 1.0], "seeds": [seed]}
        lost = target != ("D", "D")
        witness = {"seed": seed} if lost else None
        return (Claim("A sample.", "refuted" if lost else "supported", "four runs", 0.1, numbers, witness),)

    assert "1 of 1" in check_audit(sampled, FAILS, HOLDS).checks[0]
