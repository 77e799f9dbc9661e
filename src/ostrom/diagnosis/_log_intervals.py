"""Means over meetings of several models, with intervals that know the meetings are not independent.

Whoever plays in many meetings ties them together, and so do all meetings of one pairing. The interval asks what other
models of the same kind would have got: models are drawn anew, and a meeting counts as often as all models in it were
drawn, so that all meetings of a pairing rise and fall together (pigeonhole bootstrap, Owen 2007; with one set of
models in every seat, Davezies, D'Haultfœuille and Guyonvarch 2021). No bootstrap is exact for crossed effects
(McCullagh 2000); this one errs towards wide intervals, except that five or six models are few. For that the
percentiles are stretched about the mean as far as Student's t would ask (in the spirit of Hesterberg 2015).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from statistics import NormalDist

import numpy as np

from ..core.game import Array

LISTED = 8
"""Models up to which every way of drawing them anew is listed, with its chance; beyond, `DRAWN` are sampled."""

DRAWN = 4000


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval, and how much it stands on.

    `n` meetings of `pairings` different pairings between `models` models. `low` and `high` are None where a single
    model was seen: nothing can then be said about others.
    """

    value: float
    low: float | None
    high: float | None
    level: float
    n: int
    models: int
    pairings: int

    @property
    def interval(self) -> str:
        """The interval in words."""
        if self.low is None or self.high is None:
            return "one model, so no interval"
        return f"{100 * self.level:g} % interval {self.low:.2f} to {self.high:.2f}"

    def within(self, least: float, greatest: float) -> Estimate:
        """The same, its interval cut to what is possible."""
        ends = [None if end is None else min(max(end, least), greatest) for end in (self.low, self.high)]
        return replace(self, low=ends[0], high=ends[1])

    def scaled(self, zero: float, one: float) -> Estimate:
        """The same on a scale on which `zero` is 0 and the greater `one` is 1."""
        ends = [None if end is None else (end - zero) / (one - zero) for end in (self.low, self.high)]
        return replace(self, value=(self.value - zero) / (one - zero), low=ends[0], high=ends[1])


@dataclass(frozen=True)
class Basis:
    """What a number stands on: `n` meetings of `pairings` different pairings between `models` models."""

    n: int
    models: int
    pairings: int

    @staticmethod
    def of(n: int, clusters: Iterable[frozenset[str]]) -> Basis:
        """The basis of n meetings between these models."""
        different = set(clusters)
        return Basis(n, len(frozenset().union(*different)), len(different))


@dataclass(frozen=True)
class Sample:
    """Meetings as far as a mean needs them: who was in it (models that are drawn anew), a value, and a weight."""

    clusters: tuple[frozenset[str], ...]
    values: Array
    weights: Array

    @staticmethod
    def of(meetings: Iterable[tuple[Iterable[str], float, float]]) -> Sample:
        """From `(models, value, weight)` each."""
        models, values, weights = zip(*meetings, strict=True)
        return Sample(tuple(map(frozenset, models)), np.array(values, float), np.array(weights, float))

    @property
    def mean(self) -> float:
        """The weighted mean of the values."""
        return float(self.weights @ self.values / self.weights.sum())

    @property
    def basis(self) -> Basis:
        """What the mean stands on."""
        return Basis.of(len(self.values), self.clusters)

    @property
    def by_pairing(self) -> dict[frozenset[str], Array]:
        """Per pairing, the weighted sum of its values and the sum of its weights, `float[2]`."""
        sums = {pairing: np.zeros(2) for pairing in self.clusters}
        for pairing, value, weight in zip(self.clusters, self.values, self.weights, strict=True):
            sums[pairing] += weight * value, weight
        return sums


class Resamples:
    """Ways to draw K models anew from the K seen, as counts `int[B, K]` with chances `float[B]`.

    Means of several samples over one `Resamples` are paired: they can be subtracted before an interval is taken.
    """

    def __init__(self, models: Iterable[str], seed: int = 0) -> None:
        self.models = tuple(sorted(set(models)))
        self.counts, self.chances = _draws(len(self.models), seed)

    def sums(self, by_pairing: Mapping[frozenset[str], Array]) -> Array:
        """Sums of arrays over pairings in every redraw, `[B, …]`, each pairing as often as it was drawn."""
        pairings = sorted(by_pairing, key=sorted)
        drawn = np.stack([self._times(pairing) for pairing in pairings], axis=1)
        return np.tensordot(drawn, np.stack([by_pairing[pairing] for pairing in pairings]), 1)

    def means(self, sample: Sample) -> Array:
        """The mean in every redraw, `float[B]`; NaN where no meeting was drawn."""
        total, weight = self.sums(sample.by_pairing).T
        return np.divide(total, weight, out=np.full(len(total), math.nan), where=weight > 0)

    def _times(self, pairing: frozenset[str]) -> Array:
        """How often a pairing was drawn, over what is expected: so self-play keeps its share of all meetings."""
        k, columns = len(self.models), [self.models.index(model) for model in pairing]
        expected = math.prod((k - j) / k for j in range(len(columns)))
        return np.prod(self.counts[:, columns], axis=1) / expected

    def estimate(self, value: float, redrawn: Array, basis: Basis, level: float = 0.95) -> Estimate:
        """The interval of a statistic from what it was in every redraw."""
        low = high = None
        if basis.models > 1:
            cut, far = _percentiles(redrawn, self.chances, (1 - level) / 2), stretch(basis.models, level)
            low, high = (value + far * (end - value) for end in cut)
        return Estimate(value, low, high, level, basis.n, basis.models, basis.pairings)

    def mean(self, sample: Sample, level: float = 0.95) -> Estimate:
        """The weighted mean of a sample with its interval."""
        return self.estimate(sample.mean, self.means(sample), sample.basis, level)


def model_of(agent: str) -> str:
    """The model behind an agent: "vendor/model(CoT)" and "vendor/model(IO)" share one, and are not independent."""
    return agent.rpartition("(")[0] or agent


def stretch(clusters: int, level: float) -> float:
    """By how much too narrow percentiles of a bootstrap over few clusters are: over six, 1.44 at the 95 % level.

    Student's t with K-1 degrees of freedom takes the normal's place, and √(K/(K-1)) undoes that a redraw varies with
    the spread about the sample's own mean.
    """
    chance = (1 + level) / 2
    return t_quantile(chance, clusters - 1) / NormalDist().inv_cdf(chance) * math.sqrt(clusters / (clusters - 1))


def t_quantile(chance: float, freedom: int) -> float:
    """The quantile of Student's t at `chance` in (½, 1), by bisection of the closed form (Abramowitz & Stegun 26.7)."""
    low, high = 0.0, 1.0
    while _t_within(high, freedom) < 2 * chance - 1:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_within(middle, freedom) < 2 * chance - 1 else (low, middle)
    return high


def _t_within(t: float, freedom: int) -> float:
    """The chance that Student's t lies between -t and t, for a whole number of degrees of freedom."""
    angle = math.atan(t / math.sqrt(freedom))
    odd = freedom % 2
    term, total = (math.cos(angle), 0.0) if odd else (1.0, 0.0)
    for k in range(1 + odd, freedom, 2):
        total += term
        term *= math.cos(angle) ** 2 * k / (k + 1)
    sine = math.sin(angle)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def _draws(models: int, seed: int) -> tuple[Array, Array]:
    if models > LISTED:
        counts = np.random.default_rng(seed).multinomial(models, np.full(models, 1 / models), size=DRAWN)
        return counts, np.full(DRAWN, 1 / DRAWN)
    drawn = np.array(list(combinations_with_replacement(range(models), models)))
    counts = (drawn[:, :, None] == np.arange(models)).sum(1)
    ways = [math.factorial(models) / math.prod(map(math.factorial, row)) for row in counts.tolist()]
    return counts, np.array(ways) / models**models


def _percentiles(means: Array, chances: Array, tail: float) -> tuple[float, float]:
    seen = ~np.isnan(means)
    order = np.argsort(means[seen], kind="stable")
    ranked, reached = means[seen][order], np.cumsum(chances[seen][order])
    places: Sequence[int] = np.searchsorted(reached / reached[-1], [tail, 1 - tail]).tolist()
    return float(ranked[places[0]]), float(ranked[min(places[1], len(ranked) - 1)])
