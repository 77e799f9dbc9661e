"""Odds over joint moves, from a solver's floats to rationals that nobody gains by leaving."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..core.game import Array
from ._remedy import Profile

Odds = tuple[tuple[Profile, Fraction], ...]
"""Joint moves, by number, and their probabilities."""

TIGHT = 1e-7
"""Up to which gain, in ranges of payoffs, an incentive counts as binding."""

LONGEST = 40
"""Joint moves up to which odds are worked out in rationals: the work grows with the cube, and the numbers with it."""


def gains_of_always(payoffs: Array, places: Array, exactly: bool = False) -> Array:
    """What each move adds for its player at joint moves `int[N, P]`: `[M, N]`, one player's moves after the other's.

    `exactly` turns payoffs `[A_1, …, A_P, P]` into `Fraction`s before anything is subtracted.
    """
    rows = []
    for i in range(payoffs.shape[-1]):
        own = np.moveaxis(payoffs[..., i], i, 0)[(slice(None), *np.delete(places.T, i, axis=0))]
        own = np.vectorize(Fraction, otypes=[object])(own) if exactly else own
        rows.append(own - own[places[:, i], np.arange(len(places))])
    return np.concatenate(rows)


def exact_odds(payoffs: Array, places: Array, shares: Array, kept: Array, units: Array) -> list[Fraction] | None:
    """The corner of the coarse correlated equilibria that `shares` are near, in rationals.

    A corner is where as many incentives bind as joint moves are played. Those that bind within 1e-7 are solved for
    exactly, the nearest first, and the answer is checked: no odds below 0, no gain above 0 by any kept move.

    Parameters
    ----------
    places, shares : joint moves `int[N, P]` and their probabilities `[N]`.
    kept : `bool[M]`, which moves can be made.
    units : `float[M]`, the range of payoffs of each move's player.

    None when there is no such corner, or when more than `LONGEST` joint moves are played.
    """
    if len(places) > LONGEST:
        return None
    gains = gains_of_always(payoffs, places, exactly=True)
    near = np.abs(gains.astype(float) @ shares) / units
    binding = [row for row in np.argsort(near, kind="stable") if kept[row] and near[row] <= TIGHT]
    odds = _solved([[Fraction(1)] * len(places), *gains[binding].tolist()])
    if odds is None or min(odds) < 0 or (gains[kept] @ np.array(odds) > 0).any():
        return None
    return odds


def _solved(rows: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    """The x with `rows[0] · x = 1` and 0 for the others, by elimination; None when that leaves x open.

    A row that contradicts earlier ones is left out.
    """
    reduced: list[tuple[int, list[Fraction]]] = []
    for k, row in enumerate(rows):
        rest = [*row, Fraction(k == 0)]
        for pivot, other in reduced:
            if factor := rest[pivot]:
                rest = [a - factor * b for a, b in zip(rest, other, strict=True)]
        pivot = next((j for j, value in enumerate(rest[:-1]) if value), None)
        if pivot is not None:
            reduced.append((pivot, [value / rest[pivot] for value in rest]))
    if len(reduced) < len(rows[0]):
        return None
    x = [Fraction(0)] * len(rows[0])
    for pivot, row in reversed(reduced):
        x[pivot] = row[-1] - sum((value * x[j] for j, value in enumerate(row[:-1]) if j != pivot), Fraction(0))
    return x
