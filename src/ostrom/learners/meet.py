"""`meet`: many tables at once, with anybody in any seat, and nobody learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.seeds import words
from ..core.world import World
from ._bounds import in_memory
from ._frozen import Casting, Frozen, check, joined, kinds_of, parts
from ._learner import Array, Learner
from ._table import Group, space_of
from ._unroll import stand, unroll

FEW, TABLES = 4, 16
"""So many tables are computed together, or so many: numbers that are rounded up need no compilation of their own."""


class Met(NamedTuple):
    """What came of E whole episodes at each of N tables.

    `returns float[N, E, P]`, what each seat got; `facts` name -> `[N, E, P]`, how much of it each produced; `steps
    int[N, E]`, how long the episode lasted.
    """

    returns: np.ndarray
    facts: Mapping[str, np.ndarray]
    steps: np.ndarray


def meet(
    world: World,
    tables: Sequence[Casting],
    *,
    episodes: int = 32,
    seed: int = 0,
    seeds: Sequence[int] | None = None,
    kinds: Sequence[Learner] = (),
) -> Met:
    """Play `episodes` whole episodes at every table.

    What is compiled does not depend on who sits where: trained players of one learner, and each policy, are kinds of
    players, and any seat of any table can be taken by any of them.

    Parameters
    ----------
    tables : for each table, players for all seats in order: policies, or trained players (`run.players()`).
    seeds : of each table's chance; default `seed`, `seed + 1`, …. Tables with one seed meet with the same luck.
    kinds : further kinds of players; who calls twice with the same ones compiles once.

    Raises `InputError` for tables that do not fit the world, or a learner that has not been trained.
    """
    seeds = range(seed, seed + len(tables)) if seeds is None else seeds
    check(world, tables, len(seeds), episodes)
    every, known = range(len(world.ground.players)), joined(kinds, kinds_of(tables))
    minds = parts(known, tables, every, space_of(world))
    keys = np.array([words(one) for one in seeds], np.uint32)
    size = FEW if len(tables) <= FEW else TABLES
    found = []
    for first in range(0, len(tables), size):
        chosen = np.minimum(np.arange(first, first + size), len(tables) - 1)
        some = jax.tree.map(lambda leaf, chosen=chosen: leaf[chosen], (minds, keys))
        with in_memory(f"Play of {episodes:,} episodes at {size} tables"):
            found.append(jax.device_get(_met(world, Frozen(known), *some, episodes)))
    returns, facts, steps = jax.tree.map(lambda *leaves: np.concatenate(leaves)[: len(tables)], *found)
    wide = {name: np.asarray(amount, float) for name, amount in facts.items()}
    return Met(np.asarray(returns, float), wide, np.asarray(steps))


@partial(jax.jit, static_argnames="episodes")
def _met(world: World, learner: Frozen, minds: Any, keys: Array, episodes: int) -> tuple[Array, Any, Array]:
    groups, space = (Group(learner, tuple(range(len(world.ground.players)))),), space_of(world)

    def one(mind: Any, key: Array) -> tuple[Array, Any, Array]:
        at = stand(world, groups, (mind,), key, episodes, space)
        lived = unroll(world, groups, (mind,), at, jnp.uint32(0), world.horizon, space)[1]
        lasting = jnp.cumsum(lived.over, 0) - lived.over == 0
        returns, facts = jax.tree.map(
            lambda leaf: (leaf * lasting[..., None]).sum(0), (lived.payoffs, dict(lived.facts))
        )
        return returns, facts, lasting.sum(0)

    return jax.vmap(one)(minds, keys)
