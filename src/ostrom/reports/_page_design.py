"""What a report on a design, a verification or a comparison says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..audits._verify import Verification
from ..core.claim import Claim
from ..designers._compare import Comparison, Line
from ..designers._design import Design
from ..designers._proposal import Impossible, Proposal
from ..designers._ranking import Ranked
from ._chart_tradeoffs import tradeoffs
from ._page import Block, Page, Prose, Section, Table, Verdicts, section, table
from ._words import listed, percent, spaced, tidy

PARTIES = 24
"""Principals that a table lists."""


def design_page(seen: Design) -> Page:
    """The page on a design."""
    first = seen.best
    lead = " ".join(part for part in (first.sentence if first else "", seen.because) if part)
    return Page(f"Design for {spaced(seen.name)}", lead, tuple(design_sections(seen)))


def design_sections(seen: Design, verified: bool = False) -> Iterator[Section]:
    """What could be done, for whom it is better, whether it holds (unless `verified` elsewhere), what is impossible."""
    yield from section("What could be done", *_ranking(seen), _arms(seen))
    yield from section("For whom", _effects([line.proposal for line in seen.lines if not line.proposal.objection]))
    if not verified:
        yield from section("Does it hold?", *_evidence(seen))
    yield from section("What cannot be done", _impossible(seen.impossible))


def _ranking(seen: Design) -> Iterator[Block | None]:
    rows = [_row(line) for line in seen.lines]
    columns = ("approach", "gap closed", "at worst", "cost", "payment", "bans", "sees", "radius", "burden")
    yield table(
        "What was looked for, the best first",
        columns,
        rows,
        note=(
            "At worst: the least welfare that learners without regret may end in. Cost: money from outside. Payment: "
            "the largest amount anybody must be made to pay, or is promised. Sees: what has to be observed. Radius: by "
            "how much every payoff may be off. Burden: all of it in one number. Lines in brackets are not proposed."
        ),
        marked=frozenset({0}) if seen.best is not None else frozenset(),
    )
    yield table(
        "What each does",
        ("approach", "what it does"),
        [(line.proposal.approach, _told(line.proposal)) for line in seen.lines],
    )


def _told(one: Proposal) -> str:
    more = f" Not proposed: {one.objection}" if one.objection else ""
    return one.sentence + (" Less may do: the search stopped in time." if one.status != "optimal" else "") + more


def _row(line: Ranked) -> tuple[Any, ...]:
    one = line.proposal
    return (
        f"({one.approach})" if one.objection else one.approach,
        percent(line.closed),
        None if math.isnan(line.worst) else tidy(line.worst, 1.0),
        one.needs.cost or None,
        max(one.needs.fine, one.needs.promise) or None,
        one.needs.forbidden or None,
        one.needs.observed,
        None if one.target is None or math.isinf(line.radius) else tidy(line.radius, 1.0),
        line.weight,
    )


def _arms(seen: Design) -> Table | None:
    rows: list[tuple[Any, ...]] = [("doing nothing", seen.welfare_now)]
    if seen.advised is not None:
        rows.append(("advice alone", seen.advised))
    rows.append(("the best there is", seen.welfare_best))
    note = ""
    if seen.control is not None:
        gained = tidy(seen.control, abs(seen.welfare_best) + abs(seen.welfare_now) + 1e-300)
        note = "Control: in the zero-sum version of this game, where nothing can be gained, the first line gains "
        note += f"{gained:g}."
    return table("To compare with: welfare", ("", "welfare"), rows, note=note)


def _effects(proposals: Sequence[Proposal]) -> Table | None:
    if not proposals:
        return None
    kept, first = proposals[:6], proposals[0].effects
    scale = max(map(abs, (*first.before, *first.after)))
    rows: list[tuple[Any, ...]] = [
        (party, first.before[k], *(tidy(one.effects.change[party], scale) for one in kept))
        for k, party in enumerate(first.principals[:PARTIES])
    ]
    rows.append(("welfare", first.welfare_before, *(tidy(one.gained, scale) for one in kept)))
    return table(
        "What changes for each, against what is played now",
        ("", "now", *(one.approach for one in kept)),
        rows,
        note="Payments are counted in what each gets, and not in the welfare.",
        marked=frozenset({len(rows) - 1}),
    )


def _evidence(seen: Design) -> Iterator[Block | None]:
    for line in seen.lines:
        if not line.proposal.objection:
            yield Prose(f"{line.proposal.approach.capitalize()}. {line.proposal.sentence}")
            yield Verdicts(line.proposal.claims) if line.proposal.claims else None


def _impossible(found: Sequence[Impossible]) -> Table | None:
    rows = [(one.approach, one.because, one.nearest or None) for one in found]
    return table("What was asked and cannot be had", ("approach", "why not", "the nearest possible"), rows)


def verification_page(seen: Verification) -> Page:
    """The page on a verification."""
    count = {verdict: sum(c.verdict == verdict for c in seen.claims) for verdict in ("proved", "supported", "unknown")}
    told = listed([f"{number} {verdict}" for verdict, number in count.items() if number])
    fallen = [claim for claim in seen.claims if claim.verdict == "refuted"]
    lead = f"({', '.join(seen.target)}) in {spaced(seen.name)}: of {len(seen.claims)} claims, {told or 'none stands'}"
    lead += f"; {len(fallen)} refuted." if fallen else "; none is refuted."
    if fallen:
        lead += f" The first that falls: {fallen[0].statement}"
    return Page(f"Verification of {spaced(seen.name)}", lead, tuple(verification_sections(seen)))


def verification_sections(seen: Verification) -> Iterator[Section]:
    """An overview, then every audit with its claims."""
    overview, *_ = verdict_blocks(seen)
    yield from section("At a glance", overview)
    for name, claims in seen.answers.items():
        yield from section(_words(name).capitalize(), _all(claims))


def verdict_blocks(seen: Verification) -> Iterator[Block | None]:
    """An overview of all audits in a table, then their claims."""
    rows = [
        (spaced(_words(name)), *(sum(c.verdict == verdict for c in claims) or None for verdict in _VERDICTS))
        for name, claims in seen.answers.items()
    ]
    yield table("Claims by audit and verdict", ("audit", *_VERDICTS), rows)
    for name, claims in seen.answers.items():
        yield Prose(f"{_words(name).capitalize()}.")
        yield _all(claims)


_VERDICTS = ("proved", "supported", "refuted", "unknown")


def _all(claims: tuple[Claim, ...]) -> Verdicts | None:
    return Verdicts(claims) if claims else None


def _words(name: str) -> str:
    """`WorstCase` -> "worst case"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def comparison_page(seen: Comparison) -> Page:
    """The page on a comparison."""
    return Page(f"Ways to govern {spaced(seen.name)}", seen.design.because, tuple(comparison_sections(seen)))


def comparison_sections(seen: Comparison) -> Iterator[Section]:
    """The table, the picture of the trade-offs, and what does not apply."""
    rows = [_compared(line) for line in seen.lines]
    columns = ("approach", "welfare", "at worst", "learners", "groups", "chance", "cost", "payment", "bans", "burden")
    yield from section(
        "Side by side",
        table(
            "Every approach that applies",
            columns,
            rows,
            note=(
                "At worst: the least welfare that learners without regret may end in. Learners: the lowest mean of "
                "what learners by two rules came to. Groups: none of up to that many players gains by leaving. "
                "Chance: what is to be paid may fail to be paid, down to that. Payment: the largest that anybody must "
                "be made to pay, or is promised. Marked lines are not beaten in welfare, worst case and burden at once."
            ),
            marked=frozenset(seen.front),
        ),
        tradeoffs(seen),
        table(
            "What each does",
            ("approach", "what it does"),
            [(line.approach, _more(line)) for line in seen.lines],
        ),
    )
    yield from section("What does not apply", _impossible(seen.impossible))


def _compared(line: Line) -> tuple[Any, ...]:
    def shown(value: float) -> float | None:
        return None if math.isnan(value) else tidy(value, 1.0)

    return (
        line.approach,
        line.welfare,
        shown(line.worst),
        shown(line.learners),
        line.coalitions,
        shown(line.chance),
        line.cost or None,
        max(line.fine, line.promise) or None,
        line.forbidden or None,
        shown(line.burden),
    )


def _more(line: Line) -> str:
    """What a line does, what it has to see, and who is worse off."""
    parts = [line.sentence]
    if line.observed != "nothing":
        parts.append(f"It has to see {line.observed}.")
    if line.losers:
        parts.append(f"Worse off than now: {listed(line.losers[:4])}{' …' if len(line.losers) > 4 else ''}.")
    if line.objection:
        parts.append(f"Not proposed: {line.objection}")
    return " ".join(parts)
