"""Thiele's scores of committees: all of them at once in whole numbers, or the best by a mixed-integer program."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, pairwise

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.exact import fraction
from ..core.game import Array
from ..solvers._highs import Sparse, solve_milp
from ._committee import Approvals

NAMED = ("proportional", "coverage", "approval")
"""1, 1/2, 1/3, … (PAV); 1, 0, 0, … (Chamberlin and Courant); 1, 1, 1, …"""

CHUNK = 2_000_000
"""Numbers of a table that are looked at together."""

CLOSE = 1e-6
"""By how much HiGHS may take a number for a whole one."""


@dataclass(frozen=True)
class Thiele:
    """What the first, second, … member that a voter approves of adds, in whole parts of a `unit`."""

    given: Approvals
    adds: tuple[int, ...]
    unit: int

    @staticmethod
    def of(given: Approvals, weights: str | Sequence[object]) -> Thiele:
        """Weights by name, or `seats` numbers that do not rise; `UnknownName` and `InputError`."""
        each = _weights(weights, given.seats)
        unit = math.lcm(*(value.denominator for value in each))
        return Thiele(given, tuple(int(value * unit) for value in each), unit)

    @property
    def worth(self) -> Array:
        """What so many members are worth to a voter, `[seats + 1]`, in Python's whole numbers where sums are large."""
        kind = np.int64 if sum(self.adds) * self.given.voters < 2**62 else object
        return np.array([0, *np.cumsum(np.array(self.adds, object)).tolist()], kind)

    def score(self, members: Sequence[int]) -> int:
        """What a committee is worth to all."""
        return int(np.array(self.given.counts, object) @ self.worth[self.given.table[:, list(members)].sum(1)])

    def gains(self, members: frozenset[int]) -> dict[int, int]:
        """What each who is not yet elected would add."""
        adds = np.array([*self.adds, 0], object)[self.given.table[:, sorted(members)].sum(1)]
        each = (np.array(self.given.counts, object) * adds) @ self.given.table
        return {k: int(each[k]) for k in range(len(each)) if k not in members}

    def looked_through(self, most: int) -> tuple[list[tuple[int, ...]], bool]:
        """Committees with the highest score, by looking at all, the first in the declared order among them; and whether
        there are no others."""
        best, found, ties = -1, [], 0
        counts, worth = np.array(self.given.counts, self.worth.dtype), self.worth
        for some in self._committees():
            have = np.zeros((len(some), len(self.given.table)), np.int16)
            for column in some.T:
                have += self.given.table.T[column]
            scores = worth[have] @ counts
            top = int(scores.max())
            if top > best:
                best, found, ties = top, [], 0
            equal = some[scores == best]
            ties += len(equal)
            found += [tuple(sorted(row)) for row in equal[: most - len(found)].tolist()]
        return sorted(found), ties <= most

    def _committees(self) -> Iterator[Array]:
        every = combinations(self.given.order, self.given.seats)
        rows = max(CHUNK // max(len(self.given.table), self.given.seats), 1)
        while some := list(islice(every, rows)):
            yield np.array(some)

    def programmed(self, most: int, seconds: float) -> tuple[list[tuple[int, ...]], bool]:
        """Committees with the highest score, one program each, and whether there are no others.

        A program ends the search when what it finds, and so all that is left, is worse by more than its tolerances;
        among those found, scores in whole numbers decide. `TooLarge` out of time.
        """
        program = _Program(self)
        slack = math.ceil(CLOSE * (self.given.seats + 1) * self.given.voters * self.adds[0])
        scored: dict[tuple[int, ...], int] = {}
        complete = False
        while not complete:
            best = max(scored.values(), default=0)
            if sum(score == best for score in scored.values()) >= most:
                break
            members = program.solve(scored, best - slack, seconds)
            complete = members is None or self.score(members) < best - slack
            if members is not None and not complete:
                scored[members] = self.score(members)
        best = max(scored.values())
        return sorted(members for members, score in scored.items() if score == best), complete


class _Program:
    """x: who is elected; y: how much of its first, second, … approved member each row of voters has."""

    def __init__(self, thiele: Thiele) -> None:
        given = thiele.given
        self.size, self.seats = len(given.names), given.seats
        rows, levels = [], []
        for row, approved in enumerate(given.table.sum(1).tolist()):
            own = min(approved, given.seats)
            rows += [row] * own
            levels += range(own)
        adds, counts = np.array(thiele.adds, float), np.array(given.counts, float)
        kept = adds[levels] > 0
        self.row, level = np.array(rows, int)[kept], np.array(levels, int)[kept]
        value = counts[self.row] * adds[level]
        self.largest = value.max(initial=0.0) or 1.0
        self.cost = np.concatenate([np.zeros(self.size), -value / self.largest])
        at, approved = np.nonzero(given.table)
        self.have = Sparse(
            np.concatenate([-np.ones(len(at)), np.ones(len(self.row))]),
            np.concatenate([at, self.row]),
            np.concatenate([approved, self.size + np.arange(len(self.row))]),
            (len(given.table), len(self.cost)),
        )

    def solve(self, without: dict[tuple[int, ...], int], least: int, seconds: float) -> tuple[int, ...] | None:
        """A best committee other than those, worth at least so much; None where there is none."""
        taken = np.zeros((len(without), len(self.cost)))
        for row, members in zip(taken, without, strict=True):
            row[list(members)] = 1.0
        rows = Sparse.stack([self.have, Sparse.of(np.vstack([taken, self.cost]), len(self.cost))])
        right = np.zeros(rows.shape[0])
        right[self.have.shape[0] :] = [*[self.seats - 1.0] * len(without), -least / self.largest]
        whole = np.arange(len(self.cost)) < self.size
        seats = whole.astype(float)[None]
        found = solve_milp(
            self.cost, rows, right, seats, np.array([float(self.seats)]), integer=whole, time_limit=seconds
        )
        if found.status == "infeasible":
            return None
        if found.status != "optimal" or found.x is None:
            raise TooLarge(
                f"The best of {math.comb(self.size, self.seats):,} committees was not settled in {seconds:g} seconds.",
                "To find it is NP-hard, and this election is among those that take long.",
                "Give more seconds, or elect one member after the other with sequential_proportional_approval.",
            )
        return tuple(np.flatnonzero(found.x[: self.size] > 0.5).tolist())


def _weights(weights: str | Sequence[object], seats: int) -> list[Fraction]:
    if isinstance(weights, str):
        if weights not in NAMED:
            raise UnknownName("weights", weights, NAMED)
        return [Fraction(1, k + 1) if weights == "proportional" else Fraction(weights == "approval" or k == 0)
                for k in range(seats)]  # fmt: skip
    each = [fraction(value) for value in weights][:seats]
    if len(each) < seats or each[0] <= 0 or each[-1] < 0 or any(a < b for a, b in pairwise(each)):
        raise InputError(
            f"Weights {', '.join(map(str, each[:8]))} for {seats} seats.",
            "What a further member adds does not rise, and the first adds something.",
            f"Give {seats} numbers that do not rise, none below 0.",
        )
    return each
