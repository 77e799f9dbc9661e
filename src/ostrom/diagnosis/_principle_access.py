"""Principles 1 and 2: who may use what, and whether what is paid rises with what is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..core.game import Array
from ._principle_changes import charges, few, others, spread
from ._principle_probe import Probe
from ._principle_runs import CALM, doing, falls, run
from ._principle_seen import TOLERANCE, Moves, Seen
from ._principle_words import Principle, units

SITUATIONS = 8
"""Situations of the others in which what a move costs is followed over several rounds."""


def user_boundaries(probe: Probe) -> Principle:
    """1A: whether the rules let some do what others, who chose the same, may not."""
    name = ("boundaries of users", "1A")
    if probe.act is None:
        return Principle(*name, "not applicable", "The moves of the game are replaced by others.")
    for number, records in enumerate(probe.records):
        seen = probe.rounds(records)
        for one, other in combinations(range(probe.players), 2):
            alike = probe.labels(probe.act, one) == probe.labels(probe.act, other) and _same_parts(probe, one, other)
            apart = seen.masks["act"][:, one] != seen.masks["act"][:, other]
            apart &= (_same_choices(probe, seen, one, other) & seen.legal)[:, None]
            if alike and apart.any():
                row, code = (int(k) for k in np.argwhere(apart)[0])
                may, not_ = (one, other) if seen.masks["act"][row, one, code] else (other, one)
                label = probe.labels(probe.act, one)[code]
                may_, not__ = probe.names((may, not_))
                said = f"{may_} may {label!r} where {not__} may not{'' if number == 0 else ', after some rounds'}."
                return Principle(
                    *name, "holds", _open(said), (may_, not__), {"move": label, "state": number}, probe.sampled
                )
    return Principle(*name, "fails", "Everybody may do what anybody may.", sampled=probe.sampled)


def limits_of_use(probe: Probe) -> Principle:
    """1B: whether there are moves of the game that the rules close."""
    name = ("limits of use", "1B")
    if probe.act is None:
        return Principle(*name, "not applicable", "The moves of the game are replaced by others.")
    for number, records in enumerate(probe.records):
        seen = probe.rounds(records)
        for seat in range(probe.players):
            labels = probe.labels(probe.act, seat)
            shut = ~seen.masks["act"][:, seat, : len(labels)]
            if shut.any():
                code = int(np.argmax(shut.mean(0)))
                share, who = float(shut[:, code].mean()), probe.names((seat,))
                said = f"{who[0]} may not {labels[code]!r}{'' if share == 1 else f' in {share:.0%} of situations'}"
                said += "." if number == 0 else ", after some rounds."
                numbers = {"move": labels[code], "share": share, "state": number}
                return Principle(*name, "holds", _open(said), who, numbers, probe.sampled)
    return Principle(*name, "fails", "No move of the game is ever closed.", sampled=probe.sampled)


@dataclass(frozen=True)
class Costs:
    """What each move of a seat comes to cost and uses, by situation: `float[A, R]`, NaN where it may not be made."""

    seat: int
    labels: tuple[str, ...]
    cost: Array
    used: dict[str, Array]


def costs(probe: Probe) -> list[Costs]:
    """The costs of the moves of some or all seats; of rules that remember, with the rounds of calm that follow."""
    return [] if probe.act is None else [_costs(probe, seat) for seat in [0, *others(probe, 0)]]


def congruence(probe: Probe, found: list[Costs]) -> Principle:
    """2B: whether what a seat pays rises with what it uses, or with what it gets out of it, and never falls."""
    name = ("congruence", "2B")
    if not any(_spread(one.cost) > TOLERANCE for one in found):
        pays = any((np.abs(few(probe, records).paid) > TOLERANCE).any() for records in probe.records[:2])
        if pays and not any(probe.stage[part.name] >= probe.stage["act"] for part in probe.added):
            return Principle(
                *name, "fails", "What is paid is the same whatever is used.", probe.game.players, sampled=probe.sampled
            )
        said = "What is paid hangs on what others choose after play." if pays else "Nothing is paid."
        return Principle(*name, "not applicable", said, sampled=probe.sampled)
    quantities = list(found[0].used)
    steps = {quantity: [pair for one in found for pair in _pairs(one, quantity)] for quantity in quantities}
    for quantity, pairs in steps.items():
        rises = [pair for pair in pairs if pair[-1] > TOLERANCE]
        if rises and not any(pair[-1] < -TOLERANCE for pair in pairs):
            seat, low, high, more, extra = max(rises, key=lambda pair: pair[-1])
            rates = [pair[-1] / pair[-2] for pair in pairs]
            who = probe.names((seat,))
            said = (
                f"What is paid rises with {quantity}: {who[0]} pays {units(extra)} more for {high!r} than for {low!r},"
            )
            said += f" which brings {units(more)} more."
            numbers = {"quantity": quantity, "least per unit": min(rates), "most per unit": max(rates)}
            return Principle(*name, "holds", said, who, numbers, probe.sampled)
    pairs = [(q, *pair) for q, many in steps.items() for pair in many if pair[-1] < -TOLERANCE]
    if not pairs:
        return Principle(*name, "not applicable", "No move that is paid for uses more or brings more.")
    quantity, seat, low, high, more, extra = min(pairs, key=lambda pair: pair[-1])
    who = probe.names((seat,))
    said = f"What is paid falls with {quantity}: {who[0]} pays {units(-extra)} less for {high!r} than for {low!r},"
    said += f" which brings {units(more)} more."
    return Principle(*name, "fails", said, who, {"quantity": quantity, "rise": more, "paid": extra}, probe.sampled)


def _pairs(found: Costs, quantity: str) -> Iterator[tuple[int, str, str, float, float]]:
    """Per two moves in one situation: seat, the one that uses less, the one that uses more, by how much, and at what
    further cost."""
    used = found.used[quantity]
    for low, high in combinations(range(len(found.labels)), 2):
        more, extra = used[high] - used[low], found.cost[high] - found.cost[low]
        for gap, paid in zip(more.tolist(), extra.tolist(), strict=True):
            if abs(gap) > TOLERANCE and not np.isnan(paid):
                less, most = (low, high) if gap > 0 else (high, low)
                yield found.seat, found.labels[less], found.labels[most], abs(gap), paid if gap > 0 else -paid


def _costs(probe: Probe, seat: int) -> Costs:
    assert probe.act is not None
    labels = probe.labels(probe.act, seat)
    acts = spread(probe, labels, 5)
    situations = probe.taken(some := few(probe, probe.founded), np.arange(len(some.weight)))[0]
    rows = _distinct(situations)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), SITUATIONS)).astype(int)]
    here = probe.crossed(probe.founded, {name: made[rows] for name, made in situations.items()})
    falls_ = len(probe.lucks[1])
    weight = here.weight.reshape(-1, falls_)
    weight = weight / weight.sum(-1, keepdims=True)
    paid, used = charges(probe, probe.founded, here, seat), {}
    cost = (paid.reshape(len(paid), -1, falls_) * weight).sum(-1)
    if probe.charter.memory != "none":
        cost = _followed(probe, seat, acts, [{k: v[row] for k, v in situations.items()} for row in rows])
    for act in acts:
        made = here.moves["act"].copy()
        made[:, seat] = act
        then = probe.ask(probe.founded, {**here.moves, "act": made}, here.luck, here.weight)
        for quantity, amounts in {**then.facts, "the payoff of the game": then.before}.items():
            mean = (amounts[:, seat].reshape(-1, falls_) * weight).sum(-1)
            used.setdefault(quantity, []).append(mean)
    return Costs(seat, tuple(labels[a] for a in acts), cost, {name: np.stack(many) for name, many in used.items()})


def _followed(probe: Probe, seat: int, acts: list[int], situations: list[dict[str, Array]]) -> Array:
    """`float[A, R]`: what is paid in the round and in the calm after it."""
    fall, cost = falls(probe)[0], np.full((len(acts), len(situations)), np.nan)
    for column, wanted in enumerate(situations):
        for line, act in enumerate(acts):
            steps = run(probe, [doing(wanted, seat, act), *[doing(wanted, seat, acts[0])] * CALM], fall)
            if steps[0].kept[seat]:
                cost[line, column] = -sum(one.paid[seat] for one in steps)
    return cost


def _distinct(moves: Moves) -> Array:
    table = np.concatenate([np.nan_to_num(made, nan=-1.0) for made in moves.values()], -1)
    return np.sort(np.unique(table, axis=0, return_index=True)[1])


def _spread(cost: Array) -> float:
    known = ~np.isnan(cost)
    top, low = (np.where(known, cost, side * np.inf) for side in (-1, 1))
    return float((top.max(0) - low.min(0))[known.sum(0) > 1].max(initial=0.0))


def _same_parts(probe: Probe, one: int, other: int) -> bool:
    return all(part.has(one) == part.has(other) for part in probe.added)


def _same_choices(probe: Probe, seen: Seen, one: int, other: int) -> Array:
    same = np.ones(len(seen.weight), bool)
    for part in probe.added:
        if part.has(one) and part.has(other) and not part.continuous:
            same &= seen.moves[part.name][:, one] == seen.moves[part.name][:, other]
    return same


def _open(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
