"""Two agents who move together: every pair of few, of many each agent and the one that it goes with most."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ._case import shown
from ._ring_left import left
from ._ring_panel import ALL, LEAST, Panel, kept
from ._ring_partners import partners
from ._ring_screens import spread_of_correlation, together

BAJARI_YE = "Bajari and Ye, Review of Economics and Statistics (2003)"


def readings_together(log: Log, found: Panel, rng: np.random.Generator, named: bool) -> list[Reading]:
    """Every pair of few agents; of many, each agent and its partner, once where they are each other's.

    Or, not `named`, of each agent alone: where its partner is chosen in every block of a log, evidence about a pair
    could not be multiplied.
    """
    agents = range(len(found.agents))
    if len(agents) <= ALL:
        every = (_pair(log, found, pair, rng) for pair in combinations(agents, 2))
        return [one for one in every if one is not None]
    partner, count = partners(found)
    once: dict[Any, Reading] = {}
    for i in agents:
        pair = (min(i, int(partner[i])), max(i, int(partner[i])))
        if partner[i] < 0 or (named and both(found, pair) in once):
            continue
        one = _pair(log, found, pair, rng, (found.agents[i], int(count[list(pair)].max())))
        if one is not None:
            once[one.who if named else i] = one if named else replace(one, who=(found.agents[i],))
    return list(once.values())


def _pair(
    log: Log, found: Panel, pair: tuple[int, int], rng: np.random.Generator, chosen: tuple[str, int] | None = None
) -> Reading | None:
    """How two agents go together; None where they were too seldom, or too little is left of their moves.

    p is multiplied by how many others there were where the pair is `chosen`, as that of an agent among so many.
    """
    rounds = kept(found, pair)
    rest = left(found, rounds, pair) if rounds.sum() >= LEAST else None
    if rest is None or not (np.abs(rest[0]) > 0).any(0).all():
        return None
    same, (first, second) = found.clusters(rounds), rest[0].T
    effect, p = together(first, second, same, rng, rest[1])
    order = np.flatnonzero(rounds)[np.argsort(-np.sign(effect) * first * second, kind="stable")]
    who, way = both(found, pair), "the same way" if effect > 0 else "opposite ways"
    said = f"{who[0]} and {who[1]} move {way} beyond what both could know: correlation {effect:.2f}"
    said += f", the strongest of {chosen[0]} with {chosen[1]} others." if chosen else "."
    used, unused = taken(found, pair)
    said += left_out(found, unused) + without(found)
    tests = chosen[1] if chosen else 1
    return Reading(
        "screens", said, effect, "correlation", int(same.max()) + 1, p=min(1.0, tests * p),
        interval=spread_of_correlation(first, second, same, rng), who=who,
        where={"screen": "together"}, rows=shown(log, found.rows[order, pair[0]]), risks=("collusion",),
        numbers={"rounds": int(rounds.sum()), "taken off": used, "left out": unused, "pair": list(who), "tests": tests,
                 "not looked at": list(found.without), "too few moves": list(found.few)}, source=BAJARI_YE,
        assumes="nothing else reached both: no news or cost that the log lacks, no seed that they share",
    )  # fmt: skip


def taken(found: Panel, pair: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """Names of the fields that were taken off the moves of both, and of those that were not."""
    used = [found.fits[i].fields if found.fits.get(i) else frozenset() for i in pair]
    names = {found.names[k] for k in used[0] & used[1]}
    return sorted(names), sorted({*found.names, *found.unseen} - names)


def left_out(found: Panel, unused: list[str]) -> str:
    """How many fields were not taken off, in words."""
    if not unused:
        return ""
    every = len({*found.names, *found.unseen})
    return f" Of {every} fields that they were shown {len(unused)} were left out: those that explain least."


def without(found: Panel) -> str:
    """How many agents were not looked at, in words, and which were."""
    if not found.without:
        return ""
    every, more = len(found.agents) + len(found.without), len(found.without)
    return f" {more} of {every} agents were not looked at: those who moved most were, by lot among equals."


def both(found: Panel, pair: tuple[int, int]) -> tuple[str, ...]:
    """Two agents by name in order: a pair is the same whoever comes first in a log, or in a block of one."""
    return tuple(sorted(found.agents[i] for i in pair))
