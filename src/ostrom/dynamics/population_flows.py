"""Flows of large populations besides the replicator: logit, best response, Smith, and Brown, von Neumann and Nash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array, Game, Mixture
from ._dormand_prince import follow
from ._mixtures import checked, spread

Flow = Literal["logit", "best response", "smith", "bnn"]

REST = 1e-6
"""A trajectory is at rest when what it could still gain is below this share of what own moves differed by at first."""

LONGEST = 10.0
"""The longest step of flows in units of payoff, times what own moves differ by."""

TIES = 1e-12
"""Worths closer than this share of the largest are equally good."""

PIECE = 1e-3
"""The length of straight pieces of best response paths, in time."""

NAMES = {
    "logit": "the logit dynamic",
    "best response": "the best response dynamic",
    "smith": "the Smith dynamic",
    "bnn": "the Brown-von Neumann-Nash dynamic",
}


@dataclass(frozen=True)
class FlowLimit:
    """Where trajectories end.

    Attributes
    ----------
    last : the mixtures reached, `float[..., A_i]` per player.
    rest : `bool[...]`, whether they came to rest: at a Nash equilibrium (regret below 1e-6 of the payoff differences),
        under "logit" at a quantal response equilibrium (no odds as far as 1e-6 from what they are drawn to).
    time : `float[...]`, how long that took.
    method : the name of the dynamics.
    """

    last: Mixture
    rest: Array
    time: Array
    method: str


def flow_field(game: Game, mixture: Mixture, flow: Flow = "smith", *, noise: float = 0.1) -> Mixture:
    """The velocity of every population, `float[..., A_i]`, whose sum is 0.

    - "logit": towards odds in proportion to exp(worth / noise), `L(x) - x` (Fudenberg and Levine 1998).
    - "best response": towards the best moves, equally where several are, `B(x) - x` (Gilboa and Matsui 1991).
    - "smith": from move to move in proportion to what that gains, `Σ_b x_b [d_a - d_b]⁺ - x_a Σ_b [d_b - d_a]⁺`.
    - "bnn": to what is better than average, `[d_a]⁺ - x_a Σ_b [d_b]⁺` of leads d over the mean (1950).

    The last two are Smith's (1984) and Brown and von Neumann's (1950). Unlike under imitation, moves that nobody makes
    can come up under all of them. Raises `UnknownName` for another flow, and `InputError` for a noise that is not
    positive or a mixture that is none.
    """
    _require(flow, noise)
    mixture = checked(game, mixture)
    close = TIES * _largest(game.deviation_payoffs(mixture))
    return tuple(
        _velocity(x, worth, flow, noise, close)
        for x, worth in zip(mixture, game.deviation_payoffs(mixture), strict=True)
    )


def population_flow(
    game: Game, start: Mixture, times: Sequence[float], flow: Flow = "smith", *, noise: float = 0.1
) -> Mixture:
    """The mixtures at `times`, `float[T, ..., A_i]` per player, of populations that start at `start[..., A_i]`.

    Steps are Dormand and Prince's (1980), each to 1e-8. Paths of the best response dynamic are straight until another
    move is best; they are followed in straight pieces of a thousandth of the time in which a population would adapt.
    Raises `InputError` for times that decrease or are negative, and what `flow_field` raises.
    """
    spans = np.diff(np.asarray(times, float), prepend=0.0)
    if not (spans >= 0).all():
        raise InputError(
            f"The times {list(times)[:6]} are not in order.", "Paths run forwards from time 0.", "Sort them."
        )
    moving = _Moving(game, start, flow, noise)
    states = []
    for span in spans:
        if flow == "best response":
            moving.go_straight(float(span))
        else:
            moving.state, _ = follow(moving.field, moving.state, moving.longest, span=float(span), tolerance=1e-8)
        states.append(moving.mixture(moving.state))
    return tuple(np.stack(paths) for paths in zip(*states, strict=True))


def flow_limit(game: Game, start: Mixture, flow: Flow = "smith", *, noise: float = 0.1, steps: int = 1000) -> FlowLimit:
    """Where populations that start at `start[..., A_i]` come to rest, if they do within `steps` steps.

    Fit for `basins`: `basins(game, lambda game, start: flow_limit(game, start, "bnn"))`. Cycles never rest. Raises what
    `flow_field` raises.
    """
    moving = _Moving(game, start, flow, noise)
    state, time = follow(
        moving.field,
        moving.state,
        moving.longest,
        done=moving.at_rest,
        steps=steps,
        tolerance=1e-8 if flow == "logit" else 1e-6,
    )
    rest = moving.at_rest(state, moving.field(state), np.arange(len(state)))
    return FlowLimit(moving.mixture(state), rest.reshape(moving.batch), time.reshape(moving.batch), NAMES[flow])


class _Moving:
    """Mixtures `[S, n]` of a batch of starts, all players side by side, and the field that moves them."""

    def __init__(self, game: Game, start: Mixture, flow: Flow, noise: float) -> None:
        _require(flow, noise)
        self.game, self.noise, start = game, noise, checked(game, start)
        self.flow: Flow = flow
        self.batch, self.cuts = start[0].shape[:-1], np.cumsum(game.sizes)[:-1]
        self.state = np.concatenate([x.reshape(-1, x.shape[-1]) for x in start], axis=1)
        worth = game.deviation_payoffs(start)
        self.scale = np.atleast_1d(spread(worth).reshape(-1))
        self.close = TIES * _largest(worth)
        slow = flow in ("logit", "best response")  # these do not go faster where payoffs are larger
        self.longest = np.full(len(self.state), 1.0) if slow else LONGEST / np.where(self.scale > 0, self.scale, 1.0)

    def shares(self, state: Array) -> Mixture:
        """The mixtures, with what a step may have left below 0 or beside 1 mended."""
        parts = [np.maximum(part, 0.0) for part in np.split(state, self.cuts, axis=1)]
        return tuple(part / part.sum(axis=1, keepdims=True) for part in parts)

    def mixture(self, state: Array) -> Mixture:
        """The same in the shape of the start."""
        return tuple(x.reshape(*self.batch, x.shape[-1]) for x in self.shares(state))

    def field(self, state: Array) -> Array:
        """The velocities, `[S, n]`."""
        mixture = self.shares(state)
        pairs = zip(mixture, self.game.deviation_payoffs(mixture), strict=True)
        return np.concatenate([_velocity(x, worth, self.flow, self.noise, self.close) for x, worth in pairs], axis=1)

    def go_straight(self, span: float) -> None:
        """Follow best responses for `span`: exact while they stay the same, to within a piece where they change."""
        pieces = max(1, round(span / PIECE))
        for _ in range(pieces if span > 0 else 0):
            self.state = self.state + (1 - np.exp(-span / pieces)) * self.field(self.state)

    def at_rest(self, state: Array, slope: Array, which: Array) -> Array:
        """`bool[S']`: whether nobody of these trajectories would gain, or under "logit" whether nothing moves."""
        if self.flow == "logit":
            return np.abs(slope).max(axis=1) <= REST
        mixture = self.shares(state)
        pairs = zip(mixture, self.game.deviation_payoffs(mixture), strict=True)
        regret = np.max([own.max(axis=1) - (x * own).sum(axis=1) for x, own in pairs], axis=0)
        return regret <= REST * self.scale[which]


def _velocity(x: Array, worth: Array, flow: Flow, noise: float, close: float) -> Array:
    if flow == "logit":
        raised = np.exp((worth - worth.max(-1, keepdims=True)) / noise)
        return raised / raised.sum(-1, keepdims=True) - x
    if flow == "best response":
        best = worth >= worth.max(-1, keepdims=True) - close
        return best / best.sum(-1, keepdims=True) - x
    if flow == "bnn":
        lead = np.maximum(worth - (x * worth).sum(-1, keepdims=True), 0.0)
        return lead - x * lead.sum(-1, keepdims=True)
    gain = np.maximum(worth[..., :, None] - worth[..., None, :], 0.0)
    return (gain * x[..., None, :]).sum(-1) - x * gain.sum(-2)


def _largest(worth: Mixture) -> float:
    return float(max(np.abs(own).max(initial=0.0) for own in worth))


def _require(flow: str, noise: float) -> None:
    if flow not in get_args(Flow):
        raise UnknownName("flow", str(flow), get_args(Flow))
    if not 0 < noise < np.inf:
        raise InputError(f"A noise of {noise}.", "Odds are exp(worth / noise).", "Give a positive number.")
