"""What was found on a road network, in sentences a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..core.claim import Finding

if TYPE_CHECKING:
    from ._traffic_found import Road, TrafficDiagnosis, Trips

WARDROP = "Wardrop (1952); Beckmann, McGuire and Winsten (1956)"
ANARCHY = "Roughgarden and Tardos (2002), How bad is selfish routing?"
PIGOU = "Pigou (1920); Beckmann, McGuire and Winsten (1956)"
BRAESS = "Braess (1968)"
SHOWN = 3
LITTLE = 1e-3
"""Share of a time below which a difference is not worth a sentence."""


def findings(seen: TrafficDiagnosis) -> tuple[Finding, ...]:
    """All findings, in the order in which they are best read."""
    groups = (("origin", "from", seen.origins), ("destination", "to", seen.destinations))
    who = (_who(seen, kind, word, trips) for kind, word, trips in groups if len(trips) > 1)
    return (_cost(seen), *_unfinished(seen), *who, _crowded(seen), _tolls(seen), _closing(seen))


def _lost(seen: TrafficDiagnosis) -> float:
    """Share of the total time that better driving would save."""
    selfish = seen.equilibrium.total_time
    return 1 - seen.optimum.total_time / selfish if selfish else 0.0


def _cost(seen: TrafficDiagnosis) -> Finding:
    selfish, best, lost = seen.equilibrium.total_time, seen.optimum.total_time, _lost(seen)
    sentence = f"When everybody takes the quickest way for itself, all trips together take {_time(seen, selfish)}"
    if lost > LITTLE:
        sentence += (
            f"; {_n(best)} would do: {_percent(lost)} of all travel time is lost because nobody counts the time it "
            f"costs the others (price of anarchy {seen.price_of_anarchy:.4g})."
        )
    else:
        sentence += ", and no other way to drive would take noticeably less: there is nothing to gain."
    numbers = {
        "total time": selfish,
        "best total time": best,
        "price of anarchy": seen.price_of_anarchy,
        "share lost": lost,
        "gap": seen.equilibrium.gap,
        "gap of the optimum": seen.optimum.gap,
    }
    return Finding("traffic", sentence, (), numbers, ANARCHY)


def _unfinished(seen: TrafficDiagnosis) -> Iterator[Finding]:
    for one in (seen.equilibrium, seen.optimum):
        if one.status != "complete":
            sentence = f"The {one.concept} is {one.status}: it was left at a relative gap of {one.gap:.1e}."
            yield Finding("traffic", sentence, (), {"gap": one.gap, "iterations": one.iterations}, WARDROP)


def _who(seen: TrafficDiagnosis, kind: str, word: str, groups: tuple[Trips, ...]) -> Finding:
    ranked = sorted(groups, key=lambda trips: -trips.lost)
    losing = [trips for trips in ranked if trips.lost > LITTLE * trips.time]
    gaining = [trips for trips in reversed(ranked) if -trips.lost > LITTLE * trips.time]
    told = (
        f"{verb} those going {_listed(seen, word, some)}"
        for verb, some in (("costs", losing), ("spares", gaining))
        if some
    )
    sentence = f"Against the best way to drive, selfish driving {'; it '.join(told)}."
    if not losing and not gaining:
        sentence = f"No {kind} loses or gains by selfish driving."
    rows = [{kind: t.whose, "trips": t.trips, "time": t.time, "best time": t.best_time, "lost": t.lost} for t in ranked]
    return Finding("traffic", sentence, tuple(trips.whose for trips in losing), {f"by {kind}": rows}, WARDROP)


def _listed(seen: TrafficDiagnosis, word: str, some: list[Trips]) -> str:
    named = [f"{word} {trips.whose} {_time(seen, abs(trips.lost))} a trip" for trips in some[:SHOWN]]
    return ", ".join(named) + (f" (and {len(some) - SHOWN} more)" if len(some) > SHOWN else "")


def _crowded(seen: TrafficDiagnosis) -> Finding:
    slowed = sorted((road for road in seen.roads if _slowed(road) > 0), key=lambda road: -_slowed(road))[:SHOWN]
    said = (
        f"{road.name} ({_n(road.time)} instead of {_time(seen, road.free_time)}"
        + (f", {_n(road.load)} times its capacity)" if road.load is not None else ")")
        for road in slowed
    )
    sentence = f"Most time is lost by crowding on {', '.join(said)}." if slowed else "No link is slowed by crowding."
    rows = [
        {"link": r.name, "flow": r.flow, "capacity": r.capacity, "time": r.time, "free time": r.free_time}
        for r in slowed
    ]
    return Finding("traffic", sentence, (), {"links": rows}, WARDROP)


def _slowed(road: Road) -> float:
    """Time lost on the link by all its drivers, against the empty road."""
    return road.flow * (road.time - road.free_time)


def _tolls(seen: TrafficDiagnosis) -> Finding:
    best, led = seen.optimum.total_time, seen.tolled_time
    tolls = {road.name: road.toll for road in seen.roads if road.toll > 0}
    numbers = {"tolls": tolls, "revenue": seen.revenue, "total time with tolls": led, "best total time": best}
    if _lost(seen) <= LITTLE:
        sentence = "No toll is needed: everybody drives as is best for all already."
    elif tolls and led <= best * (1 + LITTLE):
        top = max(tolls, key=lambda name: tolls[name])
        sentence = (
            f"Tolls of what each driver costs the others, up to {_time(seen, tolls[top])} on {top}, lead everybody to "
            f"the best flow by their own choice; they collect the worth of {_time(seen, seen.revenue)}, which can be "
            "given back."
        )
    else:
        why = (
            "where a travel time bends sharply, one fixed toll cannot hold the flow at the bend."
            if seen.alike
            else "to some drivers a toll is worth less time than to others."
        )
        sentence = (
            f"Tolls of what each driver costs the others lead to {_time(seen, led)}, not all the way to {_n(best)}: "
        )
        sentence += why
    return Finding("traffic", sentence, (), numbers, PIGOU)


def _closing(seen: TrafficDiagnosis) -> Finding:
    if seen.closures is None:
        sentence = f"Whether closing a link would help was not tried: there are {len(seen.roads)} of them."
        return Finding("traffic", sentence, (), {"links": len(seen.roads)}, BRAESS)
    rows = [{"link": c.link, "total time": c.total_time, "saved": c.saved} for c in seen.closures]
    listed = ", ".join(f"{c.link} saves {_percent(c.saved or 0.0)}" for c in seen.helpful[:SHOWN])
    sentence = (
        f"A road less would be quicker (Braess's paradox): closing {listed} of all travel time."
        if listed
        else "Closing no single link would save time."
    )
    return Finding("traffic", sentence, (), {"closures": rows}, BRAESS)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _n(value: float) -> str:
    """A number with three figures, and with commas where it is large."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _time(seen: TrafficDiagnosis, value: float) -> str:
    """`2.5 minutes`, `1 minute`."""
    return f"{_n(value)} {seen.unit.removesuffix('s') if _n(value) == '1' else seen.unit}"
