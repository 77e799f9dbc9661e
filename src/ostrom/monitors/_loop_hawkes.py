"""Events that set off events: the likelihood of times and of counts, and the branching ratio with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Likelihood = Callable[[float, float, float], float]
"""The log-likelihood of a base rate, a branching ratio and a decay."""


@dataclass(frozen=True)
class Branches:
    """What is known of events that set off events.

    Attributes
    ----------
    ratio : events that one sets off by itself, on average. interval : 95 %, from the profile of the likelihood.
    base : events a unit of time that nothing set off. decay : as the likelihood has it.
    p : odds of as much where the ratio is `near` or less.
    """

    ratio: float
    interval: tuple[float, float]
    base: float
    decay: float
    p: float


def of_times(runs: Sequence[Array], ends: Sequence[float]) -> Likelihood:
    """The likelihood of sorted event times, from 0 to an end, run by run (Hawkes 1971; Ozaki 1979).

    The rate at t is base + ratio · decay · Σ exp(-decay (t - t_k)) over earlier events.
    """

    def likelihood(base: float, ratio: float, decay: float) -> float:
        total = 0.0
        for times, end in zip(runs, ends, strict=True):
            rate = base + ratio * decay * _excited(times, decay)
            total += np.log(rate).sum() - base * end - ratio * (1 - np.exp(-decay * (end - times))).sum()
        return float(total)

    return likelihood


def _excited(times: Array, decay: float) -> Array:
    """Σ exp(-decay (t_i - t_k)) over k < i, in stretches short enough for exponentials."""
    made, carry, first = np.empty(len(times)), 0.0, 0
    while first < len(times):
        last = int(np.searchsorted(times, times[first] + 500 / decay, side="right"))
        since = decay * (times[first:last] - times[first])
        weights = np.exp(since)
        before = np.concatenate([[0.0], np.cumsum(weights)[:-1]]) + carry
        made[first:last] = before / weights
        if last < len(times):
            carry = (before[-1] + weights[-1]) / weights[-1] * math.exp(-decay * (times[last] - times[last - 1]))
        first = last
    return made


def of_counts(runs: Sequence[Array]) -> Likelihood:
    """The likelihood of counts step by step, Poisson given the past (Kirchner 2016).

    The mean of a step is base + ratio · (1 - b) Σ b^(k-1) · count k steps before, where b = exp(-decay).
    """
    from scipy.signal import lfilter

    counts = np.concatenate(runs)
    some = counts > 0

    def likelihood(base: float, ratio: float, decay: float) -> float:
        b = math.exp(-decay)
        past = np.concatenate([lfilter([0.0, 1 - b], [1.0, -b], run) for run in runs])
        mean = base + ratio * past
        return float((counts[some] * np.log(mean[some])).sum() - mean.sum())

    return likelihood


def branches(likelihood: Likelihood, rate: float, speeds: tuple[float, float], near: float) -> Branches:
    """The ratio of the largest likelihood, its interval, and whether it is above `near`.

    Parameters
    ----------
    rate : events a unit of time. speeds : the smallest and the largest decay that are looked at.
    """
    from scipy.special import ndtr

    best = max((_climb(likelihood, None, rate, at, speeds) for at in ((0.3, 0.03), (0.7, 0.3))), key=lambda one: one[0])
    top, ratio, base, decay = best

    def gap(value: float) -> float:
        return 2 * (top - _climb(likelihood, value, rate, (value, decay / speeds[1]), speeds)[0])

    low = 0.0 if ratio < 1e-4 or gap(0.0) < 3.841 else _crossing(gap, 0.0, ratio)
    high = ratio + 0.1
    while gap(high) < 3.841 and high < 10:
        high += high - ratio
    signed = math.copysign(math.sqrt(max(gap(near), 0.0)), ratio - near)
    return Branches(ratio, (low, _crossing(gap, high, ratio)), base, decay, max(float(ndtr(-signed)), 1e-300))


def _crossing(gap: Callable[[float], float], far: float, near: float) -> float:
    """Where the profile falls by half of the 95 % point of χ² with one degree of freedom."""
    for _ in range(11):
        middle = (far + near) / 2
        far, near = (middle, near) if gap(middle) > 3.841 else (far, middle)
    return (far + near) / 2


def _climb(
    likelihood: Likelihood, fixed: float | None, rate: float, start: tuple[float, float], speeds: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The largest log-likelihood, and its ratio, base and decay; the ratio may be `fixed`."""
    from scipy.optimize import minimize

    def cost(x: Array) -> float:
        ratio = math.exp(x[2]) if fixed is None else fixed
        return -likelihood(math.exp(x[0]) * rate, ratio, math.exp(x[1]) * fastest)

    ratio, speed = start
    fastest, slow = speeds[1], min(math.log(speeds[0] / speeds[1]), -1e-3)
    first = [math.log(max(1 - ratio, 0.05)), max(math.log(speed), slow), math.log(max(ratio, 1e-3))]
    size = 3 if fixed is None else 2
    limits = [(-12.0, 3.0), (slow, 0.0), (-12.0, 2.0)][:size]
    found = minimize(cost, np.array(first[:size]), method="L-BFGS-B", bounds=limits)
    ratio = math.exp(found.x[2]) if fixed is None else fixed
    return -float(found.fun), ratio, math.exp(found.x[0]) * rate, math.exp(found.x[1]) * fastest
