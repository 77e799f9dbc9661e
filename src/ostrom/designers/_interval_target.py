"""What is best to bring about in a quadratic game with one restriction for all, and what has to go for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from ._quadratic import Point, Quadratic

Interval = tuple[Fraction, Fraction]
Row = tuple[tuple[Fraction, ...], Fraction]
"""Factors and a number: factors · x ≤ number."""


@dataclass(frozen=True)
class Tempting:
    """Numbers between `low` and `high`, both left out, that somebody prefers to its own at the target.

    An end beyond the range says that the end of the range is among them. `movable` says of either end whether it is the
    last number that tempts (True) or the target's own.
    """

    low: Fraction
    high: Fraction
    movable: tuple[bool, bool]


def best_target(game: Quadratic) -> Point:
    """The point of highest welfare that some restriction, the same for all, makes an equilibrium.

    With two players exactly that; with more, of the points at which all choose the same. Of several the fairest.
    """
    found = list(_on_diagonal(game))
    if game.players == 2:
        found += [point for lower in (0, 1) for point in _apart(game, lower)]
    return max(found, key=lambda point: (game.welfare(point), min(game.utilities(point)[: game.players])))


def tempting(game: Quadratic, target: Point) -> tuple[Tempting, ...]:
    """What has to be forbidden for the target to be an equilibrium, in closed form: nothing less does it."""
    below, above, found = game.low - 1, game.high + 1, set()
    for i, x in enumerate(target):
        a, b, d = game.slope(i)
        lean = b * (sum(target) - x) + d
        if a == 0:
            if lean:
                found.add(Tempting(x, above, (False, True)) if lean > 0 else Tempting(below, x, (True, False)))
            continue
        other = -lean / a - x
        first, second = min(x, other), max(x, other)
        if a < 0 and first < second:
            found.add(Tempting(first, second, (first != x, second != x)))
        elif a > 0:
            found.add(Tempting(below, first, (True, first != x)))
            found.add(Tempting(second, above, (second != x, True)))
    kept = [t for t in found if t.low < t.high and t.low < game.high and t.high > game.low]
    return tuple(sorted(kept, key=lambda t: (t.low, t.high)))


def measure(game: Quadratic, parts: Sequence[Tempting]) -> Fraction:
    """How long the union is, within the range."""
    length, reached = Fraction(0), game.low
    for t in sorted(parts, key=lambda t: t.low):
        low, high = max(t.low, reached), min(t.high, game.high)
        if high > low:
            length, reached = length + high - low, high
    return length


def _on_diagonal(game: Quadratic) -> Iterator[Point]:
    """Points at which all choose the same: any is an equilibrium where nothing else is left."""
    square, line = game.hessian
    bend, lean = sum((v for one in square for v in one), Fraction(0)), sum(line, Fraction(0))
    inner = [-lean / bend] if bend < 0 else []
    for x in (game.low, game.high, *inner):
        if game.low <= x <= game.high:
            yield (x,) * game.players


def _apart(game: Quadratic, lower: int) -> Iterator[Point]:
    """Of two players the points worth a look at which one chooses no more than the other, and neither the other's."""
    upper, one, zero = 1 - lower, Fraction(1), Fraction(0)

    def row(*factors: Fraction, number: Fraction) -> Row:
        return ((factors[0], factors[1]) if lower == 0 else (factors[1], factors[0]), number)

    (a, b, d), (p, q, s) = game.slope(lower), game.slope(upper)
    rows = [
        row(one, -one, number=zero),
        row(-one, zero, number=-game.low),
        row(zero, one, number=game.high),
        row(a, a + b, number=-d),
        row(-(p + q), -p, number=s),
    ]
    square, line = game.hessian
    for count in range(3):
        for tight in combinations(rows, count):
            point = _stationary(square, line, tight)
            if point and all(f * point[0] + g * point[1] <= number for (f, g), number in rows):
                yield point


def _stationary(square: Sequence[Sequence[Fraction]], line: Sequence[Fraction], tight: Sequence[Row]) -> Point | None:
    """Where the welfare is level along what is tight; None where that is no single point."""
    if len(tight) == 2:
        return _crossing((*tight[0][0], tight[0][1]), (*tight[1][0], tight[1][1]))
    level = [(*row, -number) for row, number in zip(square, line, strict=True)]
    if not tight:
        return _crossing(level[0], level[1])
    (f, g), number = tight[0]
    along = tuple(g * u - f * v for u, v in zip(level[0], level[1], strict=True))
    return _crossing(along, (f, g, number))


def _crossing(first: Sequence[Fraction], second: Sequence[Fraction]) -> Point | None:
    (a, b, e), (c, d, f) = first, second
    det = a * d - b * c
    return ((e * d - b * f) / det, (a * f - e * c) / det) if det else None
