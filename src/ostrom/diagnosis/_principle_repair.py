"""Principle 6: whether what was done wrong, or taken for wrong, can be made good."""

from __future__ import annotations

from itertools import product

import numpy as np

from ._principle_probe import Probe
from ._principle_runs import CALM, Offence, doing, falls, label_of, run, settings, step
from ._principle_seen import TOLERANCE, Records, key
from ._principle_words import Principle, units
from ._tables import listed, opened

ROUNDS, PLAYS, STATES = 5, 24, 48
"""Rounds, plays of a round and records of the search for a way back."""


def conflict_resolution(probe: Probe, found: list[Offence]) -> Principle:
    """6: whether a seat of which something is kept after a violation, or by mistake, can get back to where it was."""
    name = ("conflict resolution", "6")
    fall = falls(probe)[0]
    cases = [*_violations(probe, found, fall), *_mistakes(probe, fall)]
    if charged := _charged(probe, fall):
        who, amount = probe.names((charged[0],)), charged[1]
        words = f"{opened(who[0])} can be charged {units(amount)} by mistake, and nothing of it is ever paid back."
        return Principle(*name, "fails", words, who, {"charged by mistake": amount}, probe.sampled)
    if not cases:
        return Principle(
            *name, "not applicable", "Nothing is kept of a violation, or by mistake.", sampled=probe.sampled
        )
    ways = []
    for why, seat, wanted, good, wrong, right in cases:
        way = back(probe, seat, wanted, good, wrong, right, fall)
        who = probe.names((seat,))
        if way is None:
            words = f"After {why} no play of {ROUNDS} rounds leads {who[0]} back to where it would be without."
            return Principle(*name, "fails", words, who, {"rounds tried": ROUNDS}, True)
        ways.append((why, who, way))
    why, who, (plays, cost) = max(ways, key=lambda one: len(one[2][0]))
    price = f", at a cost of {units(cost)}" if cost > TOLERANCE else ""
    words = f"After {why} {who[0]} is back where it would be without, by {listed(tuple(plays))}{price}."
    return Principle(*name, "holds", words, who, {"plays": plays, "cost": cost}, probe.sampled)


def back(
    probe: Probe, seat: int, setting: dict, good: int, wrong: Records, right: Records, fall: int
) -> tuple[list[str], float] | None:
    """The shortest own plays from the record `wrong` to what would be kept from `right` on by then, and their cost."""
    reached, target = [(wrong, [], 0.0)], right
    for _ in range(ROUNDS):
        clean = step(probe, target, doing(setting, seat, good), fall)
        target, ahead, known = clean.after, [], set()
        for records, plays, cost in reached:
            for words, wanted in _plays(probe, seat, setting):
                done = step(probe, records, wanted, fall)
                further = (done.after, [*plays, words], cost + float(clean.paid[seat] - done.paid[seat]))
                if key(done.after) == key(target):
                    return further[1:]
                if key(done.after) not in known and len(ahead) < STATES:
                    known.add(key(done.after))
                    ahead.append(further)
        reached = ahead
    return None


def _plays(probe: Probe, seat: int, setting: dict) -> list[tuple[str, dict]]:
    """What a seat can choose in a round, all or some, in words and as moves."""
    own = [(part.name, probe.labels(part, seat)) for part in probe.ground.parts.values() if probe.labels(part, seat)]
    every = list(product(*(range(len(labels)) for _, labels in own)))
    if len(every) > PLAYS:
        probe.sampled = True
        every = [every[k] for k in np.linspace(0, len(every) - 1, PLAYS).astype(int)]
    found = []
    for codes in every:
        wanted = {name: np.array(made) for name, made in setting.items()}
        for (name, _), code in zip(own, codes, strict=True):
            wanted[name][seat] = code
        told = [f"{name} {labels[code]}" for (name, labels), code in zip(own, codes, strict=True)]
        found.append((" + ".join(told), wanted))
    return found


def _violations(probe: Probe, found: list[Offence], fall: int) -> list[tuple]:
    """Per seat a move that leaves another record than the move it is measured by."""
    cases = []
    if probe.charter.memory == "none" or probe.act is None:
        return cases
    for seat in range(min(probe.players, 2)):
        known = next((one for one in found if one.seat == seat), None)
        setting = known.setting if known else settings(probe)[0]
        after = [step(probe, probe.founded, doing(setting, seat, k), fall) for k in _codes(probe, seat)]
        clean = next((k for k, one in enumerate(after) if key(one.after) == key(probe.founded)), 0)
        good = known.instead if known else clean
        bad = (
            known.act
            if known
            else next((k for k, one in enumerate(after) if key(one.after) != key(after[good].after)), good)
        )
        wrong, right = (step(probe, probe.founded, doing(setting, seat, k), fall).after for k in (bad, good))
        if key(wrong) != key(right):
            cases.append((f"{label_of(probe, seat, bad)!r}", seat, setting, good, wrong, right))
    return cases


def _mistakes(probe: Probe, fall: int) -> list[tuple]:
    """Records that only the dice make of good play."""
    setting, founded = settings(probe)[0], probe.founded
    if probe.charter.memory == "none" or probe.act is None:
        return []
    right = step(probe, founded, setting, fall).after
    for other in range(len(probe.lucks[1])):
        wrong = step(probe, founded, setting, other).after
        for seat in range(probe.players):
            if key(wrong) != key(right) and _about(wrong, right) == {seat}:
                return [("a mistake", seat, setting, int(setting["act"][seat]), wrong, right)]
    return []


def _about(wrong: Records, right: Records) -> set[int]:
    """The seats on which two records differ, where all that differs has a place for each seat."""
    seats: set[int] = set()
    for one, other in zip(wrong, right, strict=True):
        for name in one:
            apart = np.asarray(one[name]) != np.asarray(other[name])
            seats |= set(np.flatnonzero(apart.reshape(-1, apart.shape[-1]).any(0)).tolist()) if apart.ndim else set()
    return seats


def _charged(probe: Probe, fall: int) -> tuple[int, float] | None:
    """A seat that pays by the dice alone where all do what is charged least, and gets nothing of it back."""
    luck, odds = probe.lucks
    if len(odds) < 2 or probe.act is None:
        return None
    calm = settings(probe)[0]
    moves = {name: np.repeat(made[None], len(odds), 0) for name, made in calm.items()}
    seen = probe.ask(probe.founded, probe.legalised(probe.founded, moves, luck), luck, odds)
    extra = seen.paid[fall] - seen.paid
    if extra.max() <= TOLERANCE:
        return None
    other, seat = (int(k) for k in np.unravel_index(np.argmax(extra), extra.shape))
    if probe.charter.memory != "none":
        wrong, right = (run(probe, [calm] * CALM, fall, probe.after(probe.founded, seen, k)) for k in (other, fall))
        repaid = sum(float(a.paid[seat] - b.paid[seat]) for a, b in zip(wrong, right, strict=True))
        if repaid > TOLERANCE:
            return None
    return seat, float(extra[other, seat])


def _codes(probe: Probe, seat: int) -> range:
    assert probe.act is not None
    return range(len(probe.labels(probe.act, seat)))
