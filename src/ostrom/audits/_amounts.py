"""The numbers of a case in one arithmetic: rationals where its table is small, float64 otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.exact import fraction
from ..core.game import Array
from ._case import Case

Number = Fraction | float


class Amounts(NamedTuple):
    """Payoffs (payments included), payments, and payoffs without them, `[A_1, …, A_P, P]`; welfare `[A_1, …, A_P]`.

    `slack` is the difference that counts as none.
    """

    payoffs: Array
    adds: Array
    bare: Array
    worth: Array
    slack: Number

    @classmethod
    def of(cls, case: Case) -> Amounts:
        """The numbers of a case: arrays of `Fraction`s and a slack of 0, or floats and the slack of the case."""
        if case.exact is None:
            bare = case.game.payoffs - case.adds
            return cls(case.game.payoffs, case.adds, bare, case.worth, case.slack)
        shape = case.game.payoffs.shape
        payoffs, adds = (np.array(rows, object).reshape(shape) for rows in (case.exact.payoffs, case.exact.adds))
        bare = payoffs - adds if case.adds.any() else payoffs
        return cls(payoffs, adds, bare, np.array(case.exact.worth, object).reshape(shape[:-1]), Fraction(0))

    @property
    def span(self) -> Number:
        """The largest payoff less the smallest, payments apart: fines of any size do not change that scale."""
        return self.bare.max() - self.bare.min()

    def read(self, value: float) -> Number:
        """A number that somebody gave, in the same arithmetic."""
        return fraction(value) if isinstance(self.slack, Fraction) else float(value)


def along(table: Array, place: tuple[int, ...], i: int, column: int | None = None) -> Array:
    """`[A_i]`: the numbers of a player (or of another, in `column`) as player i alone changes its move there."""
    return table[(*place[:i], slice(None), *place[i + 1 :], i if column is None else column)]


def departures(case: Case) -> Iterator[tuple[int, int]]:
    """`(player, move)` of every way to leave the target alone."""
    for i, size in enumerate(case.game.sizes):
        yield from ((i, move) for move in range(size) if move != case.place[i])


def told(value: Number) -> str:
    """A number in a sentence: a short fraction that is no decimal as it is, so that no claim is rounded away."""
    shown = f"{float(value):.6g}"
    return str(value) if isinstance(value, Fraction) and Fraction(shown) != value and value.denominator < 1e4 else shown
