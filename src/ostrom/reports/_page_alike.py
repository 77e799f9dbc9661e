"""What a report on a design for players who are alike says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..designers._alike import AlikeDesign
from ..designers._alike_lines import AlikeLine
from ._page import Block, Page, Prose, Section, Table, section, table, verdicts
from ._page_design import NOUNS, impossible_table
from ._page_verify import overview
from ._words import percent, spaced, tidy


def alike_page(seen: AlikeDesign) -> Page:
    """The page on a design for players who are alike."""
    return Page(f"Design for {spaced(seen.name)}", alike_lead(seen), tuple(alike_sections(seen)))


def alike_lead(seen: AlikeDesign) -> str:
    """What comes first and why, and what it does."""
    return f"{seen.because} {seen.best.sentence if seen.best is not None else ''}".strip()


def alike_sections(seen: AlikeDesign) -> Iterator[Section]:
    """The rules ranked, for whom they are better, whether they hold, and what is impossible."""
    yield from section("What could be done", _ranking(seen), _each(seen), _arms(seen))
    yield from section("For whom", _effects(seen))
    yield from section("Does it hold?", *_evidence(seen))
    yield from section("What cannot be done", impossible_table(seen.impossible))


def _ranking(seen: AlikeDesign) -> Table | None:
    columns = ("approach", "gap closed", "at worst", "cost", "payment", "bans", "sees", "radius", "burden")
    return table(
        f"What was looked for, for {seen.players} players who are treated alike, the best first",
        columns,
        [_row(line, _scale(seen)) for line in seen.lines],
        note=(
            "At worst: no play without regret is worth less. Cost: money from outside. Payment: the largest amount "
            "anybody must be made to pay, or is promised. Bans: the share of everybody's moves that is forbidden. "
            "Sees: what has to be observed. Radius: by how much every payoff may be off. Burden: all of it in one "
            "number. Lines in brackets are not proposed."
        ),
        marked=frozenset({0}) if seen.best is not None else frozenset(),
    )


def _row(line: AlikeLine, scale: float) -> tuple[Any, ...]:
    needs = line.needs
    return (
        f"({line.approach})" if line.objection else line.approach,
        percent(tidy(line.closed, 1.0)),
        None if math.isnan(line.worst) else tidy(line.worst, scale),
        tidy(needs.cost, scale) or None,
        max(needs.fine, needs.promise) or None,
        percent(needs.share) if needs.share else None,
        needs.observed,
        None if math.isinf(line.radius) else tidy(line.radius, scale),
        tidy(line.weight, 1.0),
    )


def _each(seen: AlikeDesign) -> Table | None:
    rows = [(line.approach, line.finding.sentence) for line in seen.lines]
    return table("What each does", ("approach", "what it does"), rows)


def _arms(seen: AlikeDesign) -> Table | None:
    rows = [
        (f"as things are: {seen.now}", seen.welfare_now),
        (f"all play {seen.target}", seen.welfare_target),
        (f"the best spread: {seen.best_spread}", seen.welfare_best),
    ]
    note = "The mean over all principals, bystanders included, before payments."
    return table("To compare with: welfare", ("", "welfare"), rows, note=note)


def _effects(seen: AlikeDesign) -> Table | None:
    kept = [line for line in seen.lines if not line.objection]
    if not kept:
        return None
    first, scale = kept[0].effects, _scale(seen)
    rows: list[tuple[Any, ...]] = [
        (party, first.before[k], *(tidy(line.effects.change[party], scale) for line in kept))
        for k, party in enumerate(first.principals)
    ]
    rows.append(("welfare", first.welfare_before, *(tidy(line.gained, scale) for line in kept)))
    return table(
        "What changes, against what is played now",
        ("", "now", *(line.approach for line in kept)),
        rows,
        note="Payments are counted in what each gets, and not in the welfare.",
        marked=frozenset({len(rows) - 1}),
    )


def _scale(seen: AlikeDesign) -> float:
    return max(abs(seen.welfare_now), abs(seen.welfare_best), 1e-300)


def _evidence(seen: AlikeDesign) -> Iterator[Block | None]:
    """The claims of the first rule in full, and those of the others in short."""
    kept = [line for line in seen.lines if not line.objection]
    yield overview({line.approach: line.claims for line in kept}, "approach") if len(kept) > 1 else None
    for line in kept:
        yield Prose(f"{NOUNS.get(line.approach, f'the {line.approach}')}:".capitalize())
        yield verdicts(line.claims, brief=line is not seen.best)
