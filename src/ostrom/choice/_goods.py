"""Goods to be divided: what each agent makes of them, and who has which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ..core.solution import Status

LARGEST = 1_000_000
"""Pairs of an agent and a good beyond which no table is read."""

EXACT = 1e6
"""The largest sum of whole values with which integer programs are exact: half a unit is far above their tolerance."""


@dataclass(frozen=True)
class Division:
    """Who has which good.

    Attributes
    ----------
    owners : for each good the number of its owner. method : how it was found.
    status : "complete" where it is what the method promises, "timed out" where it is the best so far.
    gap : how far it may be from that, in the unit that the method names. values : what was asked.
    """

    owners: tuple[int, ...]
    method: str
    values: Array = field(repr=False, compare=False)
    status: Status = "complete"
    gap: float = 0.0

    @property
    def bundles(self) -> tuple[tuple[int, ...], ...]:
        """The goods of each agent."""
        return tuple(tuple(g for g, owner in enumerate(self.owners) if owner == i) for i in range(len(self.values)))

    @property
    def utilities(self) -> tuple[float, ...]:
        """What each makes of its own goods."""
        return tuple(np.diag(worths(self.values, self.owners)).tolist())


def worths(values: Array, owners: Sequence[int]) -> Array:
    """`[N, N]`: what each (row) makes of the goods of each (column)."""
    return values @ np.eye(len(values))[list(owners)]


def values_of(given: Any) -> Array:
    """`float64[N, M]` of finite values of at least 0; `InputError` for others, which are no goods."""
    try:
        table = np.asarray(given, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The values are no table of numbers: {error}.", do="Give values[agent, good].") from None
    if table.ndim != 2 or 0 in table.shape or not np.isfinite(table).all() or (table < 0).any():
        raise InputError(
            f"Values of shape {table.shape}, or not finite, or below 0.",
            "Goods are worth 0 or more to everybody, and add up.",
            "Give finite values[agent, good] of at least 0.",
        )
    if table.size > LARGEST:
        raise TooLarge(f"{len(table):,} agents and {table.shape[1]:,} goods.", do=f"Give up to {LARGEST:,} pairs.")
    return table


def owners_of(given: Any, values: Array) -> tuple[int, ...]:
    """Checked owners, `int[M]`; `InputError` for a good without an owner among the agents."""
    owners = listed(given.owners if isinstance(given, Division) else given)
    if len(owners) != values.shape[1] or not all(0 <= one < len(values) for one in owners):
        raise InputError(
            f"Owners {given!r:.80} of {values.shape[1]} goods among {len(values)} agents.",
            do="Give for each good the number of its owner, from 0.",
        )
    return tuple(owners)


def order_of(given: Any, count: int, what: str) -> list[int]:
    """An order of so many agents or goods by number; None is that of the table. `InputError` for what is none."""
    order = list(range(count)) if given is None else listed(given)
    if sorted(order) != list(range(count)):
        raise InputError(f"The order {given!r:.80} of {count} {what}.", do=f"Name all {what} once, by their numbers.")
    return order


def listed(given: Any) -> list[int]:
    """Whole numbers as a list; -1 for anything else, so that the list cannot pass for one of numbers from 0."""
    try:
        entries = list(given)
    except TypeError:
        return [-1]
    return [int(one) if isinstance(one, int | np.integer) and not isinstance(one, bool) else -1 for one in entries]


def whole(values: Array) -> bool:
    """Whether all values are whole and small enough for integer programs to be exact."""
    return bool((values % 1 == 0).all() and values.sum(1).max() <= EXACT)
