"""Games of numbers with quadratic payoffs, in exact rationals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.exact import simple
from ..core.forms.normal_form import NormalForm
from ..core.game import Fact

MOST_PLAYERS = 6
"""Players up to which all cases of who rests at which end are listed."""

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Quadratic:
    """Each player chooses a number x of one interval, and gets `a·x² + b·x·y + c·y² + d·x + e·y + f`.

    y is the sum of what the others choose. Numbers are kept as fractions; a float counts as the simplest fraction that
    it may stand for.

    Parameters
    ----------
    payoffs : the six numbers (a, b, c, d, e, f), the same for all, or one row of them per player.
    low, high : the interval, low < high.
    players : how many, 2 to 6, where one row stands for all; otherwise as many as there are rows.
    public : (a, d, f): bystanders get `a·X² + d·X + f` of the total X, and count in the welfare; None is nobody.

    Raises
    ------
    InputError : numbers that are not finite or do not fit, and a player whose payoff does not depend on its own number.

    Examples
    --------
    >>> cournot = Quadratic((-1, -1, 0, 108, 0, 0), 0, 108)
    >>> cournot.welfare((36, 36))
    Fraction(2592, 1)
    """

    payoffs: Sequence[Any]
    low: Any
    high: Any
    players: int = 2
    public: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        rows = self.payoffs if isinstance(self.payoffs[0], Sequence | np.ndarray) else [self.payoffs] * self.players
        kept = tuple(tuple(map(exactly, row)) for row in rows)
        if not 2 <= len(kept) <= MOST_PLAYERS or {len(row) for row in kept} != {6}:
            raise InputError(
                f"Payoffs with rows of {[len(row) for row in kept]} numbers are given.",
                f"There are 2 to {MOST_PLAYERS} players, and six numbers for each: a, b, c, d, e, f.",
                "Give (a, b, c, d, e, f) of a·x² + b·x·y + c·y² + d·x + e·y + f.",
            )
        if not all(row[0] or row[1] or row[3] for row in kept):
            raise InputError("A player gets the same whatever it chooses.", "It has no reply.", "Give a, b or d.")
        low, high = exactly(self.low), exactly(self.high)
        if low >= high:
            raise InputError(f"The interval is [{self.low}, {self.high}].", "It goes from a number to a larger one.")
        public = None if self.public is None else tuple(map(exactly, self.public))
        if public is not None and len(public) != 3:
            raise InputError(f"public has {len(public)} numbers.", "It is (a, d, f) of a·X² + d·X + f.")
        for name, value in {
            "payoffs": kept, "low": low, "high": high, "players": len(kept), "public": public,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    @property
    def range(self) -> Fraction:
        """How long the interval is."""
        return self.high - self.low

    @cached_property
    def symmetric(self) -> bool:
        """Whether all have the same payoffs."""
        return len(set(self.payoffs)) == 1

    def slope(self, player: int) -> tuple[Fraction, Fraction, Fraction]:
        """`(a, b, d)`: what matters to the player's own choice."""
        a, b, _, d, _, _ = self.payoffs[player]
        return a, b, d

    def utilities(self, point: Sequence[Any]) -> Point:
        """What each player gets, and then the public where there is one."""
        total = sum(map(Fraction, point), Fraction(0))
        got = [self._utility(row, Fraction(x), total - x) for row, x in zip(self.payoffs, point, strict=True)]
        if self.public is not None:
            a, d, f = self.public
            got.append(a * total**2 + d * total + f)
        return tuple(got)

    def welfare(self, point: Sequence[Any]) -> Fraction:
        """The sum of what all get, the public included."""
        return sum(self.utilities(point), Fraction(0))

    def gain(self, player: int, point: Sequence[Fraction], other: Fraction) -> Fraction:
        """What a player adds by choosing `other` alone."""
        (a, b, d), x = self.slope(player), point[player]
        return (other - x) * (a * (other + x) + b * (sum(point) - x) + d)

    @cached_property
    def hessian(self) -> tuple[tuple[tuple[Fraction, ...], ...], Point]:
        """`(M, m)`: the slope of welfare at x is M·x + m."""
        n, zero = self.players, Fraction(0)
        square, line = [[zero] * n for _ in range(n)], [zero] * n
        for i, (a, b, c, d, e, _) in enumerate(self.payoffs):
            for j in range(n):
                line[j] += d if i == j else e
                for k in range(n):
                    square[j][k] += 2 * a if i == j == k else b if i in (j, k) else 2 * c
        if self.public is not None:
            a, d, _ = self.public
            square, line = [[v + 2 * a for v in row] for row in square], [v + d for v in line]
        return tuple(map(tuple, square)), tuple(line)

    def table(self, amounts: Sequence[Any], name: str = "quadratic") -> NormalForm:
        """The game with these numbers only, as a table with the fact `output`: for every other tool."""
        kept = [exactly(amount) for amount in amounts]
        grid = np.stack(np.meshgrid(*[np.array([float(x) for x in kept])] * self.players, indexing="ij"), -1)
        total = grid.sum(-1, keepdims=True)
        rows = np.array([[float(v) for v in row] for row in self.payoffs]).T
        a, b, c, d, e, f = rows
        other = total - grid
        paid = a * grid**2 + b * grid * other + c * other**2 + d * grid + e * other + f
        more: dict[str, Any] = {}
        if self.public is not None:
            p, q, r = (float(v) for v in self.public)
            more = {"bystanders": ("public",), "bystander_payoffs": p * total**2 + q * total + r}
        fact = Fact.of_own_move("output", "units", [float(x) for x in kept])
        labels = [f"{float(x):g}" for x in kept]
        return NormalForm(paid, moves=labels, facts=[fact], name=name, **more)

    @staticmethod
    def _utility(row: Sequence[Fraction], x: Fraction, y: Fraction) -> Fraction:
        a, b, c, d, e, f = row
        return a * x**2 + b * x * y + c * y**2 + d * x + e * y + f


def exactly(value: Any) -> Fraction:
    """A number as a fraction; `InputError` for what is no finite number."""
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return Fraction(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            f"{value!r:.60} is given as a number.", "Here numbers are finite.", "Give 3, 0.25 or Fraction(1, 3)."
        )
    return simple(number)
