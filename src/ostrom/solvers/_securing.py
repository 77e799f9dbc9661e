"""What a group of players can bring about against all others, as a zero-sum game between the two."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

from ..core.errors import InputError
from ..core.game import Array
from ._minimax import exact_bounds, minimax


class Secured(NamedTuple):
    """A value, a `Fraction` where it is known exactly, and a mixture over joint moves for each side, in floats."""

    value: Any
    group: Array
    others: Array


def against(table: Array, group: list[int]) -> Array:
    """A table over joint moves `[A_1, …, A_P]` as `[m, n]`: joint moves of a group by joint moves of all others."""
    sizes = table.shape
    others = [i for i in range(len(sizes)) if i not in group]
    return table.transpose([*group, *others]).reshape(math.prod(sizes[i] for i in group), -1)


def secured(matrix: Array) -> Secured:
    """What the row player can secure, and how. Raises `InputError` when the linear program does not end."""
    found = minimax(matrix.astype(float))
    if found is None:
        raise InputError("A linear program for a group did not end.", "", "Scale the payoffs, or ask without lots.")
    value: Any = found.value
    if matrix.dtype == object:
        bounds = exact_bounds(matrix, found)
        exact = bounds.lower == bounds.upper
        value = bounds.lower if exact else float((bounds.lower + bounds.upper) / 2)
    elif 1 in matrix.shape:
        value = matrix.min(1).max()
    return Secured(value if isinstance(value, Fraction) else float(value), found.x, found.y)
