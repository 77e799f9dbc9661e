"""The page on a sweep: who got what, in which world, under which rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..diagnosis._student_interval import Mean
from ._page import Block, Page, Points, section, table
from ._words import plural, spaced

Place = tuple[str, str, str]
"""A world, a rule and a learner, as the sweep names them."""
FACT, NONE = "fact ", "none"


def sweep_page(swept: Any) -> Page:
    """What `ostrom.learners.sweep` returned; every form of report takes it."""
    places = list(dict.fromkeys((row.world, row.under, row.learner) for row in swept.rows))
    returns = _by_seed(swept.rows, lambda row: row.measure == "return")
    seeds = len({row.seed for row in swept.rows})
    return Page(
        "Sweep",
        _lead(places, returns, seeds, swept.failed),
        (
            *section("Went wrong", Points(swept.failed) if swept.failed else None),
            *section("Returns", *(_returns(world, places, returns) for world in dict.fromkeys(p[0] for p in places))),
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


def _lead(places: list[Place], returns: Any, seeds: int, failed: tuple[str, ...]) -> str:
    """The sentence that a person reads first."""
    counts = [len({place[k] for place in places}) for k in range(3)]
    said = f"{plural(counts[0], 'world')}, {plural(counts[1], 'rule')} and {plural(counts[2], 'learner')}"
    over = f"{said} made {plural(len(places), 'combination')}, trained with {plural(seeds, 'seed')} each"
    over += f"; {plural(len(failed), 'task')} beside went wrong, and the same command tries again" if failed else ""
    if not returns:
        return f"{over}; no episode ended, so there are no returns."
    most = [
        f"in {spaced(world)} under {best[1]} with {best[2]} ({Mean.of(returns[best][1]).words})"
        for world in dict.fromkeys(place[0] for place in returns)
        for best in [max((p for p in returns if p[0] == world), key=lambda place: _mean(returns[place][1]))]
    ]
    after = ", after what rules take or give," if any(place[1] != NONE for place in returns) else ""
    return f"{over}. The mean return of all seats{after} was highest {'; '.join(most)}."


def _returns(world: str, places: list[Place], returns: Any) -> Block | None:
    """Returns at the beginning and at the end, in one world."""
    here = [place for place in places if place in returns and place[0] == world]
    many = any(len(returns[place][1]) > 1 for place in here)
    rows = []
    for place in here:
        first, last = returns[place]
        spread = (Mean.of(last).margin, min(last), max(last)) if len(last) > 1 else (None, None, None)
        rows.append((*place[1:], _mean(first), _mean(last), *(spread if many else ())))
    note = "A mean over all seats, in training, in the first and the last tenth of the lessons"
    note += "; ± is half a 95 % interval (Student) over seeds." if many else "."
    if any(place[1] != NONE for place in here):
        note += " After what rules take or give: what a tax takes is somebody's, and is missing here."
    heads = ("under", "learner", "first", "last", *(("±", "lowest seed", "highest seed") if many else ()))
    return table(f"{_titled(world)}: return of an episode", heads, rows, note=note)


def _titled(world: str) -> str:
    """A world at the beginning of a caption; import paths stay as they are."""
    words = spaced(world)
    return words if words == world and "." in world.partition(":")[0] else words[:1].upper() + words[1:]


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
    caption = f"{_titled(world)}: per step and seat, in the last tenth of the lessons"
    return table(caption, columns, rows if names else [])
