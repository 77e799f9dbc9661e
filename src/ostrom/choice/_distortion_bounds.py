"""The worst utilities, and the worst metric, that fit ballots: by Dinkelbach's steps, and by linear programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations, pairwise, product
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import TooLarge

Table = tuple[tuple[Any, ...], ...]

ROWS = 200_000
"""Rows of a linear program, at most."""

NONE = 1e-9
"""A share of distances below which it is none."""


class Tier(NamedTuple):
    """Alternatives in one place of a ballot, and whether they may be worth different things."""

    members: tuple[int, ...]
    free: bool


def tiers_of(ranks: Sequence[Sequence[int]], free: bool) -> list[list[Tier]]:
    """Per ballot its places, best first; what it does not mention comes last and is always free."""
    found = []
    for row in ranks:
        places = [[k for k, rank in enumerate(row) if rank == place] for place in range(max(row) + 1)]
        tiers = [Tier(tuple(place), free) for place in places]
        rest = tuple(k for k, rank in enumerate(row) if rank < 0)
        found.append([*tiers, *([Tier(rest, True)] if rest else [])])
    return found


def worst_utilities(
    ballots: list[list[Tier]], weights: Sequence[int], chosen: int, size: int
) -> tuple[Any, int, Table]:
    """The worst ratio for a choice, the rival that attains it, and each ballot's utilities there."""
    value: Any = Fraction(1)
    rival, shared = chosen, [ballot[0].members for ballot in ballots]
    improved = True
    while improved and value != math.inf:
        improved = False
        for other in range(size):
            picks = [_best_share(ballot, chosen, other, value) for ballot in ballots]
            mine, theirs = (
                sum(Fraction(many, len(some)) for some, many in zip(picks, weights, strict=True) if k in some)
                for k in (chosen, other)
            )
            if theirs > value * mine:
                value, rival, shared, improved = (theirs / mine if mine else math.inf), other, picks, True
                break
    table = tuple(tuple(Fraction(k in some, len(some)) for k in range(size)) for some in shared)
    return value, rival, table


def _best_share(ballot: list[Tier], chosen: int, other: int, ratio: Fraction) -> tuple[int, ...]:
    """Some of the best alternatives, among which 1 is shared equally so that the other leads by most."""

    def lead(some: tuple[int, ...]) -> Fraction:
        return (Fraction(other in some) - ratio * (chosen in some)) / len(some)

    return max(_shares(ballot, chosen, other), key=lead)


def _shares(ballot: list[Tier], chosen: int, other: int) -> list[tuple[int, ...]]:
    """Sets of best alternatives that matter: up to a place, and of a free one the two asked about, or the rest too."""
    found: list[tuple[int, ...]] = []
    before: tuple[int, ...] = ()
    for members, free in ballot:
        if free:
            asked = [k for k in {chosen, other} if k in members]
            rest = tuple(k for k in members if k not in asked)
            some = chain.from_iterable(combinations(asked, count) for count in range(len(asked) + 1))
            found += [before + one + more for one, more in product(some, ((), rest)) if before + one + more]
        before += members
        found.append(before)
    return found


def farthest(ballots: list[list[Tier]], weights: Sequence[int], chosen: int, size: int) -> tuple[Any, int, Table]:
    """The worst ratio of distances for a choice, the rival that attains it, and each ballot's distances there."""
    from ..solvers._highs import Sparse, solve_lp

    program = _Metric(ballots, size)
    A, equal = program.rows()
    best: tuple[Any, int, Table] | None = None
    for other in range(size):
        objective, one = np.zeros(program.columns), np.zeros(program.columns)
        for b, many in enumerate(weights):
            objective[program.far(b, other)] += many
            one[program.far(b, chosen)] += many
        scaled = Sparse.of(one[None, :], program.columns)
        rows = Sparse.stack([equal, scaled])
        right = np.concatenate([np.zeros(equal.shape[0]), [1.0]])
        found = solve_lp(objective, A, np.zeros(A.shape[0]), rows, right)
        if found.x is None:
            raise ArithmeticError(f"HiGHS ended as {found.status} on a program that has a solution.")
        least = float(objective @ found.x)
        value = math.inf if least < NONE else max(1 / least, 1.0)
        if best is None or value > best[0]:
            table = found.x[: len(ballots) * size].reshape(len(ballots), size)
            best = value, other, tuple(map(tuple, table.tolist()))
    assert best is not None
    return best


class _Metric:
    """Distances of each ballot's voters to alternatives, and between these, and the rows that make them a metric."""

    def __init__(self, ballots: list[list[Tier]], size: int) -> None:
        self.ballots, self.size = ballots, size
        self.between = {pair: len(ballots) * size + k for k, pair in enumerate(combinations(range(size), 2))}
        self.columns = len(ballots) * size + len(self.between)
        number = len(ballots) * size * size * 2 + size**3 // 2
        if number > ROWS:
            raise TooLarge(
                f"A linear program with about {number:,} rows for {len(ballots):,} ballots of {size} alternatives.",
                f"At most {ROWS:,} are solved.",
                "Count equal ballots together (ballots.gathered()), or draw some of them.",
            )

    def far(self, ballot: int, alternative: int) -> int:
        """The column of a ballot's distance to an alternative."""
        return ballot * self.size + alternative

    def rows(self) -> tuple[Any, Any]:
        """What is at most 0, and what is 0."""
        least: list[dict[int, float]] = []
        equal: list[dict[int, float]] = []
        for b, tiers in enumerate(self.ballots):
            for tier in tiers:
                if not tier.free:
                    equal += [{self.far(b, one): 1.0, self.far(b, two): -1.0} for one, two in pairwise(tier.members)]
            for near, beyond in pairwise(tiers):
                least += [
                    {self.far(b, one): 1.0, self.far(b, two): -1.0}
                    for one, two in product(near.members, beyond.members)
                ]
        sides = [
            (self.far(b, one), self.far(b, two), self.between[one, two])
            for b in range(len(self.ballots))
            for one, two in self.between
        ]
        sides += [
            (self.between[one, two], self.between[one, three], self.between[two, three])
            for one, two, three in combinations(range(self.size), 3)
        ]
        for triangle in sides:
            least += [{side: 1.0 if side == longest else -1.0 for side in triangle} for longest in triangle]
        return self._sparse(least), self._sparse(equal)

    def _sparse(self, rows: list[dict[int, float]]) -> Any:
        from ..solvers._highs import Sparse

        places = [(r, column, value) for r, row in enumerate(rows) for column, value in row.items()]
        values = np.array([value for _, _, value in places], float)
        row = np.array([r for r, _, _ in places], np.int64)
        column = np.array([column for _, column, _ in places], np.int64)
        return Sparse(values, row, column, (len(rows), self.columns))
