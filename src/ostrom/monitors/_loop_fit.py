"""Responses from numbers round by round: least squares, its bias, and intervals by flipping the signs of what is left.

Flipping all residuals of a round together keeps their sizes: the intervals hold where noise is heavy-tailed or comes in
calm and wild spells (the wild bootstrap, Wu 1986; for autoregressions Gonçalves and Kilian 2004). The bias of least
squares is taken off as in Kilian (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._loop_gains import radius, rounds
from ._loop_series import Series

Array = np.ndarray

ILL = 1e7
"""Condition number of the regressors beyond which reactions cannot be told apart."""

PLAIN, BIAS = 499, 199
"""Draws for an interval, and for the bias."""


@dataclass(frozen=True, eq=False)
class Fit:
    """How numbers answer one another.

    Attributes
    ----------
    blocks : `float[L, d, d]` as in `_loop_gains.rounds`.
    low, high : 95 % bounds of `blocks`, and `interval` those of the radius of a round.
    draws : `float[B, L, d, d]`, what they might have been.
    surprises : `float[d]`, the spread of what slopes leave of each number.
    radius : the radius of a round, the bias of least squares taken off.
    """

    blocks: Array
    low: Array
    high: Array
    draws: Array
    surprises: Array
    radius: float
    interval: tuple[float, float]

    @property
    def in_surprises(self) -> Array:
        """`blocks` with every number in units of its surprises: how far a usual one may grow."""
        size = np.where(self.surprises > 1e-12, self.surprises, 1.0)
        return self.blocks * size / size[:, None]

    @property
    def answers(self) -> Array:
        """The slopes that are not 0, `float[d, d]`, summed over lags; 5 % for all of them together."""
        from scipy.special import ndtri

        total, spread = self.blocks.sum(0), self.draws.sum(1).std(0)
        surely = np.abs(total) > -ndtri(0.025 / total.size) * np.maximum(spread, 1e-9)
        return np.where(surely, total, 0.0)


class Lagged:
    """The regression of every number on those last seen, for one or many tables of values.

    Values are divided by the spread of their changes, so that slopes are in units of the usual change.
    """

    def __init__(self, series: Series, values: Array, lags: int) -> None:
        self.scale = np.maximum(np.diff(values, axis=0)[series.steps - 1].std(0), 1e-300)
        self.values, self.lags, self.turn = values / self.scale, lags, series.turn
        since = np.arange(len(series)) - series.starts[np.cumsum(np.isin(np.arange(len(series)), series.starts)) - 1]
        moved = np.append(False, (np.diff(series.values, axis=0) != 0).any(1))
        self.now = np.flatnonzero((since >= lags) & moved)  # where nothing moves there is nothing to answer
        self.fresh = since == 0

    @property
    def d(self) -> int:
        """How many numbers."""
        return len(self.turn)

    def design(self, values: Array, i: int) -> Array:
        """What i had seen when it moved, without its mean, `float[…, M, L d]`."""
        early = self.turn < self.turn[i]
        seen = [
            np.where(early, values[..., self.now - lag, :], values[..., self.now - lag - 1, :])
            for lag in range(self.lags)
        ]
        table = np.concatenate(seen, axis=-1)
        return table - table.mean(-2, keepdims=True)

    def slopes(self, values: Array) -> Array:
        """`float[…, L, d, d]` by least squares."""
        found = np.empty((*values.shape[:-2], self.lags, self.d, self.d))
        for turn in np.unique(self.turn):  # who moves at the same time has seen the same
            alike = np.flatnonzero(self.turn == turn)
            x, y = self.design(values, alike[0]), values[..., self.now[:, None], alike]
            square = np.swapaxes(x, -1, -2) @ x
            ridge = 1e-12 * np.trace(square, axis1=-2, axis2=-1)[..., None, None] + 1e-300
            moment = np.swapaxes(x, -1, -2) @ (y - y.mean(-2, keepdims=True))
            slope = np.linalg.solve(square + ridge * np.eye(x.shape[-1]), moment)
            slope = slope.reshape(*slope.shape[:-2], self.lags, self.d, len(alike))
            found[..., alike, :] = np.swapaxes(slope, -1, -2)
        return found

    def left(self, blocks: Array) -> Array:
        """Residuals given slopes, `float[M, d]`, each divided by one less its leverage (MacKinnon and White 1985)."""
        found = []
        for i in range(self.d):
            x = self.design(self.values, i)
            gap = self.values[self.now, i] - x @ blocks[:, i].reshape(-1)
            basis = np.linalg.qr(x)[0]
            leverage = (basis**2).sum(1) + 1 / len(x)
            found.append((gap - gap.mean()) / np.maximum(1 - leverage, 0.05))
        return np.stack(found, axis=1)

    def tells_apart(self) -> bool:
        """Whether the regressors can be told apart."""
        return all(np.linalg.cond(x / np.maximum(x.std(0), 1e-300)) < ILL for x in self._designs())

    def _designs(self) -> list[Array]:
        return [self.design(self.values, i) for i in range(self.d)]

    def drawn(self, blocks: Array, left: Array, rng: np.random.Generator, count: int) -> Array:
        """`float[count, N, d]`: other histories from the same first rounds, with the signs of residuals flipped.

        The residuals of a round are flipped together.
        """
        matrix = rounds(blocks, self.turn)[: self.d]
        early = np.where(self.turn[None, :] < self.turn[:, None], blocks[0], 0.0)
        reduced = np.linalg.inv(np.eye(self.d) - early)
        mean = np.stack([self.values[self.now - lag - 1] for lag in range(self.lags)], axis=1).reshape(len(left), -1)
        constant = (self.values[self.now] - mean @ matrix.T).mean(0)
        flips = rng.integers(0, 2, (count, len(left), 1)) * 2 - 1
        noise = flips * (left @ reduced.T)
        made = np.repeat(self.values[None], count, axis=0)
        for k, n in enumerate(self.now):
            past = made[:, n - self.lags : n][:, ::-1].reshape(count, -1)
            made[:, n] = past @ matrix.T + constant + noise[:, k]
        return np.clip(made, -1e100, 1e100)


def order(series: Series, values: Array, most: int = 3) -> int:
    """How many rounds back answers reach, by Schwarz's criterion, where there are ten rounds for every slope."""
    best, chosen = np.inf, 1
    for lags in range(1, most + 1):
        lagged = Lagged(series, values, lags)
        count = len(lagged.now)
        if lags > 1 and count < 10 * (lags * lagged.d + 1):
            break
        left = lagged.left(lagged.slopes(lagged.values))
        cost = count * np.linalg.slogdet(left.T @ left / max(count, 1) + 1e-12 * np.eye(lagged.d))[1]
        cost = cost / max(count, 1) + np.log(max(count, 2)) * lags * lagged.d**2 / max(count, 1)
        if cost < best:
            best, chosen = cost, lags
    return chosen


def fitted(lagged: Lagged, rng: np.random.Generator) -> Fit:
    """Slopes and the radius of a round, with their intervals."""
    plain = lagged.slopes(lagged.values)
    left = lagged.left(plain)
    bias = lagged.slopes(lagged.drawn(plain, left, rng, BIAS)).mean(0) - plain
    blocks = _steady(plain, bias, lagged.turn)
    draws = lagged.slopes(lagged.drawn(blocks, lagged.left(blocks), rng, PLAIN)) - bias
    radii = radius(rounds(draws, lagged.turn))
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    least, most = np.quantile(radii, [0.025, 0.975])
    gain = float(radius(rounds(blocks, lagged.turn)))
    return Fit(blocks, low, high, draws, lagged.left(blocks).std(0), gain, (float(least), float(most)))


def _steady(plain: Array, bias: Array, turn: Array) -> Array:
    """Slopes less their bias; less of it is taken off where that would make a stable round an unstable one."""
    if radius(rounds(plain, turn)) >= 1:
        return plain
    share = 1.0
    while radius(rounds(plain - share * bias, turn)) >= 1 and share > 0:
        share -= 0.01
    return plain - max(share, 0.0) * bias
