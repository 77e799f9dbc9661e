"""Does somebody act otherwise in one regime than in another, given what it sees? The test and the size of it.

The independent unit is a run: a training and what came of it, or an episode. What was seen within one run goes
together, so that regimes are dealt out to runs again, never to single observations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.errors import TooLarge

RARE = 8
"""What is seen in fewer runs than this is left out: no regime can be told from another by it."""

CELLS = 4_000_000
"""Cells of a table of redrawn regimes that is made at a time."""

TABLE = 20_000_000
"""Numbers in the table of runs by sights by moves."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """Moves of two regimes, matched on what was seen.

    Attributes
    ----------
    seen, act : `int[N]`, codes of what was seen and done, from 0.
    run : `int[N]`, the number of the run, from 0. regime : `bool[R]`, of each run.
    """

    seen: np.ndarray
    act: np.ndarray
    run: np.ndarray
    regime: np.ndarray

    @cached_property
    def _counts(self) -> np.ndarray:
        """`float[R, O, A]`: how often each was seen and answered so in each run, without what is rare."""
        shape = len(self.regime), int(self.seen.max(initial=0)) + 1, int(self.act.max(initial=0)) + 1
        if math.prod(shape) > TABLE:
            raise TooLarge(
                f"{shape[0]:,} runs with {shape[1]:,} kinds of sights and {shape[2]:,} of moves.",
                f"A table of more than {TABLE:,} numbers is not made.",
                "Give fewer runs, or round what is seen.",
            )
        count = np.bincount(np.ravel_multi_index((self.run, self.seen, self.act), shape), minlength=math.prod(shape))
        table = count.reshape(shape).astype(float)
        return table[:, (table.sum(-1) > 0).sum(0) >= RARE]

    @cached_property
    def _met(self) -> tuple[np.ndarray, np.ndarray]:
        """`float[R, O]`, and what is done in excess of the share of all runs, `float[R, O, A]`."""
        met = self._counts.sum(-1)
        return met, self._counts - self._share * met[..., None]

    @property
    def matched(self) -> float:
        """The share of what was seen that was seen in both regimes."""
        both = self._both
        whole = len(self.seen)
        return float(self._counts[:, both].sum() / whole) if whole else 0.0

    @cached_property
    def _both(self) -> np.ndarray:
        met, _ = self._met
        return (met[self.regime].sum(0) > 0) & (met[~self.regime].sum(0) > 0)

    @cached_property
    def single(self) -> bool:
        """Whether every run was seen once: then the test is exact."""
        return len(self.run) == len(np.unique(self.run))

    def statistic(self, regimes: np.ndarray) -> np.ndarray:
        """`float[B]` for regimes `bool[B, R]`: the sum over cells of squared differences in units of their spread.

        The spread is that of runs. Where every run was seen once it is near Pearson's χ² within each thing seen.
        """
        met, excess = self._met
        one, flat = regimes.astype(float), excess.reshape(len(met), -1)
        shape = len(one), *excess.shape[1:]
        return self._distance(one @ met, (one @ flat).reshape(shape), (one @ flat**2).reshape(shape))

    def _distance(self, met: np.ndarray, excess: np.ndarray, square: np.ndarray) -> np.ndarray:
        """The statistic from sums over the second regime: `[B, O]`, and twice `[B, O, A]`."""
        all_met, all_excess = self._met
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (1 / part[..., None] for part in (met, all_met.sum(0) - met))
            apart = excess * (a + b)
            spread = square * a**2 + ((all_excess**2).sum(0) - square) * b**2
            each = np.where((spread > 1e-18) & np.isfinite(apart), apart**2 / spread, 0.0)
        return (each * (1 - self._share)).sum((-2, -1))

    @cached_property
    def _share(self) -> np.ndarray:
        """The share of each move where each thing is seen, over all runs, `float[O, A]`."""
        count = self._counts.sum(0)
        return count / count.sum(-1, keepdims=True)

    def p(self, rng: np.random.Generator, rounds: int = 9_999, stop: int = 20) -> float:
        """The p-value when regimes are dealt out to runs again, within what was seen where every run was seen once.

        Stops when `stop` of them show as much (Besag and Clifford 1991), which keeps it valid.
        """
        if not self._both.any():
            return 1.0
        seen = float(self.statistic(self.regime[None])[0]) * (1 - 1e-9)
        most = max(8, min(512, CELLS // (self._counts[0].size + len(self.regime))))
        done = reached = 0
        while done < rounds:
            many = min(most, rounds - done, max(32, done))  # most tests stop early where nothing is going on
            above = np.cumsum(self._redrawn(many, rng) >= seen)
            if reached + above[-1] >= stop:
                return stop / (done + int(np.argmax(reached + above >= stop)) + 1)
            done, reached = done + many, reached + int(above[-1])
        return (reached + 1) / (rounds + 1)

    def _redrawn(self, many: int, rng: np.random.Generator) -> np.ndarray:
        """The statistic of regimes dealt out again, `float[many]`."""
        if not self.single:
            regimes = np.broadcast_to(self.regime, (many, len(self.regime)))
            return self.statistic(rng.permuted(regimes, axis=1))
        count = self._counts.sum(0).astype(int)
        second = self._counts[self.regime].sum((0, 2)).astype(int)
        drawn = [
            rng.multivariate_hypergeometric(own, n, many, "marginals") for own, n in zip(count, second, strict=True)
        ]
        first, share = np.stack(drawn, 1).astype(float), self._share
        met = first.sum(-1, keepdims=True)
        return self._distance(met[..., 0], first - share * met, first * (1 - 2 * share) + share**2 * met)

    def telling(self) -> np.ndarray:
        """The observations of the second regime that tell it from the first, by number, the most telling first."""
        shape = int(self.seen.max(initial=0)) + 1, int(self.act.max(initial=0)) + 1
        share = []
        for regime in (False, True):
            mine = self.regime[self.run] == regime
            table = np.bincount(self.seen[mine] * shape[1] + self.act[mine], minlength=shape[0] * shape[1]).reshape(
                shape
            )
            share.append(table / np.maximum(1, table.sum(-1, keepdims=True)))
        more = (share[1] - share[0])[self.seen, self.act]
        mine = np.flatnonzero(self.regime[self.run] & (more > 0))
        return mine[np.argsort(-more[mine], kind="stable")]

    def advantage(self, rng: np.random.Generator) -> tuple[float, tuple[float, float]]:
        """How far apart moves are, a total variation from below, with a 95 % interval.

        Which moves one regime makes more of is learned on half of the runs, and how much more is counted on the other;
        then the other way round. With no difference it is 0 on average, and on average it never exceeds the total
        variation. The upper end is that of the total variation of all runs, which is too high on average.
        """
        met, _ = self._met
        runs = len(met)
        half = np.empty(runs, bool)
        for regime in (False, True):
            mine = np.flatnonzero(self.regime == regime)
            half[mine] = rng.permutation(np.arange(len(mine)) % 2 == 0)
        found = [self._scored(half), self._scored(~half)]
        effect = float(np.mean([one for one, _ in found]))
        least = min(self.regime.sum(), (~self.regime).sum())
        wide = _student(runs - 4) * math.sqrt(sum(v for _, v in found)) / 2 + 1 / max(1, least)
        return effect, (max(-1.0, effect - wide), min(1.0, max(effect, self._variation()) + wide))

    def _variation(self) -> float:
        """The total variation between the two regimes as they were counted, matched on what was seen."""
        (one, met), (other, many) = (self._shares(self.regime == regime) for regime in (False, True))
        weight = np.minimum(met, many)
        apart = np.abs(np.nan_to_num(other - one)).sum(-1) / 2
        return float(weight @ apart / max(1.0, weight.sum()))

    def _scored(self, learned: np.ndarray) -> tuple[float, float]:
        """How much more the second regime does of what it does more of in the runs `learned`; and its variance."""
        first, second = (self._shares(learned & (self.regime == regime)) for regime in (False, True))
        sign = np.sign(np.nan_to_num(second[0] - first[0]))
        rest = [self._shares(~learned & (self.regime == regime)) for regime in (False, True)]
        weight = np.minimum(rest[0][1], rest[1][1]) * self._both
        if not weight.sum():
            return 0.0, 0.25
        weight = weight / weight.sum()
        apart = np.nan_to_num(rest[1][0] - rest[0][0])
        effect = float((weight[:, None] * sign * apart).sum() / 2)
        variance = 0.0
        for regime, (share, many) in zip((False, True), rest, strict=True):
            own = self._counts[~learned & (self.regime == regime)]
            excess = own - np.nan_to_num(share) * own.sum(-1, keepdims=True)
            each = (excess * sign * (weight / np.where(many > 0, many, 1))[:, None]).sum((1, 2)) / 2
            variance += float((each**2).sum() * len(own) / max(1, len(own) - 1))
        return effect, variance

    def _shares(self, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of some runs the share of each move where each thing is seen, `float[O, A]`, and how often it is, `[O]`."""
        count = self._counts[runs].sum(0)
        met = count.sum(-1)
        with np.errstate(invalid="ignore"):
            return count / met[:, None], met


def _student(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(1, df), 0.975))
