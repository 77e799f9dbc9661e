"""The numbers of a direct mechanism, in floats or in fractions, and how a claim about them is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core._numbers import number
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.game import Array
from ._case import ARITHMETIC, fractions

EXACT = 50_000
"""Products of a value and an odd up to which every claim is settled in rationals."""


@dataclass(frozen=True)
class Tables:
    """A mechanism by its numbers, all of them floats or all `Fraction`s.

    Attributes
    ----------
    values, outside : for each agent `[T_i, O]`, and `[T_i]` what each type has without the mechanism.
    odds, paid, prior : `[T_1, …, T_n, O]`, `[T_1, …, T_n, n]`, and `[T_1, …, T_n]` or None.
    slack : what counts as nothing.
    exact : whether they are fractions.
    """

    mechanism: DirectMechanism
    values: tuple[Array, ...]
    outside: tuple[Array, ...]
    odds: Array
    paid: Array
    prior: Array | None
    slack: float
    exact: bool

    @property
    def count(self) -> int:
        """How many agents there are."""
        return len(self.values)

    def got(self, agent: int, kind: int) -> Array:
        """`[T_1, …, T_n]`: what an agent of one type gets at every combination of reports."""
        return self.odds.dot(self.values[agent][kind]) - self.paid[..., agent]

    def truthful(self, agent: int) -> Array:
        """`[T_1, …, T_n]`: what an agent gets when all tell the truth."""
        rows = [self.got(agent, k).take(k, agent) for k in range(len(self.values[agent]))]
        return np.stack(rows, agent)

    def believed(self, agent: int, kind: int) -> Array | None:
        """The odds of the others' types, flat, where an agent is of one; None for a type that never comes."""
        odds = flat(self.prior, agent)[kind]
        whole = odds.sum()
        return odds / whole if whole > 0 else None

    def label(self, agent: int, kind: int) -> str:
        """The name of a type."""
        return self.mechanism.space.types[agent][kind]

    def profile(self, place: Sequence[int], but: Sequence[int] = ()) -> dict[str, str]:
        """Agent -> the name of its type, at a combination of types, leaving some out."""
        names = self.mechanism.space.agents
        return {names[i]: self.label(i, k) for i, k in enumerate(place) if i not in but}

    def settled(self, statement: str, violation: Any, method: str, witness: dict[str, Any]) -> Claim:
        """The claim that something violates by at most nothing; `violation` is the most that it does, where it does."""
        words = f"{method}, in {'exact rationals' if self.exact else 'float64'}"
        numbers = {"violation": float(violation)}
        if violation > self.slack:
            return Claim(statement, "refuted", words, numbers=numbers, witness=witness)
        tolerance = 0.0 if self.exact and violation <= 0 else self.slack
        return Claim(statement, "proved", words, tolerance, numbers)


def tables_of(mechanism: DirectMechanism, outside: Any, tolerance: float, exact: bool | None = None) -> Tables:
    """The tables of a mechanism, in fractions where they are few (or as `exact` says).

    A float counts as the simplest fraction that rounds to it. Raises `InputError` for outside options that do not fit,
    and a tolerance below 0.
    """
    space = mechanism.space
    if not number(tolerance, "tolerance", 0.0) < 1:
        raise InputError(f"A tolerance of {tolerance}.", do="Give a share of the largest amount, in [0, 1).")
    away = outside_options(outside, space.sizes, space.agents)
    largest = max(float(np.abs(table).max(initial=0.0)) for table in (*space.values, mechanism.paid, *away))
    products = mechanism.odds.size * sum(space.sizes)
    if not (products <= EXACT if exact is None else exact):
        numbers = (space.values, away, mechanism.odds, mechanism.paid, space.odds)
        return Tables(mechanism, *numbers, tolerance * largest, False)
    values = tuple(
        fractions(own) if given is None else given for own, given in zip(space.values, space.exact, strict=True)
    )
    prior = None if space.odds is None else fractions(space.odds, ARITHMETIC)
    paid = fractions(mechanism.paid, ARITHMETIC * largest)
    odds = fractions(mechanism.odds, ARITHMETIC)
    return Tables(mechanism, values, tuple(map(fractions, away)), odds, paid, prior, tolerance * largest, True)


def exact_worth(mechanism: DirectMechanism, agent: int, kind: int, reports: dict[int, int]) -> Any:
    """What an agent of one type gets in fractions: a number where all report, else a table by the others' reports."""
    space = mechanism.space
    place = tuple(reports.get(i, slice(None)) for i in range(space.count))
    given = space.exact[agent]
    values = fractions(space.values[agent][kind]) if given is None else given[kind]
    largest = float(np.abs(mechanism.paid).max(initial=0.0))
    paid = fractions(np.atleast_1d(mechanism.paid[(*place, agent)]), ARITHMETIC * largest)
    worth = fractions(mechanism.odds[place], ARITHMETIC).dot(values) - paid
    return worth if len(reports) < space.count else worth[0]


def flat(table: Any, agent: int) -> Array:
    """A table `[T_1, …, T_n]` as `[T_i, others' types]`."""
    return np.moveaxis(table, agent, 0).reshape(table.shape[agent], -1)


def most(table: Array) -> tuple[Any, tuple[int, ...]]:
    """The largest number of a table, and where it is first."""
    place = np.unravel_index(int(np.argmax(table)), table.shape)
    return table[place], tuple(int(k) for k in place)


def outside_options(given: Any, sizes: Sequence[int], agents: Sequence[str]) -> tuple[Array, ...]:
    """For each agent what each of its types has without the mechanism, `[T_i]`; 0 where nothing is given."""
    if given is None:
        return tuple(np.zeros(size) for size in sizes)
    try:
        rows = [given] * len(sizes) if np.ndim(given) == 0 else list(given)
    except (TypeError, ValueError):  # rows of different lengths have no dimension
        rows = list(given)
    if len(rows) != len(sizes):
        raise InputError(f"{len(rows)} outside options for {len(sizes)} agents.", do="Give one for each agent.")
    found = []
    for row, size, agent in zip(rows, sizes, agents, strict=True):
        try:
            table = np.asarray(row, float)
        except (TypeError, ValueError, OverflowError):
            table = np.array(np.nan)
        if table.shape not in ((), (size,)) or not np.isfinite(table).all():
            raise InputError(
                f"The outside option of {agent} has shape {table.shape}, or is not finite.",
                do=f"Give a number, or {size} of them, one for each type.",
            )
        found.append(np.broadcast_to(table, (size,)))
    return tuple(found)
