"""`play`: what happens in a world with these players in its seats, and nobody learning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.seeds import words
from ..core.world import World
from ..worlds._prng import branch, wrap
from ._bounds import in_memory, refuse_counts, refuse_other
from ._learner import Array, Learner
from ._lesson import MINDS
from ._table import Group, Players, begin, seat, space_of
from ._unroll import Lived, stand, unroll


class Played(NamedTuple):
    """Whole episodes, `[E, T, …]`: payoffs and facts `[E, T, P]`, moves, sights, who was present, which steps count.

    `lasting bool[E, T]` is False after an episode has ended by itself; what is there then is a new one, not counted.
    `states` are those before each step, if they were asked for.
    """

    payoffs: Array
    facts: Mapping[str, Array]
    sights: Mapping[str, Array]
    moves: Mapping[str, Array]
    present: Array
    lasting: Array
    states: Any

    @property
    def returns(self) -> np.ndarray:
        """`float[E, P]`: what each seat got in each episode."""
        return (np.asarray(self.payoffs, float) * np.asarray(self.lasting)[..., None]).sum(1)

    def totals(self, fact: str) -> np.ndarray:
        """`float[E, P]`: how much of a fact each seat produced in each episode."""
        return (np.asarray(self.facts[fact], float) * np.asarray(self.lasting)[..., None]).sum(1)


def play(
    world: World, players: Players, *, seed: int = 0, episodes: int = 1, steps: int | None = None, states: bool = False
) -> Played:
    """Play `episodes` episodes side by side, each of `steps` steps (by default the horizon).

    The same seed gives the same episodes. Learners play as they are at first; pass `run.players()` for trained ones.
    With `states`, the states are kept, for pictures. Raises `InputError` where players do not fit the world, and
    `TooLarge` where the episodes do not fit into memory.
    """
    refuse_other(world)
    refuse_counts("play", episodes=episodes, steps=world.horizon if steps is None else steps)
    groups = seat(world, players)
    learners, seats = tuple(g.learner for g in groups), tuple(g.seats for g in groups)
    key = np.array(words(seed), np.uint32)
    with in_memory(f"Play of {episodes:,} episodes"):
        lived = jax.block_until_ready(
            _played(world, learners, seats, key, episodes, world.horizon if steps is None else steps, states)
        )
    flipped = jax.tree.map(lambda leaf: np.moveaxis(np.asarray(leaf), 1, 0), lived)
    lasting = np.cumsum(flipped.over, 1) - flipped.over == 0
    return Played(
        flipped.payoffs, flipped.facts, flipped.sights, flipped.moves, flipped.present, lasting,
        flipped.state if states else None,
    )  # fmt: skip


@partial(jax.jit, static_argnames=("seats", "episodes", "steps", "states"))
def _played(
    world: World,
    learners: tuple[Learner, ...],
    seats: tuple[tuple[int, ...], ...],
    key: Array,
    episodes: int,
    steps: int,
    states: bool,
) -> Lived:
    groups, space = tuple(map(Group, learners, seats)), space_of(world)
    minds = begin(groups, wrap(branch(key, 0, MINDS)), space)
    at = stand(world, groups, minds, key, episodes, space)
    lived = unroll(world, groups, minds, at, jnp.uint32(0), steps, space, states)[1]
    return lived._replace(seen={}, mask={}, then={}, notes=(), memory=(), after={}, later=())
