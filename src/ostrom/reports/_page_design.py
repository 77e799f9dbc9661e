"""What a report on a design says: what could be done, for whom it is better, whether it holds, what cannot be done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..core.catalogue import spelled
from ..designers._design import Design
from ..designers._proposal import Impossible, Proposal
from ..designers._ranking import Ranked
from ._chart_bars import interval_picture
from ._page import Block, Page, Picture, Points, Prose, Section, Table, section, table, verdicts
from ._page_verify import overview
from ._words import listed, number, percent, spaced, tidy

PARTIES, SHOWN = 24, 6
"""Principals and proposals that a table of effects lists."""

LABELS = 0.15
"""Share of the width of a picture below which two labels would lie on each other."""

NOUNS = {
    "tax": "the tax",
    "fines": "the fines",
    "promises": "the promises",
    "balanced": "the balanced payments",
    "quota": "the quota",
    "restriction": "the restriction",
    "learner-proof restriction": "the learner-proof restriction",
    "contract": "the contract",
    "mediator": "the mediator",
    "prosocial": "regard for others",
    "bargained contract": "the bargained contract",
    "implementation": "the promises for a set",
    "vote": "the vote",
    "allotment": "the allotment",
    "leadership": "the leader",
    "enforcement": "the inspections",
    "moratorium": "the moratorium",
    "norm": "the norm",
    "sanctions": "the graduated sanctions",
    "asking": "the questions to principals",
    "advice": "the advice",
}
"""Approach -> what a sentence calls it."""

UNSETTLED = " Whether something cheaper of the same kind would do was not settled."
"""Of a proposal that is not shown to be the least."""

LONGEST_OPTION = 75
"""Letters of an option that a person would still copy."""


def design_page(seen: Design) -> Page:
    """The page on a design."""
    return Page(f"Design for {spaced(seen.name)}", design_lead(seen), tuple(design_sections(seen)))


def design_lead(seen: Design) -> str:
    """What comes first and why, and what it does."""
    return f"{seen.because} {seen.best.sentence if seen.best is not None else ''}".strip()


def design_sections(seen: Design) -> Iterator[Section]:
    """All there is to say of a design."""
    yield from proposed_sections(seen)
    yield from section("Does it hold?", *_evidence(seen))
    yield from impossible_section(seen)


def proposed_sections(seen: Design) -> Iterator[Section]:
    """What could be done, and for whom it is better."""
    yield from section("What could be done", *_ranking(seen), _arms(seen))
    yield from section("For whom", _effects([line.proposal for line in seen.lines if not line.proposal.objection]))


def impossible_section(seen: Design) -> Iterator[Section]:
    """What cannot be done, and why."""
    yield from section("What cannot be done", impossible_table(seen.impossible))


def _ranking(seen: Design) -> Iterator[Block | None]:
    rows = [_row(line, seen.problem.scale) for line in seen.lines]
    yield _reach(seen)
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
    options = [f"{one.approach}: {option}" for one in seen.proposals if (option := _option(one))]
    if options:
        yield Prose("On the command line these options lay one round the game (and ostrom verify then asks about it):")
        yield Points(tuple(options))
    left = [NOUNS.get(one.approach, one.approach) for one in seen.proposals if not one.objection and not _option(one)]
    if left:
        said = listed(left)
        yield Prose(
            f"{said[0].upper()}{said[1:]} cannot be laid round the game by a short option on the command line. In "
            "Python, om.design(game).proposals holds every proposal, and game.under(proposal.institution) lays its "
            "rules round the game."
        )


def _option(one: Proposal) -> str:
    """How a proposal is written on a command line; empty where it is too long, or cannot be."""
    text = "" if one.objection else spelled("institutions", one.institution)
    return f"--under '{text}'" if text and "'" not in text and len(text) <= LONGEST_OPTION else ""


def _reach(seen: Design) -> Picture | None:
    """The welfare that each proposal brings when it works, and down to the least that it leaves learners."""
    rows, now, best = [], seen.welfare_now, seen.welfare_best
    for line in seen.lines:
        if not line.proposal.objection:
            after = line.proposal.effects.welfare_after
            rows.append(
                (line.proposal.approach, after, None if math.isnan(line.worst) else min(line.worst, after), after)
            )
    if not rows:
        return None
    ends = [now, best, *(value for row in rows for value in row[1:] if value is not None)]
    apart = best - now > LABELS * (max(ends) - min(ends))
    said = ((name, number(after), "unknown" if low is None else number(low)) for name, after, low, _ in rows)
    return interval_picture(
        rows,
        [("now", now), ("best", best)] if apart else [("best", best)],
        "welfare",
        "Welfare when each works (dot), and down to the least that learners without regret may end in (line). Dashed: "
        f"welfare {'now, and ' if apart else ''}of the best outcome there is.",
        "; ".join("{}: {}, at worst {}".format(*one) for one in said),
        numbered=False,
    )


def _told(one: Proposal) -> str:
    more = f" Not proposed: {one.objection}" if one.objection else ""
    return one.sentence + ("" if one.status == "optimal" else UNSETTLED) + more


def _row(line: Ranked, scale: float) -> tuple[Any, ...]:
    one = line.proposal
    return (
        f"({one.approach})" if one.objection else one.approach,
        percent(tidy(line.closed, 1.0)),
        None if math.isnan(line.worst) else tidy(line.worst, scale),
        tidy(one.needs.cost, scale) or None,
        max(one.needs.fine, one.needs.promise) or None,
        None if one.approach == "leadership" else one.needs.forbidden or None,  # what is announced, nobody bans
        one.needs.observed,
        None if one.target is None or math.isinf(line.radius) else tidy(line.radius, scale),
        tidy(line.weight, 1.0),
    )


def _arms(seen: Design) -> Table | None:
    rows: list[tuple[Any, ...]] = [("doing nothing", seen.welfare_now)]
    if seen.advised is not None:
        rows.append(("advice alone", seen.advised))
    rows.append(("the best there is", seen.welfare_best))
    note = ""
    if seen.control is not None:
        gained = tidy(seen.control, abs(seen.welfare_best) + abs(seen.welfare_now) + 1e-300)
        note = "Control: in the zero-sum version of this game, where nothing can be gained, the approach of the first "
        note += f"line gains {gained:g}."
    return table("To compare with: welfare", ("", "welfare"), rows, note=note)


def _effects(proposals: Sequence[Proposal]) -> Table | None:
    if not proposals:
        return None
    kept, first = proposals[:SHOWN], proposals[0].effects
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
    """The claims of the first proposal in full, and those of the others in short."""
    open_to = [line.proposal for line in seen.lines if not line.proposal.objection and line.proposal.claims]
    yield overview({one.approach: one.claims for one in open_to}, "approach") if len(open_to) > 1 else None
    for one in open_to:
        yield Prose(f"{NOUNS.get(one.approach, one.approach)}:".capitalize())
        yield verdicts(one.claims, brief=one is not seen.best)


def impossible_table(found: Sequence[Impossible]) -> Table | None:
    """What approaches cannot do, with the nearest thing that can be done."""
    rows = [(one.approach, one.because, one.nearest or None) for one in found]
    return table("What was asked and cannot be had", ("approach", "why not", "the nearest possible"), rows)
