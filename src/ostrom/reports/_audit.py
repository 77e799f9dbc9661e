"""What an audit returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..audits._verify import Verification
from ..core.certificate import Certificate
from ..core.claim import Claim, Finding
from ..designers._alike import AlikeDesign
from ..designers._design import Design
from ..designers._roads import RoadDesign
from ..designers.for_logs import OursForLogs
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.predicted_arms import ArmPredictions
from ..diagnosis.traffic import TrafficDiagnosis
from ._charter import CharterSeen


@dataclass(frozen=True, eq=False)
class Audit:
    """A diagnosis, what would mend it, and whether that holds.

    Attributes
    ----------
    name : of what was audited.
    diagnosis : of the game, network or records as they are; with the rules that were laid round it, if any.
    without : the diagnosis without those rules; None when there are none, or records and tables do not tell.
    design : what could be done, ranked; None where nothing is lost or nothing was looked for.
    verification : every question to the first proposal; None where there is none.
    checks : claims that are no proposal's: that flows are equilibria, that a mechanism helps, that no voter gains.
    unsought : why nothing is proposed, or of records predicted, in a sentence; empty when something is, or nothing is
        needed.
    forecast : of records, what was predicted of each mechanism from play without any; None where nothing can be.
    ours : of records, what our designs are predicted to bring in their games; None likewise.
    charter : what the rules that were laid round it are; None when there are none.
    strongest : of an election, by which other ballot who casts it was found to gain most; None where nobody was.
    """

    name: str
    diagnosis: Diagnosis | PlainDiagnosis | TrafficDiagnosis | GovernedTraffic | LogDiagnosis
    without: Diagnosis | TrafficDiagnosis | None
    design: Design | AlikeDesign | RoadDesign | None
    verification: Verification | None
    checks: tuple[Claim, ...]
    unsought: str = ""
    forecast: ArmPredictions | None = None
    ours: OursForLogs | None = None
    charter: CharterSeen | None = None
    strongest: Finding | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims that stand behind what is said: the checks, and those about what is proposed."""
        asked = self.verification.claims if self.verification is not None else ()
        return (*self.checks, *asked, *self.own_claims)

    @property
    def own_claims(self) -> tuple[Claim, ...]:
        """What is claimed of the first proposal besides what every proposal is asked: its cost, how it comes about."""
        asked = {claim.statement for claim in (self.verification.claims if self.verification is not None else ())}
        made = self.design.claims if self.design is not None else ()
        return tuple(claim for claim in made if claim.statement not in asked)

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of the first proposal; None where there is none."""
        return self.design.certificate if self.design is not None else None

    def to_dict(self) -> dict[str, Any]:
        """All of it by name; `reports.json` writes it as plain data."""
        parts = ("name", "diagnosis", "without", "charter", "design", "verification", "checks", "unsought")
        return {
            **{part: getattr(self, part) for part in (*parts, "forecast", "ours", "strongest")},
            "claims": self.claims,
        }

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, what would mend it last."""
        more = (part.findings for part in (self.forecast, self.ours, self.design) if part is not None)
        own = (self.strongest,) if self.strongest is not None else ()
        return (*self.diagnosis.findings, *own, *(finding for findings in more for finding in findings))
