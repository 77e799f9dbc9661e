"""What became of questions: the claims of each audit by its name, the worst verdict, and how many there are of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..core.claim import Claim, Finding, Verdict

ORDER: tuple[Verdict, ...] = ("refuted", "unknown", "supported", "proved")
"""Verdicts from the worst to the best."""

Answers = dict[str, tuple[Claim, ...]]


class Answered:
    """Whatever has `answers`, the claims of each audit by its name."""

    answers: Answers

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in order."""
        return tuple(claim for answer in self.answers.values() for claim in answer)

    @property
    def verdict(self) -> Verdict:
        """The worst of all verdicts: the whole stands only where nothing falls."""
        found: set[Verdict] = {claim.verdict for claim in self.claims} or {"unknown"}
        return next(verdict for verdict in ORDER if verdict in found)


def answered(audits: Iterable[Any], case: Any, progress: Callable[[str], object]) -> Answers:
    """Ask every audit about the case; several of one name are answered together."""
    answers: Answers = {}
    for audit in audits:
        name = type(audit).__name__
        progress(f"Asking about {name.lower()}")
        answers[name] = (*answers.get(name, ()), *audit.answer(case))
    return answers


def told(claims: tuple[Claim, ...], about: str) -> tuple[Finding, ...]:
    """How many claims stand, and every one that does not."""
    count = {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in ORDER}
    said = ", ".join(f"{count[verdict]} {verdict}" for verdict in reversed(ORDER) if count[verdict])
    first = Finding("verification", f"Of {len(claims)} claims about {about}: {said}.")
    return first, *(Finding("verification", f"Refuted: {c.statement}") for c in claims if c.verdict == "refuted")
