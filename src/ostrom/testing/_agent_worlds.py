"""Small worlds for checking learners: one in which what may be chosen keeps changing, and tasks with known answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.forms.normal_form import NormalForm
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.world import World
from ..worlds.matrix import MatrixWorld

Array = Any


class State(NamedTuple):
    """`last int32[P]`, the labels chosen before (-1 at first); `time`, the number of the step; `cue`, 0 or 1."""

    last: Array
    time: Array
    cue: Array


class Gate(World):
    """Two seats with three labels, and with a number if wanted; what is permitted changes with time and with moves.

    One label is always forbidden, often two; a number sometimes has no room at all. Seat 2 is away now and then, and an
    episode may end before its horizon.
    """

    numbers: bool = True
    horizon: int = 7

    @property
    def ground(self) -> Ground:
        """Two seats, and one part or two."""
        number = (Part("pace", low=0.0, high=2.0),) if self.numbers else ()
        return Ground(("first", "second"), play=((Part("act", ("a", "b", "c")), *number),))

    def reset(self, key: Array) -> State:
        """Nothing has been chosen."""
        return State(jnp.full(2, -1, jnp.int32), jnp.int32(0), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Pay for labels and numbers; what is forbidden would pay most."""
        mask = self.mask(state)["act"]
        forbidden = ~jnp.take_along_axis(mask, moves["act"][:, None], 1)[:, 0]
        paid = moves["act"] - 0.5 * moves["act"][::-1] + 10.0 * forbidden
        paid = paid + (moves["pace"] if self.numbers else 0.0)
        return State(moves["act"], state.time + 1, state.cue), jnp.where(self.present(state), paid, 0.0)

    def observe(self, state: State) -> View:
        """What was chosen before, and the number of the step."""
        return View({"last": state.last, "time": state.time})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Both are small whole numbers."""
        return {"last": (-1, 2), "time": (0, self.horizon)}

    def present(self, state: State) -> Array:
        """Seat 2 is away at two steps."""
        return jnp.array([True, True]) & ((jnp.arange(2) == 0) | ((state.time != 2) & (state.time != 5)))

    def over(self, state: State) -> Array:
        """Late episodes end where both chose the same."""
        return (state.time >= 5) & (state.last[0] == state.last[1])

    def mask(self, state: State) -> dict[str, Array]:
        """Two labels of three or one, and bounds that move."""
        turn = (jnp.arange(3) + state.time + jnp.arange(2)[:, None] + state.last.sum()) % 3
        here = jnp.asarray(self.present(state))[:, None]
        labels = jnp.where(here, jnp.where(state.time % 3 == 1, turn == 1, turn != 0), jnp.arange(3) == 0)
        low = 0.25 * (state.time % 4).astype(jnp.float32)
        high = jnp.where(here[:, 0], low + 0.5 * (state.time % 3).astype(jnp.float32), low)
        bounds = {"pace": jnp.stack([jnp.broadcast_to(low, 2), high], -1)} if self.numbers else {}
        return {"act": labels, **bounds}


class Alone(World):
    """One seat that chooses between "left" and "right" for a few steps; subclasses say what it is paid for."""

    horizon: int = 2

    @property
    def ground(self) -> Ground:
        """One seat."""
        return self.plain_ground(1, "left", "right")

    def reset(self, key: Array) -> State:
        """A cue drawn by chance."""
        cue = jax.random.bernoulli(jax.random.wrap_key_data(key)).astype(jnp.int32)
        return State(jnp.full(1, -1, jnp.int32), jnp.int32(0), cue)

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Time goes on."""
        return State(moves["act"], state.time + 1, state.cue), self.paid(state, moves["act"])

    @abstractmethod
    def paid(self, state: State, move: Array) -> Array:
        """`float[1]`."""

    def observe(self, state: State) -> View:
        """What was chosen before, and the number of the step."""
        return View({"last": state.last, "time": state.time})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Small whole numbers."""
        return {"last": (-1, 1), "time": (0, self.horizon)}


class Later(Alone):
    """To the left something is paid at once; to the right nothing at first, and more a step later."""

    def paid(self, state: State, move: Array) -> Array:
        """0.3 at once, or 1 later."""
        went = (state.time == 1) & (state.last == 1)
        return jnp.where(went & (move == 1), 1.0, jnp.where((state.time == 0) & (move == 0), 0.3, 0.0))


class Recall(Alone):
    """A cue is shown at first, and in the last of three steps it is right to do as it said."""

    horizon: int = 3

    def paid(self, state: State, move: Array) -> Array:
        """1 in the last step for what the cue said."""
        return jnp.where((state.time == 2) & (move == state.cue), 1.0, 0.0)

    def observe(self, state: State) -> View:
        """The cue too, at first."""
        cue = jnp.where(state.time == 0, state.cue, -1)
        return View({"last": state.last, "time": state.time, "cue": cue})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The cue too."""
        return {**super().ranges, "cue": (-1, 1)}


def task(name: str) -> tuple[World, float, float]:
    """`(world, what choosing by chance is paid per step, the most)`."""
    if name == "bandit":
        return MatrixWorld.of(NormalForm([[0.0], [1.0], [0.5]]), horizon=8), 0.5, 1.0
    return (Later(), 0.2, 0.5) if name == "later" else (Recall(), 1 / 6, 1 / 3)
