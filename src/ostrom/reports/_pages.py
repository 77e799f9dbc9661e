"""Which page a result becomes."""

from __future__ import annotations

from typing import Any

from ..audits._verify import Verification
from ..audits._verify_world import WorldVerification
from ..core.errors import InputError
from ..designers._alike import AlikeDesign
from ..designers._compare import Comparison
from ..designers._design import Design
from ..designers._roads import RoadDesign
from ..designers._worlds import WorldDesign
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.traffic import TrafficDiagnosis
from ..diagnosis.world_facets import WorldFacets
from ..monitors._monitor import Monitoring
from ._audit import Audit
from ._audit_world import AuditedWorld
from ._page import Page
from ._page_alike import alike_page
from ._page_audit import audit_page
from ._page_compare import comparison_page
from ._page_design import design_page
from ._page_game import game_page
from ._page_logs import log_page
from ._page_monitor import monitor_page
from ._page_plain import plain_page
from ._page_roads import road_page
from ._page_traffic import governed_page, traffic_page
from ._page_verify import verification_page
from ._page_world import facets_page, world_page, world_verification_page
from ._page_world_design import world_design_page

_PAGES = {
    Audit: audit_page,
    Diagnosis: game_page,
    PlainDiagnosis: plain_page,
    TrafficDiagnosis: traffic_page,
    GovernedTraffic: governed_page,
    LogDiagnosis: log_page,
    Design: design_page,
    Verification: verification_page,
    Comparison: comparison_page,
    RoadDesign: road_page,
    AlikeDesign: alike_page,
    WorldFacets: facets_page,
    WorldVerification: world_verification_page,
    AuditedWorld: world_page,
    WorldDesign: world_design_page,
    Monitoring: monitor_page,
}


def page_of(result: Any) -> Page:
    """The page on a result of a verb; an `InputError` for anything else."""
    if isinstance(result, Page):
        return result
    for kind, made in _PAGES.items():
        if isinstance(result, kind):
            return made(result)
    raise InputError(
        f"There is no report on a {type(result).__name__}.",
        "Reports are on what the verbs return.",
        "Give what diagnose, design, compare, verify or audit returned.",
    )
