"""Playing copies of a world with players in its seats, from where they stand: the one loop over steps.

Where episodes end at the horizon only, all copies end together, and the clock is one number that is not batched: then
a fresh start is computed when it is needed and not at every step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.world import POLICY, STEP, World
from ..worlds._episode import START
from ..worlds._prng import branch, wrap
from ..worlds._seats import all_see
from ._learner import Array, Memory, Mind, Space
from ._table import Group, act, recall

COPY = 2
"""The purpose of the key of one copy of the world."""


class Stand(NamedTuple):
    """Where E copies stand: their keys `uint32[E, 2]`, states, what is seen, what is in mind, and `age int32[E]`."""

    keys: Array
    state: Any
    seen: Mapping[str, Array]
    memory: tuple[Memory, ...]
    age: Array


class Lived(NamedTuple):
    """What happened in T steps of E copies, `[T, E, …]` on every leaf; `notes` and `memory` by group."""

    seen: Mapping[str, Array]
    mask: Mapping[str, Array]
    then: Mapping[str, Array]
    moves: Mapping[str, Array]
    notes: tuple[Mapping[str, Array], ...]
    memory: tuple[Memory, ...]
    payoffs: Array
    facts: Mapping[str, Array]
    sights: Mapping[str, Array]
    over: Array
    cut: Array
    after: Mapping[str, Array]
    later: tuple[Memory, ...]
    present: Array
    state: Any


def stand(
    world: World, groups: tuple[Group, ...], minds: tuple[Mind, ...], key: Array, copies: int, space: Space
) -> Stand:
    """E copies at the start of their first episodes; `key` is `uint32[2]`."""
    keys = jax.vmap(lambda copy: branch(key, copy, COPY))(jnp.arange(copies, dtype=jnp.uint32))
    state, seen, memory = _starts(world, groups, minds, keys, jnp.uint32(0), space)
    return Stand(keys, state, seen, memory, jnp.zeros(copies, jnp.int32))


def unroll(
    world: World,
    groups: tuple[Group, ...],
    minds: tuple[Mind, ...],
    at: Stand,
    clock: Array,
    length: int,
    space: Space,
    states: bool = False,
) -> tuple[Stand, Lived]:
    """`length` steps on from where the copies stand; `clock` is the number of steps behind them.

    With `states`, the state before every step is kept as well.
    """

    def step(here: Stand, number: Array) -> tuple[Stand, Lived]:
        mask = jax.vmap(world.mask)(here.state)
        keys = jax.vmap(lambda key: _split(branch(key, number, POLICY), len(world.ground.players)))(here.keys)
        moves, memory, notes = jax.vmap(lambda k, m, s, a: act(groups, world, k, minds, m, s, a))(
            keys, here.memory, here.seen, mask
        )
        state, payoffs = jax.vmap(lambda key, s, m: world.step(branch(key, number, STEP), s, m))(
            here.keys, here.state, moves
        )
        facts = jax.vmap(world.facts)(here.state, moves, state)
        after = jax.vmap(lambda s: all_see(world, s))(state)
        over = jnp.broadcast_to(jax.vmap(lambda s: jnp.asarray(world.over(s)))(state), here.age.shape)
        cut = over | (here.age + 1 >= world.horizon)
        present = jax.vmap(lambda s: jnp.broadcast_to(world.present(s), (len(world.ground.players),)))(here.state)
        lived = Lived(
            here.seen,
            mask,
            jax.vmap(world.mask)(state),
            moves,
            notes,
            here.memory,
            payoffs,
            dict(facts),
            dict(jax.vmap(world.sights)(here.state)),
            over,
            cut,
            after,
            memory,
            present,
            here.state if states else (),
        )
        return _on(
            world, groups, minds, Stand(here.keys, state, after, memory, here.age + 1), cut, number, space
        ), lived

    numbers = jnp.asarray(clock, dtype=jnp.uint32) + jnp.arange(length, dtype=jnp.uint32)
    return jax.lax.scan(step, at, numbers)


def _on(
    world: World,
    groups: tuple[Group, ...],
    minds: tuple[Mind, ...],
    here: Stand,
    cut: Array,
    number: Array,
    space: Space,
) -> Stand:
    """Where the copies stand for the next step: at a new start where an episode was cut."""

    def fresh(old: Stand) -> Stand:
        state, seen, memory = _starts(world, groups, minds, old.keys, number + 1, space)
        new = Stand(old.keys, state, seen, memory, jnp.zeros_like(old.age))
        if not world.ends:
            return new
        return jax.tree.map(lambda a, b: jnp.where(cut.reshape(-1, *[1] * (a.ndim - 1)), a, b), new, old)

    if world.ends or world.horizon == 1:
        return fresh(here)
    return jax.lax.cond((number + 1) % world.horizon == 0, fresh, lambda old: old, here)


def _starts(
    world: World, groups: tuple[Group, ...], minds: tuple[Mind, ...], keys: Array, number: Array, space: Space
) -> tuple[Any, Any, Any]:
    state = jax.vmap(lambda key: world.reset(branch(key, number, START)))(keys)
    memory = recall(groups, minds, space)
    memory = jax.tree.map(lambda leaf: jnp.repeat(leaf[None], keys.shape[0], 0), memory)
    return state, jax.vmap(lambda s: all_see(world, s))(state), memory


def _split(key: Array, number: int) -> Array:
    return jax.random.split(wrap(key), number)
