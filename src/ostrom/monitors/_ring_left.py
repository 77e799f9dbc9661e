"""What is left of moves once all that was known before they were made is taken off."""

from __future__ import annotations

import numpy as np

from ._exchanges import combined
from ._ring_panel import Panel

KNOTS = 4
"""Places at which a line may break, beside its beginning."""


def left(panel: Panel, kept: np.ndarray, pair: tuple[int, int] = (0, 1)) -> tuple[np.ndarray, float] | None:
    """What is left of the moves of two agents once what was known before is taken off, `float[kept, 2]`.

    And which share of the rounds is left beside the means and slopes that were fitted. None where there are more of
    these than a third of the rounds.

    Known are the last moves of both and the mean of the others', all their means so far, the number of the round, and
    what the agent was shown; where episodes have one round, their number. Where the last moves of all take few values,
    every combination has a mean of its own; otherwise each has a broken line.
    """
    rounds = int(kept.sum())
    trend = [_hinges(np.arange(rounds, dtype=float))]
    known, strata = _known(panel, kept, pair) if panel.staged else (trend, np.zeros(rounds, np.int64))
    found, fitted = [], 0
    for i in pair:
        shown = panel.seen[kept, i]
        bent = [_hinges(column) for column in shown.T] if shown.shape[1] <= 4 else []
        rest, slopes = _residual(panel.moves[kept, i], [*known, *bent, shown], strata)
        found.append(rest)
        fitted = max(fitted, slopes + int(strata.max(initial=0)) + 1)
    return None if fitted > len(strata) / 3 else (np.stack(found, 1), 1 - fitted / len(strata))


def _known(panel: Panel, kept: np.ndarray, pair: tuple[int, int]) -> tuple[list[np.ndarray], np.ndarray]:
    """What all know of the past, and the stratum of each round, `int64[kept]`."""
    codes = [np.unique(column, return_inverse=True)[1].reshape(-1) for column in panel.past[0][kept].T]
    strata = combined(codes, len(codes[0]))
    last, mean = (_three(part[kept], pair) for part in panel.past)
    known = [mean, _hinges(_place(panel)[kept])]
    if strata.max(initial=0) + 1 > len(strata) / 8:
        known += [last, *(_hinges(column) for column in last.T), _products(last)]
        strata = np.zeros(len(strata), np.int64)
    return known, strata


def _three(columns: np.ndarray, pair: tuple[int, int]) -> np.ndarray:
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


def _residual(y: np.ndarray, known: list[np.ndarray], strata: np.ndarray) -> tuple[np.ndarray, int]:
    """What is left of `y` beside the means of strata and a line in what is known, 0 where that is rounding; slopes."""
    y = _centred(y[:, None], strata)[:, 0]
    x = np.hstack([part.reshape(len(y), -1) for part in known]) if known else np.zeros((len(y), 0))
    x = _centred(x, strata)
    scale = np.sqrt((x**2).mean(0))
    x = x[:, scale > 1e-9 * max(1e-300, float(scale.max(initial=0.0)))]
    x = x / np.sqrt((x**2).mean(0))
    slope, _, rank, _ = np.linalg.lstsq(x, y, rcond=1e-8) if x.shape[1] else (np.zeros(0), None, 0, None)
    found = y - x @ slope
    return np.where(np.abs(found) > 1e-9 * max(1e-300, float(np.abs(y).max(initial=0.0))), found, 0.0), int(rank)


def _centred(x: np.ndarray, strata: np.ndarray) -> np.ndarray:
    count = np.bincount(strata)
    means = np.stack([np.bincount(strata, column) / count for column in x.T], 1) if x.shape[1] else x[:0]
    return x - means[strata] if x.shape[1] else x
