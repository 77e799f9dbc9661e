"""Honest numbers and loops with a known gain, for the calibration of the monitors of feedback."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ostrom.core.event import Event
from ostrom.core.log import Log

Array = np.ndarray
HONEST = ("walk", "heavy", "spells", "resting", "lagging", "trend", "undercut", "answering", "reluctant", "stocks")


BEFORE = 60
"""Rounds of which nobody sees anything, for numbers to forget where they began."""


def log_of(values: Array, names: Sequence[str], turns: bool = False) -> Log:
    """A log in which agents set numbers `float[N, d]`, all at once or one after another."""
    return Log.of(
        Event(0, n * len(names) + k if turns else n, name, "act", action=float(row[k]))
        for n, row in enumerate(values)
        for k, name in enumerate(names)
    )


def honest(kind: str, rounds: int, rng: np.random.Generator) -> Array:
    """Numbers that no loop drives, `float[rounds, 2 or 3]`, prices in cents unless they are stocks."""
    rounds += BEFORE
    noise = rng.standard_t(4, (rounds, 2)) * 0.02
    if kind == "spells":
        noise = _spells(rounds, rng)
    if kind == "heavy":
        noise = rng.standard_t(2, (rounds, 2)) * 0.02
    if kind == "trend":
        noise = noise + 0.008
    if kind == "resting":
        return _cents(_filtered(noise, np.eye(2) * 0.8))
    if kind == "lagging":  # prices that follow costs with a delay
        noise = _filtered(noise, np.eye(2) * 0.5, 0)
    if kind == "undercut":
        leader = np.exp(5 + np.cumsum(noise[BEFORE:, 0]))
        return np.round(np.stack([0.9983 * leader, leader], axis=1), 2)
    if kind == "answering":  # two who answer one another, and come to rest
        return _cents(_filtered(noise, np.array([[0.3, 0.6], [0.5, 0.3]])))
    if kind == "reluctant":  # grows many times before it dies away
        return _cents(_filtered(noise * 0.2, np.array([[0.8, 6.0], [0.0, 0.6]])))
    if kind == "stocks":
        return _filtered(rng.standard_t(4, (rounds, 3)), np.array([[0.5, 0.3, 0], [0, 0.5, 0.3], [0.3, 0, 0.5]]))
    return _cents(np.cumsum(noise[BEFORE:], axis=0))


def _cents(logs: Array) -> Array:
    return np.round(np.exp(5 + np.clip(logs, -4, 30)), 2)


def _spells(rounds: int, rng: np.random.Generator) -> Array:
    size, made = np.full(2, 4e-4), []
    for _ in range(rounds):
        made.append(np.sqrt(size) * rng.standard_normal(2))
        size = 4e-5 + 0.1 * made[-1] ** 2 + 0.8 * size
    return np.array(made)


def _filtered(noise: Array, answers: Array, before: int = BEFORE) -> Array:
    """y_t = answers · y_{t-1} + noise, without the first rounds, which nobody saw."""
    state, made = np.zeros(noise.shape[1]), []
    for one in noise:
        state = answers @ state + one
        made.append(state)
    return np.array(made[before:])


def responses(answers: Array, rounds: int, heavy: bool, rng: np.random.Generator) -> Array:
    """Numbers that answer one another by a matrix, with normal noise or heavy tails."""
    before = BEFORE if np.abs(np.linalg.eigvals(answers)).max() < 1 else 0
    size = (rounds + before, len(answers))
    noise = rng.standard_t(3, size) if heavy else rng.standard_normal(size)
    return _filtered(noise, answers, before)


def cascade(base: float, ratio: float, decay: float, end: float, rng: np.random.Generator) -> Array:
    """Times of events that set off others, by thinning (Ogata 1981)."""
    now, raised, made = 0.0, 0.0, []
    while True:
        most = base + raised
        wait = rng.exponential(1 / most)
        now += wait
        if now > end:
            return np.array(made)
        raised *= np.exp(-decay * wait)
        if rng.random() * most <= base + raised:
            made.append(now)
            raised += ratio * decay
