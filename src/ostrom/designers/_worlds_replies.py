"""The search in worlds of one step: everybody's smoothed reply in place of learners, along gradients where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.game import Array
from ..core.rooms import load
from ..core.welfare import Welfare
from ..core.world import World
from ._worlds_search import Tried
from ._worlds_space import Family

GRID, MANY = 17, 64
"""Places that are tried of each kind of rule with one number, and with several."""
NEAR = 0.01
"""The share of what a rule gains that may be given up for a milder one."""
HALVES = 20
SAFER = (0.0, 0.003, 0.01, 0.03, 0.1)
"""By how much the least strength is raised until its rounded numbers still do."""
PRECISION = 150.0
"""Of replies: moves that differ by 3 % of the range of payoffs are told apart by odds of 100 to 1."""


def applies(world: World, largest: int) -> bool:
    """Whether the world has one step, with few joint moves."""
    act = world.ground.parts.get("act")
    if world.horizon != 1 or act is None or act.continuous or len(world.ground.stages) != 1:
        return False
    sizes = [len(act.labels_of(seat)) for seat in range(len(world.ground.players))]
    return float(np.prod(sizes, dtype=float)) <= largest


def by_replies(
    world: World,
    kinds: Sequence[Family],
    welfare: Welfare,
    bystanders: Mapping[str, str],
    note: Callable[[Tried], object],
    tried: list[Tried],
) -> None:
    """Try every kind of rule on a grid and up the gradient, and then as mildly as does nearly as much.

    All that is tried is added to `tried`; the last is the choice: of equally good kinds a tax before a subsidy, and
    before a kind that was named later.
    """
    gradient = load("designers", "gradient").gradient
    known = {"welfare": welfare, "bystanders": bystanders, "precision": PRECISION}

    def worth(family: Family, place: Array, strength: float = 1.0) -> float:
        return gradient(world, family.at(place, strength), rounds=0, **known).worth

    def add(family: Family, place: Array) -> Tried:
        one = Tried(family, np.asarray(place, float), family.at(place), np.array([worth(family, place)]))
        tried.append(one)
        note(one)
        return one

    now = gradient(world, kinds[0].at([0.5] * len(kinds[0].knobs), 0.0), rounds=0, **known).worth if kinds else 0.0
    best: list[Tried] = []
    for family in kinds:
        found = max((add(family, place) for place in _grid(family)), key=lambda one: one.mean)
        ranges = {knob.name: (knob.low, knob.high) for knob in family.knobs}
        climbed = gradient(world, found.rules, ranges=ranges, **known)
        if climbed.worth > found.mean:
            found = add(family, _place(family, climbed.rules))
        best.append(found)
    if best:
        most = max(one.mean for one in best)
        good = [one for one in best if one.mean >= most - NEAR * max(most - now, 0.0)]
        mild = [_milder(one, now, worth) for one in good]
        chosen, _ = min(mild, key=lambda pair: pair[1])
        add(chosen.family, chosen.place)


def _grid(family: Family) -> Iterator[Array]:
    if len(family.knobs) == 1:
        yield from np.linspace(0.0, 1.0, GRID)[:, None]
    else:
        yield from family.places(MANY)


def _milder(one: Tried, now: float, worth: Any) -> tuple[Tried, bool]:
    """The same kind at the least strength that gains nearly as much, and whether its numbers are below 0."""
    least = one.mean - NEAR * max(one.mean - now, 0.0)
    weak, strong = 0.0, 1.0
    for _ in range(HALVES):
        middle = (weak + strong) / 2
        weak, strong = (weak, middle) if worth(one.family, one.place, middle) >= least else (middle, strong)
    for more in SAFER:  # as a number that can be announced it may just fall short
        place = _place(one.family, one.family.at(one.place, min(strong + more, 1.0)))
        reached = worth(one.family, place)
        if reached >= least:
            break
    else:
        place, reached = one.place, one.mean
    kept = Tried(one.family, place, one.family.at(place), np.array([reached]))
    below = any(knob.name == "rate" and getattr(kept.rules[knob.rule], knob.name) < 0 for knob in one.family.knobs)
    return kept, below


def _place(family: Family, rules: Sequence[Any]) -> Array:
    """Where rules lie in the range of their kind."""
    at = [(getattr(rules[k.rule], k.name) - k.low) / max(k.high - k.low, 1e-12) for k in family.knobs]
    return np.array(at, float)
