"""Cycles by which a stable matching passes into the next ones, worse for those who ask and better for the asked."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.game import Array
from ._sides import Market

Partners = tuple[int, ...]


def stable_from(best: Partners, market: Market, most: int) -> tuple[list[Partners], bool]:
    """All that rotations lead to from the proposers' best, up to a number; and whether those are all.

    Every stable matching is reached from the proposers' best by eliminating exposed rotations in some order (Irving and
    Leather 1986). Who is single is so in all of them.
    """
    lists, accepts = market.lists
    lines = [row[:many].tolist() for row, many in zip(lists, accepts.tolist(), strict=True)]
    claims, keys = market.claims, market.keys
    found: dict[Partners, None] = {best: None}
    for one in (queue := [best]):
        for cycle in _exposed(one, lines, keys, claims):
            after = list(one)
            for i, j in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
                after[i] = one[j]
            if (new := tuple(after)) not in found:
                if len(found) == most:
                    return queue, False
                found[new] = None
                queue.append(new)
    return queue, True


def _exposed(partners: Partners, lines: list[list[int]], keys: Array, claims: Array) -> Iterator[tuple[int, ...]]:
    """The rotations: cycles of proposers, each of whom moves on to the partner of the next."""
    holder = {k: i for i, k in enumerate(partners) if k >= 0}
    follows = {}
    for i, has in enumerate(partners):
        if has >= 0:
            later = (k for k in lines[i] if keys[i, k] > keys[i, has] and claims[k, i] >= 0)
            next_ = next((k for k in later if k not in holder or claims[k, i] < claims[k, holder[k]]), None)
            if next_ in holder:  # one who is single stays so, and with it whoever would have to pass it by
                follows[i] = holder[next_]
    seen = dict[int, int]()
    for start in follows:
        i, path = start, list[int]()
        while i in follows and i not in seen:
            seen[i] = start
            path.append(i)
            i = follows[i]
        if seen.get(i) == start and i in path:
            yield tuple(path[path.index(i) :])
