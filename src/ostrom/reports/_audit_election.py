"""The audit of an election: what it says, whether it pays to vote otherwise, and which axioms rules break there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..audits.manipulation import Manipulation
from ..audits.voting_axioms import axiom_failure
from ..core.claim import Claim
from ..core.forms.ballots import Ballots
from ..diagnosis._diagnose import diagnose
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis.election import voting_rules
from ._audit import Audit

ATTEMPTS = 600
"""Other ballots tried for each claim: all of them for elections with up to four alternatives and strict orders."""

LARGEST = 12
"""Alternatives up to which other ballots are tried."""

AXIOMS = ("majority", "majority loser", "Condorcet winner", "Condorcet loser", "Pareto", "reversal symmetry")
"""Axioms that are decided by asking a rule about this election, and few others."""

FEW = 100
"""Voters up to which it is also asked whether a rule is monotone: winners are lifted by one voter, by two, …"""

ASKED = (
    "An election has no remedy. What was asked of each rule is whether it pays to vote otherwise, if of tied winners "
    "the first in the order of the alternatives wins; and, if ballots are strict and complete, which axioms fail here."
)


def audit_election(ballots: Ballots, seed: int, progress: Callable[[str], object]) -> Audit:
    """Every rule on one election: who wins, who gains by another ballot or by staying away, and which axioms fail.

    Of tied winners the first in the order of the alternatives wins. Axioms are asked of strict and complete ballots.
    """
    progress("Asking every rule who wins")
    seen = diagnose(ballots)
    assert isinstance(seen, PlainDiagnosis)
    progress("Looking for ballots that pay, and for axioms that fail")
    size = len(ballots.alternatives)
    if size > LARGEST:
        why = f"Other ballots are tried for up to {LARGEST} alternatives, and there are {size}."
        return Audit(ballots.name, seen, None, None, None, (), why)
    cast = ballots.gathered()  # all rules here only count ballots
    told = seen.parts[0].winners
    checks = [
        claim for name, rule in voting_rules(cast).items() if name in told for claim in _claims(name, rule, cast, seed)
    ]
    return Audit(ballots.name, seen, None, None, None, tuple(checks), ASKED)


def _claims(name: str, rule: Callable[[Ballots], Any], cast: Ballots, seed: int) -> Iterator[Claim]:
    for claim in Manipulation(names=0, form=_form(cast), most=ATTEMPTS)(rule, cast, seed=seed):
        yield replace(claim, statement=f"By {name} {claim.statement[0].lower()}{claim.statement[1:]}")
    if cast.strict and cast.complete:
        yield _axioms(name, rule, cast)


def _form(cast: Ballots) -> Any:
    """The ballots that voters may cast: of the form of those that they do."""
    if cast.ranks.max() <= 0:
        return "approvals"
    return "weak" if not cast.strict else "orders" if cast.complete else "truncated"


def _axioms(name: str, rule: Callable[[Ballots], Any], cast: Ballots) -> Claim:
    asked = (*AXIOMS, *(("monotonicity",) if cast.voters <= FEW else ()))
    failures = {axiom: axiom_failure(rule, axiom, cast) for axiom in asked}
    failing = {axiom: found for axiom, found in failures.items() if found is not None}
    said, method = f"By {name} these axioms hold at these ballots: {', '.join(asked)}.", "each, as its definition says"
    if not failing:
        return Claim(said, "proved", method, 0.0)
    first = next(iter(failing.values()))
    numbers = {"failing": {axiom: found["why"] for axiom, found in failing.items()}}
    return Claim(said, "refuted", method, 0.0, numbers, first)
