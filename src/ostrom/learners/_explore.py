"""Exploring: now and then any move that is permitted, otherwise one that is thought best."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ..core.agent import NEVER
from ._learner import Array


def odds(values: Array, permitted: Array, share: Array) -> Array:
    """Probabilities `[N]`: `share` over all that is permitted, the rest over what is worth most, evenly."""
    worth = jnp.where(permitted, values, NEVER)
    best = permitted & (worth >= worth.max())
    return share * permitted / permitted.sum() + (1 - share) * best / best.sum()


def draw(key: Array, values: Array, permitted: Array, share: Array) -> Array:
    """A move drawn by `odds`, `int32`."""
    chances = odds(values, permitted, share)
    return jax.random.categorical(key, jnp.where(permitted, jnp.log(chances), NEVER)).astype(jnp.int32)


def faded(first: Array, last: Array, done: Array) -> Array:
    """From `first` to `last` along a geometric path, as `done` goes from 0 to 1."""
    start, end = jnp.log(jnp.maximum(first, 1e-12)), jnp.log(jnp.maximum(last, 1e-12))
    return jnp.exp((1 - done) * start + done * end)
