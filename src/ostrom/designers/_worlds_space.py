"""What can be chosen of institutions in a world: kinds of rules, and ranges of their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core import catalogue
from ..core.errors import InputError, OstromError, UnknownName
from ..core.game import Array
from ..core.institution import Institution
from ..core.parameters import parameters
from ..core.world import World
from ._proposal import Impossible

GOLDEN = 0.5 * (5**0.5 - 1)
SEASONS = (0.05, 0.1)
"""Shares of an episode over which a limit on what happens once or not at all in a step is counted."""
MORE = 10
"""How many times as much as in random play those may do who have learned."""
DIGITS = 3
"""Figures of a parameter that is tried: nobody could announce more."""

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Knob:
    """One parameter that is searched: of which rule, its name, from where to where; `off` : where it does nothing."""

    rule: int
    name: str
    low: float
    high: float
    off: float

    def value(self, share: float, strength: float = 1.0) -> float:
        """The value at a place from 0 to 1 between the ends; with a strength below 1, nearer to `off`."""
        full = _rounded(self.low + min(max(float(share), 0.0), 1.0) * (self.high - self.low))
        return full if strength == 1 else self.off + strength * (full - self.off)


@dataclass(frozen=True)
class Family:
    """Rules that differ in the numbers of their parameters only, so that all of them are compiled once."""

    name: str
    rules: tuple[Institution, ...]
    knobs: tuple[Knob, ...]

    def at(self, place: Sequence[float] | Array, strength: float = 1.0) -> tuple[Institution, ...]:
        """The rules with their parameters at a place in the unit cube."""
        made = list(self.rules)
        for knob, share in zip(self.knobs, place, strict=True):
            made[knob.rule] = replace(made[knob.rule], **{knob.name: knob.value(share, strength)})
        return tuple(made)

    def places(self, count: int) -> Array:
        """`float[count, D]`: places that fill the unit cube evenly (the R-sequence of Roberts, 2018)."""
        d = max(1, len(self.knobs))
        root = _root(d)
        return np.array(
            [[(0.5 + (k + 1) * root ** -(j + 1)) % 1.0 for j in range(len(self.knobs))] for k in range(count)]
        )


@dataclass(frozen=True)
class Scale:
    """How much happens in a step, by which ranges are chosen.

    `payoff` : the range of payoffs; `facts` : name -> amounts `float[N]` of a seat in a step of random play;
    `horizon` : steps of an episode.
    """

    payoff: float
    facts: Mapping[str, Array]
    horizon: int

    def rate(self, fact: str) -> float:
        """What a unit of a fact is worth, about: the range of payoffs over that of the fact."""
        spread = float(np.ptp(self.facts[fact])) if fact in self.facts else 1.0
        return self.payoff / spread if spread > 0 else self.payoff


def families(
    world: World, among: Iterable[Any], scale: Scale, on: Sequence[str] | None, ranges: Ranges
) -> tuple[list[Family], list[Impossible]]:
    """The kinds of rules that fit this world, and those that do not, with why.

    An institution by its name or class is laid on every fact that varies (on the moves, where there is none); one that
    is given as it is keeps everything but its numbers; of a tuple of them all numbers are searched together.
    """
    found, cannot = [], []
    known = {*scale.facts, *world.ground.facts, *world.measures, *_labels(world)}
    for name in [on] if isinstance(on, str) else on or ():
        if name not in known:
            raise UnknownName("fact or move", name, known)
    for one in [among] if isinstance(among, str | type | Institution) else among:
        made, errors = [], []
        for family in _kinds(world, one, scale, on, ranges):
            try:
                _try(world, family)
                made.append(family)
            except OstromError as error:
                errors.append((family.name, error))
        if not made:
            because = errors[0][1].args[0] if errors else "Nothing that it could be laid on varies here."
            cannot.append(Impossible(_called(one), str(because), "Give on=…, or the institution as it is to be."))
        found += made
    return found, cannot


def _kinds(world: World, one: Any, scale: Scale, on: Sequence[str] | None, ranges: Ranges) -> Iterator[Family]:
    if isinstance(one, Institution):
        yield _family(world, (one,), scale, ranges)
        return
    if isinstance(one, tuple) and all(isinstance(rule, Institution) for rule in one):
        yield _family(world, one, scale, ranges)
        return
    cls: Any = catalogue.member("institutions", one) if isinstance(one, str) and ":" not in one else one
    if isinstance(cls, str):
        yield _family(world, (catalogue.build("institutions", cls, Institution),), scale, ranges)
        return
    if not (isinstance(cls, type) and issubclass(cls, Institution)):
        raise InputError(f"{one!r} is no institution.", do="Name one (ostrom list institutions), or give its class.")
    takes = parameters(cls)
    for fact in _facts(world, scale, on):
        for given in _laid(takes, fact, scale, world):
            yield _family(world, (cls(**given),), scale, ranges)
        if not {"on", "charges"} & set(takes):
            return


def _facts(world: World, scale: Scale, on: Sequence[str] | None) -> list[str]:
    """What rules can be laid on: what was asked for, or every fact that varies, or every move."""
    if on is not None:
        return [on] if isinstance(on, str) else list(on)
    varying = [name for name, met in scale.facts.items() if np.ptp(met) > 0]
    return varying or sorted(_labels(world))


def _labels(world: World) -> set[str]:
    """All moves that somebody has and that have a name."""
    part = world.ground.part("act")
    return {label for seat in range(len(world.ground.players)) for label in part.labels_of(seat)}


def _laid(takes: Mapping[str, Any], fact: str, scale: Scale, world: World) -> Iterator[dict[str, Any]]:
    """The fields, other than numbers, with which an institution is laid on a fact."""
    if "charges" in takes:
        if ":" in fact:
            kind, _, link = fact.partition(":")
            yield {"charges": ((link, 1.0),), "of": kind}
        return
    given: dict[str, Any] = {"on": fact} if "on" in takes else {}
    if "shared" in takes:
        given["shared"] = True
    rare = fact not in scale.facts or len(np.unique(scale.facts[fact])) <= 2
    long = [max(2, round(share * scale.horizon)) for share in SEASONS if share * scale.horizon >= 2]
    if "season" in takes and rare and long and fact in scale.facts:
        yield from ({**given, "season": season} for season in long)
    else:
        yield given


def _family(world: World, rules: tuple[Institution, ...], scale: Scale, ranges: Ranges) -> Family:
    knobs = []
    for number, rule in enumerate(rules):
        for name, parameter in parameters(type(rule)).items():
            if parameter.type is float and parameter.interval is not None:
                low, high = ranges.get(name) or _range(rule, name, parameter.interval, scale)
                knobs.append(Knob(number, name, low, high, _off(name, low, high)))
    if not knobs:
        raise InputError(
            f"{rules!r:.200} has no parameter that could be searched.",
            "Those are searched that are numbers and declare their range (Annotated[float, Interval(…)]).",
            "Compare it with others by train and meet instead.",
        )
    return Family(" and ".join(map(_told, rules)), rules, tuple(knobs))


def _range(rule: Any, name: str, interval: Any, scale: Scale) -> tuple[float, float]:
    """The declared range, or where it is open what the scale of the world suggests."""
    fact = getattr(rule, "on", None) or next((f"{rule.of}:{link}" for link, _ in getattr(rule, "charges", ())), "")
    if name == "rate":
        unit = scale.rate(fact)
        low, high = -unit, 2 * unit
    elif name == "limit" and getattr(rule, "season", 0):
        met = scale.facts.get(fact, np.array([1.0]))
        used, most = float(met.mean()) * rule.season, float(met.max())
        low, high = max(0.5 * used, most), max(MORE * used, 3 * most)  # below that nothing at all is permitted
    elif name == "limit":
        met = scale.facts.get(fact, np.array([0.0, 1.0]))
        low, high = float(met.min()), float(met.max())
    elif interval.ge is None or interval.le is None:
        raise InputError(
            f"{type(rule).__name__}.{name} has the range {interval}, which is open.",
            "A search needs both ends, and nothing here suggests them.",
            f"Give ranges={{'{name}': (low, high)}}.",
        )
    else:
        low, high = interval.ge, interval.le
    least = low if interval.ge is None else max(low, interval.ge)
    return float(least), float(high if interval.le is None else min(high, interval.le))


def _off(name: str, low: float, high: float) -> float:
    """Where a parameter does nothing: a limit at its loosest, anything else at 0, if that is in its range."""
    return high if name == "limit" else min(max(0.0, low), high)


def _try(world: World, family: Family) -> None:
    """Lay the rules round the world and make a step; raises what is wrong with that."""
    governed = world.under(*family.at([0.5] * len(family.knobs)))
    key = np.zeros(2, np.uint32)
    state = governed.reset(key)
    moves = {
        name: np.zeros(len(governed.ground.players), float if part.continuous else np.int32)
        for name, part in governed.ground.parts.items()
    }
    governed.step(key, state, moves)


def _told(rule: Any) -> str:
    """A kind of rule in words: `tax on harvest, shared`."""
    said = type(rule).__name__.lower()
    if getattr(rule, "on", ""):
        said += f" on {rule.on}"
    if getattr(rule, "charges", ()):
        said += f" on {', '.join(link for link, _ in rule.charges)}"
    if getattr(rule, "season", 0):
        said += f" in {rule.season} rounds"
    return said + (", shared" if getattr(rule, "shared", False) else "")


def _called(one: Any) -> str:
    if isinstance(one, str):
        return one.partition(":")[0]
    return " and ".join(type(rule).__name__.lower() for rule in (one if isinstance(one, tuple) else (one,)))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _root(d: int) -> float:
    """The root above 1 of x^(d+1) = x + 1."""
    x = 2.0
    for _ in range(64):
        x = (1 + x) ** (1 / (d + 1))
    return x
