"""Focal players among strangers: who meets whom, in which seats, and what the best known would get there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.game import Array
from ..core.rooms import load
from ._world_case import Casting, WorldCase

SEATS = 4
"""Ways of seating the focal players that are tried, where seats are not alike."""

ONCE = 8
"""Seats up to which one compilation serves every choice of who learns."""


@dataclass(frozen=True, eq=False)
class Encounter:
    """What focal players get in some seats, among strangers in the others; per capita of the focal, `float[K]` by seed.

    Attributes
    ----------
    strangers : who they are; `mode` : "one among strangers", "one stranger among them" or, with two seats, "a pair".
    focal : what they get; `own` : the same seats among their own kind; `best` : the best known in these seats.
    who : what that is; `background` : what the strangers get.
    """

    strangers: str
    mode: str
    focal: Array
    own: Array
    best: Array
    who: str
    background: Array

    @property
    def loss(self) -> Array:
        """How much less they get than the best known would, `float[K]`; a lower bound, since there may be better."""
        return self.best - self.focal


def modes(case: WorldCase) -> dict[str, list[tuple[int, ...]]]:
    """Which seats the focal players take: all but one (residents), one alone (a visitor), or each of two in turn."""
    seats = range(case.seats)
    turns = [0] if case.alike else list(seats)[:: -(-case.seats // SEATS)]
    one = [(seat,) for seat in turns]
    if case.seats == 2:
        return {"a pair": one}
    return {
        "one among strangers": one,
        "one stranger among them": [tuple(other for other in seats if other != seat) for (seat,) in one],
    }


def encounters(
    case: WorldCase,
    strangers: Mapping[str, Sequence[Casting]],
    *,
    steps: int,
    learner: Any,
    episodes: int,
    only: Sequence[str] = (),
) -> tuple[list[Encounter], float]:
    """All encounters, and the range of what was seen to be got per capita in the focal seats.

    Candidates for the best known are the focal players themselves, the world's bots, one of the strangers, and
    somebody who learns against these very strangers for `steps` steps (0: nobody does). Which is best is chosen in
    other episodes than those in which it is measured.
    """
    found, seen = [], []
    for mode, seatings in modes(case).items():
        if only and mode not in only:
            continue
        each = [_seated(case, strangers, seats, steps, learner, episodes) for seats in seatings]
        seen += [low_high for _, low_high in each]
        for name in strangers:
            parts = [part for some, _ in each for part in some if part.strangers == name]
            focal, own, best, background = (
                np.mean([getattr(part, row) for part in parts], 0) for row in ("focal", "own", "best", "background")
            )
            who = " or ".join(dict.fromkeys(part.who for part in parts))
            found.append(Encounter(name, mode, focal, own, best, who, background))
    return found, float(np.max(seen) - np.min(seen))


def _seated(
    case: WorldCase,
    strangers: Mapping[str, Sequence[Casting]],
    seats: tuple[int, ...],
    steps: int,
    learner: Any,
    episodes: int,
) -> tuple[list[Encounter], tuple[float, float]]:
    """Encounters with the focal players in these seats, and the least and the most that was got there."""
    count, names = len(case.tables), list(strangers)
    tables = [among(case.tables[k], strangers[name][k], seats) for name in names for k in range(count)]
    kinds = case.kinds(*strangers.values())
    candidates: dict[str, Sequence[Casting]] = {"themselves": tables}
    candidates |= {
        f"{name} bots": [_with(bot, casting, seats) for casting in tables] for name, bot in case.bots().items()
    }
    candidates["the strangers' own kind"] = [casting for name in names for casting in strangers[name]]
    if steps:
        candidates["a reply trained against them"] = _replies(case, tables, seats, steps, learner, kinds)
    every = [casting for some in candidates.values() for casting in some]
    shape = len(candidates), len(names), count
    first = _of(case.returns(every, episodes, kinds), seats).reshape(shape).mean(-1)
    best = [list(candidates)[int(row.argmax())] for row in first.T]
    chosen = [candidates[best[n]][n * count + k] for n in range(len(names)) for k in range(count)]
    fresh = case.returns([*tables, *chosen, *case.tables], episodes, kinds, fresh=True)
    mine, top = (_of(part, seats).reshape(-1, count) for part in np.split(fresh[:-count], 2))
    others = [seat for seat in range(case.seats) if seat not in seats]
    back = _of(fresh[: len(tables)], others).reshape(-1, count)
    own = _of(fresh[-count:], seats)
    parts = [Encounter(n, "", mine[k], own, top[k], best[k], back[k]) for k, n in enumerate(names)]
    return parts, (float(min(first.min(), own.mean())), float(max(first.max(), own.mean())))


def _replies(
    case: WorldCase, tables: Sequence[Casting], seats: tuple[int, ...], steps: int, learner: Any, kinds: Sequence[Any]
) -> list[Casting]:
    """Somebody who has learned in these seats at each table; as many tables at a time as there are seeds, so that what
    is compiled serves all kinds of strangers."""
    further, count = load("learners", "further").further, len(case.tables)
    where: Any = [seats] * count if case.seats <= ONCE else seats
    found: list[Casting] = []
    for first in range(0, len(tables), count):
        some = tables[first : first + count]
        found += further(case.world, some, where, steps, learner=learner, seed=case.seed + first, kinds=kinds)
    return found


def among(mine: Casting, theirs: Casting, seats: Sequence[int]) -> list[Any]:
    """A table with the focal players in these seats and strangers in the others."""
    return [own if seat in seats else other for seat, (own, other) in enumerate(zip(mine, theirs, strict=True))]


def _with(player: Any, casting: Casting, seats: Sequence[int]) -> list[Any]:
    return [player if seat in seats else other for seat, other in enumerate(casting)]


def _of(returns: Array, seats: Sequence[int]) -> Array:
    """The mean over these seats."""
    return returns[:, list(seats)].mean(-1)
