"""What a report on an audit says: the diagnosis, what changed, what would mend it, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.claim import Claim
from ..designers._alike import AlikeDesign
from ..designers._design import Design
from ..designers._roads import RoadDesign
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.traffic import TrafficDiagnosis
from ..solvers.pure_equilibria import pure_equilibria
from ._audit import Audit
from ._chart_payoffs import payoff_picture
from ._page import Block, Page, Prose, Section, Table, Verdicts, section, table, verdicts
from ._page_alike import alike_lead, alike_sections
from ._page_charter import charter_section
from ._page_design import NOUNS, design_lead, impossible_section, proposed_sections
from ._page_forecast import forecast_lead, forecast_sections
from ._page_game import PARTIES, game_appendix, game_sections, payoff_table
from ._page_logs import log_lead, log_sections
from ._page_plain import plain_page
from ._page_roads import road_lead, road_sections
from ._page_traffic import governed_sections, traffic_sections
from ._page_verify import held, tally
from ._words import number, spaced

CHECKED = ("that were checked", "that was checked")
"""What claims of an audit are in its summary, and one claim."""


def audit_page(seen: Audit) -> Page:
    """The page on an audit."""
    lead = " ".join(part for part in (_lead(seen), _mended(seen), tally(seen.claims, *CHECKED)) if part)
    return Page(f"Audit of {spaced(seen.name)}", lead, tuple(_sections(seen)))


def _lead(seen: Audit) -> str:
    """The diagnosis in a paragraph."""
    found = seen.diagnosis
    if isinstance(found, Diagnosis):
        return f"In one round without rules: {found.summary}" if _is_repeated(seen) else found.summary
    if isinstance(found, LogDiagnosis):
        return " ".join((log_lead(found), *forecast_lead(seen.forecast, seen.ours)))
    if isinstance(found, GovernedTraffic) and seen.without is not None:
        return f"{seen.without.findings[0].sentence} {found.findings[0].sentence}"
    return found.findings[0].sentence


def _mended(seen: Audit) -> str:
    """What is proposed and why that; or of an election by which other ballot who casts it gains most."""
    if isinstance(seen.design, RoadDesign):
        return road_lead(seen.design)
    if isinstance(seen.design, AlikeDesign):
        return alike_lead(seen.design)
    if seen.strongest is not None:
        return seen.strongest.sentence
    return design_lead(seen.design) if seen.design is not None else ""


def _sections(seen: Audit) -> Iterator[Section]:
    found = seen.diagnosis
    if isinstance(found, Diagnosis):
        yield from game_sections(found)
        if isinstance(seen.without, Diagnosis):
            yield from section("What the rules change", _before_and_after(seen.without, found))
        yield from charter_section(seen.charter)
        if _is_repeated(seen):
            yield from _lasting(seen)
        else:
            yield from section("What would mend it", Prose(seen.unsought) if seen.unsought else None)
        if seen.design is not None:
            yield from _designed(seen, seen.design)
        yield from section("What was checked", _verdicts(seen.checks))
        yield from game_appendix(found)
    elif isinstance(found, LogDiagnosis):
        *games, records = log_sections(found)
        yield from games
        yield from forecast_sections(seen.forecast, seen.ours, seen.unsought)
        yield from section("What was checked", _verdicts(seen.checks))
        yield records
    elif isinstance(found, PlainDiagnosis):
        *parts, sources = plain_page(found).sections
        yield from parts
        yield from section("What was checked", Prose(seen.unsought), _verdicts(seen.checks))
        yield sources
    elif isinstance(found, GovernedTraffic):
        yield from governed_sections(found)
        yield from charter_section(seen.charter)
        if isinstance(seen.without, TrafficDiagnosis):
            yield from (s for s in traffic_sections(seen.without) if s.title != "What was checked")
        yield from section("What was checked", _verdicts(seen.checks))
    else:
        told = {"What was checked", *(("What would help",) if seen.design is not None else ())}
        yield from (s for s in traffic_sections(found) if s.title not in told)
        if isinstance(seen.design, RoadDesign):
            yield from road_sections(seen.design)
        yield from section("What was checked", _verdicts(seen.checks))


def _is_repeated(seen: Audit) -> bool:
    """Whether what was verified is the game itself, repeated, and no proposal."""
    return seen.verification is not None and seen.design is None


def _lasting(seen: Audit) -> Iterator[Section]:
    """Whether what is wanted lasts when the game is repeated under its rules, and what is played then."""
    asked = seen.verification
    if asked is None:
        return
    rows = [
        (name, number(value) if isinstance(value, int | float) else str(value))
        for claim in asked.answers.get("Sustained", ())
        for name, value in claim.numbers.items()
        if not isinstance(value, list | tuple) and value is not None
    ]
    shown = table(f"The repeated game, when ({', '.join(asked.target)}) is wanted in every round", ("", "found"), rows)
    yield from section("Does it last?", Prose(seen.unsought), shown, verdicts(asked.claims))


def _designed(seen: Audit, made: Design | AlikeDesign | RoadDesign) -> Iterator[Section]:
    """What could be done about a game, what the first proposal makes of it, whether that holds, what is impossible."""
    if isinstance(made, RoadDesign):
        return
    if isinstance(made, AlikeDesign):
        yield from alike_sections(made)
        return
    yield from proposed_sections(made)
    yield from section("Before and after", *_after(seen, made))
    if seen.verification is not None and made.best is not None:
        whose = NOUNS.get(made.best.approach, made.best.approach)
        yield from section("Does it hold?", *held(seen.verification, whose, seen.own_claims))
    else:
        yield from section("Does it hold?", _verdicts(seen.own_claims))
    yield from impossible_section(made)


def _after(seen: Audit, made: Design) -> Iterator[Block | None]:
    """A game of two that can be drawn, as it is and as the first proposal leaves it, side by side."""
    best, found = made.best, seen.diagnosis
    if best is None or best.target is None or not isinstance(found, Diagnosis):
        return
    before, after = found.agents_game, best.governed.dense()
    if before.sizes == after.sizes and np.allclose(before.payoffs, after.payoffs, rtol=1e-12):
        return
    whose = f"Under {NOUNS.get(best.approach, best.approach)}, payments included. "
    optima = [tuple(map(int, place)) for place in np.argwhere(best.worth >= best.worth.max() - 1e-9)]
    stable = pure_equilibria(after).profiles
    picture = payoff_picture(after, stable, optima, whose)
    if picture is not None:
        yield payoff_picture(before, pure_equilibria(before).profiles, found.optima, "As it is. ")
        yield picture
        yield payoff_table(after, stable, optima, whose)


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
