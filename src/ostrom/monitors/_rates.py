"""False alarms over many readings: which stand when all are looked at together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.reading import Reading

DOUBT = 0.05
"""The p-value above which no reading stands by itself; only above it is it said that nothing shows something."""

CLEAR = 20.0
"""The e-value from which on a reading may stand by itself; only below it is it said that nothing shows something."""

SPARE, DRAWN = 4, 200_000
"""Readings of other monitors for each of one's own, among which it may have to stand; and draws of a test at most."""


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


def enough(readings: int, level: float = DOUBT, least: int = 0) -> int:
    """Draws that a test needs for the strongest of so many readings to stand among them, and others, at a level.

    A monitor gives the number of its own readings, or that of the agents where it is larger: others read those too.
    Benjamini and Yekutieli ask of the strongest of K for p at most level / (K (1 + 1/2 + … + 1/K)). Never fewer than
    `least`, nor more than the larger of that and `DRAWN`.

    Examples
    --------
    >>> enough(1, least=999), enough(150)
    (999, 67097)
    """
    count = max(readings, 1)
    wanted = SPARE * count * float((1 / np.arange(1, count + 1)).sum()) / level
    return max(least, min(DRAWN, math.ceil(wanted)))


def perhaps(sentence: str, p: float, level: float) -> str:
    """A sentence that states an effect, as one that is only likely if its p-value is above a level."""
    if p <= level:
        return sentence
    start = sentence[0].lower() if sentence.startswith("What ") else sentence[0]
    return f"It seems that {start}{sentence[1:]}"


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
