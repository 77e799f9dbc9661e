"""The logit map of a game, and branches of its fixed points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.game import Array, Game, Mixture
from ._classes import classes
from ._limit import FARTHEST, Limit
from ._path import System, correct, land, walk
from ._responses import Layout, responses


class LogitMap:
    """The logit response of a game; internally λ is in units of the game's spread of worth, so that it has no unit."""

    def __init__(self, game: Game, caps: Sequence[float] | None = None) -> None:
        self.layout = Layout(game.sizes)
        self.respond = responses(game, self.layout)
        self.unit = self._spread()
        own = np.full(len(game.sizes), math.inf) if caps is None else np.asarray(caps, float)
        self.caps = own[self.layout.owner] * self.unit

    def _spread(self) -> float:
        z = np.random.default_rng(1995).normal(scale=2.0, size=(16, len(self.layout.owner)))
        worth = np.stack([self.layout.centre @ self.respond(self.layout.softmax(row))[0] for row in z])
        return float(np.sqrt((worth**2).mean())) or 1.0

    def worth(self, x: Array) -> tuple[Array, Array]:
        """Worth `[n]` of every move, centred per player and in units, and how it shifts with the odds `[n, n]`."""
        worth, second = self.respond(x)
        return self.layout.centre @ worth / self.unit, self.layout.centre @ second / self.unit

    def classes(self, start: Array, likeness: float = 0.0) -> Array:
        """Class numbers `int[n]` of moves that keep equal odds on the way from the odds `start`."""
        return classes(self.respond, self.layout, start, max(likeness, 1e-10 * self.unit))

    def linear(self, x: Array, lam: Array) -> tuple[Array, Array]:
        """Worth `[n]` at odds `x`, and the Jacobian `[n, n]` of log-odds − λ · worth by the log-odds."""
        worth, second = self.worth(x)
        weighted = second * x
        return worth, np.eye(len(x)) - lam[:, None] * (weighted - (weighted @ self.layout.same) * x)

    def system(self, lift: Array) -> System:
        """Residuals and Jacobian in one log-odd per class (`lift[n, m]` spreads them over the moves), and λ."""
        mean = (lift / lift.sum(0)).T

        def answer(y: Array) -> tuple[Array, Array]:
            z, lam = lift @ y[:-1], np.minimum(y[-1], self.caps)
            worth, jacobian = self.linear(self.layout.softmax(z), lam)
            free = np.where(y[-1] < self.caps, worth, 0.0)
            return mean @ (z - lam * worth), np.column_stack([mean @ jacobian @ lift, -(mean @ free)])

        return answer


@dataclass(frozen=True, eq=False)
class Branch:
    """A walked branch of logit equilibria, from uniform play on.

    Attributes
    ----------
    reached : whether the walk came to the precision asked for; at ∞, whether it settled on a limit.
    limit : per player, where the branch leads as λ → ∞; None when the walk was to a finite λ.
    isolated : whether the limit is certain to rounding; otherwise it was cut off far out, and is near.
    """

    logit: LogitMap
    lift: Array
    walked: Array
    reached: bool
    limit: Mixture | None = None
    isolated: bool = True

    @cached_property
    def precisions(self) -> Array:
        """λ `float[T]` at the points walked, one over payoff units; falls where the branch folds back."""
        return self.walked[:, -1] / self.logit.unit

    @cached_property
    def odds(self) -> Array:
        """All players' odds end to end at the points walked, `float[T, n]`."""
        return np.stack([self._odds(y) for y in self.walked])

    @property
    def mixtures(self) -> Mixture:
        """Per player the odds `float[T, A_i]` at the points walked."""
        return self.logit.layout.split(self.odds)

    def at(self, precision: float) -> Mixture:
        """The play at the first crossing of `precision`; where the walk ended before that, its last point."""
        if math.isinf(precision):
            return self.mixture(self.walked[-1]) if self.limit is None else self.limit
        goal, system = precision * self.logit.unit, self.logit.system(self.lift)
        beyond = np.flatnonzero(self.walked[:, -1] >= goal)
        if len(beyond):
            before = max(int(beyond[0]) - 1, 0)
            return self.mixture(land(system, self.walked[before], self.walked[before + 1], goal))
        points, _ = walk(system, self.walked[-1], np.eye(self.walked.shape[1])[-1], goal, lambda y: False)
        return self.mixture(points[-1])

    def mixture(self, y: Array) -> Mixture:
        """Per player the odds at a point of the walk."""
        return self.logit.layout.split(self._odds(y))

    def _odds(self, y: Array) -> Array:
        return self.logit.layout.softmax(self.lift @ y[:-1])


def principal(logit: LogitMap, precision: float, likeness: float = 0.0) -> Branch:
    """Walk from uniform play to `precision`; players that are held back stop rising at their caps."""
    labels = logit.classes(logit.layout.softmax(np.zeros(len(logit.layout.owner))), likeness)
    lift = np.eye(labels.max() + 1)[labels]
    system, goal = logit.system(lift), precision * logit.unit
    limit = Limit(logit, lift)
    walked, heading, reached = np.zeros((1, lift.shape[1] + 1)), np.eye(lift.shape[1] + 1)[-1], True
    # The branch has a corner wherever a player stops rising: walk to each corner, and start anew from there.
    for corner in (*sorted({cap for cap in logit.caps.tolist() if 0 < cap < goal}), goal):
        leg, reached = walk(system, walked[-1], heading, corner, limit if math.isinf(corner) else lambda y: False)
        walked = np.concatenate([walked, leg[1:]])
        heading = leg[-1] - leg[-2] if len(leg) > 1 else heading
    if math.isfinite(goal):
        return Branch(logit, lift, walked, reached)
    end = None if limit.x is None else logit.layout.split(limit.x)
    return Branch(logit, lift, walked, reached, end, limit.isolated)


def back_from(logit: LogitMap, equilibrium: Mixture, precision: float) -> Mixture | None:
    """Walk from a Nash equilibrium at λ = ∞ down to `precision`; None when the branch turns back before."""
    x, layout = np.concatenate(equilibrium), logit.layout
    labels = logit.classes(x)
    lift = np.eye(labels.max() + 1)[labels]
    system, down = logit.system(lift), -np.eye(lift.shape[1] + 1)[-1]
    y = _start_near(logit, lift, x, max(4 * precision * logit.unit, 30.0))
    if y is None:
        return None
    walked, reached = walk(system, y, down, precision * logit.unit, lambda ahead: ahead[-1] > 2 * y[-1])
    if not reached or abs(walked[-1, -1] - precision * logit.unit) > 1e-6 * y[-1]:
        return None
    return layout.split(layout.softmax(lift @ walked[-1, :-1]))


def _start_near(logit: LogitMap, lift: Array, x: Array, lam: float) -> Array | None:
    """A logit equilibrium within 0.1 of the Nash equilibrium `x`, at `lam` or as much further out as it takes."""
    worth, _ = logit.worth(x)
    best = np.maximum.reduceat(worth, logit.layout.starts)[logit.layout.owner]
    mean, fixed = (lift / lift.sum(0)).T, np.eye(lift.shape[1] + 1)[-1]
    while lam < FARTHEST:
        z = np.where(x > 0, np.log(np.maximum(x, 1e-300)), lam * (worth - best))
        found = correct(logit.system(lift), np.append(mean @ (logit.layout.centre @ z), lam), fixed, most=20)
        if found is not None and np.abs(logit.layout.softmax(lift @ found[0][:-1]) - x).max() < 0.1:
            return found[0]
        lam *= 4
    return None
