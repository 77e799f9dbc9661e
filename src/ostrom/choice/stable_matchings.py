"""All stable matchings of two sides, and those among them that treat the sides alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core._numbers import count
from ..core.game import Array
from ..core.solution import Status
from ._asked import asked
from ._matching import Matching
from ._rotations import stable_from
from ._sides import Ties, market_of


@dataclass(frozen=True)
class StableMatchings:
    """The stable matchings of a market, from the proposers' best on.

    Attributes
    ----------
    matchings : each a `Matching`, the proposers' best first.
    status : "complete" when they are all, "partial" when there are more than were asked for.
    method : how they were found.
    """

    matchings: tuple[Matching, ...]
    status: Status
    method: str

    def __len__(self) -> int:
        return len(self.matchings)

    @cached_property
    def costs(self) -> Array:
        """`int[K, 2]`: the sum of the ranks (0 the best) at which proposers, and receivers, hold their partners."""
        market = self.matchings[0].market
        pairs = [[(i, k) for i, k in enumerate(one.partners) if k >= 0] for one in self.matchings]
        return np.array(
            [
                [sum(int(market.ranks[p]) for p in own), sum(int(market.priorities[k, i]) for i, k in own)]
                for own in pairs
            ]
        )

    @property
    def receivers_best(self) -> Matching:
        """The one that receivers like best (of those found)."""
        return self.matchings[int(self.costs[:, 1].argmin())]

    @property
    def egalitarian(self) -> Matching:
        """The one with the least sum of all ranks (of those found; of equal ones the first)."""
        return self.matchings[int(self.costs.sum(1).argmin())]

    @property
    def sex_equal(self) -> Matching:
        """The one in which the two sides' sums of ranks differ least (of those found; of equal ones the first)."""
        return self.matchings[int(np.abs(self.costs[:, 0] - self.costs[:, 1]).argmin())]

    @property
    def least_regret(self) -> Matching:
        """The one in which the worst rank at which anybody holds its partner is the best (of those found)."""
        return min(self.matchings, key=_worst)


def stable_matchings(proposers: Any, receivers: Any, *, most: int = 10_000, ties: Ties = None) -> StableMatchings:
    """Every stable matching of one with one, by rotations from the proposers' best (Irving and Leather 1986).

    There can be exponentially many (8 for 4 a side at most 10; Knuth 1976), so that the search stops at a number, and
    says so. Picking the one in which the sides fare most alike is hard in general (Kato 1993); here it is looked up.

    Parameters
    ----------
    proposers, receivers, ties : as for `deferred_acceptance`. Ties are broken before: there may be further matchings
        that are stable when ties are kept.
    most : the largest number of matchings to find, at least 1.

    Raises
    ------
    InputError, UnknownName, TooLarge : as `deferred_acceptance`, and for `most` below 1.

    Examples
    --------
    >>> found = stable_matchings([[0, 1, 2], [2, 0, 1], [1, 2, 0]], [[2, 0, 1], [1, 2, 0], [0, 1, 2]])
    >>> [one.partners for one in found.matchings], found.sex_equal.partners
    ([(0, 1, 2), (1, 2, 0), (2, 0, 1)], (1, 2, 0))
    """
    most = count(most, "largest number of matchings")
    market = market_of(proposers, receivers, 1, ties)
    best, _, rounds = asked(market)
    found, whole = stable_from(best, market, most)
    method = "rotations from the proposers' best"
    matchings = tuple(Matching(one, method, rounds if one == best else 0, market) for one in found)
    return StableMatchings(matchings, "complete" if whole else "partial", method)


def _worst(one: Matching) -> int:
    pairs = ((i, k) for i, k in enumerate(one.partners) if k >= 0)
    return max((max(int(one.market.ranks[i, k]), int(one.market.priorities[k, i])) for i, k in pairs), default=0)
