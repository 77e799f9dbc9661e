"""Links, demands, drivers and tolls as people give them: named apart, and refused when they make no sense."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InputError, UnknownName
from ..game import Array
from .latency import Latencies, Latency, as_latency

Pair = tuple[str, str]
Tolls = Mapping[str, float] | Sequence[float] | Array | None
PROBES = 65
"""Flows from 0 to the whole demand at which every link is asked whether its time is finite and never falls."""


@dataclass(frozen=True)
class Link:
    """A one-way road from `tail` to `head`. `via` names it where several run between the same two places."""

    tail: str
    head: str
    latency: Latency | Callable[[float], float] | float
    via: str = ""

    @property
    def name(self) -> str:
        """`tail>head`, or `tail>via>head`."""
        return f"{self.tail}>{self.via}>{self.head}" if self.via else f"{self.tail}>{self.head}"


@dataclass(frozen=True)
class DriverClass:
    """Drivers to whom time is worth the same: their part of a demand, and the money that a unit of time is worth.

    `share` is above 0, and the shares of a demand sum to 1. `value` is above 0 and finite, in money per unit of time.
    """

    name: str
    share: float
    value: float = 1.0


Classes = Sequence[DriverClass] | Mapping[Pair, Sequence[DriverClass]] | None
EVERYBODY = (DriverClass("", 1.0),)


def named_apart(links: list[Link]) -> tuple[Link, ...]:
    """The links with their latencies made; parallel ones without a name are numbered, so that every name is unique."""
    if not links:
        raise InputError("A network has no links.", do="Give at least one link.")
    named: dict[str, Link] = {}
    for given in links:
        link = replace(given, tail=str(given.tail), head=str(given.head), latency=as_latency(given.latency))
        if link.tail == link.head:
            raise InputError(f"Link {link.name} leads from a place to itself.", do="Leave it out.")
        count, via = 1, link.via
        while link.name in named:
            count += 1
            link = replace(link, via=f"{via}#{count}")
        named[link.name] = link
    return tuple(named.values())


def checked_demands(demands: Mapping, number: Mapping[str, int]) -> dict[Pair, float]:
    """Trips of each pair of places: finite, above 0, between places that some link touches."""
    if not demands:
        raise InputError("A network has no demand.", "Without trips there is nothing to choose.", "Give demands.")
    trips = {(str(origin), str(target)): float(flow) for (origin, target), flow in demands.items()}
    for (origin, target), flow in trips.items():
        if not (np.isfinite(flow) and flow > 0):
            raise InputError(
                f"The demand from {origin} to {target} is {flow}.",
                "A demand is a finite number of trips above 0.",
                "Leave pairs without trips out.",
            )
        if unknown := [node for node in (origin, target) if node not in number]:
            raise InputError(
                f"There is a demand from {origin} to {target}, and no link touches {unknown[0]}.",
                do=f"The places are {', '.join(list(number)[:12])}.",
            )
        if origin == target:
            raise InputError(f"There is a demand from {origin} to itself.", "Such trips use no road.", "Leave it out.")
    return trips


def checked_classes(classes: Classes, pairs: Collection[Pair]) -> dict[Pair, tuple[DriverClass, ...]]:
    """The drivers of every pair; a pair that is not named has drivers of one kind, to whom time is worth 1."""
    if not isinstance(classes, Mapping):
        return dict.fromkeys(pairs, _checked_shares(EVERYBODY if classes is None else tuple(classes)))
    given = {(str(origin), str(target)): _checked_shares(tuple(own)) for (origin, target), own in classes.items()}
    if unknown := [pair for pair in given if pair not in pairs]:
        raise InputError(
            f"Drivers from {unknown[0][0]} to {unknown[0][1]} are described, and there is no such demand.",
            "Classes of drivers share out a demand.",
            "Name pairs of the demands.",
        )
    return {pair: given.get(pair, EVERYBODY) for pair in pairs}


def _checked_shares(own: tuple[DriverClass, ...]) -> tuple[DriverClass, ...]:
    fair = all(one.share > 0 and 0 < one.value < np.inf for one in own)
    if not fair or abs(sum(one.share for one in own) - 1) > 1e-9 or len({one.name for one in own}) < len(own):
        raise InputError(
            f"{own[:6]} cannot share out a demand.",
            "Each class has a name of its own, a share above 0 and a value of time above 0; shares sum to 1.",
            'Give for example DriverClass("business", 0.2, 3.0), DriverClass("others", 0.8, 1.0).',
        )
    return own


def checked_tolls(tolls: Tolls, names: Sequence[str]) -> Array:
    """One finite number of at least 0 per link, `float[L]`."""
    if isinstance(tolls, Mapping):
        for name in tolls:
            if name not in names:
                raise UnknownName("link", str(name), names)
        tolls = [tolls.get(name, 0.0) for name in names]
    given = np.zeros(len(names)) if tolls is None else np.array(tolls, float)
    if given.shape != (len(names),) or not (np.isfinite(given) & (given >= 0)).all():
        raise InputError(
            f"Tolls {given.tolist()[:6]} do not fit {len(names)} links.",
            "A toll is a finite amount of at least 0, for each link.",
            "Give one number per link, or {link name: amount}.",
        )
    return given


def refuse_impossible_times(latencies: Latencies, trips: float, names: Sequence[str]) -> None:
    """Times, and the marginal costs that optima need, must be finite from no traffic to `trips`, and never fall."""
    flows = np.linspace(0, trips, PROBES)[:, None] * np.ones(len(names))
    with np.errstate(over="ignore", invalid="ignore"):
        times = latencies.time(flows)
        whole = flows[-1] * (times[-1] + flows[-1] * latencies.derivative(flows[-1]))
    fair = np.isfinite(times).all(0) & np.isfinite(whole) & (times >= 0).all(0)
    fair[fair] &= (np.diff(times[:, fair], axis=0) >= -1e-6 * times[:, fair].max(0)).all(0)
    if not fair.all():
        worst = int(np.flatnonzero(~fair)[0])
        raise InputError(
            f"The time of link {names[worst]} runs from {times[0, worst]:g} with no traffic to {times[-1, worst]:g} "
            f"with all {trips:g} trips on it.",
            "On the way it is negative, falls, or does not stay finite; then there need not be one equilibrium.",
            "Give a time that is finite and never falls as traffic grows.",
        )
