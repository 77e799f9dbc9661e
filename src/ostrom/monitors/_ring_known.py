"""What all know of the past, and what is left of columns once it is taken off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._exchanges import combined
from ._ring_panel import Panel

KNOTS = 4
"""Places at which a line may break, beside its beginning."""


@dataclass(frozen=True, eq=False)
class Known:
    """What was known before some rounds: strata `int64[N]`, each with a mean of its own, and directions `float[N, K]`.

    Directions are orthonormal, and about the means of the strata.
    """

    strata: np.ndarray
    directions: np.ndarray

    @property
    def size(self) -> int:
        """How many numbers are fitted."""
        return self.directions.shape[1] + int(self.strata.max(initial=0)) + 1

    def off(self, columns: np.ndarray) -> np.ndarray:
        """What is left of columns `float[N, ...]` beside the means of strata and a line in what is known."""
        about = _centred(columns.reshape(len(columns), -1), self.strata)
        return (about - self.directions @ (self.directions.T @ about)).reshape(columns.shape)


def before(panel: Panel, rounds: np.ndarray, agents: tuple[int, ...]) -> Known:
    """What was known before some rounds, `bool[U]`, that matters to a pair of agents, or to one.

    The last moves of both and the mean of the others', all their means so far, and the number of the round; where
    episodes have one round, their number. Where the last moves of all take few values, every combination is a stratum;
    otherwise each has a broken line.
    """
    count = int(rounds.sum())
    strata = np.zeros(count, np.int64)
    if panel.staged:
        parts, strata = _past(panel, rounds, agents)
    else:
        parts = [_hinges(np.arange(count, dtype=float))]
    x = _centred(np.hstack([part.reshape(count, -1) for part in parts]), strata)
    scale = np.sqrt((x**2).mean(0)) if count else np.zeros(x.shape[1])
    x = x[:, scale > 1e-9 * max(1e-300, float(scale.max(initial=0.0)))]
    x = x / np.sqrt((x**2).mean(0)) if x.size else x
    way, size, _ = np.linalg.svd(x, full_matrices=False) if x.size else (np.zeros((count, 0)), np.zeros(0), None)
    return Known(strata, way[:, size > 1e-8 * max(1e-300, float(size.max(initial=0.0)))])


def _past(panel: Panel, rounds: np.ndarray, agents: tuple[int, ...]) -> tuple[list[np.ndarray], np.ndarray]:
    """Columns of the past, and the stratum of each round, `int64[rounds]`."""
    strata = np.zeros(int(rounds.sum()), np.int64)
    for column in panel.past[0][rounds].T:
        strata = combined([strata, np.unique(column, return_inverse=True)[1].reshape(-1)], len(strata))
        if strata.max(initial=0) + 1 > len(strata) / 8:
            break
    last, mean = (_three(part[rounds], agents) for part in panel.past)
    known = [mean, _hinges(_place(panel)[rounds])]
    if strata.max(initial=0) + 1 > len(strata) / 8:
        known += [last, *(_hinges(column) for column in last.T), _products(last)]
        strata = np.zeros(len(strata), np.int64)
    return known, strata


def _three(columns: np.ndarray, pair: tuple[int, ...]) -> np.ndarray:
    """The columns of a pair, and the mean of the others."""
    others = np.delete(columns, pair, 1)
    return np.column_stack([columns[:, pair], others.mean(1)]) if others.shape[1] else columns[:, pair]


def _place(panel: Panel) -> np.ndarray:
    """The number of a round in its episode."""
    start = np.maximum.accumulate(np.where(panel.first, np.arange(len(panel.first)), 0))
    return (np.arange(len(start)) - start).astype(float)


def _hinges(column: np.ndarray) -> np.ndarray:
    """A broken line in a column, `float[N, KNOTS]`, with its knots at even shares."""
    knots = np.unique(np.quantile(column, np.linspace(0, 1, KNOTS + 2)[:-1])) if len(column) else np.zeros(1)
    return np.maximum(0.0, column[:, None] - knots)


def _products(columns: np.ndarray) -> np.ndarray:
    i, j = np.triu_indices(columns.shape[1])
    scaled = (columns - columns.mean(0)) / np.maximum(columns.std(0), 1e-300)
    return scaled[:, i] * scaled[:, j]


def _centred(x: np.ndarray, strata: np.ndarray) -> np.ndarray:
    if not strata.any():
        return x - x.mean(0) if len(x) else x
    count = np.bincount(strata)
    means = np.stack([np.bincount(strata, column) / count for column in x.T], 1) if x.shape[1] else x[:0]
    return x - means[strata] if x.shape[1] else x
