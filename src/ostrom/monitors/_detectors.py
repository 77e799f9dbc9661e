"""What watches for a change of unknown onset: e-detectors, and e-processes that spread their stake over onsets.

An e-detector adds up e-processes that start at different times. If nothing ever happens its mean at any stopping time
is at most that time, so that an alarm at a value of A comes after A observations or more on average (Shin, Ramdas and
Rinaldo, "E-detectors", 2024).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.reading import calibrated
from ._bets import STRENGTHS

EVERY = 16
"""Observations between two starts."""

THIN = 1.5
"""A start is given up when the one before it is at most this many times as old as the one after it."""


def shiryaev_roberts(growth: np.ndarray, before: np.ndarray | float = -math.inf) -> np.ndarray:
    """The logarithm of SR_t = L_t (SR_{t-1} + 1) for increments ln L_t, `float[N]`, or `float[N, K]` for K at once."""
    path, logs = np.empty(growth.shape), before
    for k, step in enumerate(growth):
        logs = path[k] = step + np.logaddexp(logs, 0.0)
    return path


def cusum(growth: np.ndarray, before: float = 0.0) -> np.ndarray:
    """The logarithm of C_t = L_t max(C_{t-1}, 1) for increments ln L_t, `float[N]`."""
    path, logs = np.empty(len(growth)), before
    for k, step in enumerate(growth):
        logs = step + max(logs, 0.0)
        path[k] = logs
    return path


def insured(now: float, highest: float) -> float:
    """An e-value from the logarithms of an e-process now and at its highest: half of each, the latter made to hold.

    1/sup E is a p-value (Ville), and a calibrated p-value an e-value (Shafer, Shen, Vereshchagin and Vovk 2011):
    evidence does not get lost when what happened is over.
    """
    return 0.5 * math.exp(min(now, 690.0)) + 0.5 * calibrated(math.exp(-min(max(highest, 0.0), 690.0)))


class Bank:
    """Bettors on a value given the cell it came in, one for every start, view and strength.

    A *view* says in which cell an observation is: by the words of a message, by its length, with or without what is
    public. A bettor keeps to one view and one strength, and learns from what came after its start only; a start's
    stake is spread over all of them. Old starts are thinned out, and what they won goes to the start before.

    Attributes
    ----------
    n : observations so far.
    evidence, detector : `float`, the logarithms of an e-process and of an e-detector.
    highest : of `evidence` so far. alarm : the number of the observation at which the detector rang, from 1, or None.
    caught, caught_at : the likeliest bettor when it rang, and how many observations had been seen when that was told.
    """

    def __init__(
        self,
        cells: int,
        values: int,
        stakes: Sequence[float] = (1.0,),
        *,
        run_length: float = 1e5,
        strengths: Sequence[float] = STRENGTHS,
        every: int = EVERY,
        thin: float = THIN,
    ) -> None:
        """`cells` of the largest view; `stakes` of the views, which sum to 1; `run_length` between false alarms."""
        shape = (len(stakes), cells, 2 * values)  # how often each value was seen, then the sum of its odds
        self._sums = np.zeros(shape)
        self._was, self._held = np.zeros((0, *shape)), list[int]()  # the sums at each start, and where they are kept
        self._strengths = np.asarray(strengths, float)
        stake = np.repeat(np.asarray(stakes, float)[:, None], len(self._strengths), 1) / len(self._strengths)
        with np.errstate(divide="ignore"):
            self._stake = np.log(stake)
        self._won = np.zeros((0, 2, *stake.shape))
        self._starts: list[int] = []
        self._every, self._thin, self._rung = every, thin, math.log(run_length)
        self.n, self.evidence, self.detector, self.highest = 0, 0.0, -math.inf, 0.0
        self.alarm: int | None = None
        self.caught, self.caught_at = (0, 0, 1.0), 0

    def take(self, cells: np.ndarray, values: np.ndarray, odds: np.ndarray) -> np.ndarray:
        """Bet on observations one after another; the logarithms of both after each, `float[N, 2]`.

        Parameters
        ----------
        cells : `int[N, V]`, the cell in each view. values : `int[N]`. odds : `float[N, K]` under the null hypothesis.
        """
        paths, k = [np.empty((0, 2))], 0
        while k < len(values):
            if self.n % self._every == 0:
                self._start()
            end = k + self._every - self.n % self._every
            paths.append(self._bet(cells[k:end], values[k:end], odds[k:end]))
            k = end
        return np.concatenate(paths)

    def _start(self) -> None:
        """Begin betting anew; a start's share of an e-process's stake is 1/((k+1)(k+2)), of a detector's the wait."""
        k, wait = self.n // self._every, max(1, min(self.n, self._every))
        stakes = np.stack([self._stake - math.log((k + 1) * (k + 2)), self._stake + math.log(wait)])
        self._starts.append(self.n)
        self._held.append(next((slot for slot in range(len(self._was)) if slot not in self._held), len(self._was)))
        if self._held[-1] == len(self._was):
            self._was = np.concatenate([self._was, np.zeros((4, *self._was.shape[1:]))])
        self._was[self._held[-1]] = self._sums
        self._won = np.concatenate([self._won, stakes[None]])
        age = self.n + self._every - np.array(self._starts)
        close = [j for j in range(1, len(age) - 1) if age[j - 1] <= self._thin * age[j + 1]]
        if close:
            self._give_up(close[-1])

    def _give_up(self, j: int) -> None:
        self._won[j - 1] = np.logaddexp(self._won[j - 1], self._won[j])
        self._won = np.delete(self._won, j, 0)
        del self._starts[j], self._held[j]

    def _bet(self, cells: np.ndarray, values: np.ndarray, odds: np.ndarray) -> np.ndarray:
        """Bets of all bettors on a few observations: each `[strengths, starts, views, N]`.

        A bettor holds a value (seen + a) / (due + a) times as likely as its odds, before that is normalised; values
        come one after another, since long inner axes are what NumPy is quick at.
        """
        n, count = odds.shape
        views, each = np.arange(len(self._sums))[:, None], np.concatenate([np.eye(count)[values], odds], 1)
        before = (cells.T[:, :, None] == cells.T[:, None]) & np.tri(n, k=-1, dtype=bool)
        now = self._sums[views, cells.T] + before.astype(float) @ each
        since = now - self._was[np.array(self._held)[:, None, None], views, cells.T]
        sums = np.ascontiguousarray(np.moveaxis(since, 3, 0))
        seen, due = sums[:count], np.maximum(sums[count:], 0.0)
        strengths, fair = self._strengths[:, None, None, None], np.zeros((len(self._strengths), *seen.shape[1:]))
        for value in np.flatnonzero(odds.any(0)):
            held = seen[value] + strengths
            held /= due[value] + strengths
            held *= odds[:, value]
            fair += held
        own = values[None, None, None]
        came, paid = (np.take_along_axis(one, own, 0)[0] + strengths for one in (seen, due))
        grown = np.moveaxis(np.cumsum(np.log(came / paid / fair), 3), 0, 3)
        path = self._totals(grown)
        np.add.at(self._sums, (views, cells.T), each)
        self._won += grown[:, None, :, -1]
        rung = np.flatnonzero(path[:, 1] >= self._rung)
        if self.alarm is None and rung.size:
            self.alarm, self.caught, self.caught_at = self.n - n + int(rung[0]) + 1, self.likeliest(), self.n
        return path

    def rearm(self) -> None:
        """Begin to watch anew after a false alarm: what was won until now is no longer the detector's."""
        self._won[:, 1] = -np.inf
        self.alarm, self.detector = None, -math.inf

    def _totals(self, grown: np.ndarray) -> np.ndarray:
        """The logarithms of both sums of what was won, after each of a few observations."""
        top = self._won.max((0, 2, 3), keepdims=True)
        top, count = np.where(np.isfinite(top), top, 0.0), grown.shape[2]
        with np.errstate(under="ignore"):
            paid = np.exp(np.moveaxis(grown, 2, 0).reshape(count, -1))
            won = np.exp(np.moveaxis(self._won - top, 1, 0).reshape(2, -1))
            logs = np.log(np.maximum(paid @ won.T, 1e-300)) + top.reshape(2)
        unspent = -math.log(self.n // self._every + 2)
        logs[:, 0] = np.logaddexp(logs[:, 0], unspent)
        self.n += count
        self.evidence, self.detector = map(float, logs[-1])
        self.highest = max(self.highest, float(logs[:, 0].max()))
        return logs

    def likeliest(self) -> tuple[int, int, float]:
        """The start, view and strength of the bettor that won most since it began: observations before, number, number.

        Each counts from the stake it was given.
        """
        j, v, a = np.unravel_index(int(self._won[:, 1].argmax()), self._won[:, 1].shape)
        return self._starts[j], int(v), float(self._strengths[a])
