"""Relations that grow pair by pair without closing a circle: whom each is above, as bits of a whole number."""

from __future__ import annotations

import numpy as np

from ..core.game import Array

Relation = tuple[int, ...]
"""Of each alternative, the set of those that it reaches as the bits of a whole number, itself included; transitive."""

Pair = tuple[int, int]


WORK = 20_000_000
"""Pairs times alternatives times relations that are looked at for one level, over which a search is given up."""


def adds(known: Relation, pair: Pair) -> Relation | None:
    """The relation with another pair and all that follows from it; None where the pair would close a circle."""
    one, two = pair
    if known[two] >> one & 1:
        return None
    if known[one] >> two & 1:
        return known
    return tuple(below | known[two] if below >> one & 1 else below for below in known)


def matters(known: Relation, pairs: list[Pair]) -> bool:
    """Whether the order in which the pairs are added makes a difference."""
    return bool(_open(_certain(known, pairs), pairs))


def completions(known: Relation, pairs: list[Pair], limit: int, starts: int = 1) -> set[Relation] | None:
    """All relations to which adding the pairs in some order leads; None where there are more than `limit` on the way.

    Of many alternatives fewer are looked at, since each takes as many steps as there are pairs and alternatives, and
    `starts` relations share the work.
    """
    start = _certain(known, pairs)
    seen, waiting, ends = {start}, [start], set()
    most = min(limit, max(2, WORK // (starts * len(known) * len(pairs))))
    while waiting:
        now = waiting.pop()
        free = _open(now, pairs)
        if not free:
            ends.add(now)
        for pair in free:
            more = _certain(adds(now, pair) or now, pairs)
            if more not in seen:
                seen.add(more)
                waiting.append(more)
            if len(seen) > most:
                return None
    return ends if len(ends) <= limit else None


def _open(known: Relation, pairs: list[Pair]) -> list[Pair]:
    """The pairs that neither follow nor would close a circle."""
    return [(one, two) for one, two in pairs if not (known[two] >> one & 1 or known[one] >> two & 1)]


def _certain(known: Relation, pairs: list[Pair]) -> Relation:
    """The relation with every pair that is added in whatever order the pairs come: those on no circle."""
    free = _open(known, pairs)
    reach = known
    for one, two in free:
        reach = tuple(below | reach[two] if below >> one & 1 else below for below in reach)
    for one, two in free:
        if not reach[two] >> one & 1:
            known = adds(known, (one, two)) or known
    return known


def relation(known: Relation) -> Array:
    """The relation as a table `bool[m, m]`, without the diagonal."""
    size = len(known)
    return np.array([[known[a] >> b & 1 and a != b for b in range(size)] for a in range(size)], bool)


def unlocked(known: Relation) -> list[int]:
    """Those that none is above."""
    above = [one for k, below in enumerate(known) for one in range(len(known)) if one != k and below >> one & 1]
    return sorted(set(range(len(known))) - set(above))
