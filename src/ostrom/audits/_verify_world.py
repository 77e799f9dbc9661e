"""Verifying what was trained in a world: every question that applies there, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..core.claim import Finding
from ._answers import Answered, Answers, answered, told
from ._world_case import WorldAudit, WorldCase
from .exploiters import Exploiters
from .strangers import Strangers

WORLD_AUDITS: tuple[type[WorldAudit], ...] = (Strangers, Exploiters)
"""What is asked unless something else is, in this order."""


@dataclass(frozen=True, eq=False)
class WorldVerification(Answered):
    """What became of each question about players in a world: `answers`, the claims of each audit by its name."""

    name: str
    answers: Answers

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many claims stand, and every one that does not."""
        return told(self.claims, self.name)

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
    answers = answered([audit() for audit in WORLD_AUDITS] if audits is None else audits, case, progress)
    return WorldVerification(case.name, answers)
