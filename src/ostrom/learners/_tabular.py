"""Tabular Q-learners for runs of millions of steps: many sessions of one world, in blocks on all cores.

The world goes on without an end, and its own `step` is called, so that institutions hold. A session gives the same
numbers whatever other sessions there are. About a hundred sessions in a block are fastest: more leave the cache.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.seeds import words
from ..core.world import STEP, World
from ..worlds._prng import branch
from ._tabular_parts import Desk
from ._tabular_rule import Habit, Rule
from ._tabular_step import Step

Array = Any
AHEAD = 100
"""Steps for which chance is drawn at once; lengths are multiples of it."""


def sit(world: World, habit: Habit, keys: Array, start: Any = 0.0) -> Desk:
    """L sessions before their first step; `keys uint32[L, 2]`; `start` broadcasts to `[L, P, S, A]`."""
    sessions, players, moves = len(keys), len(world.ground.players), _moves(world)
    values = np.broadcast_to(np.asarray(start, np.float32), (sessions, players, habit.states, moves))
    count = np.zeros(sessions * players, np.int32)
    record = np.zeros(sessions * players * habit.replay, np.int32)
    state, at = _begun(world, habit, jnp.asarray(keys, jnp.uint32))
    changed = np.zeros(sessions, np.uint32)
    return jax.tree.map(
        jnp.array, Desk(state, at, values.reshape(-1, moves), record, record.astype(np.float32), count, changed)
    )


@partial(jax.jit, static_argnames="habit")
def _begun(world: World, habit: Habit, keys: Array) -> tuple[Any, Array]:
    state = jax.vmap(world.reset)(keys)
    return state, jax.vmap(lambda one: habit.code(world.observe(one)))(state).reshape(-1)


@partial(jax.jit, static_argnames=("habit", "length", "tally"), donate_argnames="desk")
def advance(
    world: World, habit: Habit, rule: Rule, keys: Array, desk: Desk, time: Array, length: int, tally: Any = None
) -> tuple[Desk, dict[str, Array]]:
    """`length` steps on, from step `time`, and sums over them: "payoffs" `[L, P]`, and what `tally` counts."""
    shape = keys.shape[0], len(world.ground.players)
    spread = [jnp.broadcast_to(jnp.asarray(value, jnp.float32), shape).reshape(-1) for value in rule[:5]]
    step = Step(world, habit, Rule._make((*spread, rule.worth)), keys, tally, _free(world, desk.world))
    sums = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, jnp.float32), jax.eval_shape(step.count, desk.world))

    def ahead(carry: Any, first: Array) -> tuple[Any, None]:
        steps = first + jnp.arange(AHEAD, dtype=jnp.uint32)
        return jax.lax.scan(step, carry, (steps, step.chance(steps)))

    firsts = jnp.asarray(time, jnp.uint32) + AHEAD * jnp.arange(length // AHEAD, dtype=jnp.uint32)
    (desk, _, sums), _ = jax.lax.scan(ahead, (desk, step.look(desk, jnp.uint32(time)), sums), firsts)
    return desk, sums


@dataclass(frozen=True)
class Sessions:
    """What became of L sessions.

    Attributes
    ----------
    values : the tables, `float32[L, P, S, A]`; `greedy` the moves that they say are best, `int32[L, P, S]`.
    state, at : of the world, L first, and of the seats, `int32[L, P]`.
    steps : `int[L]`, how many were played; `settled bool[L]`, whether no greedy move changed in the last `patience`.
    means : name -> `float[K, L, …]`, per step, in each of K chunks; `chunk`, steps in one.
    """

    values: np.ndarray
    state: Any
    at: np.ndarray
    steps: np.ndarray
    settled: np.ndarray
    means: Mapping[str, np.ndarray]
    chunk: int

    @property
    def greedy(self) -> np.ndarray:
        """The first of the moves with the greatest value."""
        return self.values.argmax(-1).astype(np.int32)


def learn(
    world: World,
    habit: Habit,
    rule: Rule,
    seeds: int | Sequence[int],
    steps: int,
    *,
    start: Any = 0.0,
    chunk: int = 20_000,
    block: int | None = None,
    workers: int | None = None,
    tally: Any = None,
) -> Sessions:
    """Sessions of `steps` steps at most, rounded up to whole chunks; those of a block end early when all are settled.

    `tally(world, before, moves, after)` counts what else is to be known of a step, arrays by name. Blocks of sessions
    are computed on `workers` threads (as many as there are cores), by default evenly, of at most a hundred.
    """
    workers = workers or os.cpu_count() or 1
    keys = np.array([words(seed) for seed in (range(seeds) if isinstance(seeds, int) else seeds)], np.uint32)
    shape = len(keys), len(world.ground.players)
    spread = [np.broadcast_to(np.asarray(value, np.float32), shape) for value in rule[:5]]
    chunk = -(-min(chunk, steps) // AHEAD) * AHEAD
    block = block or min(100, -(-len(keys) // workers))

    def one(first: int) -> Sessions:
        part = slice(first, first + block)
        own = Rule._make((*(value[part] for value in spread), rule.worth))
        tables = start if np.ndim(start) < 4 or len(start) == 1 else start[part]
        return _block(world, habit, own, keys[part], tables, steps, chunk, tally)

    with ThreadPoolExecutor(workers) as pool:
        return _together(list(pool.map(one, range(0, len(keys), block))))


def _block(
    world: World, habit: Habit, rule: Rule, keys: np.ndarray, start: Any, steps: int, chunk: int, tally: Any
) -> Sessions:
    desk, time, sums, waits = sit(world, habit, keys, start), 0, [], habit.patience
    while time < steps and not (waits and (time - np.asarray(desk.changed) >= waits).all()):
        desk, made = advance(world, habit, rule, keys, desk, np.uint32(time), chunk, tally)
        sums.append(jax.tree.map(lambda leaf: np.asarray(leaf, float) / chunk, made))
        time += chunk
    changed, seats = np.asarray(desk.changed).astype(int), (len(keys), len(world.ground.players))
    settled = (time - changed >= waits) & (waits > 0)
    return Sessions(
        np.asarray(desk.values).reshape(*seats, habit.states, -1),
        jax.tree.map(np.asarray, desk.world),
        np.asarray(desk.at).reshape(seats),
        np.where(settled, changed + waits, time),
        settled,
        {name: np.stack([one[name] for one in sums]) for name in sums[0]},
        chunk,
    )


def _together(blocks: list[Sessions]) -> Sessions:
    """Blocks side by side; in chunks in which a block was no longer played, its means are NaN."""
    most = max(len(next(iter(one.means.values()))) for one in blocks)

    def longer(rows: np.ndarray) -> np.ndarray:
        return np.concatenate([rows, np.full((most - len(rows), *rows.shape[1:]), np.nan)])

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(one, name) for one in blocks])

    names = blocks[0].means
    return Sessions(
        values=joined("values"),
        state=jax.tree.map(lambda *leaves: np.concatenate(leaves), *(one.state for one in blocks)),
        at=joined("at"),
        steps=joined("steps"),
        settled=joined("settled"),
        means={name: np.concatenate([longer(one.means[name]) for one in blocks], 1) for name in names},
        chunk=blocks[0].chunk,
    )


def play(world: World, habit: Habit, sessions: Sessions, steps: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """What follows when nobody explores or learns any more: states `int[steps, L, P]` and payoffs `float[steps, L, P]`.

    The states are those in which the moves were made.
    """
    key = jnp.asarray(words(seed), jnp.uint32)
    return _played(world, habit, sessions.greedy, sessions.state, sessions.at, key, steps)


@partial(jax.jit, static_argnames=("habit", "steps"))
def _played(world: World, habit: Habit, greedy: Array, state: Any, at: Array, key: Array, steps: int) -> Any:
    def step(carry: Any, time: Array) -> tuple[Any, Any]:
        here, seen = carry
        moves = {"act": jnp.take_along_axis(greedy, seen[..., None], -1)[..., 0]}
        keys = jax.vmap(lambda number: branch(branch(key, time, STEP), number, STEP))(jnp.arange(len(seen)))
        after, payoffs = jax.vmap(world.step)(keys, here, moves)
        return (after, jax.vmap(lambda one: habit.code(world.observe(one)))(after)), (seen, payoffs)

    return jax.lax.scan(step, (state, at), jnp.arange(steps))[1]


def _free(world: World, states: Any) -> bool:
    """Whether it is known, as this is compiled, that every seat may always do everything."""
    one = jax.tree.map(lambda leaf: leaf[0], states)
    known = world.mask(one)["act"], world.present(one)
    return all(isinstance(what, np.ndarray) and bool(what.all()) for what in known)


def _moves(world: World) -> int:
    parts = [part for stage in world.ground.stages for part in stage]
    if len(parts) != 1 or parts[0].continuous or world.ends:
        raise InputError(
            f"{type(world).__name__} has the parts {', '.join(part.name for part in parts)}"
            f"{', and ends' if world.ends else ''}.",
            "Tables of many sessions are for worlds that go on, with labels to choose in one part.",
            "Use ostrom.learners with this world, or take away the institution that adds a part.",
        )
    return parts[0].width(len(world.ground.players))
