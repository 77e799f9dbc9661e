"""What a report on an audit says: the diagnosis, what changed, what would mend it, and what was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from ..core.claim import Claim
from ..designers._design import Design
from ..designers._roads import RoadDesign
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.traffic import TrafficDiagnosis
from ..solvers.pure_equilibria import pure_equilibria
from ._audit import Audit
from ._chart_payoffs import payoff_picture
from ._page import Block, Page, Prose, Section, Table, Verdicts, section, table
from ._page_design import design_sections, verdict_blocks
from ._page_game import NAMED, PARTIES, game_appendix, game_sections, payoff_table
from ._page_logs import log_lead, log_sections
from ._page_roads import road_sections
from ._page_traffic import governed_sections, traffic_sections
from ._words import listed, spaced


def audit_page(seen: Audit) -> Page:
    """The page on an audit."""
    lead = " ".join(part for part in (_lead(seen), _mended(seen), _checked(seen.claims)) if part)
    return Page(f"Audit of {spaced(seen.name)}", lead, tuple(_sections(seen)))


def _lead(seen: Audit) -> str:
    """The diagnosis in a paragraph."""
    found = seen.diagnosis
    if isinstance(found, Diagnosis):
        return found.summary
    if isinstance(found, LogDiagnosis):
        return log_lead(found)
    if isinstance(found, GovernedTraffic) and seen.without is not None:
        return f"{seen.without.findings[0].sentence} {found.findings[0].sentence}"
    return found.findings[0].sentence


def _mended(seen: Audit) -> str:
    """What is proposed and why that; or why nothing is."""
    if seen.design is None:
        return ""
    if isinstance(seen.design, RoadDesign):
        first = seen.design.best
        return " ".join((first.findings[0].sentence if first is not None else "", seen.design.because)).strip()
    best = seen.design.best
    return " ".join((best.sentence if best is not None else "", seen.design.because)).strip()


def _checked(claims: tuple[Claim, ...]) -> str:
    """How the checks came out, in one sentence."""
    count = Counter(claim.verdict for claim in claims)
    if not claims:
        return ""
    if len(count) == 1:
        start = {1: "The one claim that was checked is", 2: "Both claims that were checked are"}
        return f"{start.get(len(claims), f'All {len(claims)} claims that were checked are')} {next(iter(count))}."
    parts = [
        f"{count[verdict]} {verdict}" for verdict in ("proved", "supported", "refuted", "unknown") if count[verdict]
    ]
    return f"Of {len(claims)} claims that were checked, {listed(parts)}."


def _sections(seen: Audit) -> Iterator[Section]:
    found = seen.diagnosis
    if isinstance(found, Diagnosis):
        yield from game_sections(found)
        if isinstance(seen.without, Diagnosis):
            yield from section("What the rules change", _before_and_after(seen.without, found))
        yield from section("What would mend it", Prose(seen.unsought) if seen.unsought else None)
        if isinstance(seen.design, Design):
            yield from design_sections(seen.design, seen.verification is not None)
            yield from section("Before and after", *_after(seen.design))
        if seen.verification is not None:
            best = seen.design.best if isinstance(seen.design, Design) else None
            about = f"Every question to the first proposal ({best.approach if best is not None else ''})."
            own = (Prose("Its own."), Verdicts(seen.own_claims)) if seen.own_claims else ()
            yield from section("Does it hold?", Prose(about), *verdict_blocks(seen.verification), *own)
        yield from section("What was checked", _verdicts(seen.checks))
        yield from game_appendix(found)
    elif isinstance(found, LogDiagnosis):
        *games, records = log_sections(found)
        yield from games
        yield from section("What was checked", _verdicts(seen.checks))
        yield records
    elif isinstance(found, GovernedTraffic):
        yield from governed_sections(found)
        if isinstance(seen.without, TrafficDiagnosis):
            yield from (s for s in traffic_sections(seen.without) if s.title != "What was checked")
        yield from section("What was checked", _verdicts(seen.checks))
    else:
        yield from (s for s in traffic_sections(found) if s.title != "What was checked")
        if isinstance(seen.design, RoadDesign):
            yield from road_sections(seen.design)
        yield from section("What was checked", _verdicts(seen.checks))


def _after(made: Design) -> Iterator[Block | None]:
    """The game as the first proposal leaves it, where it can be drawn."""
    best = made.best
    if best is None or best.target is None:
        return
    table_ = best.governed.dense()
    optima = [tuple(map(int, place)) for place in np.argwhere(best.worth >= best.worth.max() - 1e-9)]
    stable = pure_equilibria(table_).profiles
    whose = f"Under the {best.approach}, payments included. "
    yield payoff_picture(table_, stable, optima, whose)
    if len(table_.players) == 2 and max(table_.sizes) <= NAMED:
        yield payoff_table(table_, stable, optima, whose)


def _verdicts(claims: tuple[Claim, ...]) -> Verdicts | None:
    return Verdicts(claims) if claims else None


def _before_and_after(before: Diagnosis, after: Diagnosis) -> Table | None:
    """What each gets as things are played, without the rules and under them."""
    if before.consequences is None or after.consequences is None:
        return None
    was, now = before.consequences, after.consequences
    rows = [("welfare", was.welfare["played"], now.welfare["played"], now.welfare["played"] - was.welfare["played"])]
    everyone = (*was.players, *was.bystanders)[:PARTIES]
    for party, one, two in zip(everyone, was.utilities["played"], now.utilities["played"], strict=False):
        rows.append((party, one, two, two - one))
    return table(
        "As things are played, without the rules and under them",
        ("", "without", "under them", "change"),
        rows,
        note="What a rule takes and does not give back is not counted as anybody's gain.",
        marked=frozenset({0}),
    )
