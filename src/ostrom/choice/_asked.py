"""Deferred acceptance on a market that was read."""

from __future__ import annotations

from heapq import heappush, heappushpop

import numpy as np

from ._sides import Market


def asked(market: Market) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The partners, the round in which each came to its own, and the rounds that it took.

    Receivers keep negated claims in a heap: its top is the one to let go first, and names its proposer.
    """
    things, accepts = market.lists
    lines, lengths = np.ascontiguousarray(things).data, accepts.tolist()
    claims, seats = np.ascontiguousarray(market.claims).data, market.seats.tolist()
    count = len(lengths)
    who = np.argsort(market.orders[0]).tolist()
    held: list[list[int]] = [[] for _ in seats]
    upto, partners, settled = [0] * count, [-1] * count, [0] * count
    free, rounds = list(range(count)), 0
    while free := [i for i in free if upto[i] < lengths[i]]:
        rounds += 1
        refused = []
        for i in free:
            k = lines[i, upto[i]]
            upto[i] += 1
            claim = claims[k, i]
            if claim < 0 or not seats[k]:
                refused.append(i)
                continue
            if len(held[k]) < seats[k]:
                heappush(held[k], -claim)
            else:
                out = who[-heappushpop(held[k], -claim) % count]
                refused.append(out)
                partners[out] = -1
                if out == i:
                    continue
            partners[i], settled[i] = k, rounds
        free = refused
    return tuple(partners), tuple(s if k >= 0 else 0 for s, k in zip(settled, partners, strict=True)), rounds
