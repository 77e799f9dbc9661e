"""A world stepped from outside, one compiled call a step: an array of choices goes in, a buffer of bytes comes out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.seeds import fold, words
from ..core.world import POLICY, STEP, World
from ._episode import START
from ._others import Others
from ._outline import require_sound
from ._seats import all_see, in_a_row, made

Array = Any


class Standing(NamedTuple):
    """Where an episode stands: its key, the number of the next step, the state, what may be chosen, and what those who
    play the other seats have in mind."""

    key: Array
    number: Array
    state: Any
    mask: dict[str, Array]
    memory: tuple[Any, ...]


class Told(NamedTuple):
    """What a step tells, as arrays of one's own.

    `seen` : `[P, …]` for each name in order, of one axis at least for each seat; or one array with all of it as a row,
    `float32[P, K]`. `mask` : `int8[P, A]` for each part with labels. `numbers float32[3 + F, P]` : rewards, whether the
    episode has ended by itself, whether the horizon was reached, and the facts of the ground in their order.
    """

    seen: list[Any]
    mask: list[Any]
    numbers: Any


class Stepping:
    """A world whose steps are compiled; worlds that differ in parameters only share what was compiled.

    `shapes` are the shapes of what is seen, by name ("" for a row). Steps draw on the keys of `rollout`: the same seed
    and the same moves give the same episode.
    """

    def __init__(self, world: World, named: bool, others: Others = Others()) -> None:  # noqa: B008
        require_sound(world)
        leaves, structure = jax.tree.flatten((world, others.policies))
        self.leaves = [jnp.asarray(leaf) for leaf in leaves]
        self.started, self.stepped, told = _compiled(structure, named, others.seats)
        shapes: Told = jax.eval_shape(told, self.leaves, np.zeros(2, np.uint32))
        self._layout, self._names = _layout(shapes), len(shapes.seen)
        names = jax.eval_shape(lambda key: all_see(world, world.reset(key)), np.zeros(2, np.uint32))
        self.shapes = dict(zip(sorted(names) if named else [""], shapes.seen, strict=True))

    def start(self, seed: int) -> tuple[Standing, Told]:
        """Where the episode of a seed begins, and what is told there."""
        return self._read(self.started(self.leaves, np.array(words(seed), np.uint32)))

    def step(self, at: Standing, chosen: np.ndarray) -> tuple[Standing, Told]:
        """One step; `chosen [S, K]`, a number for each seat that nobody else plays, and each part."""
        return self._read(self.stepped(self.leaves, at, chosen))

    def _read(self, made: tuple[Standing, Array]) -> tuple[Standing, Told]:
        buffer, names = np.array(made[1]), self._names
        arrays = [np.ndarray(shape, kind, buffer, first) for shape, kind, first in self._layout]
        return made[0], Told(arrays[:names], arrays[names:-1], arrays[-1])


def next_seed(seed: int) -> int:
    """The seed of the episode that follows the one of `seed`: far from it, and the same each time."""
    first, second = fold(np.array(words(seed), np.uint32), 0, START).tolist()
    return first | second << 32


@cache
def _compiled(structure: Any, named: bool, seats: tuple[tuple[int, ...], ...]) -> tuple[Any, Any, Any]:
    """`(start, step, told)` of all worlds and policies of a structure."""

    def tell(world: World, at: Standing, payoffs: Array, facts: Mapping[str, Array]) -> Told:
        ends = jnp.asarray(world.over(at.state)), at.number >= world.horizon
        columns = [payoffs, *ends, *(facts[name] for name in world.ground.facts)]
        numbers = [jnp.broadcast_to(jnp.asarray(c, dtype=jnp.float32), payoffs.shape) for c in columns]
        seen = all_see(world, at.state)
        seen = [_row(seen[name]) for name in sorted(seen)] if named else [in_a_row(seen)]
        mask = [at.mask[part].astype(jnp.int8) for part in world.ground.parts if at.mask[part].dtype == bool]
        return Told(seen, mask, jnp.stack(numbers))

    def standing(world: World, key: Array, number: Array, state: Any, memory: tuple[Any, ...]) -> Standing:
        mask = {part: jnp.asarray(row) for part, row in world.mask(state).items()}
        return Standing(key, number, state, mask, memory)

    def begun(leaves: list[Array], key: Array) -> tuple[Standing, Told]:
        world, policies = structure.unflatten(leaves)
        at = standing(world, key, jnp.int32(0), world.reset(key), Others(policies, seats).begin())
        nothing = jnp.zeros(len(world.ground.players))
        return at, tell(world, at, nothing, dict.fromkeys(world.ground.facts, nothing))

    def chosen_by_all(
        world: World, others: Others, at: Standing, chosen: Array
    ) -> tuple[dict[str, Array], tuple[Any, ...]]:
        if not seats:
            return made(world.ground, at.mask, chosen), ()
        own = np.setdiff1d(np.arange(len(world.ground.players)), np.concatenate(seats))
        key = jax.random.wrap_key_data(fold(at.key, at.number, POLICY, jnp))
        moves, memory = others.act(world.ground, key, at.memory, all_see(world, at.state), at.mask)
        mine = made(world.ground, {part: row[own] for part, row in at.mask.items()}, chosen)
        return {part: row.at[own].set(mine[part]) for part, row in moves.items()}, memory

    def stepped(leaves: list[Array], at: Standing, chosen: Array) -> tuple[Standing, Array]:
        world, policies = structure.unflatten(leaves)
        moves, memory = chosen_by_all(world, Others(policies, seats), at, chosen)
        after, payoffs = world.step(fold(at.key, at.number, STEP, jnp), at.state, moves)
        known = {**world.facts(at.state, moves, after), **world.sights(at.state)}
        to = standing(world, at.key, at.number + 1, after, memory)
        return to, _packed(tell(world, to, payoffs, known))

    def started(leaves: list[Array], key: Array) -> tuple[Standing, Array]:
        at, told = begun(leaves, key)
        return at, _packed(told)

    return jax.jit(started), jax.jit(stepped), lambda leaves, key: begun(leaves, key)[1]


def _row(value: Array) -> Array:
    """What the seats see with one axis at least for each, truth values as 0 and 1."""
    value = value if value.ndim > 1 else value[:, None]
    return value.astype(jnp.int8) if value.dtype == bool else value


def _packed(told: Told) -> Array:
    """All arrays as one buffer of bytes, the widest first, so that each begins where its type may."""
    leaves = jax.tree.leaves(told)
    return jnp.concatenate([jax.lax.bitcast_convert_type(leaves[i], jnp.uint8).ravel() for i in _order(leaves)])


def _layout(told: Told) -> list[tuple[tuple[int, ...], np.dtype, int]]:
    """`(shape, type, first byte)` of every array in the buffer."""
    leaves, at, first = jax.tree.leaves(told), 0, {}
    for number in _order(leaves):
        first[number] = at
        at += leaves[number].size * leaves[number].dtype.itemsize
    return [(leaf.shape, np.dtype(leaf.dtype), first[number]) for number, leaf in enumerate(leaves)]


def _order(leaves: list[Any]) -> list[int]:
    return sorted(range(len(leaves)), key=lambda number: -leaves[number].dtype.itemsize)
