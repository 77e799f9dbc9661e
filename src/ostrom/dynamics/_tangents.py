"""Dynamics together with how neighbours of a path come apart: one step of many paths and their tangent vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from ..core.game import Array, Game, Mixture
from ._dormand_prince import follow
from ._mixtures import spread

Dynamics = Literal["replicator", "q-learning", "logit", "multiplicative weights"]

NUDGE = 1e-5
"""How far the field is looked at on both sides of a path, in logarithms of shares (in shares under "logit")."""

ACCURACY = 1e-7
"""Error per step of paths that are followed in continuous time."""

FIRST = 100.0
"""A thousand times the step tried first, in the time in which payoffs differ by 1."""


class Tangents:
    """Paths `[S, n]`, all players side by side, each with one tangent vector `[S, n]` of length 1.

    Under "logit" the coordinates are shares, else logarithms of shares less their mean, in which no share gets lost.
    """

    def __init__(self, game: Game, start: Mixture, dynamics: Dynamics, rate: float, noise: float, seed: int) -> None:
        self.game, self.dynamics, self.rate, self.noise = game, dynamics, rate, noise
        self.in_time = dynamics != "multiplicative weights"
        self.cuts = np.cumsum(game.sizes)[:-1]
        self.width = game.sizes[0] if len(set(game.sizes)) == 1 else 0
        flat = np.concatenate([x.reshape(-1, x.shape[-1]) for x in start], axis=1)
        self.at = flat if dynamics == "logit" else self.centred(np.log(flat))
        self.scale = _scale(game)
        self.unit = 0.2 if dynamics == "logit" else 1.0 / self.scale
        self.vector = self.centred(np.random.default_rng(seed).standard_normal(self.at.shape))
        self.vector /= np.linalg.norm(self.vector, axis=1, keepdims=True)

    def advance(self, span: float) -> Array:
        """Go on for `span` (or so many rounds); logarithms of how many times longer vectors became, `[S]`."""
        grown = np.zeros(len(self.at))
        for _ in range(1 if self.in_time else int(span)):
            both = np.concatenate([self.at, self.vector], axis=1)
            if self.in_time:
                both, _ = follow(self._pair, both, np.full(len(both), FIRST * self.unit), span=span, tolerance=ACCURACY)
            else:
                both = self._pair(both)
            self.at, vector = np.split(both, 2, axis=1)
            vector = self.centred(vector)  # rounding must not find the directions that shares do not notice
            length = np.maximum(np.linalg.norm(vector, axis=1), 1e-300)
            self.vector = vector / length[:, None]
            grown += np.log(length)
        return grown

    def path(self, count: int, span: float) -> Array:
        """Shares `[count, S, n]` at `count` times, `span` (or a round) apart, going on without the vectors."""
        states = []
        for _ in range(count):
            if self.in_time:
                self.at, _ = follow(
                    self.field, self.at, np.full(len(self.at), 1000 * span), span=span, tolerance=ACCURACY
                )
            else:
                self.at = self.field(self.at)
            states.append(np.exp(self.log_shares(self.at)))
        return np.stack(states)

    def length_in_shares(self) -> Array:
        """The logarithm of how long the vector is in shares, `[S]`, also where shares are too small for float64."""
        if self.dynamics == "logit":
            return np.log(np.linalg.norm(self.vector, axis=1))
        logs, parts = self.log_shares(self.at), []
        for log, vector in zip(np.split(logs, self.cuts, 1), np.split(self.vector, self.cuts, 1), strict=True):
            relative = vector - (np.exp(log) * vector).sum(1, keepdims=True)
            with np.errstate(divide="ignore"):
                parts.append(log + np.log(np.abs(relative)))
        return np.logaddexp.reduce(2 * np.concatenate(parts, axis=1), axis=1) / 2

    def log_shares(self, at: Array) -> Array:
        """Logarithms of shares at such coordinates, `[S, n]`."""
        if self.dynamics == "logit":
            return np.log(np.maximum(at, 1e-300))
        return self._by_player(at, lambda part: part - np.logaddexp.reduce(part, axis=1, keepdims=True))

    def shares(self, at: Array) -> Mixture:
        """The mixtures, flat over the batch."""
        return tuple(np.split(np.exp(self.log_shares(at)), self.cuts, axis=1))

    def speed(self) -> Array:
        """How fast shares change, the largest over moves `[S]`: per unit of time, or in a round."""
        if not self.in_time:
            after = np.exp(self.log_shares(self.field(self.at)))
            return np.abs(after - np.exp(self.log_shares(self.at))).max(1)
        if self.dynamics == "logit":
            return np.abs(self.field(self.at)).max(1)
        parts = zip(self.shares(self.at), np.split(self.field(self.at), self.cuts, axis=1), strict=True)
        return np.max([np.abs(x * (v - (x * v).sum(1, keepdims=True))).max(1) for x, v in parts], axis=0)

    def regret(self) -> Array:
        """The most that anybody would gain by another move, `[S]`."""
        return self.game.regrets(self.shares(self.at)).max(-1)

    def field(self, at: Array) -> Array:
        """The velocity of coordinates, or where they are a round later, `[S, n]`."""
        worth = np.concatenate(self.game.deviation_payoffs(self.shares(at)), axis=1)
        if self.dynamics == "replicator":
            return self.centred(worth)
        if self.dynamics == "q-learning":
            return self.centred(worth - self.noise * at)
        if self.dynamics == "logit":
            return self._by_player(worth / self.noise, _softmax) - at
        return self.centred(at + self.rate * worth)

    def _pair(self, both: Array) -> Array:
        """The field, and its derivative along the vector: a difference over both sides, scaled to be in proportion."""
        at, vector = np.split(both, 2, axis=1)
        length = np.linalg.norm(vector, axis=1, keepdims=True)
        length = np.where(length > 0, length, 1.0)
        step = NUDGE * vector / length
        here, ahead, behind = np.split(self.field(np.concatenate([at, at + step, at - step])), 3)
        return np.concatenate([here, (ahead - behind) * length / (2 * NUDGE)], axis=1)

    def centred(self, at: Array) -> Array:
        """The same with every player's coordinates shifted to a mean of 0, which shares do not notice."""
        return self._by_player(at, lambda part: part - part.mean(axis=1, keepdims=True))

    def _by_player(self, at: Array, change: Callable[[Array], Array]) -> Array:
        if self.width:  # players with as many moves each: all at once
            return change(at.reshape(-1, self.width)).reshape(at.shape)
        return np.concatenate([change(part) for part in np.split(at, self.cuts, axis=1)], axis=1)


def _scale(game: Game) -> float:
    """What own moves differ by at most, over the middle and some mixtures drawn evenly."""
    rng = np.random.default_rng(0)
    drawn = tuple(rng.dirichlet(np.ones(size), size=20) for size in game.sizes)
    largest = max(float(spread(game.deviation_payoffs(x)).max()) for x in (drawn, game.uniform()))
    return largest if largest > 0 else 1.0


def _softmax(raised: Array) -> Array:
    odds = np.exp(raised - raised.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
