"""Ballots that bring an alternative to the top of a scoring rule: greedy, counted, and by a whole-number program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

Orders = list[tuple[int, ...]]


def totals(held: Sequence[Fraction], points: Sequence[Fraction], rows: Orders) -> list[Fraction]:
    """The points of each alternative with further ballots, best first."""
    found = list(held)
    for row in rows:
        for place, k in enumerate(row):
            found[k] += points[place]
    return found


def wins(held: Sequence[Fraction], points: Sequence[Fraction], rows: Orders, wanted: int, alone: bool) -> bool:
    """Whether the wanted one has the most points, or as many as any."""
    found = totals(held, points, rows)
    rest = [total for k, total in enumerate(found) if k != wanted]
    return not rest or (found[wanted] > max(rest) if alone else found[wanted] >= max(rest))


def greedy(held: Sequence[Fraction], points: Sequence[Fraction], wanted: int, voters: int) -> Orders:
    """Each in turn puts the target first and the rest the other way round than they stand."""
    now, rows = list(held), []
    for _ in range(voters):
        row = (wanted, *sorted((k for k in range(len(held)) if k != wanted), key=now.__getitem__))
        rows.append(row)
        now = totals(now, points, [row])
    return rows


def counted(
    held: Sequence[Fraction], points: Sequence[Fraction], wanted: int, voters: int, most: Fraction
) -> Orders | None:
    """Points of 1 and 0: how many points each other can be given; None where these are too few for all ballots."""
    each = max(points.count(Fraction(1)) - 1, 0)
    others = [k for k in range(len(held)) if k != wanted]
    room = {k: min(int(most - held[k]), voters) for k in others}
    if min(room.values(), default=0) < 0 or sum(room.values()) < each * voters:
        return None
    given = [k for k in others for _ in range(room[k])][: each * voters]  # dealt round, so that nobody names one twice
    dealt = [given[voter :: voters or 1] for voter in range(voters)]
    return [(wanted, *some, *(k for k in others if k not in some)) for some in dealt]


def program(
    held: Sequence[Fraction],
    points: Sequence[Fraction],
    wanted: int,
    voters: int,
    most: Fraction,
    alone: bool,
    seconds: float,
) -> tuple[Orders | None, bool]:
    """How many voters put which other in which place, so that none gets too many points; and whether that is sure."""
    from ..solvers._highs import solve_milp

    unit = math.lcm(*(one.denominator for one in (*held, *points)))
    others = [k for k in range(len(held)) if k != wanted]
    size, room = len(others), np.array([float((most - held[k]) * unit) - alone for k in others])
    whole = np.eye(size)
    each = np.kron(whole, np.array([float(one * unit) for one in points[1:]])[None, :])
    sums = np.concatenate([np.kron(whole, np.ones((1, size))), np.kron(np.ones((1, size)), whole)])
    found = solve_milp(
        np.zeros(size * size), each, room, sums, np.full(2 * size, voters), 0, voters, time_limit=seconds
    )
    if found.x is None:
        return None, found.status == "infeasible"
    return _ballots_of(found.x.reshape(size, size).round().astype(int), others, wanted), True


def _ballots_of(table: Any, others: Sequence[int], wanted: int) -> Orders:
    """Ballots by how many put each in each place: a table with equal sums is a sum of permutations (König 1916)."""
    from scipy.optimize import linear_sum_assignment

    rows: Orders = []
    while table.any():
        who, place = linear_sum_assignment(table > 0, maximize=True)
        many = int(table[who, place].min())
        table[who, place] -= many
        behind = sorted(range(len(others)), key=place.__getitem__)
        rows += [(wanted, *(others[k] for k in behind))] * many
    return rows
