"""Every deterministic voting rule at which nobody gains by an untruthful order, found by search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations, product

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._counted import require_ballots
from ._decision import Decision

LARGEST = 20_000
"""Elections that a rule found here may tell apart."""


@dataclass(frozen=True, eq=False)
class SocialChoiceRule:
    """A rule for so many voters with strict orders, as a table.

    Attributes
    ----------
    alternatives, orders : names, and the orders that voters may have, as numbers, best first.
    table : `int[K, …, K]`, an axis a voter: the number of the winner at each combination of the K orders.

    Called with `Ballots` of as many voters it gives its decision; who casts what matters, in the order of the rows.
    """

    alternatives: tuple[str, ...]
    orders: tuple[tuple[int, ...], ...]
    table: Array

    @cached_property
    def dictator(self) -> int | None:
        """The voter whose best alternative always wins, if there is one."""
        tops = np.array([order[0] for order in self.orders])
        for voter in range(self.table.ndim):
            shape = [-1 if axis == voter else 1 for axis in range(self.table.ndim)]
            if (self.table == tops.reshape(shape)).all():
                return voter
        return None

    @cached_property
    def chooses(self) -> tuple[str, ...]:
        """The alternatives that can win."""
        return tuple(self.alternatives[k] for k in np.unique(self.table))

    def __call__(self, ballots: Ballots) -> Decision:
        """The decision at an election; `InputError` for another number of voters, or an order it does not know."""
        require_ballots(ballots)
        known = set(ballots.alternatives) == set(self.alternatives) and ballots.complete and ballots.strict
        cast = ballots.only(*self.alternatives) if known else ballots
        said = [tuple(np.argsort(row).tolist()) for row in np.repeat(cast.ranks, cast.counts, axis=0)]
        if not known or len(said) != self.table.ndim or not set(said) <= set(self.orders):
            raise InputError(
                f"{ballots!r} for a rule of {self.table.ndim} voters about {', '.join(self.alternatives)}.",
                f"It knows {len(self.orders)} strict orders of them.",
                "Ask it about ballots with those.",
            )
        winner = self.alternatives[self.table[tuple(self.orders.index(order) for order in said)]]
        return Decision("strategy-proof rule", self.alternatives, (winner,))


def strategy_proof_rules(
    voters: int = 2,
    alternatives: int | Sequence[str] = 3,
    *,
    orders: Sequence[str] | None = None,
    onto: bool = True,
    steps: int = 100_000,
) -> tuple[SocialChoiceRule, ...]:
    """All rules that choose one alternative, and at which no voter ever gains by casting another order than its own.

    With three alternatives or more and all strict orders, those that can choose every alternative are the dictatorships
    (Gibbard 1973; Satterthwaite 1975). With fewer orders there can be others: with single-peaked ones the generalised
    medians (Moulin 1980).

    Parameters
    ----------
    voters, alternatives : how many, or names of alternatives.
    orders : the strict orders that voters may have, like "a > b > c"; all by default.
    onto : only rules by which every alternative can win.
    steps : choices after which the search gives up.

    Returns
    -------
    All of them; the search is complete: a winner for each combination of orders in turn, with those excluded at other
    combinations that would make somebody gain.

    Raises
    ------
    InputError : sizes below 1, orders that are not strict, or given twice.
    TooLarge : more than 20,000 combinations of orders, or more choices than `steps`.

    Examples
    --------
    >>> [rule.dictator for rule in strategy_proof_rules(2, 3)]
    [0, 1]
    >>> len(strategy_proof_rules(2, 3, orders=["a > b > c", "b > a > c", "b > c > a", "c > b > a"]))
    9
    """
    names, allowed = _domain(voters, alternatives, orders)
    found, full = [], set(range(len(names)))
    for winners in _Search(voters, allowed, steps).rules():
        if not onto or set(winners) == full:
            table = np.array(winners, np.int64).reshape((len(allowed),) * voters)
            found.append(SocialChoiceRule(names, allowed, table))
    return tuple(found)


def _domain(
    voters: int, alternatives: int | Sequence[str], orders: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    size = alternatives if isinstance(alternatives, int) else len(alternatives)
    if voters < 1 or not 1 <= size <= 8:
        raise InputError(f"{voters} voters about {size} alternatives.", do="Give at least one voter, and 1 to 8.")
    names = Ballots([[0] * size], alternatives=None if isinstance(alternatives, int) else alternatives).alternatives
    if orders is None:
        allowed = tuple(permutations(range(size)))
    else:
        ballots = Ballots.of(list(orders), names)
        allowed = tuple(tuple(np.argsort(row).tolist()) for row in ballots.ranks)
        if not (ballots.complete and ballots.strict) or len(set(allowed)) < len(allowed):
            raise InputError(f"The orders {list(orders)}.", do="Give different strict orders of all alternatives.")
    if len(allowed) ** voters > LARGEST:
        raise TooLarge(
            f"{len(allowed)} orders of {voters} voters combine in {len(allowed) ** voters:,} ways.",
            f"A rule is searched for up to {LARGEST:,}.",
            "Take fewer voters, alternatives or orders.",
        )
    return names, allowed


class _Search:
    """Winners for all combinations of orders, kept as sets of bits; what is chosen at one thins out its neighbours."""

    def __init__(self, voters: int, orders: tuple[tuple[int, ...], ...], steps: int) -> None:
        self.count, self.voters, self.steps = len(orders), voters, steps
        self.orders, self.full = orders, (1 << len(orders[0])) - 1
        self.strides = [self.count ** (voters - 1 - voter) for voter in range(voters)]
        self.left = cache(self._left)

    def rules(self) -> Iterator[list[int]]:
        """All complete tables, in lexicographic order."""
        waiting = [[self.full] * self.count**self.voters]
        while waiting:
            sets = waiting.pop()
            open_ = next((at for at, one in enumerate(sets) if one & (one - 1)), None)
            if open_ is None:
                yield [one.bit_length() - 1 for one in sets]
                continue
            for winner in reversed(range(len(self.orders[0]))):
                if sets[open_] >> winner & 1:
                    self._count()
                    tried = sets.copy()
                    tried[open_] = 1 << winner
                    if self._thinned(tried, open_):
                        waiting.append(tried)

    def _count(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooLarge(
                "There are too many rules, or too many ways to try.", do="Allow more steps, or ask for less."
            )

    def _thinned(self, sets: list[int], changed: int) -> bool:
        """Strike winners out until all that is left fits to its neighbours; False where nothing is left somewhere."""
        waiting = {changed}
        while waiting:
            at = waiting.pop()
            for voter, said in product(range(self.voters), range(self.count)):
                here = at // self.strides[voter] % self.count
                there = at + (said - here) * self.strides[voter]
                kept = sets[there] & self.left(sets[at], here, said)
                if kept == 0:
                    return False
                if kept != sets[there]:
                    sets[there] = kept
                    waiting.add(there)
        return True

    def _left(self, winners: int, here: int, there: int) -> int:
        """What can win when a voter goes over to another order, so that it gains neither by that nor by going back."""
        if here == there:
            return winners
        one, other, found = self.orders[here], self.orders[there], 0
        for k in range(len(one)):
            if winners >> k & 1:
                for j in range(len(one)):
                    if one.index(k) <= one.index(j) and other.index(j) <= other.index(k):
                        found |= 1 << j
        return found
