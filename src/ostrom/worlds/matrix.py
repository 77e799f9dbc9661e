"""A table game as a world: the bridge on which what holds on tables is checked in worlds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.game import Game
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.lifts.plays import prospects
from ..core.record import Interval
from ..core.world import World
from . import _pytree as _pytree

Array = Any


class State(NamedTuple):
    """`last` is the joint move before, `int32[P]`, -1 at the start; `time` the number of the step."""

    last: Array
    time: Array


class MatrixWorld(World):
    """A finite game played `horizon` times; made with `MatrixWorld.of(game)`.

    Everybody sees the joint move before (`last`, which makes memory-one play possible) and the number of the step.
    Bystanders of the game are left out: a world pays those who move.

    Parameters
    ----------
    payoffs : `[A_1, …, A_P, P]`; can be differentiated and batched.
    amounts, most : per fact, the table of amounts `[F, A_1, …, A_P, P]` and the most each move can bring `[F, P, A]`.
    players, moves, names : of the seats, their moves, and the facts.
    """

    payoffs: np.ndarray
    amounts: np.ndarray
    most: np.ndarray
    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = ()
    horizon: Annotated[int, Interval(ge=1)] = 1

    @classmethod
    def of(cls, game: Game, horizon: int = 1) -> MatrixWorld:
        """The world in which `game` is played `horizon` times. Raises `TooLarge` when it does not fit a table."""
        table = game.dense()
        profiles = np.moveaxis(np.indices(table.sizes), 0, -1)
        read, brings = table.facts_at(profiles), prospects(table)
        shape, width = table.payoffs.shape, max(table.sizes)
        amounts = np.array([np.broadcast_to(amount, shape) for amount in read.values()]).reshape(-1, *shape)
        most = np.array([brings[name] for name in read]).reshape(-1, len(table.players), width)
        return cls(table.payoffs, amounts, most, table.players, table.moves, tuple(read), horizon)

    @property
    def ground(self) -> Ground:
        """The seats and moves of the game."""
        return Ground(self.players, play=((Part("act", self.moves),),), facts=self.names)

    def reset(self, key: Array) -> State:
        """Nothing has been played."""
        return State(jnp.full(len(self.players), -1, jnp.int32), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Look the payoffs up."""
        played = jnp.asarray(moves["act"], dtype=jnp.int32)
        return State(played, state.time + 1), self._at(self.payoffs, played)

    def observe(self, state: State) -> View:
        """The joint move before, and the number of the step."""
        return View({"last": state.last, "time": state.time})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of the joint move before: -1 at the start; and of the number of the step."""
        return {"last": (-1, max(map(len, self.moves)) - 1), "time": (0, self.horizon)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """The facts of the game at what was played."""
        return {name: self._at(table, after.last) for name, table in zip(self.names, self.amounts, strict=True)}

    def prospects(self, state: State) -> dict[str, Array]:
        """The same in every step."""
        return dict(zip(self.names, jnp.asarray(self.most, dtype=jnp.float32), strict=True))

    def _at(self, table: Array, played: Array) -> Array:
        return jnp.asarray(table, dtype=jnp.float32)[tuple(played)]
