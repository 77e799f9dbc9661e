"""Half-spaces and corners in exact rationals, for the search over restrictions of an interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ._interval_cases import Affine
from ._interval_target import Row
from ._quadratic import Point, Quadratic


def is_hill(game: Quadratic) -> bool:
    """Whether welfare is strictly concave, so that no two points are best: all leading minors alternate."""
    square = [list(row) for row in game.hessian[0]]
    for k in range(game.players):
        if square[k][k] >= 0:
            return False
        for r in range(k + 1, game.players):
            factor = square[r][k] / square[k][k]
            square[r] = [v - factor * w for v, w in zip(square[r], square[k], strict=True)]
    return True


def is_top(game: Quadratic, point: Point) -> bool:
    """Whether welfare, a hill, is highest there within the range."""
    square, line = game.hessian
    slopes = [dot(row, point) + number for row, number in zip(square, line, strict=True)]
    return all(
        slope == 0 or (x == game.high if slope > 0 else x == game.low) for slope, x in zip(slopes, point, strict=True)
    )


def row(size: int, factors: dict[int, int], number: Fraction | int) -> Row:
    """The half-space in which a few cuts, with these factors, sum to no more than a number."""
    return tuple(Fraction(factors.get(j, 0)) for j in range(size)), Fraction(number)


def equal(form: Affine, number: Fraction) -> Iterator[Row]:
    """The two half-spaces in which a form is just that number."""
    yield form[:-1], number - form[-1]
    yield tuple(-f for f in form[:-1]), form[-1] - number


def dot(row: Sequence[Fraction], point: Sequence[Fraction]) -> Fraction:
    """The sum of products."""
    return sum((f * x for f, x in zip(row, point, strict=True) if f), Fraction(0))


def solved(rows: Sequence[Row], unknowns: int) -> Point | None:
    """The point on the first independent ones of these rows; None where they are too few."""
    kept: list[tuple[int, list[Fraction]]] = []
    for row, number in rows:
        rest = [*row, number]
        for column, other in kept:
            if rest[column]:
                rest = [v - rest[column] * w for v, w in zip(rest, other, strict=True)]
        column = next((j for j in range(unknowns) if rest[j]), None)
        if column is None:
            continue
        rest = [v / rest[column] for v in rest]
        kept = [(c, [v - o[column] * w for v, w in zip(o, rest, strict=True)]) for c, o in kept] + [(column, rest)]
        if len(kept) == unknowns:
            return tuple(other[-1] for _, other in sorted(kept))
    return None
