"""Elo ratings by maximum likelihood, and how far what they predict is from what happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.game import Array

POINTS = 400 / np.log(10)
"""Elo points per unit of log-odds: 400 points are odds of ten to one."""

SURE = 0.99
"""The surest win that ratings are fitted to: certain ones would have no finite rating."""

COPIES = 10
"""How many of one contestant there are when it is asked what copies change."""

MANY = 100
"""Contestants up to which copies of each are tried."""

EVEN = 1e-6
"""Elo points below which two ratings are the same."""


@dataclass(frozen=True, eq=False)
class Elo:
    """Ratings, and where they mislead.

    Attributes
    ----------
    ratings : `float[A]`, in points around 0.
    actual : `float[A, A]`, how often the row wins against the column (draws count half).
    predicted : the same from the ratings.
    top : who are rated highest.
    beaten_by : who wins more often than not against the first, where there is one first.
    copied : whom ten copies of which put somebody else first, and who that is; None where there is no such.
    """

    ratings: Array
    actual: Array
    predicted: Array
    top: tuple[int, ...]
    beaten_by: tuple[int, ...]
    copied: tuple[int, int] | None

    @property
    def first(self) -> int | None:
        """Who is rated highest; None where several are."""
        return self.top[0] if len(self.top) == 1 else None

    @property
    def worst(self) -> tuple[int, int]:
        """The pair (winner, loser) whose win rate is furthest from what is predicted."""
        a, b = np.unravel_index((self.actual - self.predicted).argmax(), self.actual.shape)
        return int(a), int(b)

    @property
    def error(self) -> float:
        """How far that is, from 0 to 1."""
        return float((self.actual - self.predicted).max())


def elo(advantages: Array, unit: float) -> Elo | None:
    """Elo ratings for win rates 1/2 + advantages / (2 unit); None where there is nobody to win against.

    A table of win rates has `unit` 1/2 and advantages of win rate less one half; otherwise the largest advantage is
    taken for a sure win. Every pair is as many games; the likelihood is that of Bradley and Terry (1952).
    """
    if len(advantages) < 2 or unit <= 0:
        return None
    actual = 0.5 + advantages / (2 * unit)
    ratings = _fitted(actual, np.ones(len(actual)))
    top = tuple(int(k) for k in np.flatnonzero(ratings > ratings.max() - EVEN))
    beaten = tuple(int(k) for k in np.flatnonzero(actual[:, top[0]] > 0.5 + EVEN)) if len(top) == 1 else ()
    return Elo(
        ratings, actual, _odds(ratings / POINTS), top, beaten, _copied(actual, top[0]) if len(top) == 1 else None
    )


def _copied(actual: Array, first: int) -> tuple[int, int] | None:
    """Of whom copies put somebody else first, by the widest margin."""
    if len(actual) > MANY:
        return None
    best, found = EVEN, None
    for k in range(len(actual)):
        ratings = _fitted(actual, np.where(np.arange(len(actual)) == k, float(COPIES), 1.0))
        lead = float(ratings.max() - ratings[first])
        if lead > best:
            best, found = lead, (k, int(ratings.argmax()))
    return found


def _fitted(actual: Array, weights: Array) -> Array:
    """Ratings in points by Newton's method, around 0; pair (i, j) counts weights[i] weights[j] times."""
    actual = np.clip(actual, 1 - SURE, SURE)
    games = np.outer(weights, weights) * (1 - np.eye(len(weights)))
    logs = np.zeros(len(weights))
    for _ in range(100):
        odds = _odds(logs)
        slope = (games * (actual - odds)).sum(axis=1)
        if np.abs(slope).max() < 1e-13 * games.sum():
            break
        bend = games * odds * (1 - odds)
        curve = np.diag(bend.sum(axis=1)) - bend + 1 / len(weights)
        step = np.linalg.solve(curve, slope)
        logs = logs + step * min(1.0, 2.0 / np.abs(step).max())
    return (logs - logs.mean()) * POINTS


def _odds(logs: Array) -> Array:
    return 1 / (1 + np.exp(logs - logs[:, None]))
