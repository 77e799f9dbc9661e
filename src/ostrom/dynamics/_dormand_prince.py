"""Dormand and Prince's 5(4) pair over many trajectories at once, each with steps of its own (1980)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..core.game import Array

_STAGES = (
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
)
_DENSE = [
    -12715105075 / 11282082432,
    0,
    87487479700 / 32700410799,
    -10690763975 / 1880347072,
    701980252875 / 199316789632,
    -1453857185 / 822651844,
    69997945 / 29380423,
]
_ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]


def follow(
    field: Callable[[Array], Array],
    state: Array,
    longest: Array,
    *,
    span: float = np.inf,
    done: Callable[[Array, Array, Array], Array] = lambda state, slope, which: np.zeros(len(which), dtype=bool),
    steps: float = np.inf,
    tolerance: float | Callable[[Array, Array, Array], Array],
    stops: Stops | None = None,
) -> tuple[Array, Array]:
    """Follow `field` from `state[S, n]` for `span`, or for `steps` attempts, or until `done(state, slope, which)`.

    Each trajectory takes its own steps, of up to `longest[S]`; its error per step, the largest over coordinates, stays
    below `tolerance`, a number or told by the state like `done`. `which[S']` are the trajectories that are asked about.
    `stops` are filled on the way. Returns the states reached `[S, n]` and the time each has covered `[S]`.
    """
    state, slope, clock, step = state.copy(), field(state), np.zeros(len(state)), longest / 1000
    live = np.arange(len(state))
    live = live[(clock < span) & ~done(state, slope, live)]
    while len(live) and steps > 0:
        steps -= 1
        trial = np.minimum(step[live], span - clock[live])
        change, slopes, error = _attempt(field, state[live], slope[live], trial)
        allowed = tolerance(state[live], slope[live], live) if callable(tolerance) else tolerance
        good = error <= allowed
        if stops is not None:
            stops.pass_by(live[good], state[live[good]], clock[live[good]], trial[good], change[good], slopes[:, good])
        state[live[good]] += change[good]
        slope[live[good]] = slopes[-1][good]
        clock[live] += np.where(good, trial, 0.0)
        growth = np.clip(0.9 * (allowed / np.maximum(error, 1e-300)) ** 0.2, 0.2, 5.0)
        step[live] = np.minimum(trial * growth, longest[live])
        live = live[(clock[live] < span) & ~done(state[live], slope[live], live)]
    return state, clock


class Stops:
    """States at given times `float[T]`, in order, of trajectories that start at `state[S, n]`: `at[T, S, n]`.

    Between the ends of a step they are read off the polynomial of degree 4 that its slopes determine (Hairer, Nørsett
    and Wanner 1993, section II.6), so that many stops cost no more steps than few.
    """

    def __init__(self, times: Array, state: Array) -> None:
        self.times, self.at = times, np.repeat(state[None], len(times), axis=0)

    def pass_by(self, which: Array, state: Array, clock: Array, step: Array, change: Array, slopes: Array) -> None:
        """Fill what lies in a step of the trajectories `which[S']` from `clock[S']` on, with `slopes[7, S', n]`."""
        first, beyond = (np.searchsorted(self.times, t, side="right") for t in (clock, clock + step))
        k = np.repeat(np.arange(len(which)), beyond - first)
        number = np.arange(len(k)) - np.repeat(np.cumsum(beyond - first) - (beyond - first), beyond - first) + first[k]
        if not len(k):
            return
        t, h, rise = ((self.times[number] - clock[k]) / step[k])[:, None], step[k][:, None], change[k]
        bend = h * slopes[0, k] - rise
        twist = rise - h * slopes[-1, k] - bend
        last = h * np.tensordot(_DENSE, slopes[:, k], 1)
        self.at[number, which[k]] = state[k] + t * (rise + (1 - t) * (bend + t * (twist + (1 - t) * last)))


def _attempt(field: Callable[[Array], Array], state: Array, slope: Array, step: Array) -> tuple[Array, Array, Array]:
    """One step: by how much, all slopes, error estimate. What is added is finite, so a coordinate at -inf stays."""
    slopes, change = slope[None], np.zeros(state.shape)
    for weights in _STAGES:
        change = step[:, None] * np.tensordot(weights, slopes, 1)
        slopes = np.concatenate([slopes, field(state + change)[None]])
    return change, slopes, step * np.abs(np.tensordot(_ERROR, slopes, 1)).max(axis=1)
