"""What a report on a road network says, with and without an institution."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnosis.governed_traffic import GovernedTraffic
from ..diagnosis.traffic import Road, TrafficDiagnosis, Trips
from ._chart_bars import bar_picture
from ._chart_network import network_pictures
from ._page import Page, Picture, Prose, Section, Table, Verdicts, points, section, table
from ._words import name, spaced, tidy

SHOWN = 15
"""Rows of a table of links or trips; the JSON form has all."""

BARS = 12
"""Bars of a picture."""


def traffic_page(seen: TrafficDiagnosis) -> Page:
    """The page on a diagnosed network."""
    cost, *_ = seen.findings
    return Page(f"Traffic on {spaced(seen.network)}", cost.sentence, traffic_sections(seen))


def traffic_sections(seen: TrafficDiagnosis) -> tuple[Section, ...]:
    """The sections on a diagnosed network; its claims last."""
    others = seen.findings[1:]
    return (
        *section("What is lost", points(others), _totals(seen)),
        *section("Where", *network_pictures(seen), _roads(seen)),
        *section("Who loses", _losers(seen), _trips(seen)),
        *section("What would help", _tolls(seen), _closures(seen)),
        *section("What was checked", Verdicts(seen.claims)),
    )


def governed_page(seen: GovernedTraffic) -> Page:
    """The page on a network under an institution."""
    first, *_ = seen.findings
    return Page(f"Traffic on {spaced(seen.network)} under {seen.rules}", first.sentence, governed_sections(seen))


def governed_sections(seen: GovernedTraffic) -> tuple[Section, ...]:
    """The sections on what an institution does to a network."""
    totals = table(
        f"Time of all trips together, in {seen.unit}",
        ("", "total time"),
        [("without the institution", seen.before), ("under it", seen.total_time), ("at best", seen.best)],
        marked=frozenset({1}),
    )
    drivers = table(
        f"What it means for a driver, in {seen.unit}",
        ("from and to", "trips", "time without", "time under it", "pays", "better off by"),
        [(d.whose, d.trips, d.before, d.time, d.pays, d.before - d.time - d.pays) for d in _first(seen.drivers)],
        note=_more(len(seen.drivers)),
    )
    rest = Prose(
        f"Drivers come to rest where nobody gains more than {seen.equilibrium.regret:.2g} by another route "
        f"({seen.equilibrium.method}). What is paid is counted in {seen.unit} and is not travel time.",
        aside=True,
    )
    return section(f"Under {seen.rules}", points(seen.findings[:1]), totals, drivers, rest)


def _totals(seen: TrafficDiagnosis) -> Table | None:
    best = seen.optimum.total_time
    rows = [
        ("everybody for itself (user equilibrium)", seen.equilibrium.total_time),
        ("best for all together (system optimum)", best),
        ("everybody for itself, with tolls", seen.tolled_time),
    ]
    return table(
        f"Time of all trips together, in {seen.unit}",
        ("", "total time", "over the optimum"),
        [(what, time, time / best if best > 0 else None) for what, time in rows],
        note="The first ratio is the price of anarchy.",
    )


def _roads(seen: TrafficDiagnosis) -> Table | None:
    """The links on which most time is lost, all drivers together."""
    ranked = sorted(seen.roads, key=lambda road: -_slowed(road))
    known = any(road.capacity is not None for road in seen.roads)
    columns = (
        "link",
        "traffic",
        "best traffic",
        *(("capacity",) if known else ()),
        "time",
        "time when empty",
        "best toll",
    )
    trips = sum(pair.trips for pair in seen.pairs)
    rows = [
        (
            r.name,
            tidy(r.flow, 10 * trips),
            tidy(r.best_flow, 10 * trips),
            *((r.capacity,) if known else ()),
            r.time,
            r.free_time,
            tidy(r.toll, 100 * r.time),
        )
        for r in _first(ranked)
    ]
    caption = f"Links by the time all their drivers lose to crowding (times and tolls in {seen.unit})"
    return table(caption, columns, rows, note=_more(len(ranked)))


def _slowed(road: Road) -> float:
    return road.flow * (road.time - road.free_time)


def _ranked(seen: TrafficDiagnosis) -> list[Trips]:
    return sorted(seen.pairs, key=lambda trips: -trips.lost)


def _losers(seen: TrafficDiagnosis) -> Picture | None:
    """Those who lose most and those who gain most per trip."""
    ranked = _ranked(seen)
    chosen = ranked if len(ranked) <= BARS else ranked[: BARS // 2] + ranked[-BARS // 2 :]
    if len(ranked) < 2:
        return None
    gap = "" if chosen == ranked else f" Of {len(ranked)} pairs, those at both ends."
    words = "; ".join(f"{name(trips.whose)} {trips.lost:.3g}" for trips in chosen)
    return bar_picture(
        [(trips.whose, trips.lost) for trips in chosen],
        f"lost per trip, in {seen.unit}",
        f"What a trip takes longer (orange) or shorter (blue) than if everybody drove as is best for all.{gap}",
        words,
    )


def _trips(seen: TrafficDiagnosis) -> Table | None:
    ranked = _ranked(seen)
    return table(
        f"Trips by what each loses, in {seen.unit}",
        ("from and to", "trips", "time", "time at best", "lost"),
        [(t.whose, t.trips, t.time, t.best_time, t.lost) for t in _first(ranked)],
        note=_more(len(ranked)),
    )


def _tolls(seen: TrafficDiagnosis) -> Table | None:
    ranked = sorted((road for road in seen.roads if road.toll > 1e-6 * road.time), key=lambda road: -road.toll)
    return table(
        f"Tolls that charge each driver what it costs the others, in {seen.unit}",
        ("link", "toll", "traffic at best"),
        [(road.name, road.toll, road.best_flow) for road in _first(ranked)],
        note=_more(len(ranked)),
    )


def _closures(seen: TrafficDiagnosis) -> Table | None:
    return table(
        f"Every link closed in turn, in {seen.unit}",
        ("link", "total time", "saved, %"),
        [
            (c.link, c.total_time, None if c.saved is None else round(100 * c.saved, 2))
            for c in _first(seen.closures or ())
        ],
        note="A dash: without this link some trips have no way at all.",
    )


def _first(rows: Sequence) -> Sequence:
    return rows[:SHOWN]


def _more(count: int) -> str:
    return f"The first {SHOWN} of {count}; the JSON form has all." if count > SHOWN else ""
