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
        held: list[list[int]] = [[] for _ in self.values]
        for good, owner in enumerate(self.owners):
            held[owner].append(good)
        return tuple(map(tuple, held))

    @property
    def utilities(self) -> tuple[float, ...]:
        """What each makes of its own goods."""
        has = np.array(self.owners)
        return tuple(np.bincount(has, self.values[has, np.arange(len(has))], len(self.values)).tolist())


def worths(values: Array, owners: Sequence[int]) -> Array:
    """`[N, N]`: what each (row) makes of the goods of each (column); `TooLarge` for too many agents."""
    pairs_of_agents(len(values))
    return values @ np.eye(len(values))[list(owners)]


def pairs_of_agents(agents: int) -> None:
    """Raises `TooLarge` where a table of what each makes of each other's goods would not fit."""
    if agents * agents > 25 * LARGEST:
        raise TooLarge(
            f"{agents:,} agents.",
            f"Comparing all with all is for up to {int((25 * LARGEST) ** 0.5):,}.",
            "Divide among fewer.",
        )


def values_of(given: Any) -> Array:
    """`float64[N, M]` of finite values of at least 0; `InputError` for others, which are no goods."""
    try:
        table = np.array(given, float)  # a copy: what is asked about does not change with what was given
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
    if table.max() > np.finfo(float).max / table.shape[1]:
        raise InputError(
            f"Values up to {table.max():g}, of {table.shape[1]} goods.",
            "What an agent makes of all goods is no finite number.",
            "Measure values in a larger unit.",
        )
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
