"""How much better what happened was than what was expected, looking ahead along a track."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ._learner import Array


def traced(surprise: Array, cut: Array, decay: Array) -> Array:
    """Sums of what is to come of `surprise [T, E]`, each step further off worth `decay` times as much, to the cut."""

    def back(total: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        one, ends = at
        total = one + decay * jnp.where(ends, 0.0, total)
        return total, total

    return jax.lax.scan(back, jnp.zeros_like(surprise[0]), (surprise, cut), reverse=True)[1]


def remembered(amounts: Array, cut: Array, decay: Array, before: Array) -> tuple[Array, Array]:
    """Sums of what has been of `amounts [T, E, …]` in the episode, without the step itself, and what goes on after it.

    Each step further back is worth `decay` times as much; `before` is what goes on from earlier.
    """

    def on(total: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        amount, ends = at
        after = decay * (total + amount)
        return jnp.where(ends.reshape(-1, *[1] * (after.ndim - 1)), 0.0, after), total

    after, sums = jax.lax.scan(on, before, (amounts, cut))
    return sums, after
