"""Principle 5: whether sanctions rise with violations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._principle_probe import Probe
from ._principle_runs import CALM, Offence, doing, falls, label_of, run
from ._principle_seen import TOLERANCE
from ._principle_words import Principle, units

VIOLATIONS = 6
"""Violations that a seat is driven through."""


def graduated_sanctions(probe: Probe, found: list[Offence]) -> Principle:
    """5: whether the k-th violation of a seat costs no less than the one before, and the last more than the first."""
    name = ("graduated sanctions", "5")
    if not found:
        words = "No move comes to cost more than another one."
        return Principle(*name, "not applicable", words, sampled=probe.sampled)
    if probe.charter.memory == "none":
        one = max(found, key=lambda each: each.cost)
        who, label = probe.names((one.seat,)), label_of(probe, one.seat, one.act)
        words = f"Nothing is remembered: {label!r} costs {who[0]} {units(one.cost)} more every time."
        return Principle(*name, "fails", words, who, {"fines": [one.cost] * 2}, probe.sampled)
    runs = [(one, *driven(probe, one)) for one in found]
    flat = [one for one in runs if not _rise(one[1], one[2])]
    one, fines, closed = flat[0] if flat else runs[0]
    who, label = probe.names((one.seat,)), label_of(probe, one.seat, one.act)
    listed_ = ", ".join(units(fine) for fine in fines)
    then = f" and then closed to {who[0]}" if closed else ""
    numbers: dict[str, Any] = {"fines": fines, "excluded after": len(fines) if closed else None, "move": label}
    words = f"{label!r} costs {who[0]}, one time after the other, {listed_}{then}."
    if flat:
        return Principle(*name, "fails", f"Sanctions do not rise: {words}", who, numbers, probe.sampled)
    return Principle(*name, "holds", words, probe.names([one[0].seat for one in runs]), numbers, probe.sampled)


def driven(probe: Probe, offence: Offence) -> tuple[list[float], bool]:
    """What the 1st, 2nd, … violation adds to what the seat pays, and whether the move is closed to it in the end."""
    seat, bad = offence.seat, doing(offence.setting, offence.seat, offence.act)
    good, chosen = doing(offence.setting, seat, offence.instead), falls(probe)
    odds = probe.lucks[1][chosen] / probe.lucks[1][chosen].sum()
    totals, last, closed = [], VIOLATIONS, False
    for times in range(VIOLATIONS + 1):
        plan = [bad] * times + [good] * (VIOLATIONS + CALM - times)
        paths = [run(probe, plan, fall) for fall in chosen]
        if not all(one.kept[seat] for path in paths for one in path[:times]):
            last, closed = times - 1, True
            break
        totals.append(-sum(w * sum(one.paid[seat] for one in path) for w, path in zip(odds, paths, strict=True)))
    return [float(fine) for fine in np.diff(totals[: last + 1]).round(9)], closed


def _rise(fines: list[float], closed: bool) -> bool:
    steps = np.diff(fines)
    later = closed and len(fines) > 1
    return bool((steps >= -TOLERANCE).all() and len(fines) > 0 and (fines[-1] > fines[0] + TOLERANCE or later))
