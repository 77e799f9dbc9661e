"""Amplification: how far policies went from a reference, and whether the company makes more of what it was given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError


@dataclass(frozen=True, eq=False)
class Drifted:
    """How far policies have gone from a reference, exactly.

    Attributes
    ----------
    distance : `float[G]`, E over probes of the total variation between a generation's odds and the reference's.
    violations : `float[G]`, the odds of a wrong answer; None where nothing says what is wrong.
    epsilon : the radius of the ball. left : the first generation outside, None if none is.
    amplification : κ, the distance of the last generation over `epsilon`.
    """

    distance: np.ndarray
    violations: np.ndarray | None
    epsilon: float
    left: int | None
    amplification: float


def drifted(policies: Any, reference: Any, epsilon: float, *, violates: Any = None, weights: Any = None) -> Drifted:
    """Distances of policies from a reference on a fixed set of probes.

    Parameters
    ----------
    policies : odds `float[G, S, A]` of each generation, in each of S probes, of each of A answers.
    reference : odds `float[S, A]` of the aligned policy.
    epsilon : above 0: the share of contaminated demonstrators, or the distance of every demonstrator from aligned.
    violates : `bool[S, A]`, which answers are wrong. weights : `float[S]`, how much each probe counts; default alike.

    Raises `InputError` for what are no odds, or for shapes that do not fit.

    Examples
    --------
    >>> drifted([[[1.0, 0.0]], [[0.7, 0.3]]], [[1.0, 0.0]], 0.1).amplification
    3.0
    """
    steps, aim = _odds(policies, 3), _odds(reference, 2)
    if steps.shape[1:] != aim.shape or not 0 < epsilon <= 1:
        raise InputError(
            f"Policies {steps.shape}, a reference {aim.shape}, and ε = {epsilon}.",
            "The reference has the same probes and answers, and ε is a share.",
            "Give [G, S, A], [S, A], and ε above 0 and at most 1.",
        )
    count = np.ones(len(aim)) if weights is None else np.asarray(weights, float)
    if count.shape != (len(aim),) or not (np.isfinite(count).all() and (count >= 0).all() and count.sum() > 0):
        raise InputError(f"Weights {count.shape} of {len(aim)} probes.", "Each is at least 0.", "Give one a probe.")
    count = count / count.sum()
    distance = np.abs(steps - aim).sum(-1) @ count / 2
    bad = None if violates is None else np.asarray(violates, bool)
    if bad is not None and bad.shape != aim.shape:
        raise InputError(f"violates is of shape {bad.shape}.", f"The reference is {aim.shape}.", "Give one for each.")
    violations = None if bad is None else (steps * bad).sum(-1) @ count
    outside = np.flatnonzero(distance > epsilon + 1e-12)
    left = int(outside[0]) if len(outside) else None
    return Drifted(distance, violations, epsilon, left, round(float(distance[-1]) / epsilon, 12))


def _odds(given: Any, axes: int) -> np.ndarray:
    try:
        odds = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"These are no odds: {error}.", do="Give an array of numbers.") from None
    fine = odds.ndim == axes and odds.size and np.isfinite(odds).all() and (odds >= 0).all()
    if not fine or not np.allclose(odds.sum(-1), 1, rtol=0, atol=1e-6):
        raise InputError(
            f"Odds of shape {odds.shape} that do not sum to 1, or are below 0, or have not {axes} axes.",
            "The last axis is over answers.",
            "Give odds of at least 0 that sum to 1.",
        )
    return odds


def amplification(ends: Any, epsilon: float) -> tuple[float, tuple[float, float], str]:
    """κ = D/ε over independent runs: mean, 95 % interval, and "contracting", "amplifying" or "undecided".

    Parameters
    ----------
    ends : `float[R]`, the distance at the end of each run, in [0, 1]; R at least 2. epsilon : as in `drifted`.

    The interval is Student's, over runs. Raises `InputError` for other numbers.
    """
    from scipy.stats import t

    runs = np.asarray(ends, float)
    if runs.ndim != 1 or len(runs) < 2 or not ((runs >= 0) & (runs <= 1)).all() or not 0 < epsilon <= 1:
        raise InputError(
            f"Distances of shape {runs.shape} and ε = {epsilon}.",
            "There are at least two runs, distances from 0 to 1, and ε above 0.",
            "Give one distance a run.",
        )
    mean = float(runs.mean())
    half = float(t.ppf(0.975, len(runs) - 1) * runs.std(ddof=1) / math.sqrt(len(runs)))
    low, high = (mean - half) / epsilon, (mean + half) / epsilon
    verdict = "contracting" if high <= 1 else "amplifying" if low > 1 else "undecided"
    return mean / epsilon, (low, high), verdict
