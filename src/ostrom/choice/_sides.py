"""Who may be put with whom: the preferences of one side or two as tables of ranks, with the order that breaks ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array
from ._side_tables import places, seats_of, table, written

Ties = tuple[Any, Any] | None


@dataclass(frozen=True, eq=False)
class Market:
    """Agents, the things (or other agents) they rank, and what those make of them.

    Attributes
    ----------
    agents, things : names. ranks : `int64[N, M]`, 0 the best, -1 not acceptable. priorities : `int64[M, N]`, likewise.
    seats : `int64[M]`. orders : positions of agents, and of things, in the declared orders that break ties.
    """

    agents: tuple[str, ...]
    things: tuple[str, ...]
    ranks: Array
    priorities: Array
    seats: Array
    orders: tuple[Array, Array]

    @cached_property
    def keys(self) -> Array:
        """`int64[N, M]`: the agents' ranks with ties broken by the declared order of things; -1 stays."""
        return _keys(self.ranks, self.orders[1])

    @cached_property
    def claims(self) -> Array:
        """`int64[M, N]`: the priorities with ties broken by the declared order of agents; -1 stays."""
        return _keys(self.priorities, self.orders[0])

    @cached_property
    def lists(self) -> tuple[Array, Array]:
        """`int[N, M]` the things in the strict order of each agent, and how many of them it accepts, `int[N]`."""
        keys = self.keys
        return np.argsort(np.where(keys < 0, np.iinfo(np.int64).max, keys), axis=1), (keys >= 0).sum(1)

    @property
    def ties(self) -> int:
        """How many groups of two or more are ranked equally by somebody, on either side."""
        return _groups(self.ranks) + _groups(self.priorities)

    def agent(self, named: Any) -> int:
        """The number of an agent, by name or number; `UnknownName` says which there are."""
        return _number(named, self.agents, "agent")


def market_of(
    agents: Any, priorities: Any, seats: Any, ties: Ties, kinds: tuple[str, str] = ("proposer", "receiver")
) -> Market:
    """Both sides read and checked; without `priorities` every thing takes all alike.

    Each side is a table of whole numbers, ranks with 0 the best and -1 not acceptable, or a mapping from names to
    lists of names, best first, in which a list within the list is a tie. Raises `InputError`, `UnknownName`,
    `TooLarge`.
    """
    if isinstance(agents, Mapping):
        names = tuple(map(str, agents))
        said = dict.fromkeys(name for own in agents.values() for place in places(own) for name in place)
        if priorities is not None and not isinstance(priorities, Mapping):
            raise InputError(
                "One side is named and the other is a table.", do="Give both as mappings, or both as tables."
            )
        things = tuple(map(str, said if priorities is None else priorities))
        ranks = written(agents, things)
        back = np.zeros((len(things), len(names)), np.int64) if priorities is None else written(priorities, names)
    else:
        ranks = table(agents, None)
        back = np.zeros(ranks.shape[::-1], np.int64) if priorities is None else table(priorities, ranks.shape[::-1])
        names, things = (tuple(f"{kind} {k + 1}" for k in range(n)) for kind, n in zip(kinds, ranks.shape, strict=True))
    for side in (names, things):
        if twice := [one for one, many in Counter(side).items() if many > 1]:
            raise InputError(f"Two are called {twice[0]}.", do="Name each once.")
    given = (None, None) if ties is None else ties
    if not isinstance(given, Sequence) or len(given) != 2:
        raise InputError("The orders that break ties are not two.", do="Give ties=(order of agents, order of things).")
    orders = positions(given[0], names, "agent"), positions(given[1], things, "thing")
    return Market(names, things, ranks, back, seats_of(seats, things), orders)


def positions(order: Any, names: tuple[str, ...], kind: str) -> Array:
    """`int64[n]`: the place of each in a declared order of all (names or numbers); None is the order of the table."""
    if order is None:
        return np.arange(len(names))
    if (
        isinstance(order, str)
        or not isinstance(order, Sequence | np.ndarray)
        or (isinstance(order, np.ndarray) and not order.ndim)
    ):
        raise InputError(f"The order {order!r:.80} is no list.", do=f"Name every {kind} once, by name or number.")
    index = {name: k for k, name in enumerate(names)}
    told = [index[one] if type(one) is str and one in index else _number(one, names, kind) for one in order]
    if sorted(told) != list(range(len(names))):
        raise InputError(f"An order of {len(told)} for {len(names)}: {list(order)[:8]}.", do=f"Name every {kind} once.")
    return np.argsort(told)


def _keys(ranks: Array, order: Array) -> Array:
    return np.where(ranks < 0, -1, ranks * len(order) + order)


def _groups(ranks: Array) -> int:
    ordered = np.sort(ranks, axis=1)
    same = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
    before = np.pad(same, ((0, 0), (1, 0)))[:, :-1]
    return int((same & ~before).sum())


def _number(named: Any, names: tuple[str, ...], kind: str) -> int:
    if isinstance(named, int | np.integer) and not isinstance(named, bool) and 0 <= named < len(names):
        return int(named)
    if str(named) not in names:
        raise UnknownName(kind, str(named), names)
    return names.index(str(named))
