"""Misalignment of a population by the conflicts between its goals, as Kierans et al. (2024) count it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError, UnknownName
from ..core.game import Game
from ._standard import columns, standardise

SOURCE = "Kierans et al., Quantifying Misalignment Between Agents (2024)"

_MEANS = {
    "geometric": lambda a, b: np.sqrt(a * b),
    "arithmetic": lambda a, b: (a + b) / 2,
    "harmonic": lambda a, b: np.divide(2 * a * b, a + b, out=np.zeros_like(a), where=a + b > 0),
    "min": np.minimum,
    "max": np.maximum,
}


def misalignment(
    conflicts: Any,
    goals: Sequence[int],
    weights: Sequence[float] | None = None,
    *,
    mean: str = "geometric",
    by_goals: bool = False,
) -> float:
    """The mean conflict between the pairs of a population in one problem area, 0 … 1.

    [2 / (N (N − 1))] Σ_{i<j} C[g_i, g_j] · mean(w_i, w_j) for N agents; over several areas take the arithmetic mean.
    Fewer than two agents are in no conflict: 0.

    Parameters
    ----------
    conflicts : `[k, k]` conflicts between k goals, 0 … 1.
    goals : for every agent the number of its goal, 1 … k; 0 is no goal and conflicts with nothing.
    weights : how much each agent cares, zero or more; default 1.
    mean : how two weights are put together: geometric (the authors' default), arithmetic, harmonic, min or max.
    by_goals : multiply by k / (k − 1), so that full conflict between k goals evenly held tends to 1.

    Raises `InputError` for values out of range and lists that do not fit.

    Examples
    --------
    >>> round(misalignment([[0, 1], [1, 0]], goals=[1] * 5 + [2] * 5), 6)
    0.555556
    """
    given, chosen = np.asarray(conflicts, float), np.asarray(goals, int)
    cares = np.ones(chosen.shape) if weights is None else np.asarray(weights, float)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not ((given >= 0) & (given <= 1)).all():
        raise InputError(
            f"The conflicts are {str(conflicts)[:80]}.",
            "Conflict is a number from 0 to 1 for every pair of goals.",
            "Give a square table of such numbers.",
        )
    if cares.shape != chosen.shape or ((chosen < 0) | (chosen > len(given)) | ~(cares >= 0)).any():
        raise InputError(
            f"The goals {str(goals)[:80]} and weights {str(weights)[:80]} do not fit {len(given)} goals.",
            "Every agent has one goal, from 0 (none) to the number of goals, and one weight of zero or more.",
            "Give two lists of the same length.",
        )
    if mean not in _MEANS:
        raise UnknownName("mean of two weights", mean, _MEANS)
    if len(chosen) < 2:
        return 0.0
    first, second = np.triu_indices(len(chosen), 1)
    pairs = np.pad(given, ((1, 0), (1, 0)))[chosen[first], chosen[second]] * _MEANS[mean](cares[first], cares[second])
    return float(pairs.mean()) * (len(given) / (len(given) - 1) if by_goals and len(given) > 1 else 1.0)


def misalignment_of_principals(subject: Game | Delegation) -> Finding:
    """The same measure for the principals of a game, bystanders included, as a finding.

    A game has no list of goals, so every principal's goal is its own utility, two goals conflict by half of one less
    their correlation over the joint moves, and all weights are 1. That reading is ours. Whoever gets the same
    everywhere has no goal. Raises `TooLarge` when the joint moves cannot be listed.
    """
    delegation = as_delegation(subject)
    shapes, sizes, _ = standardise(columns(delegation.utilities))
    conflicts = np.clip((1 - shapes.T @ shapes) / 2, 0.0, 1.0)
    np.fill_diagonal(conflicts, 0.0)
    goals = np.where(sizes > 0, np.arange(len(sizes)) + 1, 0)
    degree = misalignment(conflicts, goals.tolist())
    said = (
        f"Between 0 (all want the same) and 1 (every pair is opposed), misalignment of all principals is {degree:.2f}."
    )
    numbers = {"misalignment": degree, "conflict": "(1 − correlation of utilities) / 2, weights 1"}
    return Finding("published", said, delegation.principals, numbers, SOURCE)
