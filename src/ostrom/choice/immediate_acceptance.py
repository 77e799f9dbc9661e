"""Ask, and whoever is taken stays: the rule that many school districts had, and that rewards a clever list."""

from __future__ import annotations

from typing import Any

from ._matching import Matching
from ._sides import Ties, market_of


def immediate_acceptance(proposers: Any, receivers: Any, *, capacities: Any = 1, ties: Ties = None) -> Matching:
    """In round k everybody left asks the k-th of its list; who is taken then stays (the Boston mechanism).

    No proposer can be made better off without harm to another, by what they say; but what they say is not the truth,
    for a seat that is popular is gone by the second round, and it pays to ask for a safer one first (Abdulkadiroğlu and
    Sönmez 2003).

    Parameters and errors as for `deferred_acceptance`, without couples.

    Examples
    --------
    >>> wants = {"Ann": ["X", "Y"], "Bob": ["X", "Y"], "Cyd": ["Y", "X"]}
    >>> found = immediate_acceptance(wants, {"X": ["Ann", "Bob", "Cyd"], "Y": ["Bob", "Ann", "Cyd"]})
    >>> found.pairs
    {'Ann': 'X', 'Bob': None, 'Cyd': 'Y'}
    >>> found.why("Bob").partition(": ")[2]
    'X took Ann in round 1, ranked before it; Y was full after round 1, and it asked only in round 2.'
    """
    market = market_of(proposers, receivers, capacities, ties)
    (things, accepts), claims, seats = market.lists, market.claims, market.seats.tolist()
    partners, settled, rounds = [-1] * len(accepts), [0] * len(accepts), 0
    for k in range(int(accepts.max())):
        free = [i for i, has in enumerate(partners) if has < 0 and k < accepts[i]]
        if not free:
            break
        rounds = k + 1
        asked = sorted((int(claims[things[i, k], i]), i) for i in free)
        for claim, i in asked:
            thing = int(things[i, k])
            if claim >= 0 and seats[thing]:
                seats[thing] -= 1
                partners[i], settled[i] = thing, rounds
    return Matching(tuple(partners), "immediate acceptance", rounds, market, "at once", tuple(settled))
