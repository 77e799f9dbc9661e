"""Where agents who learn without regret may settle: clauses from bad coarse correlated equilibria."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, amount
from ..solvers._highs import solve_lp
from ._clauses import Clause, Removals, kept_moves
from ._odds import Odds, exact_odds, gains_of_always
from ._remedy import ROUNDING

ENTRIES = 10_000_000
"""Joint moves times moves beyond which the linear programs are not built."""

CLEAR = 1e-6
"""Odds that could not be made exact count as bad when they are worth so much less, in shares of the welfare's range."""

LIKELY = 1e-9
"""From which probability on a joint move counts as played."""

Moves = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Witness:
    """Odds over joint moves at which learners may settle, the clause that rules them out, and whether they are exact.

    Odds that are not exact are a coarse correlated equilibrium up to gains of a 1e-9 share of the range of payoffs.
    """

    odds: Odds
    clause: Clause
    exact: bool


@dataclass(frozen=True)
class Play:
    """Shares `[N]` of joint moves `int[N, P]`, what they are worth, and what no such play can fall below."""

    places: Array
    shares: Array
    value: float
    bound: float

    @property
    def used(self) -> list[list[int]]:
        """The moves of each player that are played at all."""
        return [sorted(set(own)) for own in self.places.T.tolist()]


class LearnerClauses:
    """Clauses of odds that are worth less than `floor`, each a coarse correlated equilibrium that some removals leave.

    Of the worst such equilibrium only its value is taken. The clause comes from one that is bad enough and uses few
    moves, because it says more: its moves are left out one after the other as long as something bad remains.

    Parameters
    ----------
    rewards : `[A_1, …, A_P, P]`, what the players pursue, as floats or `Fraction`s.
    worth : `float[A_1, …, A_P]`, the welfare of every joint move. Less than the floor means: by more than a 1e-9 share
        of its range.
    target : the joint move whose moves cannot be removed.

    Raises `TooLarge` beyond `ENTRIES` incentives.
    """

    def __init__(self, rewards: Array, worth: Array, floor: float, target: Sequence[int]) -> None:
        if worth.size * sum(worth.shape) > ENTRIES:
            raise TooLarge(
                f"The incentives of the game have {amount(worth.size * sum(worth.shape))} entries.",
                f"Linear programs of more than {ENTRIES:,} do not fit in reasonable memory.",
                "Use fewer players or moves, or a goal about pure equilibria.",
            )
        self.rewards, self.worth, self.target = rewards, worth, target
        self.payoffs, self.span = rewards.astype(float), float(np.ptp(worth))
        self.floor = floor - ROUNDING * self.span
        ranges = np.ptp(self.payoffs.reshape(-1, worth.ndim), axis=0)
        self.units = np.repeat(np.where(ranges > 0, ranges, 1.0), worth.shape)
        self.witnesses: dict[Clause, Witness] = {}

    def broken(self, removed: Removals, seconds: float) -> list[Clause] | None:
        """Clauses met before that the removals break, else a new one; None when time ran out."""
        if found := [clause for clause in self.witnesses if clause.broken(removed)]:
            return found
        end, moves = time.monotonic() + seconds, kept_moves(self.worth.shape, removed)
        kept = np.concatenate([np.isin(np.arange(n), own) for n, own in zip(self.worth.shape, moves, strict=True)])
        worst = self._worst(moves, kept, seconds)
        if worst is None:
            return None
        if worst.bound >= self.floor:
            return []
        lean = self._lean(worst, kept, end)
        if (witness := self._exact(lean, kept) or self._exact(worst, kept) or self._as_it_is(worst, kept)) is None:
            return []
        self.witnesses[witness.clause] = witness
        return [witness.clause]

    def _worst(self, used: Moves, kept: Array, seconds: float) -> Play | None:
        """The worst play by these moves that nobody gains by leaving for one kept move (`bool[M]`); None if none."""
        places = np.array(list(product(*used)))
        worth = self.worth[tuple(places.T)]
        gains = gains_of_always(self.payoffs, places)[kept] / self.units[kept, None]
        answer = solve_lp(
            worth, gains, np.zeros(len(gains)), np.ones((1, len(worth))), np.ones(1), time_limit=max(seconds, 0.0)
        )
        if answer.x is None or answer.duals_ub is None:
            return None
        played, prices = answer.x > LIKELY, np.maximum(-answer.duals_ub, 0)
        shares = answer.x[played] / answer.x[played].sum()
        return Play(places[played], shares, float(worth[played] @ shares), float((worth + prices @ gains).min()))

    def _lean(self, play: Play, kept: Array, end: float) -> Play:
        """Bad play that uses few moves besides the target's: without the rarest ones, as far as that goes."""
        for i, move in self._rarest(play):
            used = [[m for m in own if (j, m) != (i, move)] for j, own in enumerate(play.used)]
            if used == play.used or not all(used) or time.monotonic() > end:
                continue
            found = self._worst(used, kept, end - time.monotonic())
            if found is not None and found.value < self.floor - CLEAR * self.span:
                play = found
        return play

    def _rarest(self, play: Play) -> list[tuple[int, int]]:
        shares = {
            (i, move): float(play.shares[play.places[:, i] == move].sum())
            for i, own in enumerate(play.used)
            for move in own
            if move != self.target[i]
        }
        return sorted(shares, key=lambda one: shares[one])

    def _exact(self, play: Play, kept: Array) -> Witness | None:
        """The odds in rationals, so that nothing is left to tolerances; None where that does not come out."""
        odds = exact_odds(self.rewards, play.places, play.shares, kept, self.units)
        if odds is None:
            return None
        worths = [Fraction(float(self.worth[tuple(place)])) for place in play.places]
        if sum(p * worth for p, worth in zip(odds, worths, strict=True)) >= self.floor:
            return None
        return self._witness(play, odds, gains_of_always(self.rewards, play.places, exactly=True) @ np.array(odds) > 0)

    def _as_it_is(self, play: Play, kept: Array) -> Witness | None:
        """The odds up to rounding; None where they are not clearly bad."""
        if play.value >= self.floor - CLEAR * self.span:
            return None
        tempts = ~kept & (gains_of_always(self.payoffs, play.places) @ play.shares > ROUNDING * self.units)
        odds = [Fraction(float(share)) for share in play.shares]
        return self._witness(play, [p / sum(odds) for p in odds], tempts, exact=False)

    def _witness(self, play: Play, odds: Sequence[Fraction], tempts: Array, exact: bool = True) -> Witness:
        moves = [(i, move) for i, size in enumerate(self.worth.shape) for move in range(size)]
        played = tuple((tuple(place), share) for place, share in zip(play.places.tolist(), odds, strict=True) if share)
        used = frozenset(move for place, _ in played for move in enumerate(place))
        return Witness(played, Clause(used, frozenset(moves[k] for k in np.flatnonzero(tempts))), exact)
