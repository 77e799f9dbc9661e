"""False alarms over many readings: which stand when all are looked at together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.reading import Reading


def standing(readings: Sequence[Reading], level: float) -> tuple[Reading, ...]:
    """The readings that stand at a false-discovery rate of at most `level`, whatever depends on what.

    p-values by Benjamini and Yekutieli (2001), e-values by e-BH (Wang and Ramdas 2022), each with its part of the level
    by how many there are: the share of false ones among the union is at most the sum of both shares.
    """
    tested = [reading for reading in readings if reading.e is None]
    betted = [reading for reading in readings if reading.e is not None]
    share = level / max(len(readings), 1)
    kept = [
        *(tested[k] for k in by(np.array([one.p for one in tested], float), share * len(tested))),
        *(betted[k] for k in e_bh(np.array([one.e for one in betted], float), share * len(betted))),
    ]
    return tuple(reading for reading in readings if any(reading is one for one in kept))


def by(p: np.ndarray, level: float) -> np.ndarray:
    """Which p-values `float[K]` Benjamini and Yekutieli's procedure rejects at a level, by number.

    Examples
    --------
    >>> by(np.array([0.001, 0.5, 0.004]), 0.05).tolist()
    [0, 2]
    """
    count = len(p)
    harmonic = (1 / np.arange(1, count + 1)).sum()
    return _step_up(p, level * np.arange(1, count + 1) / (count * harmonic)) if count else np.arange(0)


def e_bh(e: np.ndarray, level: float) -> np.ndarray:
    """Which e-values `float[K]` the e-BH procedure rejects at a level, by number.

    Examples
    --------
    >>> e_bh(np.array([100.0, 1.0, 50.0]), 0.05).tolist()
    [0, 2]
    """
    count = len(e)
    with np.errstate(divide="ignore", over="ignore"):
        return _step_up(1 / e, level * np.arange(1, count + 1) / count) if count else np.arange(0)


def _step_up(values: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    order = np.argsort(values, kind="stable")
    within = np.flatnonzero(values[order] <= bounds)
    return np.sort(order[: within[-1] + 1]) if len(within) else order[:0]
