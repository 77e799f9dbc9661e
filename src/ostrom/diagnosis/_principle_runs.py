"""Rounds one after the other under a charter: what a seat pays that keeps doing something, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ._principle_changes import others, spread
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, Records, key

CALM, PATHS, SETTINGS = 4, 4, 8
"""Rounds of calm after something was done, falls of the dice that are followed, and settings of the others that are."""

Wanted = Mapping[str, Array]
"""Part -> `[P]`: what all would do in a round, if it is permitted."""


@dataclass(frozen=True)
class Step:
    """One round: what the rules paid, expected over the dice (`float[P]`), who could make the move of the game that it
    wanted (`bool[P]`), and the records after it."""

    paid: Array
    kept: Array
    after: Records


def step(probe: Probe, records: Records, wanted: Wanted, fall: int) -> Step:
    """A round in which all do what they want, or the first thing permitted; the dice fall as `fall` says."""
    luck, odds = probe.lucks
    many = {name: np.repeat(np.asarray(made)[None], len(odds), 0) for name, made in wanted.items()}
    seen = probe.ask(records, probe.legalised(records, many, luck), luck, odds)
    kept = seen.moves["act"][fall] == wanted["act"] if probe.act else np.ones(probe.players, bool)
    return Step(odds @ seen.paid / odds.sum(), kept, probe.after(records, seen, fall))


def run(probe: Probe, plan: Sequence[Wanted], fall: int, records: Records | None = None) -> list[Step]:
    """The rounds of a plan, one after the other, from the founding on."""
    steps: list[Step] = []
    here = probe.founded if records is None else records
    for wanted in plan:
        steps.append(step(probe, here, wanted, fall))
        here = steps[-1].after
    return steps


def falls(probe: Probe) -> list[int]:
    """The falls of the dice to follow: the likeliest, and some more where what is kept depends on them."""
    order = np.argsort(-probe.lucks[1], kind="stable")
    if probe.charter.memory == "none" or len(order) == 1:
        return [int(order[0])]
    wanted = settings(probe)[0]
    kept = {key(step(probe, probe.founded, wanted, int(fall)).after) for fall in order}
    probe.sampled |= len(kept) > 1
    return [int(fall) for fall in order[: PATHS if len(kept) > 1 else 1]]


def settings(probe: Probe) -> list[dict[str, Array]]:
    """What all could want in a round: first the round in which least is taken, then others with other added parts."""
    seen = probe.rounds(probe.founded)
    rows = np.flatnonzero(seen.legal)
    taken = -seen.paid[rows].sum(-1).round(9)
    calm = rows[int(np.argmin(taken))]
    found = {name: np.asarray(made[calm]) for name, made in seen.moves.items()}
    if not probe.added:
        return [found]
    names = [part.name for part in probe.added]
    ways = np.unique(np.concatenate([seen.moves[name] for name in names], -1), axis=0)  # some are permitted later only
    if len(ways) > SETTINGS:
        probe.sampled = True
        ways = ways[np.linspace(0, len(ways) - 1, SETTINGS).astype(int)]
    parts = [dict(zip(names, np.split(way, len(names)), strict=True)) for way in ways]
    own = {name: probe.ground.parts[name] for name in names}
    return [found] + [
        {**found, **{k: v.astype(float if own[k].continuous else np.int32) for k, v in part.items()}} for part in parts
    ]


def doing(wanted: Wanted, seat: int, act: int) -> dict[str, Array]:
    """The same round with `seat` making another move of the game."""
    made = np.array(wanted["act"])
    made[seat] = act
    return {**wanted, "act": made}


@dataclass(frozen=True)
class Offence:
    """A move of `seat` that comes to cost it `cost` more than `instead`, where all others want what `setting` says."""

    seat: int
    act: int
    instead: int
    setting: Wanted
    cost: float


def offences(probe: Probe) -> list[Offence]:
    """For each seat, some or all, the move that comes to cost most beside its cheapest one, if any costs more."""
    found = []
    if probe.act is None:
        return found
    fall, rounds = falls(probe)[0], 0 if probe.charter.memory == "none" else CALM
    for seat in [0, *others(probe, 0)]:
        worst = Offence(seat, 0, 0, {}, TOLERANCE)
        acts = spread(probe, probe.labels(probe.act, seat), 4)
        for setting in settings(probe):
            calm, costs = [doing(setting, seat, acts[0])] * rounds, []
            for act in acts:
                steps = run(probe, [doing(setting, seat, act), *calm], fall)
                costs.append(-sum(one.paid[seat] for one in steps) if steps[0].kept[seat] else np.nan)
            if np.isnan(costs).all():
                continue
            top, low = int(np.nanargmax(costs)), int(np.nanargmin(costs))
            if costs[top] - costs[low] > worst.cost + TOLERANCE:
                worst = Offence(seat, acts[top], acts[low], setting, float(costs[top] - costs[low]))
        found += [worst] * (worst.cost > TOLERANCE)
    return found


def label_of(probe: Probe, seat: int, code: int) -> str:
    """The name of a move of the game."""
    assert probe.act is not None
    return probe.labels(probe.act, seat)[code]
