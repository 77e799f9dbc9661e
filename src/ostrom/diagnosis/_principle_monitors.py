"""Principle 4: what those who watch have from watching well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ..core.ground import Part
from ._principle_changes import few, others, varied
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, Records, Seen
from ._principle_words import Principle, units
from ._tables import listed, opened


@dataclass(frozen=True)
class Watch:
    """What it does to `whom`, and to the monitor, that `seat` chooses `label` in `part` and not `other`.

    `harder`, `pay` : `float[A, N]`, how much more `whom` then pays, and how much more `seat` gets, for each of the
    `moves` of whom and situation; `wage` : what `seat` gets in any case.
    """

    seat: int
    part: str
    other: str
    label: str
    whom: int
    moves: tuple[str, ...]
    harder: Array
    pay: Array
    wage: float

    @property
    def flat(self) -> bool:
        """Whether what the monitor gets for it is the same whatever `whom` did."""
        return _most(self.pay)[0] <= TOLERANCE

    @property
    def worst(self) -> tuple[float, str, str]:
        """The least that answering the move that is charged more brings beyond answering another one; the two moves."""
        found = [(0.0, "", "")]
        for high in range(len(self.moves)):
            for low in range(len(self.moves)):
                right = self.harder[high] - self.harder[low] > TOLERANCE
                gain = (self.pay[high] - self.pay[low])[right]
                found += [(float(one), self.moves[high], self.moves[low]) for one in gain]
        return min(found)

    @property
    def best(self) -> float:
        """The most that it brings."""
        sure = [
            (self.pay[high] - self.pay[low])[self.harder[high] - self.harder[low] > TOLERANCE]
            for high in range(len(self.moves))
            for low in range(len(self.moves))
        ]
        return float(max((gain.max(initial=0.0) for gain in sure), default=0.0))


def watches(probe: Probe) -> list[Watch]:
    """Who can, by what it chooses at the time of play or after it, make another seat pay."""
    found = []
    if probe.act is None:
        return found
    for records in probe.records[:3]:
        seen = few(probe, records, 32)
        late = [part for part in probe.added if probe.stage[part.name] >= probe.stage["act"] and not part.continuous]
        for part in late:
            for seat in [one for one in range(probe.players) if part.has(one)]:
                known = {(one.seat, one.part, one.whom) for one in found}
                for whom in others(probe, seat):
                    if (seat, part.name, whom) not in known:
                        found += _watches(probe, records, seen, part, seat, whom)
    return found


def _watches(probe: Probe, records: Records, seen: Seen, part: Part, seat: int, whom: int) -> list[Watch]:
    assert probe.act is not None
    found, table = [], {}
    for move, done in varied(probe, records, seen, probe.act, whom).items():
        for label, chosen in varied(probe, records, done, part, seat).items():
            table[label, move] = np.where(chosen.legal, -chosen.paid[:, whom], np.nan), chosen.paid[:, seat]
    labels, moves = (list(dict.fromkeys(pair[k] for pair in table)) for k in (0, 1))
    wage = min(float(table[pair][1].min()) for pair in table)
    for label in labels[1:]:
        harder = np.stack([table[label, move][0] - table[labels[0], move][0] for move in moves])
        pay = np.stack([table[label, move][1] - table[labels[0], move][1] for move in moves])
        pay = np.where(np.isnan(harder), np.nan, pay)
        if np.nanmax(np.abs(harder), initial=0.0) > TOLERANCE:
            found.append(Watch(seat, part.name, labels[0], label, whom, tuple(moves), harder, pay, wage))
    return found


def monitors(probe: Probe, found: list[Watch], bound: set[int]) -> Principle:
    """4: whether those who watch have more from watching well, or are among those who are watched."""
    name = ("accountable monitors", "4A")
    if not found:
        words = "No player has a choice to make another one pay; what the carrier sees, it sees."
        return Principle(*name, "not applicable", words, sampled=probe.sampled)
    loses = min(found, key=lambda one: one.worst[0])
    if loses.worst[0] < -TOLERANCE:
        amount, high, low = loses.worst
        who = probe.names((loses.seat, loses.whom))
        words = f"{opened(who[0])} is paid for letting {who[1]} off: {loses.label!r} instead of {loses.other!r} in "
        words += f"{loses.part!r} is milder on {low!r} than on {high!r}, and brings {units(-amount)} more after it."
        return Principle(*name, "fails", words, who, {"gain from looking away": -amount}, probe.sampled)
    paid = [one for one in found if one.flat and not _varies(found, one) and (one.wage > TOLERANCE or _gain(one) > 0)]
    if paid:
        one, who = paid[0], probe.names((paid[0].seat, paid[0].whom))
        amount = max(one.wage, _gain(one))
        words = f"{opened(who[0])} gets {units(amount)} whatever {who[1]} did, and however true what it chooses in "
        words += f"{one.part!r} is."
        return Principle(*name, "fails", words, who, {"paid in any case": amount}, probe.sampled)
    exact = [one for one in found if one.best > TOLERANCE]
    if exact:
        one = max(exact, key=lambda each: each.best)
        who = probe.names((one.seat, one.whom))
        words = f"Watching well pays {who[0]}: answering what {who[1]} is charged for brings it {units(one.best)} more "
        words += f"in {one.part!r} than answering what it is not."
        return Principle(*name, "holds", words, who, {"gain": one.best}, probe.sampled)
    outside = sorted({one.seat for one in found} - bound - {one.whom for one in found})
    numbers = {"monitors": sorted(probe.names(sorted({one.seat for one in found})))}
    if outside:
        who = probe.names(outside)
        words = f"{opened(listed(who))} get no more for watching well, and are bound by nothing themselves."
        return Principle(*name, "fails", words, who, numbers, probe.sampled)
    words = "Those who watch are among those who are watched; none gets more for watching well."
    return Principle(*name, "holds", words, tuple(numbers["monitors"]), numbers, probe.sampled)


def _varies(found: list[Watch], watch: Watch) -> bool:
    """Whether the same monitor gets something else for another of its choices, depending on what was done."""
    return any(one.seat == watch.seat and not one.flat for one in found)


def _gain(watch: Watch) -> float:
    """What a choice brings its monitor whatever was done, in every situation."""
    return float(np.nanmin(watch.pay)) if np.nanmin(watch.pay) > TOLERANCE else 0.0


def _most(pay: Array) -> tuple[float, float]:
    known = ~np.isnan(pay)
    gaps = (np.where(known, pay, -np.inf).max(0) - np.where(known, pay, np.inf).min(0))[known.sum(0) > 1]
    return float(gaps.max(initial=0.0)), float(gaps.min(initial=0.0))
