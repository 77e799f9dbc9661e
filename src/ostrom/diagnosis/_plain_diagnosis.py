"""A diagnosis of what is no game of moves: a loop of reactions, a game of coalitions, a tree too large for a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..core.claim import Finding


@dataclass(frozen=True, eq=False)
class PlainDiagnosis:
    """What can be said of a subject, part by part.

    Attributes
    ----------
    name : of the subject. players : who takes part.
    what : what kind of thing it is, in words.
    parts : results of members of this room, each with its findings, in reading order.
    """

    name: str
    players: tuple[str, ...]
    what: str
    parts: tuple[Any, ...] = field(repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All there is to say, in reading order."""
        return tuple(finding for part in self.parts for finding in part.findings)

    @property
    def summary(self) -> str:
        """One paragraph: the first sentence of each part."""
        return " ".join(part.findings[0].sentence for part in self.parts if part.findings)
