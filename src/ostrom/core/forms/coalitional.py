"""What groups are worth together: a game in characteristic function form, and voting with weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..exact import simple
from ..game import Array
from ..kind import Kind
from .normal_form import _names, _numbers

if TYPE_CHECKING:
    from .weighted_voting import WeightedVoting

LISTED = 22
"""Players up to which the worth of every coalition is listed (four million numbers)."""

FEW = 2**12
"""Coalitions up to which floats are read as fractions where nobody asked for it."""

FLOATS = 2**53
"""Whole numbers up to which float64 holds every one."""

SAFE = 2**62
"""Sums of whole numbers below it are added in 64 bits."""


class Coalitional(Kind):
    """How much each group of players can get together, to divide as it likes (transferable utility).

    It has no moves, so it is no `Game`. A coalition is a bit mask: player i is in coalition S where bit i of S is set.
    Of a function the list of all coalitions is made only when it is asked for.

    Parameters
    ----------
    worth : `[2^n]`, of each coalition by its mask (finite numbers; `Fraction`s are kept exactly); or a function of a
        tuple of player numbers that returns a number. The empty coalition is worth 0.
    players : how many, or their names; needed with a function.

    Raises
    ------
    InputError : a table that is not 2^n long, no finite numbers, an empty coalition that is worth something.
    TooLarge : a table for more than `LISTED` players.

    Source: von Neumann and Morgenstern (1944).

    Examples
    --------
    >>> gloves = Coalitional(lambda group: min(len({0} & {*group}), len({1, 2} & {*group})), players=3)
    >>> gloves.worth_of("player 1", "player 3"), gloves.worth.tolist()
    (1.0, [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    """

    in_words: ClassVar[str] = "a game of coalitions"

    def __init__(
        self, worth: Any, players: int | Sequence[str] | None = None, *, name: str = "coalitional game"
    ) -> None:
        players = int(players) if isinstance(players, np.integer) else players
        names, count = (None, players) if players is None or isinstance(players, int) else (players, len(players))
        self.name, self._value = name, worth if callable(worth) else None
        if self._value is None:
            self._table = _table(worth, count)
            count = self.worth.size.bit_length() - 1
        elif count is None:
            raise InputError("A function for an unknown number of players.", do="Give players=.")
        if not count or count < 1:
            raise InputError(f"{name} has {count} players.", do="Give at least one.")
        self.players = _distinct(_names(names, count, "player"))

    @staticmethod
    def weighted_voting(
        quota: Any, weights: Sequence[Any], players: Sequence[str] | None = None, *, name: str = "weighted voting"
    ) -> WeightedVoting:
        """The game in which a coalition is worth 1 when its weights reach the quota, and 0 otherwise."""
        from .weighted_voting import WeightedVoting

        return WeightedVoting(quota, weights, players, name=name)

    @property
    def count(self) -> int:
        """How many players there are."""
        return len(self.players)

    @property
    def everybody(self) -> int:
        """The mask of the coalition of all."""
        return (1 << self.count) - 1

    def mask(self, *names: str) -> int:
        """The mask of a coalition; `UnknownName` says which players there are."""
        for name in names:
            if name not in self.players:
                raise UnknownName("player", name, self.players)
        return sum(1 << self.players.index(name) for name in set(names))

    def members(self, mask: int) -> tuple[str, ...]:
        """The names of the players of a coalition."""
        return tuple(self.players[i] for i in _numbers_in(mask, self.count))

    def worth_of(self, *names: str) -> float:
        """What a coalition is worth."""
        return float(self.value(_numbers_in(self.mask(*names), self.count)))

    def value(self, group: Iterable[int]) -> Any:
        """What a coalition is worth, its players given by number; needs no list of all of them."""
        group = tuple(sorted(group))
        if self._value is None:
            return self.worth[sum(1 << i for i in group)]
        return self._value(group) if group else 0

    @cached_property
    def _table(self) -> tuple[Array | None, Array]:
        """The worths as `Fraction`s, where any is one, and in float64."""
        assert self._value is not None
        _refuse_many(self.count, self.name)
        return _table([self.value(_numbers_in(mask, self.count)) for mask in range(1 << self.count)], self.count)

    @property
    def worth(self) -> Array:
        """`float[2^n]`, of each coalition by its mask; `TooLarge` beyond `LISTED` players."""
        return self._table[1]

    @property
    def exact(self) -> Array | None:
        """The same as `Fraction`s, where any was given as one."""
        return self._table[0]

    @cached_property
    def whole(self) -> tuple[Array, int]:
        """The worths as whole numbers over one denominator: `(int[2^n], denominator)`.

        Exact for `Fraction`s and whole numbers; another float counts as the simplest fraction that rounds to it.
        The numbers are Python's own where sums of them might not fit into 64 bits.
        """
        if self.exact is None and (self.worth == np.rint(self.worth)).all():
            denominator, whole = 1, self.worth
        else:
            exact = _simple(self.worth) if self.exact is None else self.exact
            values, where = np.unique(exact, return_inverse=True)
            denominator = math.lcm(*(entry.denominator for entry in values))
            whole = np.array([int(entry * denominator) for entry in values], dtype=object)[where]
        small = max(abs(int(whole.max())), abs(int(whole.min()))) * whole.size < SAFE
        if small:
            return whole.astype(np.int64), denominator
        return np.array([int(entry) for entry in whole], dtype=object), denominator

    @property
    def countable(self) -> bool:
        """Whether `whole` takes no time: whole numbers or `Fraction`s were given, or there are few coalitions."""
        return self.exact is not None or self.worth.size <= FEW or bool((self.worth == np.rint(self.worth)).all())

    def rational(self, mask: int) -> Fraction:
        """The exact worth of a coalition."""
        whole, denominator = self.whole
        return Fraction(int(whole[mask]), denominator)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.count} players>"


def _numbers_in(mask: int, count: int) -> tuple[int, ...]:
    return tuple(i for i in range(count) if mask >> i & 1)


def _simple(table: Array) -> Array:
    values, where = np.unique(table, return_inverse=True)
    exact = np.empty(len(values), dtype=object)
    exact[:] = [simple(float(value)) for value in values]
    return exact[where]


def _refuse_many(count: int, name: str) -> None:
    if count > LISTED:
        raise TooLarge(
            f"{name} has {count} players.",
            f"It has 2^{count} coalitions; up to {LISTED} players they are listed.",
            "Ask weighted voting, which needs no list, or sample the Shapley value of a function.",
        )


def _table(worth: Any, count: int | None) -> tuple[Array | None, Array]:
    """The worths as `Fraction`s, where any is one, and in float64; checked."""
    if _beyond_floats(raw := np.asarray(worth)):
        worth = [Fraction(int(entry)) for entry in raw.flat]
    exact, table = _numbers(worth, "worths of coalitions")
    size = table.size
    if table.ndim != 1 or size < 2 or size & (size - 1) or (count is not None and size != 1 << count):
        raise InputError(
            f"Worths of shape {table.shape} for {'some' if count is None else count} players.",
            "Each of the 2^n coalitions has one, in the order of bit masks: none, {1}, {2}, {1, 2}, {3}, ….",
            "Give 2^n numbers, the first of them 0.",
        )
    _refuse_many(size.bit_length() - 1, "The game")
    if table[0] != 0:
        raise InputError(f"The empty coalition is worth {table[0]:g}.", "Nobody cannot get anything.", "Give 0.")
    return exact, table


def _beyond_floats(raw: Array) -> bool:
    whole = raw.dtype.kind in "iu" or (raw.dtype == object and all(isinstance(entry, Integral) for entry in raw.flat))
    return whole and raw.ndim == 1 and raw.size > 0 and max(abs(int(raw.max())), abs(int(raw.min()))) > FLOATS


def _distinct(players: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(players)) < len(players):
        raise InputError(f"Two share a name: {players}.", do="Give each its own.")
    return players
