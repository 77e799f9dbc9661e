"""Fixation of a mutant in a population under the Fermi process, and the chain of monomorphic states it makes.

The odds that one mutant among `m` takes over are 1 / Σ_l exp(-α D_l), l = 0 … m-1, where D_l is what mutants were
better by, summed over the first l sizes of their group (Traulsen, Nowak and Pacheco 2006). They are kept as logarithms;
in the limit α → ∞ as the power of ε = exp(-α) with which they vanish and a coefficient.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._components import sinks
from ._gth import stationary_limit, stationary_of_logs

Lead = Callable[[int], Array]
"""From a number l of mutants to D_l for every transition, `[E]`."""


class Chain(NamedTuple):
    """Transitions `tails[k] -> heads[k]` among `count` states, each tried equally often, with mutants' lead."""

    count: int
    tails: Array
    heads: Array
    lead: Lead

    def masses(self, alpha: float, population: int) -> Array:
        """The stationary distribution `float[S]`; the exact limit where `alpha` is infinite (then leads are whole)."""
        if self.count == 1:
            return np.ones(1)
        at, shape = (self.tails, self.heads), (self.count, self.count)
        logs = np.full(shape, -np.inf)
        if alpha == math.inf:
            power, logs[at] = limiting_fixation(self.lead, population)
            powers = np.zeros(shape, power.dtype)
            powers[at] = power
            return stationary_limit(powers, logs)
        logs[at] = log_fixation(self.lead, population, alpha)
        return stationary_of_logs(logs)

    def sinks(self, population: int) -> tuple[tuple[int, ...], ...]:
        """The sets of states that mutants who never fall behind do not lead out of; leads are whole numbers."""
        powers, _ = limiting_fixation(self.lead, population)
        open_ = powers == 0
        return sinks(self.count, self.tails[open_], self.heads[open_])


def log_fixation(lead: Lead, population: int, alpha: float) -> Array:
    """Logarithms of the odds to take over, `float[E]`."""
    total = np.zeros(np.shape(lead(1)))
    for mutants in range(1, population):
        total = np.logaddexp(total, -alpha * lead(mutants).astype(float))
    return -total


def limiting_fixation(lead: Lead, population: int) -> tuple[Array, Array]:
    """The same for α → ∞: odds tend to exp(logs) · exp(-α)^powers; powers are as whole as the leads, from 0."""
    first = lead(1)
    worst, ties = np.zeros_like(first), np.ones(first.shape)
    for mutants in range(1, population):
        behind = -lead(mutants)
        ties = np.where((behind > worst).astype(bool), 1.0, ties + (behind == worst).astype(bool))
        worst = np.maximum(worst, behind)
    return worst, -np.log(ties)
