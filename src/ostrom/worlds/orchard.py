"""An orchard on a grid: agents walk and pick apples, and apples grow back only near other apples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.world import World
from . import _pytree as _pytree

Array = Any
WALK = np.array([(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)], np.int32)
"""Rows and columns by which each move goes: stay, north, south, west, east."""
NEAR = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if (row, column) != (0, 0)]


class State(NamedTuple):
    """`apples bool[H, W]`, `place int32[P, 2]` (row and column of each seat), and the number of the step."""

    apples: Array
    place: Array
    time: Array


class Orchard(World):
    """Whoever steps on an apple has it; an apple that several reach at once is shared out between them.

    The grid has no edges: who leaves at one side comes in at the other. Where no apple is and nobody stands, one grows
    with odds of `growth` for each apple on the eight cells around (at most 1), so that a stripped orchard stays bare:
    the commons of Perolat et al. (2017), without its zapping beam. All see how many apples there are; each seat sees
    the cells around it, `sight` steps far: whether there is an apple, and how many others stand there.

    Parameters
    ----------
    height, width : cells.
    fruit : odds that a cell has an apple at first.
    growth : odds per step and neighbouring apple.
    apple : payoff units per apple.
    sight : how many cells a seat sees in each direction.
    """

    players: Annotated[int, Interval(ge=1)] = 4
    horizon: int = 200
    height: Annotated[int, Interval(ge=3)] = 9
    width: Annotated[int, Interval(ge=3)] = 9
    fruit: Annotated[float, Interval(ge=0, le=1)] = 0.3
    growth: Annotated[float, Interval(ge=0, le=1)] = 0.01
    apple: float = 1.0
    sight: Annotated[int, Interval(ge=1)] = 2
    measures: ClassVar[Mapping[str, str]] = {"harvest": "apples", "orchard": "apples"}

    @property
    def ground(self) -> Ground:
        """Stay, or walk one cell."""
        return self.plain_ground(self.players, "stay", "north", "south", "west", "east")

    def reset(self, key: Array) -> State:
        """Apples and seats at random cells."""
        fruit, seats = jax.random.split(jax.random.wrap_key_data(key))
        apples = jax.random.bernoulli(fruit, self.fruit, (self.height, self.width))
        cells = jax.random.randint(seats, (self.players,), 0, self.height * self.width)
        return State(apples, jnp.stack([cells // self.width, cells % self.width], -1), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Walk, pick, and let apples grow."""
        place = self._walked(state.place, moves["act"])
        taken = (self._cell(place)[:, None] == jnp.arange(self.height * self.width)).any(0).reshape(state.apples.shape)
        around = sum(jnp.roll(state.apples, step, (0, 1)).astype(jnp.float32) for step in NEAR)
        chance = jax.random.uniform(jax.random.wrap_key_data(key), state.apples.shape)
        apples = (state.apples | (chance < self.growth * around)) & ~taken
        return State(apples, place, state.time + 1), self.apple * self._picked(state.apples, place)

    def observe(self, state: State) -> View:
        """How many apples there are; one by one, what is near."""
        reach = np.arange(-self.sight, self.sight + 1)
        rows = (state.place[:, :1] + reach) % self.height
        columns = (state.place[:, 1:] + reach) % self.width
        here = (rows[:, :, None] * self.width + columns[:, None, :])[..., None]
        seats = (here == self._cell(state.place)).sum(-1) - (reach[:, None] ** 2 + reach**2 == 0)
        near = jnp.stack([state.apples[rows[:, :, None], columns[:, None, :]], seats], -1)
        return View({"apples": state.apples.sum(), "time": state.time}, {"near": near})

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Apples that each picked."""
        return {"harvest": self._picked(before.apples, after.place)}

    def sights(self, state: State) -> dict[str, Array]:
        """Apples in the orchard."""
        return {"orchard": jnp.broadcast_to(state.apples.sum().astype(jnp.float32), (self.players,))}

    def prospects(self, state: State) -> dict[str, Array]:
        """An apple where there is one on the cell that a move leads to."""
        places = self._walked(state.place[:, None], jnp.arange(len(WALK)))
        return {"harvest": state.apples[places[..., 0], places[..., 1]].astype(jnp.float32)}

    def reseated(self, state: State, order: Array) -> State | None:
        """All pickers are alike."""
        return state._replace(place=state.place[order])

    def _walked(self, place: Array, act: Array) -> Array:
        return (place + jnp.asarray(WALK)[act]) % jnp.array([self.height, self.width])

    def _cell(self, place: Array) -> Array:
        return place[..., 0] * self.width + place[..., 1]

    def _picked(self, apples: Array, place: Array) -> Array:
        """Each seat's share of the apple it stands on, `float[P]`."""
        cells = self._cell(place)
        sharers = (cells[:, None] == cells).sum(-1)
        return apples[place[:, 0], place[:, 1]] / sharers
