"""What a report on an audit says: the diagnosis, what changed, what would mend it, and what was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..core.claim import Claim
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.traffic import TrafficDiagnosis
from ._audit import Audit, Remedy
from ._page import Block, Page, Prose, Section, Table, Verdicts, points, section, table
from ._page_game import PARTIES, game_appendix, game_sections
from ._page_logs import log_lead, log_sections
from ._page_traffic import governed_sections, traffic_sections
from ._words import listed, name, spaced, tidy

KINDS = {"promises": "promises", "fines": "fines", "Restriction": "fewer moves"}


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
    """What is proposed, the best checked first; or why nothing is."""
    if isinstance(seen.diagnosis, TrafficDiagnosis):
        return next((f.sentence for f in seen.diagnosis.findings if "tolls" in f.numbers), "")
    if not seen.remedies:
        return ""
    proposed = [remedy for remedy in seen.remedies if remedy.proposed]
    if not proposed:
        return "No remedy is proposed: " + seen.remedies[0].found.objection
    return " ".join(remedy.found.findings[0].sentence for remedy in proposed[:2])


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
        yield from _remedies(seen.remedies)
        yield from section("What would mend it", Prose(seen.unsought) if seen.unsought else None)
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
        yield from section("What was checked", _verdicts(seen.checks))


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


def _remedies(remedies: tuple[Remedy, ...]) -> Iterator[Section]:
    if not remedies:
        return
    told = [finding for remedy in remedies for finding in remedy.found.findings]
    yield from section("What would mend it", points(told), _overview(remedies), _changes(remedies))
    yield from section("Does it hold?", *(block for remedy in remedies for block in _evidence(remedy)))


def _evidence(remedy: Remedy) -> tuple[Block | None, ...]:
    """What was claimed of a remedy, under its name."""
    against = f" It is not proposed: {remedy.found.objection}" if remedy.found.objection else ""
    return Prose(f"{_kind(remedy).capitalize()} for {_target(remedy)}.{against}"), _verdicts(remedy.claims)


def _target(remedy: Remedy) -> str:
    return f"({', '.join(map(name, remedy.found.target))})"


def _kind(remedy: Remedy) -> str:
    return KINDS[getattr(remedy.found, "kind", type(remedy.found).__name__)]


def _overview(remedies: tuple[Remedy, ...]) -> Table | None:
    rows = [
        (
            _kind(remedy),
            _target(remedy),
            getattr(remedy.found, "price", None),
            getattr(remedy.found, "cost", None),
            getattr(remedy.found, "largest", None),
            getattr(remedy.found, "size", None),
            "yes" if remedy.proposed else "no",
        )
        for remedy in remedies
    ]
    columns = (
        "remedy",
        "to bring about",
        "sponsor must have",
        "sponsor pays",
        "largest payment",
        "moves forbidden",
        "proposed",
    )
    return table("The remedies that were looked at", columns, rows)


def _changes(remedies: tuple[Remedy, ...]) -> Table | None:
    """What each principal has now, and what changes for it under each remedy."""
    first = remedies[0].found.effects
    rows = [
        (
            party,
            first.before[k],
            *(tidy(remedy.found.effects.change[party], max(map(abs, first.after))) for remedy in remedies),
        )
        for k, party in enumerate(first.principals[:PARTIES])
    ]
    rows.append(
        (
            "welfare",
            first.welfare_before,
            *(r.found.effects.welfare_after - r.found.effects.welfare_before for r in remedies),
        )
    )
    return table(
        "What changes for each, against what is played now",
        ("", "now", *(_kind(remedy) for remedy in remedies)),
        rows,
        note="Payments are counted in what each gets, and not in the welfare.",
        marked=frozenset({len(rows) - 1}),
    )
