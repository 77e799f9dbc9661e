"""The page on a sweep: who got what, in which world, under which rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..diagnosis._student_interval import Mean
from ._page import Block, Page, Points, section, table
from ._words import plural, spaced

Place = tuple[str, str, str]
"""A world, a rule and a learner, as the sweep names them."""
FACT = "fact "


def sweep_page(swept: Any) -> Page:
    """What `ostrom.learners.sweep` returned; every form of report takes it."""
    places = list(dict.fromkeys((row.world, row.under, row.learner) for row in swept.rows))
    returns = _by_seed(swept.rows, lambda row: row.measure == "return")
    seeds = len({row.seed for row in swept.rows})
    return Page(
        "Sweep",
        _lead(places, returns, seeds),
        (
            *section("Returns", _returns(places, returns)),
            *section("What was done", *(_facts(world, places, swept) for world in dict.fromkeys(p[0] for p in places))),
            *section("Left out", Points(swept.left_out) if swept.left_out else None),
        ),
    )


def _by_seed(rows: Iterable[Any], wanted: Any) -> dict[Place, tuple[list[float], list[float]]]:
    """Place -> what each seed had at the beginning and at the end (its first and last part), as a mean over seats."""
    parts: dict[Place, dict[int, dict[int, list[float]]]] = {}
    for row in rows:
        if row.value is not None and wanted(row):
            seeds = parts.setdefault((row.world, row.under, row.learner), {})
            seeds.setdefault(row.seed, {}).setdefault(row.steps, []).append(row.value)
    ends = {}
    for place, seeds in parts.items():
        first, last = ([_mean(own[pick(own)]) for own in seeds.values()] for pick in (min, max))
        ends[place] = first, last
    return ends


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _lead(places: list[Place], returns: Any, seeds: int) -> str:
    """The sentence that a person reads first."""
    counts = [len({place[k] for place in places}) for k in range(3)]
    said = f"{plural(counts[0], 'world')}, {plural(counts[1], 'rule')} and {plural(counts[2], 'learner')}"
    over = f"{said} made {plural(len(places), 'combination')}, trained with {plural(seeds, 'seed')} each"
    if not returns:
        return f"{over}; no episode ended, so there are no returns."
    most = [
        f"in {spaced(world)} under {best[1]} with {best[2]} ({Mean.of(returns[best][1]).words})"
        for world in dict.fromkeys(place[0] for place in returns)
        for best in [max((p for p in returns if p[0] == world), key=lambda place: _mean(returns[place][1]))]
    ]
    return f"{over}. The mean return of all seats was highest {'; '.join(most)}."


def _returns(places: list[Place], returns: Any) -> Block | None:
    rows = []
    for place in (place for place in places if place in returns):
        first, last = returns[place]
        spread = (min(last), max(last)) if len(last) > 1 else ()
        rows.append((*place, _mean(first), Mean.of(last).words, *spread))
    many = any(len(row) > 5 for row in rows)
    rows = [(*row, *([None] * (7 - len(row)))) if many else row for row in rows]
    note = "A mean over all seats, in training, in the first and the last tenth of the lessons"
    note += "; ± is a 95 % interval (Student) over seeds." if many else "."
    more = ("lowest seed", "highest seed") if many else ()
    return table("Returns of an episode", ("world", "under", "learner", "first", "last", *more), rows, note=note)


def _facts(world: str, places: list[Place], swept: Any) -> Block | None:
    """Facts per step and seat at the end, in one world."""
    names = list(dict.fromkeys(r.measure for r in swept.rows if r.world == world and r.measure.startswith(FACT)))
    found = {name: _by_seed(swept.rows, lambda row, name=name: row.measure == name) for name in names}
    rows = [
        (*place[1:], *(_mean(found[name][place][1]) if place in found[name] else None for name in names))
        for place in places
        if place[0] == world
    ]
    columns = ("under", "learner", *(spaced(name.removeprefix(FACT)) for name in names))
    caption = f"{spaced(world).capitalize()}: per step and seat, in the last tenth of the lessons"
    return table(caption, columns, rows if names else [])
