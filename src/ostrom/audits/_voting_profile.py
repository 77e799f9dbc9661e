"""One election under a voting rule, and others made from it: lifted, reversed, split, cloned, cut down."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, islice, product
from typing import Any, NamedTuple

import numpy as np

from ._voting import Asker, Winners, named
from ._voting_ballots import Parts, Row, distinct, orders, told

Election = tuple[Parts, tuple[str, ...]]


class Failure(NamedTuple):
    """Why an axiom fails at an election, and the other elections that show it."""

    why: str
    others: Mapping[str, Election]


class Looked(NamedTuple):
    """What was found at an election, and whether all that the axiom speaks of was looked at."""

    failure: Failure | None
    whole: bool = True


@dataclass(frozen=True)
class Profile:
    """Strict orders of all alternatives, the rule that is asked, and what voters make of ties.

    Attributes
    ----------
    raw : the same rule, asked about ballots as they come.
    most : how many other elections are looked at for one axiom, at most.
    """

    asker: Asker
    raw: Asker
    parts: Parts
    names: tuple[str, ...]
    worth: Callable[[Any, Winners], Any]
    most: int
    seed: int

    @cached_property
    def winners(self) -> Winners:
        """Who wins here."""
        return self.asker(self.parts, self.names)

    @cached_property
    def voters(self) -> int:
        """How many vote."""
        return sum(many for _, many in self.parts)

    @property
    def size(self) -> int:
        """How many alternatives there are."""
        return len(self.names)

    @cached_property
    def margins(self) -> np.ndarray:
        """By how many voters the row's alternative beats the column's."""
        found = np.zeros((self.size, self.size), np.int64)
        for row, many in self.parts:
            place = np.array(row)
            found += many * np.sign(place[None, :] - place[:, None])
        return found

    def asked(self, parts: Iterable[tuple[Row, int]], names: tuple[str, ...] | None = None) -> Winners:
        """Who wins at another election."""
        return self.asker(parts, names or self.names)

    def fails(self, why: str, parts: Iterable[tuple[Row, int]], names: tuple[str, ...] | None = None) -> Failure:
        """A failure that another election shows."""
        return Failure(why, {"other": (tuple(parts), names or self.names)})

    def say(self, winners: Winners) -> str:
        """Winners in words."""
        return " and ".join(named(winners, self.names))

    def mapped(self, change: Callable[[Row], Row]) -> Parts:
        """Every ballot changed in the same way."""
        return tuple((change(row), many) for row, many in self.parts)

    def changed(self, ballot: int, rows: Sequence[Row]) -> Parts:
        """One voter with that ballot casts these instead, each once; none is staying away."""
        row, many = self.parts[ballot]
        middle = ([(row, many - 1)] if many > 1 else []) + [(one, 1) for one in rows]
        return (*self.parts[:ballot], *middle, *self.parts[ballot + 1 :])

    def splits(self) -> tuple[Iterator[tuple[Parts, Parts]], bool]:
        """Ways to part the voters into two groups, somebody in each; and whether these are all."""
        counts = [many for _, many in self.parts]
        number = math.prod(many + 1 for many in counts)
        return (self._halves(taken) for taken in self._choices(counts, number) if 0 < sum(taken) < self.voters), (
            number <= self.most
        )

    def _choices(self, counts: Sequence[int], number: int) -> Iterator[tuple[int, ...]]:
        if number <= self.most:
            yield from product(*(range(many + 1) for many in counts))
            return
        drawn = np.random.default_rng(self.seed)
        for _ in range(self.most):
            yield tuple(int(drawn.integers(many + 1)) for many in counts)

    def _halves(self, taken: Sequence[int]) -> tuple[Parts, Parts]:
        one = tuple((row, k) for (row, _), k in zip(self.parts, taken, strict=True) if k)
        return one, tuple((row, many - k) for (row, many), k in zip(self.parts, taken, strict=True) if many > k)

    def clones(self, of: int) -> tuple[Iterator[Parts], bool]:
        """Elections with a twin of one alternative next to it on every ballot; and whether these are all."""
        counts = [many for _, many in self.parts]
        number = math.prod(many + 1 for many in counts)
        return (self._cloned(of, behind) for behind in self._choices(counts, number)), number <= self.most

    def _cloned(self, of: int, behind: Sequence[int]) -> Parts:
        found: list[tuple[Row, int]] = []
        for (row, many), k in zip(self.parts, behind, strict=True):
            wide = tuple(place + (place > row[of]) for place in row)
            if k:
                found.append(((*wide, row[of] + 1), k))
            if many > k:
                first = tuple(place + (place == row[of]) for place in wide)
                found.append(((*first, row[of]), many - k))
        return tuple(found)

    @cached_property
    def orders(self) -> tuple[list[Row], bool]:
        """Orders that a voter may have, and whether these are all; of more than six alternatives drawn ones."""
        if self.size <= 6:
            return orders(self.size), True
        drawn = np.random.default_rng(self.seed)
        return [tuple(drawn.permutation(self.size).tolist()) for _ in range(min(self.most, 720))], False

    def same_pair(self, one: int, other: int) -> tuple[Iterator[Parts], bool]:
        """Elections in which all put two alternatives in the same order as here; and whether these are all."""
        options, every = self.orders
        sides = [[row for row in options if (row[one] < row[other]) == first] for first in (False, True)]
        if self.asker.anonymous:
            ahead = sum(many for row, many in self.parts if row[one] < row[other])
            groups = [(1, ahead), (0, self.voters - ahead)]
        else:
            groups = [(int(row[one] < row[other]), many) for row, many in self.parts]
        number = math.prod(math.comb(len(sides[side]) + many - 1, many) for side, many in groups)
        if number <= self.most:
            each = (combinations_with_replacement(sides[side], many) for side, many in groups)
            return (tuple((row, 1) for rows in said for row in rows) for said in product(*each)), every
        drawn = np.random.default_rng(self.seed)
        return (
            tuple((sides[side][int(drawn.integers(len(sides[side])))], 1) for side, many in groups for _ in range(many))
            for _ in range(self.most)
        ), False

    def orderings(self) -> tuple[Iterator[Parts], bool]:
        """The same ballots cast one by one in other orders; and whether these are all."""
        rows = [row for row, many in self.parts for _ in range(many)]
        number = math.factorial(len(rows)) // math.prod(math.factorial(rows.count(row)) for row in set(rows))
        if number <= self.most:
            return (tuple((row, 1) for row in one) for one in distinct(sorted(rows))), True
        moved = [rows[::-1], *([rows[k], *rows[:k], *rows[k + 1 :]] for k in range(len(rows)))]
        moved += [[*rows[:k], *rows[k + 1 :], rows[k]] for k in range(len(rows))]
        return (tuple((row, 1) for row in one) for one in islice(moved, self.most)), False

    def witness(self, axiom: str, failure: Failure) -> dict[str, Any]:
        """All that is needed to ask again."""
        asker = self.raw if axiom == "anonymity" else self.asker
        elections = {"election": (self.asker.as_asked(self.parts), self.names)}
        elections |= {key: (asker.as_asked(parts), names) for key, (parts, names) in failure.others.items()}
        return {
            "axiom": axiom,
            "why": failure.why,
            "elections": {key: told(*one) for key, one in elections.items()},
            "alternatives": {key: list(names) for key, (_, names) in elections.items()},
            "winners": {key: list(named(self.raw(*one), one[1])) for key, one in elections.items()},
        }
