"""Gradient play: everybody walks uphill in its own payoff, on the simplex or in logits, plain or looking ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array, Game, Mixture
from ._mixtures import spread
from ._play import Learner, Play, play

Form = Literal["projected", "softmax"]
Look = Literal["none", "extra", "optimistic"]


def gradient_play(
    game: Game,
    start: Mixture,
    rounds: int = 1000,
    *,
    rate: float = 0.1,
    form: Form = "projected",
    look: Look = "none",
    worth: Any = None,
) -> Play:
    """Everybody changes its mixture along the gradient of its own payoff, all at the same time.

    "projected" adds rate x worth to the mixture and takes the nearest mixture (Zinkevich 2003). "softmax" takes the
    gradient in the logits of the mixture, `x_a (worth of a - mean worth)`, as policy-gradient learners do: it is slow
    where a move is rare, and never plays what has no weight at the start. Plain gradient play spirals outwards around a
    mixed equilibrium. To look ahead cures that in zero-sum games: "extra" moves by the worth that moves would have one
    step on (Korpelevich 1976), "optimistic" by twice the last worth less the one before (Popov 1980).

    Parameters
    ----------
    rounds : at least 1; `start[..., A_i]` is played first.
    rate : step, where payoffs are in units of the largest difference that an own move makes; above 0. Steps ahead
        come to rest in zero-sum games when it is small against one over the number of moves.
    worth : a table `[A_1, …, A_P]` whose mean under joint play the record shall have.

    Raises
    ------
    InputError : no rounds, a rate that is not positive, a start that is not a mixture of every player, or a worth that
        is not such a table. UnknownName : another form or look.
    """
    for name, given, known in (("form of gradient play", form, Form), ("way to look ahead", look, Look)):
        if given not in get_args(known):
            raise UnknownName(name, str(given), get_args(known))
    if not 0 < rate < np.inf:
        raise InputError(f"A rate of {rate}.", "Steps go uphill, and end somewhere.", "Give a rate such as 0.1.")
    name = {"none": "gradient play", "extra": "extragradient play", "optimistic": "optimistic gradient play"}[look]
    steps = _Steps(game, rate / _unit(game), form, look)
    return play(game, start, rounds, steps, f"{name}, {form}", worth)


def _unit(game: Game) -> float:
    """The largest difference that an own move makes where all others make their k-th move."""
    moves = np.arange(max(game.sizes))
    worths = game.deviation_payoffs(tuple(np.eye(size)[moves % size] for size in game.sizes))
    return float(spread(worths).max()) or 1.0


class _Steps:
    """The rule: from what was heard last to the next mixtures; logits are kept where those are what moves."""

    def __init__(self, game: Game, rate: float, form: Form, look: Look) -> None:
        self.game, self.rate, self.look = game, rate, look
        self.softmax = form == "softmax"
        self.state: list[Array] = []
        self.before: list[Array] = []

    def __call__(self, learners: Sequence[Learner]) -> list[Array]:
        if not self.state:
            with np.errstate(divide="ignore"):
                self.state = [np.log(one.start) if self.softmax else one.start for one in learners]
        slopes = [self._slope(one.last, one.heard) for one in learners]
        if self.look == "extra":
            ahead = tuple(self._mixture(s) for s in self._moved(slopes))
            toward = [self._slope(x, w) for x, w in zip(ahead, self.game.deviation_payoffs(ahead), strict=True)]
        elif self.look == "optimistic":
            toward = [2 * now - before for now, before in zip(slopes, self.before or slopes, strict=True)]
        else:
            toward = slopes
        self.before, self.state = slopes, self._moved(toward)
        return [self._mixture(s) for s in self.state]

    def _moved(self, slopes: Sequence[Array]) -> list[Array]:
        """One step on from the state; logits are kept with their largest at 0, mixtures are the nearest ones."""
        ahead = [s + self.rate * slope for s, slope in zip(self.state, slopes, strict=True)]
        return [s - s.max(-1, keepdims=True) if self.softmax else nearest(s) for s in ahead]

    def _slope(self, x: Array, worth: Array) -> Array:
        """The gradient of the own payoff by what is kept."""
        return x * (worth - (x * worth).sum(-1, keepdims=True)) if self.softmax else worth

    def _mixture(self, state: Array) -> Array:
        if not self.softmax:
            return state
        raised = np.exp(state)
        return raised / raised.sum(-1, keepdims=True)


def nearest(points: Array) -> Array:
    """The mixtures nearest to points `[..., A]` (Held, Wolfe and Crowder 1974)."""
    ordered = -np.sort(-points, axis=-1)
    over = (ordered.cumsum(-1) - 1) / np.arange(1, points.shape[-1] + 1)
    kept = (ordered > over).sum(-1, keepdims=True)
    return np.maximum(points - np.take_along_axis(over, kept - 1, -1), 0.0)
