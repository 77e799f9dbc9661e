"""Players who are alike, by how many make each move: what every spread is worth, and which are equilibria.

All that matters is how many make each move. What a player gets depends on its own move and on the state of all (the
counts, or only a total), so the spreads that share a state are told apart by a sum over players, and the best of them
is a knapsack with exactly so many items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from ..core.forms.symmetric import Symmetric
from ..core.game import Array

WORK = 200_000_000
"""Additions that may be spent on one best spread before it is only the best found."""

ROUNDING = 1e-12
"""A gain below this share of the largest payoff is rounding, not a gain."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How many make each move, `int[A]`; what players get on average, what each bystander gets, and the mean of all."""

    counts: Array
    player: float
    bystanders: tuple[float, ...]
    welfare: float


class Spreads:
    """All spreads of the players of a `Symmetric` game.

    Attributes
    ----------
    own : `float[T, A]`, what a player of each move gets in each state of all; meaningless where not `valid`.
    gain : `float[T, A]`, what it would add by its best other move.
    valid : `bool[T, A]`, whether the move can be made in that state.
    stable : `bool[T, A]`, whether nobody who makes the move gains by another.
    """

    def __init__(self, game: Symmetric) -> None:
        self.game, self.count = game, len(game.players)
        rows, self.valid = _others_of(game)
        self.own = game.payoffs[np.arange(rows.shape[1]), rows]
        self.gain = game.payoffs.max(0)[rows] - self.own
        self.stable = self.valid & (self.gain <= ROUNDING * np.abs(game.payoffs).max())

    def best(
        self, sign: int = 1, allowed: Array | None = None, *, players_only: bool = False
    ) -> tuple[Spread | None, float]:
        """The spread of highest welfare (lowest for `sign` -1) over the `allowed` moves, and how far it may be beaten.

        Welfare is the mean of all, or counts the players alone. Of equally good spreads an even one is taken.

        The second number is 0 when nothing can be better, and else a bound on what a better one would add. None when
        no spread is allowed.
        """
        allowed = self.valid if allowed is None else self.valid & allowed
        worth = np.where(allowed, sign * self.own, -np.inf)
        rest = sign * self.game.bystander_payoffs.sum(1) * (not players_only)
        if self.game.amounts is None:
            totals = rest + _summed(worth, self.game.totals)
            state = int(np.argmax(totals))
            return (self.spread(state, self.game.totals[state]), 0.0) if np.isfinite(totals[state]) else (None, 0.0)
        return self._by_total(worth, rest)

    def _by_total(self, worth: Array, rest: Array) -> tuple[Spread | None, float]:
        """Totals in the order of what they could bring at most, until the next could not bring more."""
        bound = self.count * _envelope(worth, self.amounts, self.game.totals / self.count) + rest
        found, reached, work = None, -np.inf, WORK
        for state in np.argsort(-bound):
            slack = ROUNDING * max(1.0, abs(reached)) if np.isfinite(reached) else 0.0
            if bound[state] <= reached + slack or not np.isfinite(bound[state]):
                return found, 0.0
            total = int(self.steps[state])
            work -= self.count * len(self.amounts) * (total + 1)
            if work < 0:
                return found, float(bound[state] - reached) / self._principals
            counts = _most(worth[state], self.small, self.count, total)
            if counts is not None and (here := float(_summed(worth[state], counts) + rest[state])) > reached:
                found, reached = self.spread(int(state), counts), here
        return found, 0.0

    def equilibria(self, limit: int) -> tuple[list[Spread], bool]:
        """Spreads from which nobody gains by another move, best first, and whether these are all (at most `limit`)."""
        found = list(islice(self._stable(), limit + 1))
        spreads = sorted((self.spread(*one) for one in found[:limit]), key=lambda spread: -spread.welfare)
        return spreads, len(found) <= limit

    def _stable(self) -> Iterator[tuple[int, Array]]:
        if self.game.amounts is None:
            for state in np.flatnonzero((self.stable | (self.game.totals == 0)).all(1)):
                yield int(state), self.game.totals[state]
            return
        for state in np.flatnonzero(self.stable.any(1)):
            moves = np.flatnonzero(self.stable[state])
            for chosen in _fillings(self.small[moves].tolist(), self.count, int(self.steps[state])):
                counts = np.zeros(len(self.amounts), int)
                counts[moves] = chosen
                yield int(state), counts

    def spread(self, state: int, counts: Array) -> Spread:
        """The spread with these counts, whose state is row `state` of the totals."""
        sum_players = float(_summed(self.own[state], counts))
        others = self.game.bystander_payoffs[state]
        welfare = (sum_players + float(others.sum())) / self._principals
        return Spread(np.asarray(counts), sum_players / self.count, tuple(others.tolist()), welfare)

    def temptation(self, spread: Spread) -> float:
        """The most that a player would add by another move at this spread."""
        state = self.state(spread.counts)
        return float(self.gain[state][spread.counts > 0].max())

    def state(self, counts: Array) -> int:
        """Which row of the totals has these counts."""
        if self.game.amounts is None:
            return int(np.flatnonzero((self.game.totals == counts).all(1))[0])
        return int(np.searchsorted(self.game.totals, int(counts @ self.amounts)))

    @property
    def _principals(self) -> int:
        return len(self.game.principals)

    @cached_property
    def amounts(self) -> Array:
        """What each move adds to the total."""
        return np.zeros(0, int) if self.game.amounts is None else self.game.amounts

    @cached_property
    def small(self) -> Array:
        """The same in the coarsest whole steps above the least."""
        steps = self.amounts - self.amounts.min()
        return steps // max(int(np.gcd.reduce(steps)), 1)

    @cached_property
    def steps(self) -> Array:
        """The totals in those steps."""
        unit = max(int(np.gcd.reduce(self.amounts - self.amounts.min())), 1)
        return (self.game.totals - self.count * self.amounts.min()) // unit


def _others_of(game: Symmetric) -> tuple[Array, Array]:
    """For every state of all and own move, which row of `game.others` the player faces, and whether there is one."""
    if game.amounts is not None:
        below = game.totals[:, None] - game.amounts
        rows = np.minimum(np.searchsorted(game.others, below), len(game.others) - 1)
        return rows, game.others[rows] == below
    states, size = game.totals.shape
    seats = np.repeat(np.tile(np.arange(size), states), game.totals.ravel()).reshape(states, -1)
    rows = np.zeros((states, size), int)
    rows[np.arange(states)[:, None], seats] = game.others_at(seats)
    return rows, game.totals > 0


def _envelope(worth: Array, amounts: Array, mean: Array) -> Array:
    """The most a player can get on average when amounts average `mean[T]`, by mixing two moves: `float[T]`."""
    top = np.where(amounts == mean[:, None], worth, -np.inf).max(1)
    for a, low in enumerate(amounts):
        high = amounts > low
        share = (mean[:, None] - low) / np.where(high, amounts - low, 1)
        open_ = high & (share > 0) & (share < 1) & np.isfinite(worth) & np.isfinite(worth[:, a, None])
        with np.errstate(invalid="ignore"):
            mixed = np.where(open_, (1 - share) * worth[:, a, None] + share * worth, -np.inf)
        top = np.maximum(top, mixed.max(1))
    return top


def _summed(worth: Array, counts: Array) -> Array:
    """Worth `[..., A]` times counts, over the moves that are made."""
    return (np.where(counts > 0, worth, 0.0) * counts).sum(-1)


def _most(worth: Array, amounts: Array, count: int, total: int) -> Array | None:
    """How many of `count` players make each move so that amounts sum to `total` and worths to the most; or None."""
    counts, even = _fill(worth, amounts, count, total), _even(amounts, count, total)
    if counts is None or even is None:
        return counts
    most = float(_summed(worth, counts))
    return even if _summed(worth, even) >= most - ROUNDING * max(1.0, abs(most)) else counts


def _even(amounts: Array, count: int, total: int) -> Array | None:
    """The spread of this total over the two moves next to the mean; None where there is none."""
    order = np.argsort(amounts)
    above = int(np.searchsorted(amounts[order], total / count))
    high, low = order[above], order[max(above - 1, 0)]
    step = int(amounts[high] - amounts[low])
    up, left = divmod(total - count * int(amounts[low]), step) if step else (count, total - count * int(amounts[high]))
    counts = np.zeros(len(amounts), int)
    counts[low] = count - up
    counts[high] += up
    return counts if left == 0 else None


def _fill(worth: Array, amounts: Array, count: int, total: int) -> Array | None:
    """The same by dynamic programming, one player at a time."""
    moves = [a for a in range(len(worth)) if np.isfinite(worth[a]) and amounts[a] <= total]
    layer, chosen = np.full(total + 1, -np.inf), np.zeros((count, total + 1), int)
    layer[0] = 0.0
    for k in range(count):
        grown = np.full(total + 1, -np.inf)
        for a in moves:
            ahead = layer[: total + 1 - amounts[a]] + worth[a]
            better = ahead > grown[amounts[a] :]
            grown[amounts[a] :][better], chosen[k, amounts[a] :][better] = ahead[better], a
        layer = grown
    if not np.isfinite(layer[total]):
        return None
    counts, left = np.zeros(len(worth), int), total
    for k in reversed(range(count)):
        counts[chosen[k, left]] += 1
        left -= int(amounts[chosen[k, left]])
    return counts


def _fillings(amounts: list[int], count: int, total: int) -> Iterator[list[int]]:
    """All ways in which `count` players can choose among `amounts` (all different) so that they sum to `total`."""
    if not count * min(amounts) <= total <= count * max(amounts):
        return
    if len(amounts) == 1:
        yield [count]
        return
    first, *others = amounts
    for chosen in range(count + 1):
        for rest in _fillings(others, count - chosen, total - chosen * first):
            yield [chosen, *rest]
