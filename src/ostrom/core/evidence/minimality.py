"""Evidence that no smaller restriction of moves would do: a search tree over what has to be removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..exact import ExactGame, fraction
from ._read import Labels, read_odds, worth_of

Bans = frozenset[tuple[int, int]]

BRANCHES = 200_000
"""Branches of a search tree beyond which a lower bound counts as not confirmed."""

LOOKED_AT = 20_000_000
"""Clauses that are looked at, in all branches together, before it does."""


def smallest(game: ExactGame, target: Labels, removals: int, clauses: Any = "pure", floor: Any = None) -> str:
    """Here, in the game without a restriction: no fewer moves can be removed for the same end.

    `clauses` is "pure" where the target is to be the only pure equilibrium (with `floor`, only equilibria worth less
    than that have to go), and otherwise a list of devices, each a coarse correlated equilibrium of what is left when
    none of its moves, or all that it tempts to, are removed; each is worth less than `floor`. A tree of removals, each
    of which some clause asks for, shows that a smaller set does not exist.
    """
    place = game.number(target)
    own = frozenset((i, game.own(place, i)) for i in game.seats)
    forced = frozenset((i, move) for gain, i, move in game.gains(place) if gain > 0)
    found = list(_pure_clauses(game, place, floor))
    if clauses != "pure":
        for device in clauses:
            odds = read_odds(game, device)
            if worth_of(game, odds) >= fraction(floor):
                return f"A device is worth {worth_of(game, odds)}, which is not below {fraction(floor)}."
            found.append(_clause(game, odds))
    search = _Search(found, own, removals - 1)
    if search.settles(forced):
        return f"There is a set of fewer than {removals} moves that meets every clause."
    return "" if search.within else f"After {len(search.seen):,} branches there were more: not confirmed."


def _clause(game: ExactGame, odds: Mapping[int, Fraction]) -> tuple[Bans, Bans]:
    """The moves a device uses, and those it tempts to: one of the former has to go, or one of the latter to stay."""
    used = {(i, game.own(place, i)) for place, share in odds.items() if share for i in game.seats}
    tempts = {
        (i, d)
        for i in game.seats
        for d in range(game.sizes[i])
        if sum(share * game.gain(place, i, d) for place, share in odds.items()) > 0
    }
    return frozenset(used), frozenset(tempts)


def _pure_clauses(game: ExactGame, target: int, floor: Any) -> Iterable[tuple[Bans, Bans]]:
    for place in range(game.size):
        if place != target and (floor is None or game.worth[place] < fraction(floor)):
            yield _clause(game, {place: Fraction(1)})


class _Search:
    """Sets of at most `most` moves that meet all clauses, grown by what some broken clause asks for."""

    def __init__(self, clauses: list[tuple[Bans, Bans]], own: Bans, most: int) -> None:
        self.clauses, self.own, self.most = sorted(clauses, key=lambda one: len(one[1])), own, most
        self.seen: set[Bans] = set()
        self.looked_at = 0

    @property
    def within(self) -> bool:
        """Whether the search ended for want of branches, not of time."""
        return len(self.seen) < BRANCHES and self.looked_at < LOOKED_AT

    def settles(self, removed: Bans) -> bool:
        """Whether such a set contains `removed` and spares `own`.

        A broken clause is one of which no used move is removed and all tempting ones are; every larger set that meets
        it removes one of the used.
        """
        if len(removed) > self.most or removed in self.seen or not self.within:
            return False
        self.seen.add(removed)
        broken = None
        for used, tempts in self.clauses:
            self.looked_at += 1
            if not used & removed and tempts <= removed:
                broken = used
                break
        if broken is None:
            return True
        return any(self.settles(removed | {move}) for move in sorted(broken - self.own))
