"""What voters say about alternatives: ranked ballots, with ties and gaps, and how many cast each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array
from ..kind import Kind
from ._ballot_tables import UNRANKED, codes, dense, refuse_counts, whole_numbers
from .coalitional import _distinct
from .normal_form import _names

SCALE = "Give one whole number for each ballot; scale weights up (1.5 and 2 are 3 and 4)."
"""What to do about weights that are not whole."""

MOST = 10_000
"""Alternatives of which every two are compared, at most."""

ROWS = 4_096
"""Ballots compared at a time, so that a million of them need little memory."""


class Ballots(Kind):
    """An election: alternatives, ballots that rank them, and how many voters cast each.

    Parameters
    ----------
    ranks : whole numbers `[B, m]`, the place of each alternative on each ballot: 0 is the best, equal numbers are ties,
        `UNRANKED` (-1) is not mentioned. Gaps are closed: 0, 2, 2 is kept as 0, 1, 1. An approval ballot is one with 0
        for what it approves and -1 for the rest.
    counts : whole numbers `[B]`, how many cast each ballot, or its weight; 1 by default.
    alternatives : names; "a", "b", … by default.

    Attributes
    ----------
    ranks : `int64[B, m]`. counts : `int64[B]`. alternatives : `m` names.

    Raises
    ------
    InputError : no alternative, numbers that are not whole, ranks below -1, negative counts, or nobody who votes.

    Examples
    --------
    >>> capital = Ballots.of({"M > N > C > K": 42, "N > C > K > M": 26, "C > K > N > M": 15, "K > C > N > M": 17})
    >>> capital.alternatives, capital.voters, capital.prefer("N", "M")
    (('M', 'N', 'C', 'K'), 100, 58)
    """

    in_words: ClassVar[str] = "an election"

    def __init__(
        self, ranks: Any, counts: Any = None, alternatives: Sequence[str] | None = None, *, name: str = "election"
    ) -> None:
        table = whole_numbers(ranks, "ranks")
        if table.ndim != 2 or 0 in table.shape or table.min() < UNRANKED:
            raise InputError(
                f"Ranks of shape {table.shape}, the least {table.min() if table.size else 'missing'}.",
                "Ballots are rows, alternatives columns, and 0 is the best place.",
                "Give ranks[ballot, alternative] of at least 0, or -1 for what a ballot does not mention.",
            )
        many = np.ones(len(table), np.int64) if counts is None else whole_numbers(counts, "counts", SCALE)
        refuse_counts(many, len(table))
        self.ranks, self.counts, self.name = dense(table), many, name
        given = _letters(table.shape[1]) if alternatives is None else _named(alternatives)
        self.alternatives = _distinct(_names(given, table.shape[1], "alternative"))

    @classmethod
    def of(
        cls,
        orders: Mapping[str, int] | Iterable[str],
        alternatives: Sequence[str] | None = None,
        *,
        name: str = "election",
    ) -> Ballots:
        """Ballots as they are written: `"a > b = c"`, best first, with how many cast each (or a list, one each).

        Without `alternatives`, those that are mentioned, in order of appearance. Raises `InputError` for a ballot that
        names one twice, `UnknownName` for one that is no alternative.
        """
        if (
            isinstance(orders, str)
            or not isinstance(orders, Iterable)
            or (isinstance(orders, np.ndarray) and not orders.ndim)
        ):
            raise InputError(f"The ballots are {orders!r:.80}.", do='Give {"a > b": 3, …}, or a list of "a > b".')
        cast = list(orders.items()) if isinstance(orders, Mapping) else [(one, 1) for one in orders]
        if wrong := [order for order, _ in cast if not isinstance(order, str)]:
            raise InputError(f"{wrong[0]!r:.80} is no ballot.", do='Write it like "a > b = c".')
        read = [[[one.strip() for one in place.split("=")] for place in order.split(">")] for order, _ in cast]
        read = [[] if places == [[""]] else places for places in read]
        said = [one for places in read for place in places for one in place]
        if "" in said:
            order = next(order for (order, _), places in zip(cast, read, strict=True) if any("" in p for p in places))
            raise InputError(f"The ballot {order!r:.80} has a place without a name.", do='Write it like "a > b = c".')
        names = _named(dict.fromkeys(said) if alternatives is None else alternatives)
        index = {one: k for k, one in enumerate(names)}
        ranks = np.full((len(cast), len(names)), UNRANKED, np.int64)
        for row, places, (order, _) in zip(ranks, read, cast, strict=True):
            for rank, place in enumerate(places):
                for one in place:
                    if one not in index:
                        raise UnknownName("alternative", one, names)
                    if row[index[one]] != UNRANKED:
                        raise InputError(f"The ballot {order!r} names {one!r} twice.", do="Name each at most once.")
                    row[index[one]] = rank
        return cls(ranks, [many for _, many in cast], names, name=name)

    @classmethod
    def from_utilities(
        cls, utilities: Any, counts: Any = None, alternatives: Sequence[str] | None = None, *, name: str = "election"
    ) -> Ballots:
        """The sincere ballots of voters with these utilities `[n, m]`; equal ones are tied.

        Raises `InputError` for what is no table of finite numbers.
        """
        try:
            table = np.asarray(utilities, float)
        except (TypeError, ValueError) as error:
            raise InputError(f"Utilities are no numbers: {error}.", do="Give utilities[voter, alternative].") from None
        if table.ndim != 2 or not table.size or not np.isfinite(table).all():
            raise InputError(
                f"Utilities of shape {table.shape}, or not finite.", do="Give finite utilities[voter, alternative]."
            )
        ranks = np.stack([np.unique(-row, return_inverse=True)[1] for row in table])
        return cls(ranks, counts, alternatives, name=name)

    @property
    def voters(self) -> int:
        """How many vote, or the sum of weights."""
        return int(self.counts.sum())

    @property
    def complete(self) -> bool:
        """Whether every ballot mentions every alternative."""
        return bool((self.ranks >= 0).all())

    @property
    def strict(self) -> bool:
        """Whether no ballot has a tie among those that it mentions."""
        return bool((self.ranks.max(1) + 1 == (self.ranks >= 0).sum(1)).all())

    @cached_property
    def places(self) -> Array:
        """`int64[B, m]`: the ranks, with what a ballot does not mention tied behind all that it does."""
        return np.where(self.ranks < 0, self.ranks.max(1, keepdims=True) + 1, self.ranks)

    @cached_property
    def pairwise(self) -> Array:
        """`int64[m, m]`: how many voters put the row's alternative before the column's.

        What a ballot mentions is before what it does not; of two that are tied, or both not mentioned, neither. Raises
        `TooLarge` for more than 10,000 alternatives.
        """
        size = self.ranks.shape[1]
        if size > MOST:
            raise TooLarge(
                f"{size:,} alternatives make {size * size:,} pairs.",
                f"Every two are compared, and of more than {MOST:,} alternatives that does not fit into memory.",
                "Use a rule that needs no pairs (plurality, approval, Borda), or fewer alternatives: ballots.only(…).",
            )
        found = np.zeros((size, size), np.int64)
        columns = np.ascontiguousarray(self.places.T.astype(np.min_scalar_type(size)))
        weights = self.counts.astype(float) if self.voters < 2**53 else self.counts  # whole in floats, and faster
        for start in range(0, len(self.places), ROWS):
            place, many = columns[:, start : start + ROWS], weights[start : start + ROWS]
            for one in range(size):
                found[one] += ((place[one] < place) @ many).astype(np.int64)
        return found

    @property
    def margins(self) -> Array:
        """`int64[m, m]`: by how many voters the row's alternative beats the column's (negative: is beaten)."""
        return self.pairwise - self.pairwise.T

    def prefer(self, one: str, other: str) -> int:
        """How many voters put one alternative before another; `UnknownName` says which there are."""
        return int(self.pairwise[self.index(one), self.index(other)])

    def index(self, alternative: str) -> int:
        """The number of an alternative; `UnknownName` says which there are."""
        if not isinstance(alternative, str) or alternative not in self.alternatives:
            raise UnknownName("alternative", str(alternative), self.alternatives)
        return self.alternatives.index(alternative)

    def gathered(self) -> Ballots:
        """The same election with equal ballots counted together, in lexicographic order, those of nobody left out."""
        kept = self.counts > 0
        cast, counts = self.ranks[kept], self.counts[kept]
        order = np.argsort(codes(cast), kind="stable")
        new = np.ones(len(order), bool)
        new[1:] = (np.diff(cast[order], axis=0) != 0).any(1)
        starts = np.flatnonzero(new)
        ranks, many = cast[order[starts]], np.add.reduceat(counts[order], starts)
        return Ballots(ranks, many, self.alternatives, name=self.name)

    def only(self, *alternatives: str) -> Ballots:
        """The election among some of the alternatives, in the order of the call."""
        return Ballots(self.ranks[:, [self.index(one) for one in alternatives]], self.counts, alternatives)

    def written(self, ballot: int) -> str:
        """A ballot by its number as `of` reads it: `"a > b = c"`; empty where it mentions nothing."""
        row = self.ranks[_row(ballot, len(self.ranks))]
        places = (np.flatnonzero(row == rank) for rank in range(row.max() + 1))
        return " > ".join(" = ".join(self.alternatives[k] for k in place) for place in places)

    def __repr__(self) -> str:
        return f"Ballots({self.name!r}: {self.voters:,} voters, {len(self.alternatives)} alternatives)"


def _named(given: Any) -> tuple[str, ...]:
    try:
        return tuple(str(one) for one in given)
    except TypeError:
        raise InputError(f"The alternatives are {given!r:.80}.", do="Give a list of names.") from None


def _row(given: Any, many: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not -many <= given < many:
        raise InputError(f"Ballot number {given!r:.80} of {many}.", do=f"Give a whole number from 0 to {many - 1}.")
    return int(given)


def _letters(count: int) -> tuple[str, ...]:
    return tuple("abcdefghijklmnopqrstuvwxyz"[:count]) if count <= 26 else tuple(f"a{k + 1}" for k in range(count))
