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
_ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]


def follow(
    field: Callable[[Array], Array],
    state: Array,
    longest: Array,
    *,
    span: float = np.inf,
    done: Callable[[Array, Array, Array], Array] = lambda state, slope, which: np.zeros(len(which), dtype=bool),
    steps: float = np.inf,
    tolerance: float,
) -> tuple[Array, Array]:
    """Follow `field` from `state[S, n]` for `span`, or for `steps` attempts, or until `done(state, slope, which)`.

    Each trajectory takes its own steps, of up to `longest[S]`; its error per step, the largest over coordinates, stays
    below `tolerance`. `which[S']` are the numbers of the trajectories that `done` is asked about.
    Returns the states reached `[S, n]` and the time each has covered `[S]`.
    """
    state, slope, clock, step = state.copy(), field(state), np.zeros(len(state)), longest / 1000
    live = np.arange(len(state))
    live = live[(clock < span) & ~done(state, slope, live)]
    while len(live) and steps > 0:
        steps -= 1
        trial = np.minimum(step[live], span - clock[live])
        moved, slopes, error = _attempt(field, state[live], slope[live], trial)
        good = error <= tolerance
        state[live[good]], slope[live[good]] = moved[good], slopes[good]
        clock[live] += np.where(good, trial, 0.0)
        growth = np.clip(0.9 * (tolerance / np.maximum(error, 1e-300)) ** 0.2, 0.2, 5.0)
        step[live] = np.minimum(trial * growth, longest[live])
        live = live[(clock[live] < span) & ~done(state[live], slope[live], live)]
    return state, clock


def _attempt(field: Callable[[Array], Array], state: Array, slope: Array, step: Array) -> tuple[Array, Array, Array]:
    """One step: new state, its slope, error estimate. What is added is finite, so a coordinate at -inf stays there."""
    slopes, moved = slope[None], state
    for weights in _STAGES:
        moved = state + step[:, None] * np.tensordot(weights, slopes, 1)
        slopes = np.concatenate([slopes, field(moved)[None]])
    return moved, slopes[-1], step * np.abs(np.tensordot(_ERROR, slopes, 1)).max(axis=1)
