"""Short ways round in a directed graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STARTS = 400
"""Nodes up to which a way round is looked for from each; of more, from the first only."""


def round_trip(after: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """A shortest way round in a strongly connected graph of two nodes or more, by breadth-first search.

    `after` has the nodes that each node leads to; of several shortest ways the first found counts.
    """
    starts = list(after)
    return min((_back(after, start) for start in (starts if len(starts) <= STARTS else starts[:1])), key=len)


def _back(after: Mapping[int, Sequence[int]], start: int) -> tuple[int, ...]:
    """A shortest way from `start` back to it."""
    before: dict[int, int] = {}
    edge = [start]
    while start not in before:
        ahead = []
        for node in edge:
            for new in after[node]:
                if new not in before:
                    before[new] = node
                    ahead.append(new)
        edge = ahead
    way, node = [], before[start]
    while node != start:
        way.append(node)
        node = before[node]
    return (start, *reversed(way))
