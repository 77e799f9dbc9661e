"""Trade in cycles: from what each owns, or from priorities, to where no trade is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._matching import Matching
from ._sides import Market, Ties, market_of, positions


def top_trading_cycles(
    agents: Any, priorities: Any = None, *, owners: Any = None, capacities: Any = 1, ties: Ties = None
) -> Matching:
    """Everybody points at the best thing left, every thing at who has the first claim to it; cycles trade and leave.

    Without priorities it is a house market: the only allocation in the core (Shapley and Scarf 1974; Roth and
    Postlewaite 1977). With priorities it is the school choice of Abdulkadiroğlu and Sönmez (2003): no trade is left
    that all gain by, and no group gains by lying, but a priority can be passed over.

    Parameters
    ----------
    agents : what each makes of the things, as for `deferred_acceptance`.
    priorities : what each thing makes of the agents; a priority of -1 means that the thing does not take the agent.
    owners : without priorities, the agent (name or number) who owns each thing, one each; by default the k-th owns the
        k-th. Nobody has to take less than it owns: where a list leaves that out it stands last.
    capacities : of each thing, with priorities only.
    ties : as for `deferred_acceptance`; with ties a trade may be left.

    Raises
    ------
    InputError, UnknownName, TooLarge : as `deferred_acceptance`, and for owners that are not one for each thing.

    Examples
    --------
    >>> found = top_trading_cycles([[1, 0, 2], [0, 1, 2], [0, 1, 2]])
    >>> found.partners, found.rounds
    ((1, 0, 2), 2)
    """
    market = market_of(agents, priorities, capacities, ties, ("agent", "thing"))
    if priorities is None:
        market = _owned(market, owners)
    elif owners is not None:
        raise InputError("Owners and priorities at once.", do="Give either owners or priorities.")
    partners, settled, cycles = _traded(market)
    return Matching(partners, "top trading cycles", max(settled, default=0), market, "cycles", settled, cycles)


def _owned(market: Market, owners: Any) -> Market:
    """The market with the first claim to each thing its owner's, the others behind in the declared order."""
    count = len(market.things)
    if len(market.agents) != count or (market.seats != 1).any():
        raise InputError(
            f"{len(market.agents)} agents and {count} things, {int(market.seats.sum())} seats.",
            "In a house market everybody owns one thing.",
            "Give as many things as agents, each once; or give priorities.",
        )
    owner = np.argsort(positions(owners, market.agents, "agent"))
    claims = np.ones((count, count), np.int64)
    claims[np.arange(count), owner] = 0
    ranks, own = market.ranks.copy(), np.argsort(owner)
    mine = ranks[np.arange(count), own]
    ranks[np.arange(count), own] = np.where(mine < 0, ranks.max(1) + 1, mine)
    return replace(market, ranks=ranks, priorities=claims)


def _traded(market: Market) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[tuple[int, int], ...], ...]]:
    """The partners, the round in which each agent left, and the cycles that traded."""
    lists, accepts = market.lists
    both = (market.claims >= 0).T & (market.keys >= 0)
    wants = [[k for k in lists[i, : accepts[i]].tolist() if both[i, k]] for i in range(len(accepts))]
    claims = _claimants(market.claims)
    seats, count = market.seats.tolist(), len(wants)
    partners, settled, here = [-1] * count, [0] * count, [True] * count
    cycles: list[tuple[tuple[int, int], ...]] = []
    mine, first, rounds = [0] * count, [0] * len(seats), 0
    while True:
        points = _pointing(wants, mine, seats, here)
        if not points:
            return tuple(partners), tuple(settled), tuple(cycles)
        rounds += 1
        held = {k: _first(claims[k], first, k, here) for k in set(points.values())}
        for cycle in _cycles(points, held):
            cycles.append(cycle)
            for agent, thing in cycle:
                partners[agent], settled[agent], here[agent] = thing, rounds, False
                seats[thing] -= 1


def _claimants(claims: Array) -> list[list[int]]:
    order = np.argsort(claims, axis=1)
    return [row[row_claims[row] >= 0].tolist() for row, row_claims in zip(order, claims, strict=True)]


def _pointing(wants: list[list[int]], mine: list[int], seats: list[int], here: list[bool]) -> dict[int, int]:
    """What each agent points at; who finds nothing any more leaves."""
    points = {}
    for i, own in enumerate(wants):
        if here[i]:
            while mine[i] < len(own) and not seats[own[mine[i]]]:
                mine[i] += 1
            if mine[i] < len(own):
                points[i] = own[mine[i]]
            else:
                here[i] = False
    return points


def _first(claimants: list[int], first: list[int], k: int, here: list[bool]) -> int:
    """Who of those still there has the first claim; there is one, for whoever points at a thing may have it."""
    while not here[claimants[first[k]]]:
        first[k] += 1
    return claimants[first[k]]


def _cycles(points: dict[int, int], held: dict[int, int]) -> list[tuple[tuple[int, int], ...]]:
    """The cycles of agents each of whom points at a thing that points at the next."""
    found, seen = [], dict[int, int]()
    for start in points:
        i, path = start, list[int]()
        while i not in seen:
            seen[i] = start
            path.append(i)
            i = held[points[i]]
        if seen[i] == start and i in path:
            found.append(tuple((j, points[j]) for j in path[path.index(i) :]))
    return found
