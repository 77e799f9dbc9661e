"""What a report on a comparison says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..designers._compare import Comparison, Line
from ._chart_tradeoffs import tradeoffs
from ._page import Page, Section, section, table
from ._page_design import design_lead, impossible_table
from ._words import listed, spaced, tidy


def comparison_page(seen: Comparison) -> Page:
    """The page on a comparison."""
    lead = f"{design_lead(seen.design)} {seen.beside}".strip()
    return Page(f"Ways to govern {spaced(seen.name)}", lead, tuple(_sections(seen)))


def _sections(seen: Comparison) -> Iterator[Section]:
    """The table, the picture of the trade-offs, and what does not apply."""
    scale = seen.design.problem.scale
    rows = [_compared(line, k in seen.front, scale) for k, line in enumerate(seen.lines)]
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
                "be made to pay, or is promised. Lines in brackets are not proposed; no other line does as well as one "
                "marked * in welfare, worst case and burden, and better in one of them."
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
    yield from section("What does not apply", impossible_table(seen.impossible))


def _compared(line: Line, front: bool, scale: float) -> tuple[Any, ...]:
    def shown(value: float) -> float | None:
        return None if math.isnan(value) else tidy(value, scale)

    return (
        f"({line.approach})" if line.objection else line.approach + (" *" if front else ""),
        shown(line.welfare),
        shown(line.worst),
        shown(line.learners),
        line.coalitions,
        shown(line.chance),
        shown(line.cost) or None,
        max(line.fine, line.promise) or None,
        None if line.approach == "leadership" else line.forbidden or None,  # what is announced, nobody bans
        None if math.isnan(line.burden) else tidy(line.burden, 1.0),
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
