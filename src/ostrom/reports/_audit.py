"""What an audit returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim, Finding
from ..designers.restriction import Restriction
from ..designers.transfers import Transfers
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.traffic import TrafficDiagnosis


@dataclass(frozen=True, eq=False)
class Remedy:
    """A first remedy, and whether it holds: its own claim, and what the audits said of the game it leads to."""

    found: Transfers | Restriction
    claims: tuple[Claim, ...]

    @property
    def proposed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.found.objection


@dataclass(frozen=True, eq=False)
class Audit:
    """A diagnosis, first remedies, and what was checked.

    Attributes
    ----------
    name : of what was audited.
    diagnosis : of the game, network or records as they are; with the rules that were laid round it, if any.
    without : the diagnosis without those rules; None when there are none, or records and tables do not tell.
    remedies : the cheapest promises, the smallest fines, the smallest restriction; empty where none is needed.
    unsought : why no remedy was looked for, in a sentence; empty when one was, or none is needed.
    checks : claims that are no remedy's: that the flows are equilibria, that a mechanism helps.
    """

    name: str
    diagnosis: Diagnosis | TrafficDiagnosis | GovernedTraffic | LogDiagnosis
    without: Diagnosis | TrafficDiagnosis | None
    remedies: tuple[Remedy, ...]
    checks: tuple[Claim, ...]
    unsought: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims that stand behind what is said: the checks, and those of remedies that are proposed."""
        return (*self.checks, *(claim for remedy in self.remedies if remedy.proposed for claim in remedy.claims))

    def to_dict(self) -> dict[str, Any]:
        """All of it by name; `reports.json` writes it as plain data."""
        parts = ("name", "diagnosis", "without", "remedies", "claims")
        return {part: getattr(self, part) for part in parts}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, remedies last."""
        return (*self.diagnosis.findings, *(finding for remedy in self.remedies for finding in remedy.found.findings))
