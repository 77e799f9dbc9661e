"""Replicator dynamics in continuous time, one population per player."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture
from ._dormand_prince import Stops, follow
from ._mixtures import checked, spread

REST = 1e-6
"""A trajectory has come to rest when regret is below this share of what own moves differed by at its start."""

FINER = 0.01
"""Towards rest a step may err by this share of the regret that is left, so that errors do not keep a path from it."""

LONGEST = 50.0
"""The longest step, times that difference: a rest point makes the error vanish, which must not make steps infinite."""


@dataclass(frozen=True)
class Limit:
    """Where trajectories end.

    Attributes
    ----------
    last : the mixtures reached, `float[..., A_i]` per player.
    rest : `bool[...]`, whether they came to rest at a Nash equilibrium (regret below 1e-6 of the payoff differences).
    time : `float[...]`, how long that took, in units of 1 / payoff.
    method : the name of the dynamics.
    """

    last: Mixture
    rest: Array
    time: Array
    method: str = "replicator dynamics"


def replicator_field(game: Game, mixture: Mixture) -> Mixture:
    """The velocity `x_a (worth of a - mean worth)` of every population, `float[..., A_i]` (Taylor and Jonker 1978)."""
    pairs = zip(mixture, game.deviation_payoffs(mixture), strict=True)
    return tuple(x * (worth - (x * worth).sum(-1, keepdims=True)) for x, worth in pairs)


def replicator(game: Game, start: Mixture, times: Sequence[float], tolerance: float = 1e-9) -> Mixture:
    """The mixtures at `times`, `float[T, ..., A_i]` per player, of populations that start at `start[..., A_i]`.

    A move's share grows at the rate by which it does better than average. The paths are followed in logarithms, in
    which the field is the worth of each move: shares stay positive and sum to one, and absent moves stay absent.
    `tolerance` bounds the error of log shares per step (Dormand and Prince 1980, a step size for each trajectory).

    Raises
    ------
    InputError : times that decrease or are negative, or a start that is not a mixture of every player.
    """
    stops = np.asarray(times, float)
    if not (np.diff(stops, prepend=0.0) >= 0).all():
        raise InputError(
            f"The times {list(times)[:6]} are not in order.", "Paths run forwards from time 0.", "Sort them."
        )
    state = _State(game, start)
    met = Stops(stops, state.logs)
    if len(stops):
        follow(state.field, state.logs, state.longest, span=float(stops[-1]), tolerance=tolerance, stops=met)
    shares = state.shares(met.at.reshape(-1, state.logs.shape[1]))
    return tuple(x.reshape(len(stops), *state.batch, x.shape[-1]) for x in shares)


def replicator_limit(game: Game, start: Mixture, steps: int = 500, tolerance: float = 1e-5) -> Limit:
    """Where populations that start at `start[..., A_i]` come to rest, if they do within `steps` steps.

    A path from inside the simplex that converges at all converges to a Nash equilibrium (Hofbauer and Sigmund 1998),
    so rest is told by regret; slow passages by a vertex that is none are not mistaken for rest. Cycles never rest.
    `tolerance` bounds the error of log shares per step, as does a hundredth of what regret is left: a path that nears
    rest is followed more closely.

    Raises
    ------
    InputError : a start that is not a mixture of every player.
    """
    state = _State(game, start)

    def allowed(logs: Array, worth: Array, which: Array) -> Array:
        return np.minimum(tolerance, FINER * state.regret(logs, worth, which))

    logs, time = follow(state.field, state.logs, state.longest, done=state.at_rest, steps=steps, tolerance=allowed)
    rest = state.at_rest(logs, state.field(logs), np.arange(len(logs)))
    return Limit(state.mixture(logs), rest.reshape(state.batch), time.reshape(state.batch))


class _State:
    """Log shares `[S, n]` of a batch of starts, all players side by side, and the field that moves them."""

    def __init__(self, game: Game, start: Mixture) -> None:
        self.game, start = game, checked(game, start)
        self.batch = start[0].shape[:-1]
        self.cuts = np.cumsum(game.sizes)[:-1]
        with np.errstate(divide="ignore"):
            self.logs = np.log(np.concatenate([x.reshape(-1, x.shape[-1]) for x in start], axis=1))
        self.scale = np.atleast_1d(spread(game.deviation_payoffs(start)).reshape(-1))
        self.longest = LONGEST / np.where(self.scale > 0, self.scale, 1.0)

    def shares(self, logs: Array) -> Mixture:
        """The mixtures that log shares `[S, n]` stand for, flat over the batch."""
        parts = np.split(logs, self.cuts, axis=1)
        raised = [np.exp(part - part.max(axis=1, keepdims=True)) for part in parts]
        return tuple(part / part.sum(axis=1, keepdims=True) for part in raised)

    def mixture(self, logs: Array) -> Mixture:
        """The same in the shape of the start."""
        return tuple(x.reshape(*self.batch, x.shape[-1]) for x in self.shares(logs))

    def field(self, logs: Array) -> Array:
        """What each move earns, `[S, n]`: log shares grow by that, up to a constant per player that shares ignore."""
        return np.concatenate(self.game.deviation_payoffs(self.shares(logs)), axis=1)

    def at_rest(self, logs: Array, worth: Array, which: Array) -> Array:
        """`bool[S']`: whether nobody of these trajectories would gain by more than the share `REST` of the scale."""
        return self.regret(logs, worth, which) <= REST

    def regret(self, logs: Array, worth: Array, which: Array) -> Array:
        """`float[S']`: what the best of all players would gain, as a share of the scale."""
        pairs = zip(self.shares(logs), np.split(worth, self.cuts, axis=1), strict=True)
        regret = np.max([own.max(axis=1) - (x * own).sum(axis=1) for x, own in pairs], axis=0)
        return regret / np.where(self.scale[which] > 0, self.scale[which], 1.0)
