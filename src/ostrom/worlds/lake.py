"""A lake with fish that many take from: what is taken depends on the stock, not on the move alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort

Array = Any
EFFORT = np.array([0.0, 1.0, 2.0], np.float32)
"""Boats that go out when one rests, fishes, fishes hard."""


class State(NamedTuple):
    """`stock` in tonnes, and the number of the step."""

    stock: Array
    time: Array


class Lake(World):
    """Fishers share a stock that grows back by itself, unless too little is left (Gordon, 1954; Schaefer, 1957).

    With efforts e and their sum E, the lake yields `stock * (1 - exp(-catchability * E))` tonnes, shared by effort.
    What is left grows by `growth * left * (1 - left / capacity)`. A seat is paid
    `price * harvest - cost * effort`. All see the stock. With the defaults, four who fish keep the stock where it
    grows best, four who fish hard destroy it, and each gains by fishing hard whatever the others do.

    Parameters
    ----------
    capacity : tonnes that the lake can hold; `start` : share of it there at first, 0 to 1.
    growth : per step; the stock is stable up to 2.
    catchability : share of the stock that a little effort catches, per boat.
    price, cost : payoff units per tonne and per boat.
    enters, leaves : at which step seat i begins and ends to take part; seats not listed are there from first to last.
    """

    players: Annotated[int, Interval(ge=1)] = 4
    horizon: Annotated[int, Interval(ge=1)] = 50
    capacity: Annotated[float, Interval(ge=0)] = 100.0
    start: Annotated[float, Interval(ge=0, le=1)] = 0.625
    growth: Annotated[float, Interval(ge=0, le=2)] = 0.5
    catchability: Annotated[float, Interval(ge=0)] = 0.0558
    price: float = 1.0
    cost: float = 0.5
    enters: tuple[int, ...] = ()
    leaves: tuple[int, ...] = ()
    effort: ClassVar[Effort] = Effort(60_000, 20, 25)
    measures: ClassVar[Mapping[str, str]] = {"harvest": "tonnes", "effort": "boats", "stock": "tonnes"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if max(len(self.enters), len(self.leaves)) > self.players or self.capacity == 0:
            raise InputError(
                f"Lake(players={self.players}, capacity={self.capacity}, enters={self.enters}, leaves={self.leaves}) "
                "is no lake.",
                "enters and leaves name a step for each seat at most, and some fish have room.",
                "Give at most as many steps as seats, and a capacity above 0.",
            )

    @property
    def ground(self) -> Ground:
        """Rest, fish, or fish hard."""
        return self.plain_ground(self.players, "rest", "fish", "fish hard")

    def reset(self, key: Array) -> State:
        """The stock at the start; nothing is left to chance in this world."""
        return State(jnp.float32(self.start * self.capacity), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Fish, sell, and let the stock grow."""
        effort = self._effort(state, moves)
        harvest = self._harvest(state.stock, effort)
        left = state.stock - harvest.sum()
        stock = jnp.maximum(left + self.growth * left * (1 - left / self.capacity), 0.0)
        return State(stock, state.time + 1), self.price * harvest - self.cost * effort

    def observe(self, state: State) -> View:
        """Everybody sees the stock and the number of the step."""
        return View({"stock": state.stock, "time": state.time})

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """What each took, and with how many boats."""
        effort = self._effort(before, moves)
        return {"harvest": self._harvest(before.stock, effort), "effort": effort}

    def sights(self, state: State) -> dict[str, Array]:
        """The stock."""
        return {"stock": jnp.broadcast_to(state.stock, (self.players,))}

    def prospects(self, state: State) -> dict[str, Array]:
        """A move brings most when all others rest."""
        alone = state.stock * -jnp.expm1(-self.catchability * EFFORT)
        each = (self.players, len(EFFORT))
        return {"harvest": jnp.broadcast_to(alone, each), "effort": jnp.broadcast_to(EFFORT, each)}

    def present(self, state: State) -> Array:
        """Between when a seat enters and when it leaves."""
        first, last = np.zeros(self.players, np.int32), np.full(self.players, 2**31 - 1, np.int32)
        first[: len(self.enters)], last[: len(self.leaves)] = self.enters, self.leaves
        return (first <= state.time) & (state.time < last)

    def reseated(self, state: State, order: Array) -> State | None:
        """All fishers are alike, unless they come and go."""
        return None if self.enters or self.leaves else state

    def _effort(self, state: State, moves: Mapping[str, Array]) -> Array:
        """Boats of those who are present, `float[P]`."""
        return jnp.where(self.present(state), jnp.asarray(EFFORT)[moves["act"]], 0.0)

    def _harvest(self, stock: Array, effort: Array) -> Array:
        """Tonnes that each takes, `float[P]`."""
        total = effort.sum()
        return stock * -jnp.expm1(-self.catchability * total) * effort / jnp.maximum(total, 1.0)
