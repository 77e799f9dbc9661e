"""What a step of many tabular Q-learners is made of: where they stand, what they look up, and how they choose.

XLA writes what is cheap again into every loop that uses it, also into loops over all moves of all seats; `held` stops
that. Moves stand on the first axis of what is reduced over them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

Array = Any


class Desk(NamedTuple):
    """Where L sessions stand; N = L x P seats, session by session.

    `world` is their states, `at int32[N]` the states of the seats, `values float32[N x S, A]` the tables,
    `record int32[N x replay]` (state, move and next state as one number), `payoffs` likewise, and `count int32[N]`,
    how many of them there are, are what is kept; `changed uint32[L]` is the step at which a greedy move last changed.
    """

    world: Any
    at: Array
    values: Array
    record: Array
    payoffs: Array
    count: Array
    changed: Array


class Row(NamedTuple):
    """What the seats look up before they choose: `values [A, N]`, the `best` permitted one and its `move`, `[N]`."""

    values: Array
    best: Array
    move: Array


class Lesson(NamedTuple):
    """What is learned from, `[N]` each: the state, the move made in it, the payoff, and the state that followed."""

    state: Array
    move: Array
    payoff: Array
    follows: Array


def held(time: Array, *values: Array) -> tuple[Array, ...]:
    """The same values, computed once: one branch of a condition that always holds, which XLA does not look into."""

    def otherwise(*these: Array) -> tuple[Array, ...]:
        return tuple(~one if one.dtype == bool else one + one.dtype.type(1) for one in these)

    return jax.lax.cond(time < np.uint32(2**32 - 1), lambda *these: these, otherwise, *values)


def top(values: Array, mask: Array | None) -> tuple[Array, Array]:
    """The greatest of the values that are permitted `[N]`, and the first move that has it."""
    allowed = values if mask is None else jnp.where(mask, values, -jnp.inf)
    best = allowed.max(0)
    return best, jnp.where(allowed == best, jnp.arange(len(values), dtype=jnp.int32)[:, None], len(values) - 1).min(0)


def draw(greedy: Array, explores: Array, which: Array, mask: Array | None, moves: int) -> Array:
    """The greedy move, or one of the permitted by a number in [0, 1)."""
    if mask is None:
        return jnp.where(explores, (which * moves).astype(jnp.int32), greedy)
    order = mask.cumsum(0)
    place = (which * order[-1]).astype(jnp.int32)
    return jnp.where(explores, (order <= place).sum(0).astype(jnp.int32), greedy)
