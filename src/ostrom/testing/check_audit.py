"""Does an audit find what it has to find, and pass what is sound? The public conformance kit for audits."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..audits._case import Case
from ..audits._certified import certificate_of
from ..core.certificate import Certificate, Checked
from ..core.claim import Claim
from ..core.errors import DeclarationError
from ..core.game import Game
from ..core.lifts.repeated import Repeated

Question = tuple[Game | Repeated, Sequence[str]]
Audit = Callable[..., Sequence[Claim]]


@dataclass(frozen=True)
class Trusted:
    """What was checked of an audit."""

    audit: str
    checks: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.audit} finds what it has to find.", *(f"  ✓ {check}" for check in self.checks)])


def check_audit(audit: Audit, fails: Question, holds: Question, seed: int = 0) -> Trusted:
    """Ask an audit about a planted failure, which it has to refute, and about a planted success, which it has to pass.

    Every claim has to have a method; one that is proved without evidence has to name a tolerance as well. All evidence,
    written as a certificate and read again, has to be confirmed in exact rationals. What rests on samples, and has no
    evidence, has to be the same when it is asked again with the same seed; so has everything else.

    Parameters
    ----------
    audit : is called as `audit(game, target, seed=seed)` and answers with claims.
    fails, holds : a game (governed or not, repeated or not) and the joint move that is wanted, by label: one that has
        the fault which the audit looks for, and one without it.

    Returns a `Trusted`. Raises `DeclarationError` at the first thing that is not as it should be.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> from ostrom.audits import Equilibria
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> check_audit(Equilibria(), fails=(dilemma, ("C", "C")), holds=(dilemma, ("D", "D"))).checks[0]
    'planted failure: 1 of 1 claims refuted, with a witness that replays'
    """
    name = getattr(audit, "__name__", type(audit).__name__)
    found, passed = (_asked(name, audit, question, seed) for question in (fails, holds))
    refuted = [claim for claim in found if claim.verdict == "refuted"]
    if not refuted:
        _fail(name, "it refutes nothing of the planted failure.", f"It says: {_verdicts(found)}.")
    if any(claim.verdict == "refuted" for claim in passed):
        _fail(name, "it refutes a claim about the planted success.", f"It says: {_verdicts(passed)}.")
    stands = [claim for claim in passed if claim.verdict in ("proved", "supported")]
    if not stands:
        _fail(name, "it neither proves nor supports anything of the planted success.", f"It says: {_verdicts(passed)}.")
    confirmed = sum(_confirmed(name, *question, claims) for question, claims in ((fails, found), (holds, passed)))
    return Trusted(
        name,
        (
            f"planted failure: {len(refuted)} of {len(found)} claims refuted, with a witness that replays",
            f"planted success: {len(stands)} of {len(passed)} claims proved or supported, none refuted",
            f"evidence: {confirmed} of {len(found) + len(passed)} claims confirmed from a certificate, exactly",
            "the same seed gives the same claims",
        ),
    )


def _fail(name: str, what: str, why: str) -> None:
    raise DeclarationError(f"{name}: {what}", why, "Look at ostrom.audits.equilibria for one that is as it should be.")


def _verdicts(claims: Sequence[Claim]) -> str:
    return "; ".join(f"{claim.verdict} ({claim.statement})" for claim in claims) or "nothing"


def _asked(name: str, audit: Audit, question: Question, seed: int) -> tuple[Claim, ...]:
    """The claims, asked for twice."""
    game, target = question
    claims, again = (tuple(audit(game, tuple(target), seed=seed)) for _ in range(2))
    if repr(claims) != repr(again):
        _fail(name, "it answers otherwise when it is asked again.", f"First {claims!r}, then {again!r}.")
    for claim in claims:
        if not claim.method:
            _fail(name, f"{claim.statement!r} names no method.", "A verdict without one cannot be judged.")
        if claim.verdict == "supported" and not {"n", "interval", "seeds"} <= set(claim.numbers):
            _fail(
                name, f"{claim.statement!r} is supported without n, interval and seeds.", "It has to say by how much."
            )
    return claims


def _confirmed(name: str, game: Game | Repeated, target: Sequence[str], claims: Sequence[Claim]) -> int:
    """How many claims a certificate confirms after it was written and read; evidence that is not so is a failure.

    None of a repeated game: certificates are about one round.
    """
    if isinstance(game, Repeated):
        return 0
    certificate = certificate_of(game, Case.of(game, tuple(target)), claims)
    if certificate is None:
        return 0
    checked = Certificate.from_dict(json.loads(certificate.to_json())).recheck()
    for claim, answer in zip(claims, checked, strict=True):
        if answer.answer == "wrong":
            _fail(name, f"the evidence for {claim.statement!r} is wrong.", answer.why)
        _refuse_silence(name, claim, answer)
    return sum(answer.answer == "confirmed" for answer in checked)


def _refuse_silence(name: str, claim: Claim, answer: Checked) -> None:
    """A refutation by exact means has evidence; one that rests on samples says so by its n and its seeds."""
    sampled = {"n", "seeds"} <= set(claim.numbers)
    if claim.verdict == "refuted" and answer.answer != "confirmed" and not sampled:
        _fail(
            name,
            f"{claim.statement!r} is refuted without evidence that can be checked.",
            "A witness has to replay: by arithmetic, or from a seed.",
        )
