"""Findings and claims: what the verbs return, in sentences with their numbers.

Verdicts follow one rule. Only an exact method in float64 or rationals may say "proved", and it names itself and its
tolerance. Anything sampled says at most "supported", with n, interval and seeds in its numbers. "refuted" carries a
witness that replays. A timeout is "unknown".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import DeclarationError

Verdict = Literal["proved", "supported", "refuted", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One plain sentence, whom it is about, and the numbers behind it.

    `numbers` holds plain Python numbers, strings, lists and dicts, so that it can be written as JSON; `topic` groups
    findings in a report ("facets", "interests", "dilemma", "equilibria", …); `source` cites the definition used.
    """

    topic: str
    sentence: str
    who: tuple[str, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement that can be checked again, with its verdict and its evidence or witness.

    `evidence` is what a certificate states for it, of a kind in `core/evidence/`: of a proved claim what proves it, of
    a refuted one the witness. It is None where there is nothing to check by arithmetic alone.
    """

    statement: str
    verdict: Verdict
    method: str
    tolerance: float | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    witness: Mapping[str, Any] | None = None
    evidence: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.verdict == "refuted" and not self.witness:
            raise DeclarationError(
                f"The claim {self.statement!r} is called refuted without a witness.",
                "A refutation has to be replayable.",
                "Give the deviation, misreport, coalition or seed that breaks it.",
            )
        if self.verdict == "proved" and self.tolerance is None:
            raise DeclarationError(
                f"The claim {self.statement!r} is called proved without a tolerance.",
                "Only exact methods prove, and they say how exact (0 for rationals).",
                "Name the tolerance, or say 'supported'.",
            )
