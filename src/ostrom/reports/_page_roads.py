"""What a report on the design of a road network says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..designers._burden import Share
from ..designers._roads import RoadDesign
from ..designers.tolls import TollPlan
from ._chart_bars import bar_picture, interval_picture
from ._page import Block, Page, Picture, Prose, Section, Table, Verdicts, points, section, table
from ._words import number, percent, spaced, tidy

ROWS = 16
"""Links, origins or classes that a table lists."""


BARS = 12
"""Bars of a picture."""

LABELS = 0.15
"""Share of the width of a picture below which two labels would lie on each other."""


def road_page(seen: RoadDesign) -> Page:
    """The page on a design for roads."""
    return Page(f"Design for {spaced(seen.name)}", road_lead(seen), tuple(road_sections(seen)))


def road_lead(seen: RoadDesign) -> str:
    """What comes first and why, and what it does."""
    return f"{seen.because} {seen.best.findings[0].sentence if seen.best is not None else ''}".strip()


def road_sections(seen: RoadDesign) -> Iterator[Section]:
    """The plans ranked, what the first asks of whom, whether each holds."""
    yield from section("What could be done", _times(seen), _ranking(seen), _each(seen))
    if seen.best is not None:
        burden = seen.best.effects
        yield from section(
            "Who pays",
            points(burden.findings),
            _winners(burden.origins),
            _shares("By where trips start, those who lose most first", burden.origins),
            _shares("By what time is worth to drivers", burden.classes) if len(burden.classes) > 1 else None,
            _tolls(seen.best) if isinstance(seen.best, TollPlan) else None,
        )
    yield from section("Does it hold?", *_evidence(seen))
    yield from section("What could not be looked for", table("And why", ("approach", "why"), seen.unsought))


def _times(seen: RoadDesign) -> Picture | None:
    """The time of all trips under each plan, between what it is now and what is best."""
    if not seen.lines:
        return None
    rows = [(line.approach, line.plan.after, None, None) for line in seen.lines]
    times = [seen.before, seen.best_time, *(line.plan.after for line in seen.lines)]
    apart = seen.before - seen.best_time > LABELS * (max(times) - min(times))
    return interval_picture(
        rows,
        [("best", seen.best_time), *([("now", seen.before)] if apart else [])],
        f"all trips together, in {seen.unit}",
        f"The time of all trips under each plan (dot). Dashed: the best there is{', and now' if apart else ''}.",
        "; ".join(f"{line.approach}: {number(line.plan.after)}" for line in seen.lines),
        numbered=False,
    )


def _winners(shares: Sequence[Share]) -> Picture | None:
    """Who is better and who is worse off per trip, by where it starts."""
    ranked = sorted(shares, key=lambda share: share.change)
    if len(ranked) < 2:
        return None
    chosen = ranked if len(ranked) <= BARS else ranked[: BARS // 2] + ranked[-BARS // 2 :]
    both = "" if chosen == ranked else f" Of {len(ranked)} places, those at both ends."
    worse = [(share.whose or "all", -share.change) for share in chosen]
    return bar_picture(
        worse,
        "worse off per trip, in money",
        f"What a trip is worse off (orange) or better off (blue), time and tolls together, by where it starts.{both}",
        "; ".join(f"{whose} {number(loss, 3)}" for whose, loss in worse),
    )


def _each(seen: RoadDesign) -> Table | None:
    rows = [(line.approach, line.plan.findings[0].sentence) for line in seen.lines]
    return table("What each does", ("approach", "what it does"), rows)


def _evidence(seen: RoadDesign) -> Iterator[Block]:
    for line in seen.lines:
        yield Prose(f"{line.approach.capitalize()}:")
        yield Verdicts(line.plan.claims, brief=line.plan is not seen.best)


def _ranking(seen: RoadDesign) -> Table | None:
    rows = [
        (
            line.approach,
            percent(line.closed),
            line.plan.after,
            tidy(line.revenue, seen.before) or None,
            line.highest or None,
            line.links or None,
            percent(line.losers),
            "yes" if line.plan.status == "optimal" else "not settled",
        )
        for line in seen.lines
    ]
    columns = ("approach", "gap closed", "total time", "revenue", "highest toll", "links", "trips worse off", "optimal")
    before, best = number(seen.before, 6), number(seen.best_time, 6)
    note = f"Without anything done all trips take {before} {seen.unit}; {best} is the best."
    return table("What was looked for, the best first", columns, rows, note=note, marked=frozenset({0}))


def _shares(caption: str, shares: Sequence[Share]) -> Table | None:
    ordered = sorted(shares, key=lambda share: share.change)[:ROWS]
    rows = [(s.whose or "all", s.trips, s.before, s.after, s.paid, s.change) for s in ordered]
    columns = ("", "trips", "time before", "time after", "pays", "change in all")
    return table(caption, columns, rows, note="Per trip, in money; what is collected is not given back here.")


def _tolls(plan: TollPlan) -> Table | None:
    charged = sorted(((toll, name) for name, toll in plan.institution.charges), reverse=True)[:ROWS]
    return table("The highest tolls", ("link", "toll"), [(name, toll) for toll, name in charged])
