"""One lesson: live through some steps, and let every group learn from them. Compiled; seeds are batched."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.world import World
from ..worlds._prng import branch, wrap
from ._learner import Array, Learner, Mind, Space, Track
from ._table import Group, begin, space_of
from ._unroll import Lived, Stand, stand, unroll

BLOCK = 256
"""The most lessons that are taught before the host has a look."""
MINDS, LESSON = 4, 5
"""Purposes of keys: of the minds at the start, and of what is drawn while learning."""


class Class(NamedTuple):
    """What a training carries on for one seed: its key, minds by group, where the copies stand, and returns so far.

    `earned float[E, P]` since each episode began; `last float[P]` the mean return of the episodes that ended last.
    """

    key: Array
    minds: tuple[Mind, ...]
    stand: Stand
    earned: Array
    last: Array


@partial(jax.jit, static_argnames=("seats", "copies"))
def enrol(
    world: World, learners: tuple[Learner, ...], seats: tuple[tuple[int, ...], ...], keys: Array, copies: int
) -> Class:
    """The start of a training for each seed; `keys uint32[K, 2]`."""
    groups, space = tuple(map(Group, learners, seats)), space_of(world)

    def one(key: Array) -> Class:
        minds = begin(groups, wrap(branch(key, 0, MINDS)), space)
        players = len(world.ground.players)
        here = stand(world, groups, minds, key, copies, space)
        return Class(key, minds, here, jnp.zeros((copies, players)), jnp.full(players, jnp.nan, jnp.float32))

    return jax.vmap(one)(keys)


@partial(jax.jit, static_argnames=("seats", "length"), donate_argnames="classes")
def teach(
    world: World,
    learners: tuple[Learner, ...],
    seats: tuple[tuple[int, ...], ...],
    classes: Class,
    first: Array,
    lessons: Array,
    total: Array,
    length: int,
) -> tuple[Class, Mapping[str, Array]]:
    """`lessons` (at most `BLOCK`) lessons of `length` steps; `first` is the number of the first, `total` of all.

    Returns what goes on and the metrics, name -> `[BLOCK, K, …]`, of which the first `lessons` rows are filled.
    """
    groups, space = tuple(map(Group, learners, seats)), space_of(world)
    one = partial(_taught, world, groups, space, total, length)
    batched = jax.vmap(one, (0, None))
    like = jax.eval_shape(batched, classes, first)[1]
    empty = jax.tree.map(lambda leaf: jnp.zeros((BLOCK, *leaf.shape), leaf.dtype), like)

    def step(number: Array, held: tuple[Class, Any]) -> tuple[Class, Any]:
        now, metrics = batched(held[0], first + number.astype(jnp.uint32))
        return now, jax.tree.map(lambda rows, row: rows.at[number].set(row), held[1], metrics)

    return jax.lax.fori_loop(0, lessons, step, (classes, empty))


def _taught(
    world: World, groups: tuple[Group, ...], space: Space, total: Array, length: int, now: Class, number: Array
) -> tuple[Class, dict[str, Array]]:
    here, lived = unroll(world, groups, now.minds, now.stand, number * length, length, space)
    key = wrap(branch(now.key, number, LESSON))
    minds, metrics = [], {}
    for order, (group, mind) in enumerate(zip(groups, now.minds, strict=True)):
        if group.learner.learns:
            track = track_of(group, lived, order)
            done = number.astype(jnp.float32) / total
            mind, told = group.learner.improve(jax.random.fold_in(key, order), mind, track, done)
            metrics |= {_named(groups, order, name): jnp.mean(value) for name, value in told.items()}
        minds.append(mind)
    earned, last = _returns(now, lived)
    metrics |= {"payoff": lived.payoffs.mean((0, 1)), "return": last}
    metrics |= {f"fact {name}": amount.mean((0, 1)) for name, amount in lived.facts.items()}
    return Class(now.key, tuple(minds), here, earned, last), metrics


def track_of(group: Group, lived: Lived, order: int) -> Track:
    """What each seat of a group lived through, seats first."""
    at = np.array(group.seats)

    def own(leaf: Array) -> Array:
        return jnp.moveaxis(leaf[:, :, at], 2, 0)

    def shared(leaf: Array) -> Array:
        return jnp.broadcast_to(leaf, (len(at), *leaf.shape))

    def first(leaf: Array) -> Array:
        return jnp.moveaxis(leaf, 2, 0)

    mine = lived.seen, lived.mask, lived.then, lived.moves, lived.after
    seen, mask, then, moves, after = (jax.tree.map(own, part) for part in mine)
    notes, memory, later = (jax.tree.map(first, part[order]) for part in (lived.notes, lived.memory, lived.later))
    joint = jax.tree.map(shared, lived.moves)
    ends = shared(lived.over), shared(lived.cut)
    return Track(
        seen, mask, then, moves, notes, memory, own(lived.payoffs), shared(lived.payoffs), *ends, after, later,
        own(lived.present), joint,
    )  # fmt: skip


def _returns(now: Class, lived: Lived) -> tuple[Array, Array]:
    """What each copy has earned in its episode, and the mean return `[P]` of the last step at which episodes ended."""

    def step(carry: tuple[Array, Array], at: tuple[Array, Array]) -> tuple[tuple[Array, Array], None]:
        (earned, last), (payoffs, cut) = carry, at
        earned = earned + payoffs
        ended = jnp.where(cut[:, None], earned, 0.0).sum(0) / jnp.maximum(cut.sum(), 1)
        return (jnp.where(cut[:, None], 0.0, earned), jnp.where(cut.any(), ended, last)), None

    return jax.lax.scan(step, (now.earned, now.last), (lived.payoffs, lived.cut))[0]


def _named(groups: tuple[Group, ...], order: int, name: str) -> str:
    kinds = [type(group.learner).__name__ for group in groups]
    kind = kinds[order].lower()
    return f"{kind}{'' if kinds.count(kinds[order]) == 1 else f' {order + 1}'} {name}"
