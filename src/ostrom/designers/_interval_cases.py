"""All equilibria of a quadratic game on a union of intervals, by case: who rests at which end or in which interval.

What is left is [s_0, t_0] ∪ [s_1, t_1] ∪ …; its ends are the cuts. In a case every player is at a low end, at a high
end, or at the vertex of its payoff inside one interval. Its numbers, and what has to hold for nobody to gain, are then
affine in the cuts: with the payoffs quadratic, the better of two points is the one on the right side of their middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product

from ..core.errors import InputError, TooLarge
from ._quadratic import Point, Quadratic

LARGEST = 20_000
"""Cases that are listed."""

Affine = tuple[Fraction, ...]
"""Factors of the cuts s_0, t_0, s_1, …, and a number."""

Option = tuple[int, int]
"""An interval, and 0 for its low end, 1 for inside, 2 for its high end."""


@dataclass(frozen=True)
class Case:
    """Who rests where.

    Attributes
    ----------
    at : the number of each player, by the cuts; of equal players the lower first.
    needs : in units of the choices; it is an equilibrium just where all of them are at least 0.
    """

    at: tuple[Affine, ...]
    needs: tuple[Affine, ...]


def value(form: Affine, cuts: Sequence[Fraction]) -> Fraction:
    """An affine form at these cuts."""
    return sum((f * c for f, c in zip(form, cuts, strict=False) if f), form[-1])


def cases(game: Quadratic, intervals: int) -> list[Case]:
    """Every case with that many intervals.

    Raises `InputError` where whole stretches of points would be equilibria, `TooLarge` for too many cases.
    """
    own = [_options(game, i, intervals) for i in range(game.players)]
    together = combinations_with_replacement(own[0], game.players) if game.symmetric else product(*own)
    found = []
    for number, options in enumerate(together):
        if number >= LARGEST:
            raise TooLarge(f"{game.players} players and {intervals} intervals make more than {LARGEST:,} cases.")
        at = _points(game, options, 2 * intervals)
        if at is not None:
            found.append(Case(at, tuple(form for i in range(game.players) for form in _needs(game, options, at, i))))
    return found


def equilibria(game: Quadratic, left: Sequence[tuple[Fraction, Fraction]]) -> tuple[Point, ...]:
    """All pure equilibria with only these intervals left; of equal players the lower first, each once."""
    cuts = [end for interval in left for end in interval]
    found = {
        tuple(value(form, cuts) for form in case.at)
        for case in cases(game, len(left))
        if all(value(form, cuts) >= 0 for form in case.needs)
    }
    return tuple(sorted(found))


def _options(game: Quadratic, player: int, intervals: int) -> list[Option]:
    """Where it may rest; where its payoff is no hill, only at the far ends."""
    if game.slope(player)[0] < 0:
        return [(k, where) for k in range(intervals) for where in range(3)]
    if game.slope(player)[0] == 0 and game.slope(player)[1] != 0:
        raise InputError(
            f"Player {player + 1} gets b·x·y + d·x and nothing with x².",
            "Where that slope is 0 every number is as good, so equilibria come in whole stretches.",
            "Give it an a other than 0, if only a small one.",
        )
    return [(0, 0), (intervals - 1, 2)]


def _points(game: Quadratic, options: Sequence[Option], size: int) -> tuple[Affine, ...] | None:
    """Everybody's number; None where no numbers solve the case."""
    inside = [i for i, (_, where) in enumerate(options) if where == 1]
    at: dict[int, Affine] = {}
    for i, (k, where) in enumerate(options):
        if where != 1:
            at[i] = tuple(Fraction(j == 2 * k + where // 2) for j in range(size + 1))
    fixed = _total(list(at.values()), size)
    rows = []
    for i in inside:
        a, b, d = game.slope(i)
        right = [-b * f for f in fixed]
        right[-1] -= d
        rows.append([2 * a if i == j else b for j in inside] + right)
    solved = _eliminated(rows, len(inside))
    if solved is None:
        return None
    at.update(zip(inside, solved, strict=True))
    return tuple(at[i] for i in range(game.players))


def _eliminated(rows: list[list[Fraction]], unknowns: int) -> list[Affine] | None:
    """The unknowns by the right sides; None where there is no solution, an error where there are many."""
    rank = 0
    for column in range(unknowns):
        pivot = next((r for r in range(rank, unknowns) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [v / rows[rank][column] for v in rows[rank]]
        for r in range(unknowns):
            if r != rank and rows[r][column]:
                rows[r] = [v - rows[r][column] * w for v, w in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    if rank == unknowns:
        return [tuple(row[unknowns:]) for row in rows]
    if any(row[-1] and not any(row[:-1]) for row in rows[rank:]):
        return None
    raise InputError(
        "The replies to each other coincide on a whole stretch of numbers.",
        "Equilibria are not single points then, and cannot be listed.",
        "Change a or b a little, so that 2a and b do not cancel out.",
    )


def _needs(game: Quadratic, options: Sequence[Option], at: Sequence[Affine], player: int) -> list[Affine]:
    """What has to be at least 0 for a player not to gain."""
    (k, where), (a, b, d), size = options[player], game.slope(player), len(at[0]) - 1
    others = _total([form for i, form in enumerate(at) if i != player], size)
    intervals, unit = size // 2, abs(2 * a) or abs(d)

    def rise(*ends: int) -> Affine:
        """The slope towards higher numbers between two cuts (or at one, given twice), in units of the choices."""
        form = [b * f for f in others]
        form[-1] += d
        for end in ends:
            form[end] += a
        return tuple(f / unit for f in form)

    low, high = 2 * k, 2 * k + 1
    if a >= 0:
        far = rise(0, size - 1)
        return [far if where == 2 else _minus(far)]
    if where == 1:
        cut_low, cut_high = (tuple(Fraction(j == end) for j in range(size + 1)) for end in (low, high))
        return [_less(at[player], cut_low), _less(cut_high, at[player])]
    if where == 0:
        return [_minus(rise(low, low)), *([rise(low - 1, low)] if k else [])]
    return [rise(high, high), *([_minus(rise(high, high + 1))] if k + 1 < intervals else [])]


def _total(forms: Sequence[Affine], size: int) -> Affine:
    return tuple(sum((form[j] for form in forms), Fraction(0)) for j in range(size + 1))


def _minus(form: Affine) -> Affine:
    return tuple(-f for f in form)


def _less(form: Affine, other: Affine) -> Affine:
    return tuple(f - g for f, g in zip(form, other, strict=True))
