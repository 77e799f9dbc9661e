"""Birth-death chains between 0 and Z: odds and times of absorption, in logarithms that do not underflow."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array

Process = Literal["pairwise comparison", "Moran", "linear Moran"]


def log_rates(own: Array, other: Array, process: Process, strength: float) -> tuple[Array, Array]:
    """Logarithms of the odds that a step makes one mutant more, and one fewer, `float[..., Z - 1]` each.

    `own` and `other` are what mutants and residents earn where there are 1 … Z - 1 mutants.
    """
    size = own.shape[-1] + 1
    mutants = np.arange(1, size)
    if process == "pairwise comparison":
        meet = np.log(mutants * (size - mutants) / (size * (size - 1)))
        gain = strength * (own - other)
        return meet - np.logaddexp(0.0, -gain), meet - np.logaddexp(0.0, gain)
    one, two = (_log_fitness(worth, process, strength) for worth in (own, other))
    born, rest = np.log(mutants) + one, np.log(size - mutants) + two
    all_ = np.logaddexp(born, rest)
    return born - all_ + np.log((size - mutants) / size), rest - all_ + np.log(mutants / size)


def log_ratios(own: Array, other: Array, process: Process, strength: float) -> Array:
    """Logarithms of how many times likelier one fewer is than one more, `float[..., Z - 1]`."""
    if process == "linear Moran":
        return _log_fitness(other, process, strength) - _log_fitness(own, process, strength)
    return -strength * (own - other)


def log_fixation(ratios: Array) -> Array:
    """Logarithms of the odds to take over of 0 … Z mutants, `float[..., Z + 1]` (Karlin and Taylor 1975)."""
    steps = np.concatenate([np.zeros((*ratios.shape[:-1], 1)), np.cumsum(ratios, axis=-1)], axis=-1)
    sums = np.logaddexp.accumulate(steps, axis=-1)
    never = np.full((*ratios.shape[:-1], 1), -np.inf)
    return np.concatenate([never, sums - sums[..., -1:]], axis=-1)


def times(up: Array, ratios: Array) -> tuple[float, float]:
    """Mean steps until one mutant's kind has died out or taken over; and if it does (Antal and Scheuring 2006)."""
    logs = log_fixation(ratios)
    steps = np.cumsum(ratios)
    either = np.logaddexp.accumulate(-up - steps)
    success = np.logaddexp.accumulate(logs[1:-1] - up - steps)
    return _exp(logs[1] + np.logaddexp.reduce(steps + either)), _exp(np.logaddexp.reduce(steps + success))


def require_process(process: str, population: int, strength: float) -> None:
    """`InputError` or `UnknownName` for what is no process."""
    if process not in get_args(Process):
        raise UnknownName("process", str(process), get_args(Process))
    if population < 2 or not 0 <= strength < np.inf:
        raise InputError(
            f"A population of {population}, strength {strength}.",
            "It takes two to compare, and selection has a strength from 0.",
            "Give 2 or more, and such a strength.",
        )


def _log_fitness(worth: Array, process: Process, strength: float) -> Array:
    if process == "Moran":
        return strength * worth
    fitness = 1 - strength + strength * worth
    if (fitness <= 0).any():
        raise InputError(
            f"At strength {strength} a fitness is {fitness.min():g}.",
            "A linear fitness, 1 - strength + strength * payoff, has to stay positive.",
            'Take weaker selection, or the exponential fitness of "Moran".',
        )
    return np.log(fitness)


def _exp(log: float) -> float:
    """The number itself; infinity beyond float64."""
    return float(np.exp(log)) if log < 709 else float("inf")
