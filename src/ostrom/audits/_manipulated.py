"""Ways to vote otherwise than sincerely: who does, and what each of them casts; all of them, or drawn ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, islice, product
from typing import NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import UNRANKED
from ..core.game import Array
from ._voting_ballots import Form, Parts, Row, every_ballot


class Attempt(NamedTuple):
    """The ballots (row numbers) of those who try, and the ballots each of them casts instead: none is staying away.

    Each of them stands for `times` voters with that ballot, who all do the same.
    """

    who: tuple[int, ...]
    said: tuple[tuple[Row, ...], ...]
    times: int = 1

    @property
    def voters(self) -> int:
        """How many try."""
        return len(self.who) * self.times


def after(parts: Parts, attempt: Attempt) -> list[tuple[Row, int]]:
    """The ballots with an attempt, in the same order; none where nobody is left who votes."""
    found: list[tuple[Row, int]] = []
    for b, (row, many) in enumerate(parts):
        left = many - attempt.times * attempt.who.count(b)
        if left:
            found.append((row, left))
        for member, said in zip(attempt.who, attempt.said, strict=True):
            if member == b:
                found += [(one, attempt.times) for one in said]
    return found


def how_many(size: int, form: Form) -> int:
    """How many ballots of a form there are, at most."""
    if form == "orders":
        return math.factorial(size)
    if form == "truncated":
        return sum(math.perm(size, count) for count in range(1, size + 1))
    if form == "approvals":
        return 2**size - 1
    if form != "weak":
        raise InputError(f"Ballots of the form {form!r}.", do='Say "orders", "truncated", "weak" or "approvals".')
    found = [1]
    for count in range(1, size + 1):
        found.append(sum(math.comb(count, first) * found[count - first] for first in range(1, count + 1)))
    return found[-1]


@dataclass(frozen=True)
class Attempts:
    """All attempts at an election, or at most `most` of them, obvious ones first, then drawn ones."""

    parts: Parts
    form: Form
    most: int
    seed: int

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The ballots that somebody casts."""
        return tuple(b for b, (_, many) in enumerate(self.parts) if many)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many cast each."""
        return tuple(many for _, many in self.parts)

    @cached_property
    def size(self) -> int:
        """How many alternatives there are."""
        return len(self.parts[0][0])

    @cached_property
    def count(self) -> int:
        """How many ballots of the form there are."""
        return how_many(self.size, self.form)

    @cached_property
    def lies(self) -> list[Row]:
        """All ballots of the form."""
        return every_ballot(self.size, self.form)

    def misreports(self, size: int) -> tuple[Iterator[Attempt], bool]:
        """That many voters, each with any ballot; and whether these are all."""
        if self._affordable(math.comb(len(self.rows) + size - 1, size) * self.count**size):
            said = (self._all_of(group) for group in self.groups(size))
            return (one for some in said for one in some), True
        return self._drawn(size), False

    def equal_voters(self, least: int, up_to: int) -> tuple[Iterator[Attempt], bool]:
        """Several voters with one ballot, who cast another, all the same; and whether these are all."""
        if self._affordable(sum(map(len, self._sizes(least, up_to))) * self.count):
            groups = ((b, k) for b, sizes in zip(self.rows, self._sizes(least, up_to), strict=True) for k in sizes)
            return (Attempt((b,), ((lie,),), k) for b, k in groups for lie in self.lies), True
        drawn = np.random.default_rng(self.seed)
        some = self._halved(least, up_to)[: max(self.most // self.size, 1)]
        each = max(self.most // len(some), 1)
        return (Attempt((b,), ((lie,),), k) for b, k in some for lie in self._as_many(each, drawn)), False

    def abstentions(self, least: int, up_to: int) -> tuple[Iterator[Attempt], bool]:
        """One voter, or several with one ballot, who stay away; and whether these are all."""
        if up_to == 1 or self._affordable(sum(map(len, self._sizes(least, up_to)))):
            groups = ((b, k) for b, sizes in zip(self.rows, self._sizes(least, up_to), strict=True) for k in sizes)
            return (Attempt((b,), ((),), k) for b, k in groups), True
        return (Attempt((b,), ((),), k) for b, k in self._halved(least, up_to)[: self.most]), False

    def _sizes(self, least: int, up_to: int) -> list[range]:
        """Of each ballot that somebody casts, how many of those who do may act together."""
        return [range(least, min(up_to, self.counts[b]) + 1) for b in self.rows]

    def _halved(self, least: int, up_to: int) -> list[tuple[int, int]]:
        """All who may act together, the largest groups first; then half of each, a quarter, and so on."""
        found: list[tuple[int, int]] = []
        left = sorted(((b, min(up_to, self.counts[b])) for b in self.rows), key=lambda one: -one[1])
        while left := [(b, k) for b, k in left if k >= least]:
            found += left
            left = [(b, k // 2) for b, k in left]
        return found

    def _as_many(self, count: int, drawn: np.random.Generator) -> Iterator[Row]:
        """So many ballots: obvious ones, drawn among them where these are more."""
        obvious = list(islice(self._some(drawn), self.size * (self.size - 1)))
        if count < len(obvious):
            return (obvious[k] for k in drawn.permutation(len(obvious))[:count].tolist())
        return islice(self._some(drawn), count)

    def false_names(self, names: int) -> tuple[Iterator[Attempt], bool]:
        """One voter who casts its ballot and up to so many more, any; and whether these are all."""
        sets = sum(math.comb(self.count + extra - 1, extra) for extra in range(1, names + 1))
        if self._affordable(len(self.rows) * sets):
            return (
                Attempt((b,), ((self.parts[b][0], *more),))
                for b in self.rows
                for extra in range(1, names + 1)
                for more in combinations_with_replacement(self.lies, extra)
            ), True
        drawn = np.random.default_rng(self.seed)
        each = max(self.most // (len(self.rows) * names), 1)
        return (
            Attempt((b,), ((self.parts[b][0], *(lie,) * extra),))
            for b in self.rows
            for extra in range(1, names + 1)
            for lie in islice(self._some(drawn), each)
        ), False

    def groups(self, size: int) -> Iterator[tuple[int, ...]]:
        """Groups of that many voters, as the ballots they cast."""
        for group in combinations_with_replacement(self.rows, size):
            if all(group.count(b) <= self.counts[b] for b in set(group)):
                yield group

    def _affordable(self, attempts: int) -> bool:
        return attempts <= self.most

    def _all_of(self, group: tuple[int, ...]) -> Iterator[Attempt]:
        """All they can cast; those who share a ballot are not told apart."""
        each = [list(combinations_with_replacement(self.lies, group.count(b))) for b in dict.fromkeys(group)]
        for said in product(*each):
            yield Attempt(group, tuple((row,) for rows in said for row in rows))

    def _drawn(self, size: int) -> Iterator[Attempt]:
        """`most` attempts: every group in turn (or drawn ones, where there are too many) with what it may well try."""
        drawn = np.random.default_rng(self.seed)
        some = list(islice(self.groups(size), self.most + 1))
        if len(some) > self.most:
            voters = np.repeat(np.arange(len(self.parts)), np.minimum(self.counts, size))
            some = [tuple(sorted(drawn.choice(voters, size, replace=False).tolist())) for _ in range(self.most)]
        each = -(-self.most // max(len(some), 1))
        for group in some:
            for k, lie in enumerate(islice(self._some(drawn), each)):
                alike = k % 2 == 0 or size == 1  # half of the time all of a group cast the same
                rest = [lie if alike else self._any(drawn) for _ in group[1:]]
                yield Attempt(group, ((lie,), *((row,) for row in rest)))

    def _some(self, drawn: np.random.Generator) -> Iterator[Row]:
        """Without end: one alternative to the top and another to the bottom, and then ballots drawn from the form."""
        size = self.size
        for top, bottom in product(range(size), repeat=2):
            if top != bottom:
                yield self._formed(np.array([0 if k == top else 2 if k == bottom else 1 for k in range(size)]))
        while True:
            yield self._any(drawn)

    def _any(self, drawn: np.random.Generator) -> Row:
        return self._formed(drawn.permutation(self.size), drawn)

    def _formed(self, row: Array, drawn: np.random.Generator | None = None) -> Row:
        """A row of ranks as a ballot of the form, ties broken by number."""
        if self.form == "approvals":
            ranks = np.where(row <= (0 if drawn is None else int(drawn.integers(self.size))), 0, UNRANKED)
        elif self.form == "weak":
            ranks = (
                row if drawn is None else np.unique(drawn.integers(self.size, size=self.size), return_inverse=True)[1]
            )
        else:
            ranks = np.argsort(np.argsort(row, kind="stable"), kind="stable")
            if self.form == "truncated" and drawn is not None:
                ranks = np.where(ranks <= drawn.integers(self.size), ranks, UNRANKED)
        return tuple(ranks.tolist())
