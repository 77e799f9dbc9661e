"""What is negotiated: issues with options, what every outcome is worth to each party, and what no deal is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array
from .coalitional import _distinct
from .normal_form import _names, _numbers

OUTCOMES = 1_000_000
"""Outcomes beyond which no table is made."""


class Parts(NamedTuple):
    """Additive utilities taken apart: `weights[n][issue]`, and `values[n][issue][option]` before weighting."""

    weights: tuple[tuple[float, ...], ...]
    values: tuple[tuple[tuple[float, ...], ...], ...]


class Negotiation:
    """Parties who have to agree on one option of every issue, or go without an agreement.

    Parameters
    ----------
    issues : the options of each issue, by name.
    utilities : what every outcome is worth to each party, `[n, O_1, …, O_m]` or `[n, K]` with the last issue fastest.
    reservations : what each has without an agreement, `[n]`; nothing by default.
    deadline : rounds of offers, at least 1; in a round everybody has a turn.
    discounts : what is left of a deal's worth at the deadline, in (0, 1]; it shrinks as `discount ** (share of time)`.
    parties : names.

    Attributes
    ----------
    issues : names. options : of each issue. sizes : how many. utilities : `float64[n, K]`. reservations : `float64[n]`.
    parts : weights and values, where it was made by `additive`; else None.

    Raises
    ------
    InputError : shapes that do not fit, numbers that are not finite, two options of one name, a deadline below 1.
    TooLarge : more than a million outcomes.

    Examples
    --------
    >>> deal = Negotiation.additive(
    ...     {"price": ("low", "high"), "when": ("now", "later")},
    ...     weights=[(0.75, 0.25), (0.5, 0.5)],
    ...     values=[[(1, 0), (1, 0)], [(0, 1), (1, 0)]],
    ... )
    >>> deal.utilities.tolist(), deal.outcome(2)
    ([[1.0, 0.75, 0.25, 0.0], [0.5, 0.0, 1.0, 0.5]], ('high', 'now'))
    """

    def __init__(
        self,
        issues: Mapping[str, Sequence[Any]],
        utilities: Any,
        reservations: Any = None,
        *,
        deadline: int = 20,
        discounts: Any = None,
        parties: Sequence[str] | None = None,
        name: str = "negotiation",
        parts: Parts | None = None,
    ) -> None:
        self.issues, self.options = _read_issues(issues)
        self.sizes = tuple(len(own) for own in self.options)
        _refuse_large(self.sizes)
        _, table = _numbers(utilities, "utilities")
        count = math.prod(self.sizes)
        if table.ndim < 2 or table.shape[1:] not in (self.sizes, (count,)) or len(table) < 2:
            raise InputError(
                f"Utilities of shape {table.shape} for issues of {self.sizes} options.",
                "Two or more parties each need a number for every outcome.",
                f"Give utilities[party, {', '.join(self.issues)}].",
            )
        self.utilities = table.reshape(len(table), count)
        self.parties = _distinct(_names(parties, len(table), "party"))
        self.reservations = self._each(reservations, 0.0, "reservation values")
        self.discounts = self._each(discounts, 1.0, "discounts")
        if not ((self.discounts > 0) & (self.discounts <= 1)).all():
            raise InputError(f"Discounts {self.discounts.tolist()}.", do="Give numbers above 0 and up to 1.")
        if isinstance(deadline, bool) or not isinstance(deadline, int) or deadline < 1:
            raise InputError(f"A deadline of {deadline!r} rounds.", do="Give a whole number of at least 1.")
        self.deadline, self.name, self.parts = deadline, name, parts

    @classmethod
    def additive(
        cls,
        issues: Mapping[str, Sequence[Any]],
        weights: Sequence[Sequence[float]],
        values: Sequence[Sequence[Sequence[float]]],
        reservations: Any = None,
        **more: Any,
    ) -> Negotiation:
        """Utilities that are a weighted sum over issues: `weights[party][issue]`, `values[party][issue][option]`.

        Nothing is rescaled. Raises `InputError` for lists of other lengths; otherwise as the class.
        """
        sizes = [len(own) for own in issues.values()]
        _refuse_large(sizes)
        given = [[len(own) for own in party] for party in values]
        if len(weights) != len(values) or any(row != sizes for row in given) or {*map(len, weights)} - {len(sizes)}:
            raise InputError(
                f"Values of {given} options and weights of {[len(own) for own in weights]} issues for {sizes}.",
                do="Give weights[party][issue] and values[party][issue][option].",
            )
        parts = Parts(
            tuple(tuple(map(float, own)) for own in weights),
            tuple(tuple(tuple(map(float, options)) for options in own) for own in values),
        )
        rows = [_summed(weight, own) for weight, own in zip(parts.weights, parts.values, strict=True)]
        return cls(issues, rows, reservations, parts=parts, **more)

    def outcome(self, number: int) -> tuple[str, ...]:
        """The options of an outcome by its number, one for each issue."""
        place = np.unravel_index(number, self.sizes)
        return tuple(own[int(k)] for own, k in zip(self.options, place, strict=True))

    def index(self, outcome: Sequence[str]) -> int:
        """The number of an outcome; `UnknownName` says which options there are."""
        if len(outcome) != len(self.issues):
            raise InputError(f"{len(outcome)} options for {len(self.issues)} issues.", do="Give one for each issue.")
        for issue, own, option in zip(self.issues, self.options, outcome, strict=True):
            if option not in own:
                raise UnknownName(f"option of {issue}", str(option), own)
        place = [own.index(option) for own, option in zip(self.options, outcome, strict=True)]
        return int(np.ravel_multi_index(place, self.sizes))

    @property
    def count(self) -> int:
        """How many outcomes there are."""
        return self.utilities.shape[1]

    @cached_property
    def places(self) -> Array:
        """`int64[K, m]`: the number of the option of each issue, by outcome."""
        return np.indices(self.sizes).reshape(len(self.sizes), -1).T

    @cached_property
    def rational(self) -> Array:
        """`bool[K]`: the outcomes that give nobody less than no agreement does."""
        return np.asarray((self.utilities >= self.reservations[:, None]).all(0))

    @cached_property
    def efficient(self) -> Array:
        """`bool[K]`: the outcomes than which no other is better for somebody and worse for nobody."""
        return _undominated(self.utilities.T)

    def _each(self, given: Any, default: float, what: str) -> Array:
        _, numbers = _numbers(np.full(len(self.parties), default) if given is None else given, what)
        if numbers.shape != (len(self.parties),):
            raise InputError(f"{what.capitalize()} of shape {numbers.shape}.", do="Give one for each party.")
        return numbers

    def __repr__(self) -> str:
        return f"Negotiation({self.name!r}: {len(self.parties)} parties, {self.count:,} outcomes)"


def _read_issues(issues: Mapping[str, Sequence[Any]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if not isinstance(issues, Mapping) or not issues or any(isinstance(own, str) for own in issues.values()):
        raise InputError(f"Issues {issues!r:.80}.", do='Give the options of each by name: {"price": ("low", "high")}.')
    options = tuple(_distinct(tuple(map(str, own))) for own in issues.values())
    if empty := [name for name, own in zip(issues, options, strict=True) if not own]:
        raise InputError(f"Issue {empty[0]!r} has no options.", do="Give each issue at least one.")
    return tuple(map(str, issues)), options


def _refuse_large(sizes: Sequence[int]) -> None:
    count = math.prod(sizes)
    if count > OUTCOMES or len(sizes) > 32:
        raise TooLarge(
            f"{len(sizes)} issues have {count:,} outcomes." if count < 10**15 else f"{len(sizes)} issues.",
            f"Tables of more than {OUTCOMES:,} outcomes, or 32 issues, are not made.",
            "Give fewer issues or options.",
        )


def _summed(weights: Sequence[float], values: Sequence[Sequence[float]]) -> Array:
    total = np.zeros(1)
    for weight, own in zip(weights, values, strict=True):
        total = np.add.outer(total, weight * np.asarray(own, float)).ravel()
    return total


def _undominated(points: Array) -> Array:
    """Which of the points `[K, n]` no other dominates: the best sum stays, what it dominates goes, and so on."""
    left = np.lexsort((*points.T, points.sum(1)))[::-1]
    found = np.zeros(len(points), bool)
    while len(left):
        best = points[left[0]]
        found[left[0]] = True
        there = points[left]
        beaten = np.asarray((best >= there).all(1) & (best > there).any(1))
        beaten[0] = True
        left = left[~beaten]
    return found
