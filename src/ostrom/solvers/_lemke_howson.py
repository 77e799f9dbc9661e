"""Lemke and Howson's path (1964) to one equilibrium of a two-player game, in floats, ties broken lexicographically."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from ..core.game import Array, Mixture

SMALL = 1e-11
"""Entries below this share of the largest of their column count as zero."""
TIE = 1e-12
"""Quotients closer than this share are compared by the perturbation."""


def lemke_howson(row: Array, column: Array, deadline: float) -> Iterator[Mixture]:
    """Where the paths from dropping each label end, for payoffs `[m, n]` of both players, shortest paths first.

    A path that takes many pivots is put aside while other labels are tried, and begun again later with a longer limit
    (Codenotti, De Rossi and Pagan 2008). Ends at `deadline` (`time.monotonic()`).
    """
    labels, limit = list(range(sum(row.shape))), 2 * sum(row.shape)
    while labels:
        later = []
        for label in labels:
            if time.monotonic() > deadline:
                return
            found, finished = _path(row, column, label, limit, deadline)
            if found is not None:
                yield found
            if not finished:
                later.append(label)
        labels, limit = later, 4 * limit


def _path(row: Array, column: Array, dropped: int, limit: int, deadline: float) -> tuple[Mixture | None, bool]:
    """The equilibrium at the end of one path, and whether the path ended (in one or in rounding) within `limit`."""
    rows, columns = row.shape
    # Labels 0..m-1 are player 1's moves, m..m+n-1 player 2's; each tableau has a column for every label.
    first = _Tableau(_positive(column).T, range(rows), range(rows, rows + columns))
    second = _Tableau(_positive(row), range(rows, rows + columns), range(rows))
    here, other = (first, second) if dropped < rows else (second, first)
    entering = dropped
    for step in range(limit):
        leaving = here.enter(entering)
        if leaving is None:
            return None, True
        if leaving == dropped:
            return (first.mixture(0, rows), second.mixture(rows, rows + columns)), True
        if step % 64 == 63 and time.monotonic() > deadline:
            return None, False
        here, other, entering = other, here, leaving
    return None, False


def _positive(payoffs: Array) -> Array:
    """The same best replies with entries between 1 and 2."""
    return 1 + (payoffs - payoffs.min()) / (float(np.ptp(payoffs)) or 1.0)


class _Tableau:
    """`matrix z + slack = 1` with `z`, `slack` ≥ 0, as rows `[r, labels + 1]` solved for the basic variables."""

    def __init__(self, matrix: Array, variables: range, slacks: range) -> None:
        self.rows = np.zeros((len(matrix), len(variables) + len(slacks) + 1))
        self.rows[:, variables.start : variables.stop] = matrix
        self.rows[np.arange(len(matrix)), list(slacks)] = 1
        self.rows[:, -1] = 1
        self.slacks, self.basic = slacks, np.array(slacks)

    def enter(self, label: int) -> int | None:
        """Bring a variable into the basis; the label of the one that leaves, None when rounding has left nothing."""
        column = self.rows[:, label]
        may = np.flatnonzero(column > SMALL * np.abs(column).max())
        # The value first; where it ties, the coefficients of the perturbation of each slack.
        for compared in (-1, *self.slacks):
            if not len(may):
                return None
            quotient = self.rows[may, compared] / column[may]
            least = quotient.min()
            may = may[quotient <= least + TIE * (abs(least) or 1.0)]
            if len(may) == 1:
                break
        at = may[0]
        self.rows[at] /= column[at]
        factors = self.rows[:, label].copy()
        factors[at] = 0
        self.rows -= factors[:, None] * self.rows[at]
        leaving, self.basic[at] = int(self.basic[at]), label
        return leaving

    def mixture(self, first: int, beyond: int) -> Array:
        """The values of the variables with these labels, as probabilities."""
        values = np.zeros(self.rows.shape[1] - 1)
        values[self.basic] = np.maximum(self.rows[:, -1], 0)
        own = values[first:beyond]
        return own / own.sum()
