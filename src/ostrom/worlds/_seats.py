"""What each seat sees and may do, as rows of arrays: for whoever hands a world on seat by seat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from ..core.agent import NEVER
from ..core.charter import clamp
from ..core.ground import Ground
from ..core.world import World
from . import _pytree as _pytree

Array = Any


def all_see(world: World, state: Any) -> dict[str, Array]:
    """What each seat sees, name -> `[P, …]`: what all see, and what each is told."""
    view, players = world.observe(state), len(world.ground.players)
    public = {name: jnp.broadcast_to(value, (players, *jnp.shape(value))) for name, value in view.public.items()}
    return public | {name: jnp.asarray(value) for name, value in view.seat.items()}


def in_a_row(seen: Mapping[str, Array]) -> Array:
    """All that each seat sees as numbers side by side, `float32[P, K]`, names in alphabetical order."""
    rows = [jnp.asarray(seen[name], dtype=jnp.float32).reshape(seen[name].shape[0], -1) for name in sorted(seen)]
    return jnp.concatenate(rows, -1)


def made(ground: Ground, mask: Mapping[str, Array], chosen: Array) -> dict[str, Array]:
    """Moves from a number for each part, `[S, K]`, of the seats of `mask`; not permitted ones are the first that is."""
    moves = {}
    for column, (name, part) in enumerate(ground.parts.items()):
        number = chosen.reshape(mask[name].shape[0], -1)[:, column]
        if part.continuous:
            number = jnp.where(jnp.isnan(number), mask[name][..., 0], number).astype(jnp.float32)
        else:
            number = jnp.maximum(number.astype(jnp.int32), 0)
        moves[name] = clamp(number, mask[name], jnp)
    return moves


def allowed(scores: Array | float, mask: Array) -> Array:
    """Scores `[…, A]` with those of moves that are not permitted at `NEVER`."""
    return jnp.where(mask, scores, NEVER)


def draw(key: Array, scores: Mapping[str, Array], mask: Mapping[str, Array]) -> dict[str, Array]:
    """One seat's choice in each part: a label drawn by softmax among the permitted, or the number given.

    Parts without scores are chosen evenly. `key` is a `jax.random` key.
    """
    keys = dict(zip(sorted(mask), jax.random.split(key, len(mask)), strict=True))
    return {part: _one(keys[part], scores.get(part), permitted) for part, permitted in mask.items()}


def _one(key: Array, scores: Array | None, permitted: Array) -> Array:
    if permitted.dtype == bool:
        return jax.random.categorical(key, allowed(0.0 if scores is None else scores, permitted)).astype(jnp.int32)
    if scores is None:
        return jax.random.uniform(key, (), minval=permitted[0], maxval=permitted[1])
    return jnp.clip(scores, permitted[0], permitted[1])
