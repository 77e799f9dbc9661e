"""The audit of an election: what it says, whom it pays to vote otherwise, and which axioms rules break there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..audits.manipulation import Manipulation
from ..audits.voting_axioms import axiom_failure
from ..core.claim import Claim, Finding
from ..core.forms.ballots import Ballots
from ..diagnosis._diagnose import diagnose
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis._tables import opened
from ..diagnosis.election import voting_rules
from ._audit import Audit
from ._words import legible, listed, name

ATTEMPTS = 600
"""Other ballots tried for each claim: all of them for elections with up to four alternatives and strict orders."""

TOGETHER, WORK = (60, 2_500), 10_000
"""Fewest and most attempts of groups for each claim, and how many ballots all these attempts may have."""

LARGEST = 12
"""Alternatives up to which other ballots are tried."""

AXIOMS = ("majority", "majority loser", "Condorcet winner", "Condorcet loser", "Pareto", "reversal symmetry")
"""Axioms that are decided by asking a rule about this election, and few others."""

FEW = 100
"""Voters up to which it is also asked whether a rule is monotone: winners are lifted by one voter, by two, …"""

ASKED = (
    "An election has no remedy. What was asked of each rule is whether it pays to vote otherwise, for one voter or for "
    "several with the same ballot who all do the same, if of tied winners the first in the order of the alternatives "
    "wins; and, if ballots are strict and complete, which axioms fail here."
)

BALLOT = 240
"""Letters of a ballot that are shown."""

SOURCE = "Gibbard (1973) and Satterthwaite (1975); Moulin (1988) for staying away."

BOUNDED = (
    " For each claim about one voter up to {:,} other ballots are tried, and for each about several up to {:,}; claims "
    "for which that is not all there is to try say at most that they are supported."
)


def audit_election(ballots: Ballots, seed: int, progress: Callable[[str], object]) -> Audit:
    """Every rule on one election: who wins, who gains by another ballot or by staying away, and which axioms fail.

    Voters are asked one by one, and those with the same ballot also together.

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
    asked = ASKED + BOUNDED.format(ATTEMPTS, _together(cast))
    return Audit(ballots.name, seen, None, None, None, tuple(checks), asked, strongest=_strongest(checks, cast))


def _claims(name: str, rule: Callable[[Ballots], Any], cast: Ballots, seed: int) -> Iterator[Claim]:
    form, many = _form(cast), int(cast.counts.max())
    alone = Manipulation(names=0, form=form, most=ATTEMPTS)(rule, cast, seed=seed)
    groups: tuple[Claim, ...] = ()
    if many > 1:
        groups = Manipulation("order", many, True, form, 0, most=_together(cast), least=2)(rule, cast, seed=seed)
    for claim in (*alone, *groups):
        said = f"By {name} {claim.statement[0].lower()}{claim.statement[1:]}"
        yield replace(claim, statement=said, numbers={**claim.numbers, "rule": name})
    if cast.strict and cast.complete:
        yield _axioms(name, rule, cast)


def _together(cast: Ballots) -> int:
    """How many attempts of groups there are for each claim: the fewer, the more different ballots each of them has."""
    least, most = TOGETHER
    return min(max(WORK // len(cast.counts), least), most)


def _strongest(checks: list[Claim], cast: Ballots) -> Finding | None:
    """By which other ballot who casts it gains most, and of those that bring as much, the fewest; None where nobody."""
    paying = [claim for claim in checks if claim.witness is not None and "gain" in claim.witness]
    if not paying:
        return None
    best = min(paying, key=lambda claim: (-claim.numbers["gain"], (claim.witness or {})["voters"]))
    found, rule, gain = dict(best.witness or {}), best.numbers["rule"], best.numbers["gain"]
    own, said, many = found["who"][0], found["said"][0], found["voters"]
    all_of = int(cast.counts[[cast.written(k) for k in range(len(cast.counts))].index(own)])
    cut = legible(own, BALLOT)
    if all_of == 1:
        who, s = f"the one who casts {cut}", "s"
    else:
        who = f"{f'all {many:,}' if many == all_of else f'{many:,} of the {all_of:,}'} who cast {cut}"
        s = "s" if many == 1 else ""
    does = f"cast{s} {legible(said[0], BALLOT)} instead" if said else f"stay{s} away"
    before, now = (_first(found["winners"][when]) for when in ("before", "after"))
    sentence = (
        f"What was found to pay most by voting otherwise: by {rule}, if {who} {does}, {now} wins where {before} did, "
        f"{gain} {'place' if gain == 1 else 'places'} higher on the sincere ballot."
    )
    return Finding("manipulation", sentence, tuple(found["who"]), {**found, "rule": rule}, SOURCE)


def _first(winners: Sequence[str]) -> str:
    """Who wins, if of those tied the first does."""
    one, *others = map(name, winners)
    return f"{one} (first in the order of the alternatives, tied with {listed(others)})" if others else one


def _form(cast: Ballots) -> Any:
    """The ballots that voters may cast: of the form of those that they do."""
    if cast.ranks.max() <= 0:
        return "approvals"
    return "weak" if not cast.strict else "orders" if cast.complete else "truncated"


def _axioms(name: str, rule: Callable[[Ballots], Any], cast: Ballots) -> Claim:
    asked = (*AXIOMS, *(("monotonicity",) if cast.voters <= FEW else ()))
    failures = {axiom: axiom_failure(rule, axiom, cast) for axiom in asked}
    failing = {axiom: found for axiom, found in failures.items() if found is not None}
    method = "each, as its definition says"
    if not failing:
        return Claim(f"By {name} these axioms hold at these ballots: {', '.join(asked)}.", "proved", method, 0.0)
    kept = [axiom for axiom in asked if axiom not in failing]
    said = f"By {name} all axioms that were asked hold at these ballots. {opened(listed(list(failing)))} "
    said += f"fail{'s' if len(failing) == 1 else ''}"
    said += f"; {listed(kept)} hold{'s' if len(kept) == 1 else ''}." if kept else "."
    numbers = {"failing": {axiom: found["why"] for axiom, found in failing.items()}, "holding": kept}
    return Claim(said, "refuted", method, 0.0, numbers, next(iter(failing.values())))
