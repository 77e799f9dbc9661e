"""Conditional randomisation: draw the secret again as it was drawn, and see how often chance says as much.

Where the carrier rolls what is private with odds that it declares, the test is exact at any size and for any statistic,
however what is said came about (Candès, Fan, Janson and Lv 2018).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

ROUNDS = 9_999
"""Draws at most: the smallest p-value is one in ROUNDS + 1."""

STOP = 20
"""Draws with as much as what was seen, after which it is clear that chance does it."""

FIRST, MOST = 32, 512
"""Draws in the first batch, and at most in one."""


def sequential(
    reaches: Callable[[int], np.ndarray], rounds: int = ROUNDS, stop: int = STOP, most: int = MOST
) -> tuple[float, int]:
    """The p-value of a test by simulation, and the draws that it took.

    Parameters
    ----------
    reaches : draws a batch of this many, and says of each whether it has at least as much as what was seen.
    rounds : draws at most. stop : ends as soon as so many had as much (Besag and Clifford 1991); the p-value, `stop`
        over the draws, keeps its level just as (1 + those with as much) / (1 + rounds) does.
    most : draws in a batch at most.

    Examples
    --------
    >>> sequential(lambda count: np.zeros(count, bool), rounds=999)
    (0.001, 999)
    >>> sequential(lambda count: np.ones(count, bool))
    (1.0, 20)
    """
    drawn, reached, size = 0, 0, FIRST
    while drawn < rounds:
        batch = np.cumsum(reaches(min(size, rounds - drawn, most)))
        if reached + batch[-1] >= stop:
            return stop / (drawn + 1 + int(np.searchsorted(batch, stop - reached))), drawn + len(batch)
        drawn, reached, size = drawn + len(batch), reached + int(batch[-1]), size * 2
    return (reached + 1) / (drawn + 1), drawn


def randomised(
    statistic: Callable[[np.ndarray], np.ndarray],
    secret: np.ndarray,
    odds: np.ndarray,
    rng: np.random.Generator,
    units: np.ndarray | None = None,
    rounds: int = ROUNDS,
) -> float:
    """The p-value of a conditional randomisation test.

    Parameters
    ----------
    statistic : of secrets `int[B, N]`, as codes: `float[B]`, large where what is said goes with them.
    secret : `int[N]`, those that were drawn. odds : `float[N, K]`, how.
    units : `int[N]`; rows with one number share one draw. Default every row has its own.
    """
    redrawn = Odds(odds, units)
    seen = float(statistic(secret[None])[0])
    slack = 1e-9 * max(1.0, abs(seen))
    return sequential(lambda count: statistic(redrawn.draw(rng, count)) >= seen - slack, rounds)[0]


@dataclass(frozen=True, eq=False)
class Odds:
    """Draws secrets with their odds `float[N, K]`, one for all rows of a unit `int[N]`."""

    odds: np.ndarray
    units: np.ndarray | None = None

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Codes of `count` draws, `int64[count, N]`."""
        first = np.arange(len(self.odds)) if self.units is None else np.unique(self.units, return_index=True)[1]
        rows, many = self.odds[first], len(first)
        steps = np.minimum(np.cumsum(rows, 1), 1.0)
        steps[:, -1] = 1.0
        # one sorted list for all rows: row r occupies [r, r + 1]
        edges = (steps + np.arange(many)[:, None]).reshape(-1)
        found = np.searchsorted(edges, rng.random((count, many)) + np.arange(many), side="right")
        codes = np.minimum(found - rows.shape[1] * np.arange(many), _last(rows))
        return codes if self.units is None else codes[:, np.unique(self.units, return_inverse=True)[1].reshape(-1)]


def _last(rows: np.ndarray) -> np.ndarray:
    """The last value with odds above 0 in every row: where rounding would lead beyond it."""
    return rows.shape[1] - 1 - np.argmax(rows[:, ::-1] > 0, axis=1)


def batches(rows: int) -> int:
    """Draws in a batch so that a few numbers for each of `rows` stay in the cache, and not above `MOST`."""
    return int(np.clip(2_000_000 // max(1, rows), 8, MOST))
