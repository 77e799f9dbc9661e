"""The precision that explains observed play best."""

from __future__ import annotations

import math

import numpy as np

from ..core.game import Mixture
from ._branch import Branch
from ._golden import peak


def logit_fit(branch: Branch, counts: Mixture) -> float:
    """The λ in [0, ∞], one over payoff units, at which the branch makes counts of own moves most likely.

    `counts` are `float[A_i]` per player, numbers or shares; players count by how often they were seen. Maximum
    likelihood over the first crossing of every λ (McKelvey and Palfrey 1995). 0 means that blind chance explains the
    counts at least as well as any λ > 0, ∞ that the limit of the branch does.
    """

    def likelihood(precision: float) -> float:
        return log_likelihood(branch.at(precision), counts)

    first = np.flatnonzero(np.diff(np.maximum.accumulate(branch.precisions), prepend=-1.0) > 0)
    rising = branch.precisions[first].tolist()
    found = [log_likelihood(branch.logit.layout.split(branch.odds[k]), counts) for k in first]
    best = int(np.argmax(found))
    low, high = rising[max(best - 1, 0)], rising[min(best + 1, len(rising) - 1)]
    inside = peak(likelihood, low, high, 1e-8 * high)
    slack = 1e-10 * (1 + abs(found[0]))
    if likelihood(math.inf) >= likelihood(inside) - slack:
        return math.inf if likelihood(math.inf) > found[0] + slack else 0.0
    return 0.0 if found[0] >= likelihood(inside) - slack else inside


def log_likelihood(mixture: Mixture, counts: Mixture) -> float:
    """Σ counts · log odds over all players' moves; −∞ when something seen has odds 0."""
    odds, seen = np.concatenate(mixture), np.concatenate(counts)
    if np.any(odds[seen > 0] <= 0):
        return -math.inf
    return float(seen[seen > 0] @ np.log(odds[seen > 0]))
