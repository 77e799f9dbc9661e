"""What a report on an institution for a world says: what was found, whether it holds elsewhere, what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..designers._worlds import WorldDesign
from ..diagnosis._student_interval import Mean
from ._page import Page, Section, Table, points, section, table, verdicts
from ._words import spaced

SHOWN = 12
"""Rules that were tried which a table lists, at most."""


def world_design_page(seen: WorldDesign) -> Page:
    """The page on a design for a world."""
    first, *rest = seen.findings
    lead = " ".join(finding.sentence for finding in (first, *rest[:1]))
    return Page(f"Design for {spaced(seen.name)}", lead, tuple(_sections(seen, rest[1:])))


def _sections(seen: WorldDesign, rest: Any) -> Iterator[Section]:
    yield from section("Does it hold elsewhere?", _checks(seen), verdicts(seen.claims))
    told = [finding for finding in rest if finding.topic != "verification" or not seen.claims]
    yield from section("What to know", points(told))
    yield from section("What was tried", _tried(seen))


def _checks(seen: WorldDesign) -> Table | None:
    """Every arm of every check."""
    rows = []
    for one in seen.checked:
        for name, arm in one.arms.items():
            more = one.over(name).words if arm is not one.rule else None
            rows.append((one.where, name, arm.mean.words, more))
    return table(
        "Welfare of an episode, with 95 % intervals over trainings",
        ("where", "under", "welfare", "the rule has more"),
        rows,
        note="Learners are trained anew under each, from the same seeds, which are not those of the search.",
    )


def _tried(seen: WorldDesign) -> Table | None:
    """The rules that did best in the search, after the longest trainings first."""
    ranked = sorted(seen.tried, key=lambda one: (-one.steps, -one.mean))[:SHOWN]
    rows = [(" and ".join(map(repr, one.rules)), one.steps or None, Mean.of(one.worths).words) for one in ranked]
    rows.append(("doing nothing", seen.nothing.steps, seen.nothing.mean.words))
    more = f" The first {SHOWN} of {len(seen.tried)}." if len(seen.tried) > SHOWN else ""
    return table(
        "Welfare in the search",
        ("rule", "steps of a training", "welfare"),
        rows,
        note=f"The best of many looks better here than it is: that is why it is verified with other seeds.{more}",
    )
