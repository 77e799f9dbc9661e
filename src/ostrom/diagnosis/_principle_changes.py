"""What one seat's choice changes for another: what it may do, what becomes of its moves, what each of them costs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.game import Array
from ..core.ground import Part
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, Records, Seen, key

SEATS, LABELS, ROWS, STATES = 4, 5, 48, 4
"""Others, labels of a part, rounds and records that are looked at for each choice; of more some are drawn."""

What = Literal["permits", "moves", "payments"]


@dataclass(frozen=True)
class Power:
    """By choosing `label` in `part` instead of `other`, `seat` changes something for the seat `whom`.

    `what` is "permits" (what whom may do), "moves" (what is done in its place) or "payments" (what its moves cost, one
    relative to another, by `size`); `later` says that it happens in the next round.
    """

    seat: int
    part: str
    other: str
    label: str
    whom: int
    what: What
    size: float = 0.0
    later: bool = False


def spread(probe: Probe, many: tuple[str, ...], most: int) -> list[int]:
    """The numbers of all, or of so many that are spread evenly with both ends; then `sampled`."""
    if len(many) <= most:
        return list(range(len(many)))
    probe.sampled = True
    return sorted({int(k) for k in np.linspace(0, len(many) - 1, most)})


def varied(probe: Probe, records: Records, seen: Seen, part: Part, seat: int) -> dict[str, Seen]:
    """Label -> the same rounds with `seat` choosing that label in `part`."""
    labels, rows = probe.labels(part, seat), len(seen.weight)
    codes = spread(probe, labels, LABELS)
    if not codes:
        return {}
    moves, luck, weight = probe.taken(seen, np.tile(np.arange(rows), len(codes)))
    made = moves[part.name].copy()
    made[:, seat] = np.repeat(codes, rows)
    asked = probe.ask(records, {**moves, part.name: made}, luck, weight)
    return {labels[code]: asked.part(k * rows, (k + 1) * rows) for k, code in enumerate(codes)}


def charges(probe: Probe, records: Records, seen: Seen, seat: int) -> Array:
    """`float[A, N]`: what `seat` pays for each of its moves in these rounds; NaN where it may not make it."""
    if probe.act is None or len(probe.labels(probe.act, seat)) == 0:
        return np.full((1, len(seen.weight)), np.nan)
    each = varied(probe, records, seen, probe.act, seat).values()
    return np.stack([np.where(one.legal, -one.paid[:, seat], np.nan) for one in each])


def few(probe: Probe, records: Records, most: int = ROWS) -> Seen:
    """Some permitted rounds that begin with these records."""
    seen = probe.rounds(records)
    rows = np.flatnonzero(seen.legal & (seen.weight > 0))
    return probe.ask(records, *probe.taken(seen, probe.some(rows, most)))


def others(probe: Probe, seat: int) -> list[int]:
    """The other seats, or some of them."""
    rest = [other for other in range(probe.players) if other != seat]
    return [rest[k] for k in spread(probe, tuple(map(str, rest)), SEATS)]


def powers(probe: Probe) -> tuple[Power, ...]:
    """What choices in added parts change for others in play that comes later, in this round or in the next one."""
    found: list[Power] = []
    for records in probe.records[:STATES]:
        seen = few(probe, records)
        for part in probe.added:
            for seat in range(probe.players):
                known = {(one.seat, one.part, one.whom, one.what) for one in found}
                news = [*_now(probe, records, seen, part, seat), *_next(probe, records, seen, part, seat)]
                found += [one for one in news if (one.seat, one.part, one.whom, one.what) not in known]
    probe.sampled |= len(probe.records) > STATES
    return tuple({(one.seat, one.part, one.whom, one.what): one for one in reversed(found)}.values())[::-1]


def _now(probe: Probe, records: Records, seen: Seen, part: Part, seat: int) -> Iterator[Power]:
    """What it changes in the same round, where the choice is over before play."""
    if probe.act is None or probe.stage[part.name] >= probe.stage["act"]:
        return
    either = list(varied(probe, records, seen, part, seat).items())
    for label, chosen in either[1:]:
        first = either[0][1]
        open_ = _may(probe, first, part, seat, either[0][0]) & _may(probe, chosen, part, seat, label)
        for whom in others(probe, seat):
            for what, size in _between(probe, records, records, first, chosen, whom, open_):
                yield Power(seat, part.name, either[0][0], label, whom, what, size)


def _next(probe: Probe, records: Records, seen: Seen, part: Part, seat: int) -> Iterator[Power]:
    """What it changes in the next round, through what is remembered."""
    if probe.charter.memory == "none" or not probe.labels(part, seat):
        return
    either = list(varied(probe, records, seen, part, seat).items())
    for label, chosen in either[1:]:
        first = either[0][1]
        for row in probe.some(np.flatnonzero(first.legal & chosen.legal), 8):
            then, instead = (probe.after(records, one, int(row)) for one in (first, chosen))
            if key(then) == key(instead):
                continue
            ahead = probe.taken(seen, np.arange(min(8, len(seen.weight))))
            one, other = probe.ask(then, *ahead), probe.ask(instead, *ahead)
            for whom in others(probe, seat):
                for what, size in _between(probe, then, instead, one, other, whom, np.ones(len(ahead[2]), bool)):
                    yield Power(seat, part.name, either[0][0], label, whom, what, size, later=True)


def _may(probe: Probe, seen: Seen, part: Part, seat: int, label: str) -> Array:
    return seen.masks[part.name][:, seat, probe.labels(part, seat).index(label)]


def _between(
    probe: Probe, records: Records, others_: Records, one: Seen, other: Seen, whom: int, open_: Array
) -> Iterator[tuple[What, float]]:
    """How the two differ for `whom`, in rounds that are `open_`."""
    if (one.masks["act"][:, whom] != other.masks["act"][:, whom])[open_].any():
        yield "permits", 0.0
    both = open_ & one.legal & other.legal
    if (one.deeds[:, whom] != other.deeds[:, whom])[both].any():
        yield "moves", 0.0
    gap = charges(probe, records, one, whom) - charges(probe, others_, other, whom)
    size = relative(gap[:, open_])
    if size > TOLERANCE:
        yield "payments", size


def relative(gap: Array) -> float:
    """By how much `gap` (`float[A, N]`, NaN where unknown) differs between two moves of one round, at most."""
    known = ~np.isnan(gap)
    top = np.where(known, gap, -np.inf).max(0, initial=-np.inf)
    low = np.where(known, gap, np.inf).min(0, initial=np.inf)
    sizes = (top - low)[known.sum(0) > 1]
    return float(sizes.max(initial=0.0))
