"""Duels are locked in, the clearest first, unless that would close a circle; whom none is locked above wins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.ballots import Ballots
from ._counted import pairs_of, require_ballots
from ._decision import Decision, listed, positions
from ._duels import layers, measured
from ._locks import Pair, Relation, adds, completions, matters, relation, unlocked
from ._tally import Measure, defeats


def ranked_pairs(
    ballots: Ballots, *, order: Sequence[str] | None = None, measure: Measure = "margins", limit: int = 1_000
) -> Decision:
    """The alternatives above which none is locked, when duels are locked in from the clearest on (Tideman 1987).

    Parameters
    ----------
    ballots : ties and what is not mentioned are in neither's number; what a ballot mentions stands before what it does
        not. A drawn duel is never locked.
    order : of duels that weigh the same, the one whose winner stands first in this order is locked first, and of these
        the one whose loser stands last. Without one, each way to lock duels that weigh the same is followed, and
        `winners` are those of any of them (parallel universes; Brill and Fischer 2012).
    measure : what a duel weighs: the difference of votes ("margins") or how many the winner had ("winning").
    limit : how many orders of what is locked are looked at, at most; ways to lock that lead to the same are one.

    Returns
    -------
    The decision. What is locked is a partial order; `ranking` has its layers, where there is one such order.

    Raises
    ------
    InputError, UnknownName : another measure; an order that leaves out an alternative, names one twice or one that
        there is not.
    TooLarge : more than `limit` orders.

    Examples
    --------
    >>> ranked_pairs(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2})).ranking
    (('a',), ('b',), ('c',))
    """
    require_ballots(ballots)
    names = ballots.alternatives
    weight = defeats(np, pairs_of(ballots), measured(measure))
    place = None if order is None else positions(order, names, names)
    levels: dict[int, list[Pair]] = {}
    for one, two in np.argwhere(weight > 0).tolist():
        levels.setdefault(int(weight[one, two]), []).append((one, two))
    worlds: set[Relation] = {tuple(1 << k for k in range(len(names)))}
    told, ties = [], 0
    for worth in sorted(levels, reverse=True):
        level = levels[worth]
        if place is not None:
            level.sort(key=lambda pair: (place[names[pair[0]]], -place[names[pair[1]]]))
        tied = any(matters(world, level) for world in worlds)
        worlds, ties = _locked(worlds, level, place is not None, limit), ties + tied
        told.append(_told(names, level, worth, worlds, tied, place is not None))
    tops = [unlocked(world) for world in worlds]
    winners = tuple(name for k, name in enumerate(names) if any(k in top for top in tops))
    ranking = layers(names, relation(next(iter(worlds)))) if len(worlds) == 1 else ()
    told.append(f"None is locked above {listed(winners)}{'.' if len(worlds) == 1 else ', each in some of these ways.'}")
    return Decision("ranked pairs", names, winners, (), ranking, tuple(told), ties)


def _locked(worlds: set[Relation], level: list[Pair], declared: bool, limit: int) -> set[Relation]:
    """The relations after duels that weigh the same: one after the other, or in all orders."""
    after: set[Relation] = set()
    for world in worlds:
        if declared:
            for pair in level:
                world = adds(world, pair) or world
        found = {world} if declared else completions(world, level, limit, len(worlds))
        after |= found or set()
        if found is None or len(after) > limit:
            raise TooLarge(
                f"{len(level):,} duels of {len(world)} alternatives weigh the same: too many ways to lock them.",
                f"Each would have to be looked at: more than {limit:,} orders, or fewer of many alternatives.",
                "Declare an order by which such duels are sorted: order=[...], or allow more: limit=...",
            )
    return after


def _told(
    names: Sequence[str], level: list[Pair], worth: int, worlds: set[Relation], tied: bool, declared: bool
) -> str:
    """What became of the duels that weigh the same."""
    fates: dict[str, list[str]] = {}
    for one, two in level:
        kept = sum(world[one] >> two & 1 for world in worlds)
        fate = "locked" if kept == len(worlds) else "locked in some ways only" if kept else "left out"
        fates.setdefault(fate, []).append(f"{names[one]} over {names[two]}")
    told = "; ".join(f"{listed(duels)} {fate}" for fate, duels in fates.items())
    how = "the declared order decides" if declared else f"{len(worlds):,} ways are followed"
    return f"{worth:,}: {told}." + (f" Not all can be locked, and {how}." if tied else "")
