"""Verifying what was trained in a world: every question that applies there, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim, Finding, Verdict
from ._world_case import WorldAudit, WorldCase
from .exploiters import Exploiters
from .strangers import Strangers

WORLD_AUDITS: tuple[type[WorldAudit], ...] = (Strangers, Exploiters)
"""What is asked unless something else is, in this order."""

ORDER: tuple[Verdict, ...] = ("refuted", "unknown", "supported", "proved")


@dataclass(frozen=True, eq=False)
class WorldVerification:
    """What became of each question about players in a world: `answers`, the claims of each audit by its name."""

    name: str
    answers: dict[str, tuple[Claim, ...]]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in order."""
        return tuple(claim for answer in self.answers.values() for claim in answer)

    @property
    def verdict(self) -> Verdict:
        """The worst of all verdicts."""
        found: set[Verdict] = {claim.verdict for claim in self.claims} or {"unknown"}
        return next(verdict for verdict in ORDER if verdict in found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many claims stand, and every one that does not."""
        count = {verdict: sum(claim.verdict == verdict for claim in self.claims) for verdict in ORDER}
        told = ", ".join(f"{count[verdict]} {verdict}" for verdict in reversed(ORDER) if count[verdict])
        first = Finding("verification", f"Of {len(self.claims)} claims about {self.name}: {told}.")
        fallen = (Finding("verification", f"Refuted: {c.statement}") for c in self.claims if c.verdict == "refuted")
        return first, *fallen

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        return {"name": self.name, "verdict": self.verdict, "answers": self.answers}


def verify_world(
    subject: Any,
    players: Any = None,
    *,
    audits: Iterable[WorldAudit] | None = None,
    seed: int = 0,
    progress: Callable[[str], object] = lambda stage: None,
) -> WorldVerification:
    """Ask of what was trained in a world whether it stands among strangers and against exploiters.

    Nothing is proved here: claims are supported or refuted by intervals over seeds.

    Parameters
    ----------
    subject : what `ostrom.learners.train` returned, with two seeds or more; or a world, and `players` in it; or a
        `WorldCase`.
    audits : what is asked; default every audit for worlds.
    """
    case = WorldCase.of(subject, players, seed=seed)
    answers: dict[str, tuple[Claim, ...]] = {}
    for audit in [audit() for audit in WORLD_AUDITS] if audits is None else audits:
        name = type(audit).__name__
        progress(f"Asking about {name.lower()}")
        answers[name] = (*answers.get(name, ()), *audit.answer(case))
    return WorldVerification(case.name, answers)
