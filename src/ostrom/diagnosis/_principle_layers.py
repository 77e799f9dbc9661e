"""Principle 8: whom each layer binds, and which rules lie within others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.game import Game
from ..core.institution import Around, Institution
from ..institutions.within import Within
from ._principle_changes import few
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, Seen
from ._principle_words import Principle
from ._tables import listed, opened


@dataclass(frozen=True)
class Reach:
    """Whom a layer binds, by seats: whose moves it closes, whom it makes pay, in whose place it acts, who chooses."""

    layer: str
    permits: frozenset[int]
    payments: frozenset[int]
    moves: frozenset[int]
    parts: frozenset[int]

    @property
    def seats(self) -> set[int]:
        """All of them; who only has something to choose is not bound."""
        return {*self.permits, *self.payments, *self.moves}


def reaches(game: Game, institutions: Sequence[Institution], seed: int = 0) -> list[Reach]:
    """Whom each layer binds, innermost first."""
    return [_reach(game, institutions, level, seed) for level in range(1, len(institutions) + 1)]


def _reach(game: Game, institutions: Sequence[Institution], level: int, seed: int) -> Reach:
    outer, inner = (Probe(game, institutions[:k], seed) for k in (level, level - 1))
    permits, payments, moves = set(), set(), set()
    for records in outer.records:
        seen = few(outer, records)
        below = inner.ask(records[:-1], seen.levels[level - 1], seen.luck[:-1], seen.weight)
        payments |= _where(np.abs(seen.paid - below.paid) > TOLERANCE)
        moves |= _changed(seen, level)
        seen = outer.rounds(records)
        below = inner.ask(records[:-1], seen.levels[level - 1], seen.luck[:-1], seen.weight)
        here, under = seen.masks.get("act"), below.masks.get("act")
        if here is not None and under is not None:
            permits |= _where((under & ~here[..., : under.shape[-1]]).any(-1))
    added = {part.name for part in outer.added} - {part.name for part in inner.added}
    parts = {seat for name in added for seat in range(outer.players) if outer.ground.parts[name].has(seat)}
    sets = (frozenset(found) for found in (permits, payments, moves, parts))
    return Reach(type(institutions[level - 1]).__name__, *sets)


def _changed(seen: Seen, level: int) -> set[int]:
    here, below = seen.levels[level].get("act"), seen.levels[level - 1].get("act")
    return set() if here is None or below is None else _where((here != below) & (here >= 0))


def _where(rows: Any) -> set[int]:
    return {int(seat) for seat in np.flatnonzero(rows.any(0))}


def nested(game: Game, institutions: Sequence[Institution], found: Sequence[Reach]) -> Principle:
    """8: whether a rule lies within another one: binding a part of those whom an outer one binds, or wrapped by it."""
    name = ("nested enterprises", "8")
    for number, inner in enumerate(found):
        for outer in found[number + 1 :]:
            if inner.seats and inner.seats < outer.seats:
                few_, many = (tuple(game.players[seat] for seat in sorted(one.seats)) for one in (inner, outer))
                words = f"{inner.layer} binds {listed(few_)}, and {outer.layer} round it {listed(many)}."
                return Principle(*name, "holds", words, few_, {"inner": list(few_), "outer": list(many)})
    for rule in institutions:
        if isinstance(rule, Around) and not isinstance(rule, Within):  # a club by itself lies within nothing
            words = f"{type(rule).__name__} lies round {type(rule.rule).__name__} and changes how it works."
            return Principle(*name, "holds", words, game.players, {"wraps": _chain(rule)})
    words = (
        "There is one layer."
        if len(found) == 1
        else "No layer lies within another: each binds the same seats, or others."
    )
    return Principle(*name, "fails", opened(words), (), {one.layer: sorted(one.seats) for one in found})


def _chain(rule: Institution) -> list[str]:
    names = [type(rule).__name__]
    while isinstance(rule, Around):
        rule = rule.rule
        names.append(type(rule).__name__)
    return names
