"""The ranking that disagrees least with the ballots, over all pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._counted import require_ballots
from ._decision import Decision, listed, tiers
from ._duels import reached
from ._subsets import LARGEST, Orders, best_orders, each_order


@dataclass(frozen=True)
class Consensus(Decision):
    """The rankings that disagree least with the ballots.

    Attributes
    ----------
    winners : all that some best ranking puts first: the first tier of `ranking`.
    ranking : tiers by the best place that some best ranking gives each alternative. What stands before another in every
        best ranking is in an earlier tier; where there is one best ranking only, each tier holds one.
    rankings : the best rankings, in the order of the alternatives; the first of them where there are many. By another
        declared order of ties, `kemeny(ballots.only(*order))` has its ranking first; `settled` is about winners alone.
    count : how many there are.
    disagreements : the Kemeny score: over voters, the pairs that a voter orders one way and the ranking the other.
    agreement : the share of ordered pairs on ballots that the ranking agrees with, in [1/2, 1]; 1 where there are none.
    """

    rankings: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    disagreements: int = 0
    agreement: float = 1.0

    @property
    def unique(self) -> bool:
        """Whether there is only one."""
        return self.count == 1


def kemeny(ballots: Ballots, *, most: int = 100) -> Consensus:
    """The rankings that disagree with the fewest voters, pair by pair (Kemeny 1959; Young and Levenglick 1978).

    Exact. Alternatives that all beat all others in duels come first in every best ranking (Truchon 1998), so the groups
    within which duels run in circles, or are tied, are ranked one after the other, each by dynamic programming over its
    subsets.

    Parameters
    ----------
    ballots : ties and what is not mentioned disagree with nobody; what a ballot mentions stands before what it does
        not.
    most : how many best rankings are listed, at least 1. All are counted, and `winners` holds all.

    Raises
    ------
    InputError : `most` below 1. TooLarge : more than 20 alternatives in one circle, or 2 to the 53 voters.

    Examples
    --------
    >>> found = kemeny(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}))
    >>> found.rankings, found.disagreements
    ((('a', 'b', 'c'),), 10)
    """
    require_ballots(ballots)
    if most < 1:
        raise InputError(f"{most} rankings are to be listed.", do="Give most=1 or more.")
    names, pairs = ballots.alternatives, ballots.pairwise
    groups = _groups(pairs >= pairs.T)
    _small_enough(ballots, [len(group) for group in groups])
    tables = [pairs[np.ix_(group, group)].T for group in groups]
    found = [best_orders(table) for table in tables]
    parts = [
        [tuple(names[group[k]] for k in order) for order in islice(each_order(one, table), most)]
        for group, one, table in zip(groups, found, tables, strict=True)
    ]
    rankings = tuple(sum(chosen, ()) for chosen in islice(product(*parts), most))
    ranking = tuple(
        tier for group, one in zip(groups, found, strict=True) for tier in _tiers([names[k] for k in group], one)
    )
    score, count = _score(pairs, [ballots.index(one) for one in rankings[0]]), math.prod(one.count for one in found)
    spoken = int(pairs.sum())
    told = [
        _told([names[k] for k in group], one, part[0]) for group, one, part in zip(groups, found, parts, strict=True)
    ]
    return Consensus(
        "Kemeny",
        names,
        ranking[0],
        ranking=ranking,
        rounds=tuple(told),
        ties=sum(one.count > 1 for one in found),
        rankings=rankings,
        count=count,
        disagreements=score,
        agreement=1 - score / spoken if spoken else 1.0,
    )


def disagreements(ballots: Ballots, ranking: Sequence[str]) -> int:
    """How many pairs voters order otherwise than a ranking of all alternatives: its Kemeny score.

    Raises `UnknownName` for what is no alternative, `InputError` for a ranking that does not name each once.

    Examples
    --------
    >>> disagreements(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}), ("b", "c", "a"))
    12
    """
    require_ballots(ballots)
    for one in ranking:
        if one not in ballots.alternatives:
            raise UnknownName("alternative", str(one), ballots.alternatives)
    if sorted(ranking) != sorted(ballots.alternatives):
        raise InputError(f"The ranking {listed(ranking)} does not name each alternative once.", do="Rank them all.")
    return _score(ballots.pairwise, [ballots.index(one) for one in ranking])


def _score(pairs: Array, order: Sequence[int]) -> int:
    return sum(int(pairs[k, order[:place]].sum()) for place, k in enumerate(order))


def _groups(holds: Array) -> list[Array]:
    """Alternatives that reach each other over duels that are not lost; who beats the others comes first."""
    paths = reached(holds)
    both = paths & paths.T
    order = sorted(range(len(paths)), key=lambda k: -int(paths[k].sum()))
    cuts = [place for place, (one, after) in enumerate(pairwise(order), 1) if not both[one, after]]
    return [np.sort(part) for part in np.split(np.array(order), cuts)]


def _tiers(names: Sequence[str], found: Orders) -> tuple[tuple[str, ...], ...]:
    """A group by the best place of each; groups come one after the other, so that places within one are enough."""
    return tiers(names, (-found.place).tolist())


def _small_enough(ballots: Ballots, sizes: Sequence[int]) -> None:
    if max(sizes) > LARGEST:
        raise TooLarge(
            f"{max(sizes)} of {len(ballots.alternatives)} alternatives beat each other in circles, or are tied.",
            f"All orders are compared within a circle, and that is done for up to {LARGEST}.",
            "Rank fewer (ballots.only(...)), or ask for schulze or ranked_pairs.",
        )
    if ballots.voters >= 2**53:
        raise TooLarge(f"{ballots.voters:,} voters are too many to add up over pairs.", do="Scale the counts down.")


def _told(group: Sequence[str], found: Orders, order: Sequence[str]) -> str:
    if len(group) == 1:
        return f"{group[0]} beats all that are ranked after it, and is beaten by all before it."
    many = f"of {found.count:,} best orders the first is" if found.count > 1 else "the best order is"
    return f"{listed(group)} beat each other in a circle, or are tied; {many} {' > '.join(order)}."
