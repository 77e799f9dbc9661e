"""One after the other takes what it likes best of what is left; and the odds of it in a random order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, factorial
from typing import Any

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array
from ._matching import Matching
from ._sides import Market, Ties, market_of, positions

STATES = 20_000
"""Different situations of one length, of who chose and what is left, beyond which odds are not counted."""


@dataclass(frozen=True)
class RandomAssignment:
    """The odds of each agent for each thing.

    Attributes
    ----------
    odds : `N` rows of `M + 1` `Fraction`s, the last for nothing. method : how they were found. market : what was asked.
    """

    odds: tuple[tuple[Fraction, ...], ...]
    method: str
    market: Market = field(repr=False, compare=False)

    @property
    def table(self) -> Array:
        """`float64[N, M + 1]`: the odds."""
        return np.array(self.odds, float)


def serial_dictatorship(agents: Any, order: Any = None, *, capacities: Any = 1, ties: Ties = None) -> Matching:
    """Each in turn takes the best of what is left: no two gain by a swap, and no lie pays (Svensson 1999).

    Parameters
    ----------
    agents : what each makes of the things: ranks `[N, M]`, or lists by name, as for `deferred_acceptance`.
    order : who chooses when, all agents by name or number; the order of the table by default.
    capacities : how many may take each thing. ties : of each agent, broken by the declared order of things.

    Raises `InputError`, `UnknownName`, `TooLarge` as `deferred_acceptance`.

    Examples
    --------
    >>> found = serial_dictatorship({"Ann": ["tea", "ale"], "Bob": ["tea", "ale"]}, order=["Bob", "Ann"])
    >>> found.why("Ann")
    'Ann is with ale. Better, but out of reach: tea was taken by Bob, who chose before.'
    """
    market = market_of(agents, None, capacities, ties, ("agent", "thing"))
    turns = np.argsort(positions(order, market.agents, "agent")).tolist()
    lists, accepts = market.lists
    seats, partners, settled = market.seats.tolist(), [-1] * len(turns), [0] * len(turns)
    for turn, i in enumerate(turns, 1):
        thing = next((k for k in lists[i, : accepts[i]].tolist() if seats[k]), -1)
        if thing >= 0:
            seats[thing] -= 1
            partners[i], settled[i] = thing, turn
    return Matching(tuple(partners), "serial dictatorship", len(turns), market, "turns", tuple(settled))


def random_serial_dictatorship(agents: Any, *, capacities: Any = 1, ties: Ties = None) -> RandomAssignment:
    """The exact odds when every order of choosing is as likely as any other.

    Situations (who has chosen, what is left) are counted with the orders that lead there, so that ten agents need
    thousands of situations, not millions of orders. The same odds as top trading cycles from random endowments
    (Abdulkadiroğlu and Sönmez 1998).

    Parameters as for `serial_dictatorship`. Raises as it, and `TooLarge` beyond 20,000 situations of one length:
    counting is hard in general (Aziz, Brandt and Brill 2013).

    Examples
    --------
    >>> random_serial_dictatorship([[0, 1, 2], [0, 1, 2], [1, 0, 2]]).odds[0][:2]
    (Fraction(1, 2), Fraction(1, 6))
    """
    market = market_of(agents, None, capacities, ties, ("agent", "thing"))
    lists, accepts = market.lists
    wants = [row[:many].tolist() for row, many in zip(lists, accepts.tolist(), strict=True)]
    count, things = len(wants), len(market.things)
    if count > 1_000 or comb(count, count // 2) > STATES:  # who has chosen alone makes so many
        raise _too_many(count // 2, count)
    ways = [[0] * (things + 1) for _ in wants]
    layer: Counter[tuple[int, tuple[int, ...]]] = Counter({(0, tuple(market.seats.tolist())): 1})
    for chosen in range(count):
        orders, after = factorial(count - chosen - 1), Counter[tuple[int, tuple[int, ...]]]()
        for (gone, left), many in layer.items():
            for i in range(count):
                if not gone >> i & 1:
                    thing = next((k for k in wants[i] if left[k]), things)
                    ways[i][thing] += many * orders
                    fewer = tuple(n - (k == thing) for k, n in enumerate(left))
                    after[gone | 1 << i, fewer] += many
            if len(after) > STATES:
                raise _too_many(chosen + 1, count)
        layer = after
    whole = factorial(count)
    odds = tuple(tuple(Fraction(many, whole) for many in row) for row in ways)
    return RandomAssignment(odds, "all orders, counted by who chose and what is left", market)


def _too_many(chosen: int, count: int) -> TooLarge:
    return TooLarge(
        f"Over {STATES:,} situations after {chosen} of {count} choices.",
        "Exact odds go through all of them.",
        "Ask about fewer agents, or average serial_dictatorship over orders drawn from a seed.",
    )
