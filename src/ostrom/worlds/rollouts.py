"""Playing a world: the loop over steps exists once, here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.institution import View
from ..core.seeds import fold, words
from ..core.world import POLICY, STEP, World
from . import _pytree as _pytree
from ._callbacks import outspoken
from ._outline import require_sound

Array = Any
Policy = Callable[[Array, View, Mapping[str, Array]], Mapping[str, Array]]
"""`(key, view, mask) -> moves`: every part of the mask, for all seats at once. A pure function; parameters are bound
with `jax.tree_util.Partial(function, parameters)`, so that they can be traced."""


class Rollout(NamedTuple):
    """What happened in T steps, time on the first axis.

    `payoffs float[T, P]`, `facts` name -> `float[T, P]`, `sights` name -> `float[T, P]` as each step began, `moves`
    part -> `[T, P]` as the policy chose them, `present bool[T, P]`, and the `state` in which it ended.
    """

    payoffs: Array
    facts: Mapping[str, Array]
    sights: Mapping[str, Array]
    moves: Mapping[str, Array]
    present: Array
    state: Any


def rollout(world: World, policy: Policy, seed: Any = 0, steps: int | None = None) -> Rollout:
    """Play `steps` steps (by default the world's horizon) from a fresh start.

    The same seed gives the same play. Compiled once per world class, policy function and number of steps: other
    float parameters, or another seed, cost nothing more. Map it over seeds or parameters with `jax.vmap`.
    """
    require_sound(world)
    bound = policy if isinstance(policy, jax.tree_util.Partial) else jax.tree_util.Partial(policy)
    halves = jnp.array(words(seed), jnp.uint32) if isinstance(seed, int) else _halves(seed)
    with outspoken():
        return _rolled(world, bound, halves, world.horizon if steps is None else steps)


def uniform(key: Array, view: View, mask: Mapping[str, Array]) -> dict[str, Array]:
    """The policy that chooses among the permitted moves with equal odds, and numbers evenly within their bounds."""
    keys = dict(zip(sorted(mask), jax.random.split(jax.random.wrap_key_data(key), len(mask)), strict=True))
    return {part: _any_of(keys[part], allowed) for part, allowed in mask.items()}


def _any_of(key: Array, allowed: Array) -> Array:
    if allowed.dtype != bool:
        return jax.random.uniform(key, allowed.shape[:1], minval=allowed[:, 0], maxval=allowed[:, 1])
    return jax.random.categorical(key, jnp.where(allowed, 0.0, -jnp.inf)).astype(jnp.int32)


def _halves(seed: Array) -> Array:
    return jnp.stack([jnp.asarray(seed).astype(jnp.uint32), jnp.uint32(0)])


@partial(jax.jit, static_argnames="steps")
def _rolled(world: World, policy: Policy, key: Array, steps: int) -> Rollout:
    def step(state: Any, number: Array) -> tuple[Any, tuple[Any, ...]]:
        mask = world.mask(state)
        moves = policy(fold(key, number, POLICY, jnp), world.observe(state), mask)
        after, payoffs = world.step(fold(key, number, STEP, jnp), state, moves)
        facts, sights = world.facts(state, moves, after), world.sights(state)
        return after, (payoffs, facts, sights, dict(moves), world.present(state))

    state, played = jax.lax.scan(step, world.reset(key), jnp.arange(steps))
    return Rollout(*played, state=state)
