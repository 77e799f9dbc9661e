"""Tabular Q-learners side by side: every player of every seed is one column of values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, amount
from ..core.seeds import words

LIMIT = 50_000_000
"""Q-values, or joint moves times seeds, beyond which nothing is started: either would take 400 MB."""

BLOCK = 2_000_000
"""Random numbers drawn ahead; each seed has a stream of its own, so this changes nothing but memory."""


class QLearners:
    """Q-values `[A, P x S x states]` of all players and seeds, `-inf` for moves that a player does not have."""

    def __init__(self, game: NormalForm, seeds: Sequence[int], memory: int, discount: float, start: Any) -> None:
        self.sizes, self.discount, self.memory = game.sizes, discount, memory
        self.seats, self.count, self.states = len(game.sizes), len(seeds), game.size if memory else 1
        _refuse_large(self.count, game, self.states)
        self.payoffs = game.payoffs.reshape(game.size, -1).T
        self.strides = np.array([math.prod(game.sizes[i + 1 :]) for i in range(self.seats)])
        self.values = np.ascontiguousarray(np.hstack([x.reshape(len(x), -1) for x in self._first(game, start)]))
        self.rows = np.arange(self.seats * self.count) * self.states
        self.own = np.isfinite(self.values[:, self.rows])
        self.streams = [_stream(seed) for seed in seeds]
        state = np.array([int(stream.integers(self.states)) for stream in self.streams])
        self.at = self.rows + np.tile(state, self.seats)
        self.luck = iter(())

    def _first(self, game: NormalForm, start: Any) -> list[Array]:
        """The values of each player before the first round, `[A, S, states]`."""
        if start is None:
            start = [own / (1 - self.discount) for own in game.deviation_payoffs(game.uniform())]
        given = list(start) if isinstance(start, Sequence) else [start] * self.seats
        if len(given) != self.seats:
            raise InputError(f"{len(given)} arrays of first Q-values for {self.seats} players.", do="Give one each.")
        first = [np.full((max(self.sizes), self.count, self.states), -np.inf) for _ in self.sizes]
        for values, size, own, player in zip(first, self.sizes, given, game.players, strict=True):
            values[:size] = _fitting(own, (self.count, self.states, size), player)
        return first

    def step(self, epsilon: float, alpha: float) -> Array:
        """Play and learn one round; the joint move of every seed, `int[S]`, by its number among all."""
        moves = self._choose(epsilon)
        joint = self.strides @ moves.reshape(self.seats, self.count)
        made, target = moves * self.values.shape[1] + self.at, self.payoffs.take(joint, 1).reshape(-1)
        if self.memory:
            self.at = self.rows + np.tile(joint, self.seats)
        if self.discount:
            target += self.discount * self.values.take(self.at, 1).max(0)
        flat = self.values.reshape(-1)
        flat[made] += alpha * (target - flat[made])
        return joint

    def _choose(self, epsilon: float) -> Array:
        """A move for every player and seed, `int[P x S]`: drawn evenly from all its own, or from the best."""
        explores, which = self._draw()
        values = self.values.take(self.at, 1)
        eligible = np.where(explores < epsilon, self.own, values == values.max(0))
        place = (which * eligible.sum(0)).astype(int)
        return (eligible.cumsum(0) > place).argmax(0)

    def _draw(self) -> Array:
        """Two numbers in [0, 1) for every player and seed, `[2, P x S]`, each seed's from its own stream."""
        drawn = next(self.luck, None)
        if drawn is None:
            ahead = max(1, BLOCK // (2 * self.seats * self.count))
            block = np.stack([stream.random((ahead, 2, self.seats)) for stream in self.streams], axis=-1)
            self.luck = iter(block.reshape(ahead, 2, -1))
            drawn = next(self.luck)
        return drawn

    def greedy(self) -> tuple[Array, ...]:
        """Per player the best move in every state, `int[S]` or `int[S, A_1, …, A_P]`."""
        shape = (self.seats, self.count, *(self.sizes if self.memory else ()))
        return tuple(self.values.argmax(0).reshape(shape))


def _stream(seed: int) -> np.random.Generator:
    words(seed)  # refuses what is no seed
    return np.random.default_rng(seed)


def _fitting(own: Any, shape: tuple[int, int, int], player: str) -> Array:
    """`own` as `float[A, S, states]`; `InputError` when it does not broadcast to `shape`, [S, states, A]."""
    try:
        values = np.broadcast_to(np.asarray(own, float), shape)
    except ValueError:
        values = np.full(shape, np.nan)
    if not np.isfinite(values).all():
        raise InputError(
            f"The first Q-values of {player} are of shape {np.shape(own)}, or not all finite.",
            f"They are finite numbers that broadcast to {shape}: seeds, states, own moves.",
            "Give one number for all, or one array per player.",
        )
    return np.moveaxis(values, -1, 0)


def _refuse_large(count: int, game: NormalForm, states: int) -> None:
    values = count * max(game.size, len(game.sizes) * states * max(game.sizes))
    if values > LIMIT:
        raise TooLarge(
            f"{count} seeds of Q-learners in {game.name} keep {amount(values)} numbers.",
            f"More than {LIMIT:,} do not fit in reasonable memory.",
            "Use fewer seeds at a time (rows do not depend on one another), no memory, or fewer moves.",
        )
