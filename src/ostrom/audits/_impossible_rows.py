"""A linear program that is written row by row, and what the impossibility theorems need of a type space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ..solvers._highs import Linear, Sparse, solve_lp
from ._case import ARITHMETIC, fractions

LARGEST = 100_000
"""Combinations of types by outcomes, or by lies, up to which a program is made."""


class Rows:
    """Variables with lower bounds, and rows of coefficients by variable: at most, or equal to, a number."""

    def __init__(self) -> None:
        self._lower: list[float] = []
        self._rows: tuple[list[tuple[Mapping[int, float], float]], ...] = ([], [])

    def variables(self, count: int, lower: float) -> Array:
        """The numbers of so many new variables."""
        start = len(self._lower)
        self._lower += [lower] * count
        return np.arange(start, start + count)

    def at_most(self, row: Mapping[int, float], right: float) -> int:
        """A row that is at most `right`, by its number among those."""
        self._rows[0].append((row, right))
        return len(self._rows[0]) - 1

    def equal(self, row: Mapping[int, float], right: float) -> None:
        """A row that equals `right`."""
        self._rows[1].append((row, right))

    def solved(self, goal: Mapping[int, float], maximise: bool) -> Linear:
        """The program's optimum."""
        c = np.zeros(len(self._lower))
        c[list(goal)] = list(goal.values())
        (a_ub, a_eq), lower = (self._matrix(rows) for rows in self._rows), np.array(self._lower)
        b_ub, b_eq = (np.array([right for _, right in rows], float) for rows in self._rows)
        return solve_lp(c, a_ub, b_ub, a_eq, b_eq, lower=lower, maximise=maximise)

    def _matrix(self, rows: Sequence[tuple[Mapping[int, float], float]]) -> Sparse:
        entries = [(value, k, column) for k, (row, _) in enumerate(rows) for column, value in row.items() if value]
        values, row, column = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(rows), len(self._lower))
        return Sparse(np.array(values, float), np.array(row, int), np.array(column, int), shape)


def exact_values(space: TypeSpace, lies: bool = False) -> tuple[Array, ...]:
    """The values in fractions; a float counts as the simplest that rounds to it.

    `TooLarge` beyond small spaces, counted by outcomes, or by lies, at every combination of types.
    """
    if int(np.prod(space.sizes)) * (sum(space.sizes) if lies else len(space.outcomes)) > LARGEST:
        raise TooLarge(
            f"{space.name} has types {space.sizes} and {len(space.outcomes)} outcomes.",
            f"Programs are made for up to {LARGEST:,} combinations of types and {'lies' if lies else 'outcomes'}.",
            "Give fewer types.",
        )
    pairs = zip(space.values, space.exact, strict=True)
    return tuple(fractions(own) if exact is None else exact for own, exact in pairs)


def exact_margins(space: TypeSpace) -> tuple[Array, ...]:
    """Each agent's odds in fractions that sum to one; `InputError` where types are not independent or never come."""
    if space.odds is None or not space.independent:
        raise InputError(f"{space.name} has no independent prior.", do="Give each agent odds of its own as prior=.")
    found = []
    for i in range(space.count):
        own = fractions(space.odds.sum(tuple(j for j in range(space.count) if j != i)), ARITHMETIC)
        found.append(own / own.sum())
    if any((own <= 0).any() for own in found):
        raise InputError("Some type never comes.", "It has nothing to believe.", "Leave it out.")
    return tuple(found)


def own_axis(table: Array, agent: int, count: int) -> Array:
    """`[T_i, …]` with its first axis put where an agent's types are, and axes of length one for the others."""
    return table.reshape(*(1,) * agent, len(table), *(1,) * (count - agent - 1), *table.shape[1:])


def efficient(values: Sequence[Array]) -> Array:
    """`bool[T_1, …, T_n, O]`: which outcomes have the highest welfare, exactly."""
    welfare = sum(own_axis(own, i, len(values)) for i, own in enumerate(values))
    return np.asarray(welfare == np.max(welfare, axis=-1, keepdims=True), bool)


def best_allowed(scores: Array, allowed: Array) -> Fraction:
    """The sum over combinations of types of the highest score of an allowed outcome."""
    rows = zip(scores.reshape(-1, scores.shape[-1]), allowed.reshape(-1, scores.shape[-1]), strict=True)
    return sum((max(score[fits]) for score, fits in rows), Fraction(0))


def as_fraction(multiplier: Any) -> Fraction:
    """A dual multiplier as a simple fraction near it, at least 0."""
    return max(Fraction(float(multiplier)).limit_denominator(10**9), Fraction(0))
