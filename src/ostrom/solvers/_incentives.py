"""The incentives of a game as rows of a linear program, none of which is built before it is needed."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._highs import Sparse


class Incentives:
    """Rows `gain · joint ≤ 0`, in units of each player's range of payoffs.

    Player after player there is one row per (recommended, alternative) move, or, when coarse, one per alternative,
    which adds up all recommendations.

    Attributes
    ----------
    sizes : moves per player.
    count : how many rows there are.
    units : per player, its range of payoffs; 1 where that is 0.
    """

    def __init__(self, game: NormalForm, coarse: bool) -> None:
        self.sizes, self.coarse = game.sizes, coarse
        ranges = np.ptp(game.payoffs.reshape(-1, len(game.players)), axis=0)
        self.units = np.where(ranges > 0, ranges, 1.0)
        lowest = game.payoffs.min(axis=tuple(range(len(self.sizes))))
        payoffs = (game.payoffs - lowest) / self.units  # what every row adds anyway costs no digits then
        seats = range(len(self.sizes))
        self._order = [(i, *(j for j in seats if j != i)) for i in seats]
        self._back_order = [tuple(np.argsort(order)) for order in self._order]
        self._own = [self._own_first(payoffs[..., i], i) for i in seats]
        self._tops = list(accumulate((n if coarse else n * n for n in self.sizes), initial=0))
        self.count = self._tops[-1]

    def columns(self, places: Array) -> Sparse:
        """What the joint moves at `places` (flat, `int[n]`) add to every row, and a last row of ones."""
        at = np.unravel_index(places, self.sizes)
        values, rows = [np.ones((len(places), 1))], [np.full((len(places), 1), self.count)]
        for i, (n, payoff) in enumerate(zip(self.sizes, self._own, strict=True)):
            others = _flat_without(at, self.sizes, i)
            gain = payoff[:, others].T - payoff[at[i], others][:, None]
            first = self._tops[i] + (0 if self.coarse else n * at[i][:, None])
            values.append(gain)
            rows.append(np.broadcast_to(first + np.arange(n), gain.shape))
        value, row = np.hstack(values), np.hstack(rows)
        column, used = np.nonzero(value)
        return Sparse(value[column, used], row[column, used], column, (self.count + 1, len(places)))

    def price(self, prices: Array) -> Array:
        """Per joint move (flat), the rows added up at their prices."""
        total = np.zeros(self.sizes)
        for i, (n, payoff) in enumerate(zip(self.sizes, self._own, strict=True)):
            own = prices[self._tops[i] : self._tops[i + 1]].reshape(-1, n)
            total += self._back(own @ payoff - own.sum(axis=1)[:, None] * payoff, i)
        return total.ravel()

    def violation(self, joint: Array) -> float:
        """The largest expected gain, in payoffs, from disobeying `joint` (flat); 0 when all lose."""
        worst = 0.0
        for i, (payoff, unit) in enumerate(zip(self._own, self.units, strict=True)):
            odds = self._own_first(joint.reshape(self.sizes), i)
            kept = (odds * payoff).sum(axis=1, keepdims=True)
            left = odds @ payoff.T
            gain = left.sum(axis=0) - kept.sum() if self.coarse else left - kept
            worst = max(worst, float(gain.max()) * float(unit))
        return worst

    def temptation(self) -> Array:
        """Per joint move (flat), the most that any player gains by leaving it; 0 at pure equilibria."""
        most = np.zeros(self.sizes)
        for i, payoff in enumerate(self._own):
            most = np.maximum(most, self._back(payoff.max(axis=0) - payoff, i))
        return most.ravel()

    def _own_first(self, table: Array, i: int) -> Array:
        """`[A_i, others]`: player i's moves against all that the others may do."""
        return np.ascontiguousarray(table.transpose(self._order[i])).reshape(self.sizes[i], -1)

    def _back(self, table: Array, i: int) -> Array:
        """A table `[A_i, others]` with the axes of the game."""
        return table.reshape([self.sizes[j] for j in self._order[i]]).transpose(self._back_order[i])


def _flat_without(at: tuple[Array, ...], sizes: tuple[int, ...], i: int) -> Array:
    """The others' part of joint moves as one number, the last player's move fastest."""
    flat = np.zeros_like(at[i])
    for j, n in enumerate(sizes):
        if j != i:
            flat = flat * n + at[j]
    return flat
