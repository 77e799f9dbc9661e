"""The value of a two-player zero-sum game, with a mixture for each player that secures it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ..core.game import Game
from ..core.solution import Solution
from ._minimax import exact_bounds, minimax, zero_sum_matrix

CLOSE = Fraction(1, 10**9)
"""Share of the range of payoffs within which bounds that do not meet still settle the value for a float."""


@dataclass(frozen=True)
class ZeroSum(Solution):
    """The value of a zero-sum game; `points` is one pair of maximin mixtures.

    Attributes
    ----------
    value : what player 1 can secure, and player 2 can hold it to.
    lower, upper : exact bounds on the value, from `exact`; equal where the value is known exactly.
    exact : the mixtures as `Fraction`s, one tuple per player; None where time ran out.
    """

    value: float = float("nan")
    lower: Fraction | None = None
    upper: Fraction | None = None
    exact: tuple[tuple[Fraction, ...], ...] | None = field(default=None, repr=False)


def zero_sum(game: Game, seconds: float = 60.0) -> ZeroSum:
    """The value, and a maximin mixture for each player (von Neumann 1928), re-checked in rationals.

    A linear program finds the mixtures in floats. They are then read as fractions, and what each secures against
    every move of the other is computed exactly: the value lies between the two bounds whatever the program did. The
    status is "complete" where the bounds meet, or differ by less than 1e-9 of the range of payoffs; there may be other
    maximin mixtures, all with this value. Constant sums will do: the value is then player 1's share.

    Parameters
    ----------
    game : two players. `Fraction`s and whole numbers are taken exactly; other floats to 12 digits of the largest.
    seconds : time budget of the linear program; past it there is no point and the status is "timed out".

    Raises
    ------
    InputError : not two players, or a sum that is not constant.
    TooLarge : the table would not fit.
    """
    matrix, floats = zero_sum_matrix(game)
    concept, method = "maximin mixtures of a zero-sum game", "linear programming (HiGHS), bounds in rationals"
    found = minimax(floats, seconds)
    if found is None:
        return ZeroSum(concept, (), "timed out", 0.0, method)
    bounds = exact_bounds(matrix, found)
    gap = bounds.upper - bounds.lower
    settled = gap <= CLOSE * (matrix.max() - matrix.min())
    point = tuple(np.array(mixture, dtype=float) for mixture in (bounds.x, bounds.y))
    return ZeroSum(
        concept=concept,
        points=(point,),
        status="complete" if settled else "partial",
        regret=max(game.regret(point), 0.0),
        method=method,
        note="" if gap == 0 else f"The value is known to {float(gap):.2g}, not exactly.",
        value=float((bounds.lower + bounds.upper) / 2),
        lower=bounds.lower,
        upper=bounds.upper,
        exact=(bounds.x, bounds.y),
    )
