"""How sure the fitted precision is, and what it leaves unexplained: both are fitted anew in every redraw of models."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.delegation import Delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..solvers.logit import Branch
from ._log_intervals import Estimate, Resamples
from ._log_play import Observed
from ._play import PURSUED, Play, expect

LADDER = np.append(0.0, np.geomspace(1e-3, 1e3, 1201))
"""Precisions among which a redraw's is looked for, besides ∞: steps of about one percent."""


def refitted(
    base: NormalForm, observed: Observed, facets: Any, resamples: Resamples, level: float
) -> tuple[Estimate, Estimate]:
    """The fitted precision and the unexplained line of `facets`, each with an interval.

    The precision's interval is taken of λ/(1+λ), which runs from 0 to 1, and put back: its upper end may be ∞.
    """
    play = Play(Delegation(base))
    branch = play.branch(play.all(PURSUED))
    seats = np.cumsum(base.sizes)[:-1]
    precisions, odds = _ladder(branch, play.unit, seats)
    worth = np.array([expect(play.worth, np.split(row, seats)) for row in odds])
    joint = resamples.sums(observed.by_pairing)
    best = _likeliest(_own(joint) @ np.log(np.maximum(odds, 1e-300)).T)
    seen = joint.reshape(len(joint), -1)
    total = seen.sum(1)
    welfare = np.divide(seen @ play.worth.ravel(), total, out=np.full(len(total), math.nan), where=total > 0)
    bounded = np.where(total > 0, _bounded(precisions[best]), math.nan)
    fit = resamples.estimate(float(_bounded(facets.precision)), bounded, observed.basis, level).within(0, 1)
    ends = [None if end is None else (math.inf if end == 1 else end / (1 - end)) for end in (fit.low, fit.high)]
    return (
        replace(fit, value=facets.precision, low=ends[0], high=ends[1]),
        resamples.estimate(facets.unexplained, worth[best] - welfare, observed.basis, level),
    )


def _ladder(branch: Branch, unit: float, seats: Array) -> tuple[Array, Array]:
    """Precisions `float[G]` up to ∞, and all players' odds `float[G, n]` there, at the first crossing of each.

    Between two points of the walk log-odds are interpolated, which is exact where they grow in proportion to λ.
    """
    walked = branch.precisions * unit
    first = np.flatnonzero(walked > np.append(-1.0, np.maximum.accumulate(walked)[:-1]))
    steps = LADDER[walked[first[-1]] >= LADDER]
    logs = np.log(np.maximum(branch.odds[first], 1e-300))
    between = np.exp(np.stack([np.interp(steps, walked[first], column) for column in logs.T], axis=1))
    odds = np.hstack([own / own.sum(1, keepdims=True) for own in np.split(between, seats, axis=1)])
    return np.append(steps, math.inf), np.vstack([odds, np.concatenate(branch.at(math.inf))])


def _likeliest(likelihoods: Array) -> Array:
    """The best column of log-likelihoods `[B, G]`; of equals the last, perfect play, then the first, blind chance."""
    slack = 1e-9 * (1 + np.abs(likelihoods[:, 0]))
    return np.where(likelihoods[:, -1] >= likelihoods.max(1) - slack, likelihoods.shape[1] - 1, likelihoods.argmax(1))


def _own(joint: Array) -> Array:
    """How often every player made every move, `float[B, n]`, from joint moves `[B, A_1, …, A_P]`."""
    axes = range(1, joint.ndim)
    return np.concatenate([joint.sum(axis=tuple(a for a in axes if a != seat)) for seat in axes], axis=1)


def _bounded(precision: Any) -> Array:
    return 1 - 1 / (1 + np.asarray(precision, float))
