"""Imitation in populations that can be composed in too many ways to list: simulated, with an interval."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ._groups import Payoffs, earned_at, payoffs_of
from ._imitation import odds_of, require_process


@dataclass(frozen=True, eq=False)
class SampledShares:
    """How often each strategy was had, by simulation.

    Attributes
    ----------
    mean : `float[S]`, the mean share of each strategy over time and runs.
    interval : `float[S, 2]`, 95 % for each, by Student's t over the means of independent runs. Runs start from each
        strategy in turn, so that an interval is wide where they have not forgotten where they began.
    runs : `float[R, S]`, the mean of each run.
    steps, seed : counted steps of each run, after as many as a quarter of them that are not; and the seed.
    method : says that it is sampled.
    """

    mean: Array
    interval: Array
    runs: Array = field(repr=False)
    steps: int
    seed: int
    method: str = "sampled: batch means of independent runs"


def sampled_comparison(
    payoffs: Game | Payoffs,
    strategies: int | None = None,
    population: int = 100,
    *,
    strength: float = 1.0,
    mutation: float,
    steps: int = 100_000,
    runs: int = 32,
    seed: int = 0,
) -> SampledShares:
    """The process of `pairwise_comparison`, simulated.

    Only steps that change something are drawn, and what a population is between them counts for as many steps as it
    takes on average. The same seed gives the same answer.

    Parameters
    ----------
    payoffs, strategies, population, strength, mutation : as in `pairwise_comparison`.
    steps, runs : how many steps of each run are counted, and how many runs, 2 or more.

    Raises `InputError` for numbers out of range, and for payoffs that are not finite.
    """
    payoffs, strategies = payoffs_of(payoffs, population, strategies)
    require_process(strategies, population, strength, mutation)
    if steps < 1 or runs < 2:
        raise InputError(
            f"{steps} steps of {runs} runs.", "An interval needs two means of something.", "Ask for more of them."
        )
    rng = np.random.default_rng(seed)
    counts = population * np.eye(strategies, dtype=int)[np.arange(runs) % strategies]
    clock, begin, end = np.zeros(runs), steps / 4, steps * 1.25
    total = np.zeros((runs, strategies))
    live = np.arange(runs)
    while len(live):
        now = counts[live]
        odds = odds_of(now, earned_at(payoffs, now), strength, mutation).reshape(len(live), -1).cumsum(1)
        until = clock[live] + 1 / odds[:, -1]
        counted = np.minimum(until, end) - np.maximum(clock[live], begin)
        total[live] += np.maximum(counted, 0.0)[:, None] * now
        which = (odds < rng.random((len(live), 1)) * odds[:, -1:]).sum(1)
        counts[live, which // strategies] -= 1
        counts[live, which % strategies] += 1
        clock[live] = until
        live = live[until < end]
    means = total / (steps * population)
    return SampledShares(means.mean(0), _interval(means), means, steps, seed)


def _interval(means: Array) -> Array:
    from scipy.special import stdtrit

    half = stdtrit(len(means) - 1, 0.975) * means.std(0, ddof=1) / np.sqrt(len(means))
    return np.clip(np.stack([means.mean(0) - half, means.mean(0) + half], -1), 0.0, 1.0)
