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
    search = _Search(found, removals - 1)
    if search.settles(forced, own):
        return f"There is a set of fewer than {removals} moves that meets every clause."
    return "" if search.within else f"After {search.branches:,} branches there are more: not confirmed."


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

    def __init__(self, clauses: list[tuple[Bans, Bans]], most: int) -> None:
        self.clauses, self.most = sorted(clauses, key=lambda one: len(one[1])), most
        self.branches = 0

    @property
    def within(self) -> bool:
        """Whether there is time left."""
        return self.branches < BRANCHES and self.branches * len(self.clauses) < LOOKED_AT

    def settles(self, removed: Bans, kept: Bans) -> bool:
        """Whether such a set contains all of `removed` and none of `kept`.

        A broken clause is one of which no used move is removed and all tempting ones are; every larger set that meets
        it removes one of the used. Broken clauses without a move in common each ask for a move of their own. Once a
        move has been tried, the sets with it are done with, and it is kept.
        """
        self.branches += 1
        if len(removed) > self.most or not self.within:
            return False
        broken = [used - kept for used, tempts in self.clauses if tempts <= removed and not used & removed]
        if not broken:
            return True
        if not all(broken) or len(removed) + _apart(broken) > self.most:
            return False
        for move in sorted(broken[0]):
            if self.settles(removed | {move}, kept):
                return True
            kept |= {move}
        return False


def _apart(sets: list[Bans]) -> int:
    """How many of the sets, taken one after the other, share no move."""
    taken: Bans = frozenset()
    count = 0
    for one in sets:
        if not one & taken:
            taken |= one
            count += 1
    return count
