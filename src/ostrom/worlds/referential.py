"""A referential game: one seat names an object among others, in few symbols, and the other has to find it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._noise import uniform
from ._talkers import RECEIVER, SENDER, NamingBot

Array = Any


class State(NamedTuple):
    """`objects int32[K, D]` as the speaker sees them, which of them is the `target`, and in which `order int32[K]` the
    listener sees them; `message int32[L]`, 0 for a symbol that is not said yet, and how many were `said`.
    """

    objects: Array
    target: Array
    order: Array
    message: Array
    said: Array


class Referential(World):
    """A speaker sees which of K objects is meant and says L symbols; a listener, who hears them, picks one.

    Objects are different from each other, each with D attributes of A values. A round takes L + 1 steps: one symbol
    each, then the pick. The listener sees the objects in another order, so that only what they look like can be named.
    Both are paid 1 when the listener picks the target (Lewis, 1969; with attributes and a vocabulary as in Lazaridou,
    Peysakhovich and Baroni, 2017). Chance alone finds it in one round of K.

    Both see `candidates int32[K, D]`, each in its own order, and the `message int32[L]` (symbols from 1; 0 is not
    said); the speaker alone sees the number of the `target` (from 1).

    Parameters
    ----------
    candidates, attributes, values : K, D and A; no more candidates than different objects, A to the D.
    symbols, vocabulary : L, and how many different symbols there are.
    rounds : L + 1 steps each.
    """

    candidates: Annotated[int, Interval(ge=2)] = 4
    attributes: Annotated[int, Interval(ge=1, le=12)] = 2
    values: Annotated[int, Interval(ge=2, le=4096)] = 4
    symbols: Annotated[int, Interval(ge=1, le=10_000)] = 2
    vocabulary: Annotated[int, Interval(ge=1, le=10_000)] = 4
    rounds: Annotated[int, Interval(ge=1)] = 20
    effort: ClassVar[Effort] = Effort(60_000, 20, 30)
    measures: ClassVar[Mapping[str, str]] = {"success": "targets found"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.candidates <= self.different <= 4096:
            raise InputError(
                f"There are {self.candidates} candidates out of {self.different} different objects.",
                "Candidates differ from each other, and objects are drawn from a list of at most 4096.",
                "Choose values to the power of attributes between candidates and 4096.",
            )

    @classmethod
    def small(cls) -> Referential:
        """Three objects of one attribute, and one symbol."""
        return cls(3, 1, 3, symbols=1, vocabulary=3, rounds=10)

    @property
    def different(self) -> int:
        """How many different objects there are."""
        return self.values**self.attributes

    @property
    def ground(self) -> Ground:
        """Symbols for the speaker, picks for the listener; who is not asked rests."""
        symbols = tuple(f"symbol {k + 1}" for k in range(self.vocabulary))
        picks = tuple(f"pick {k + 1}" for k in range(self.candidates))
        part = Part("act", (("rest", *symbols), ("rest", *picks)))
        return Ground(("speaker", "listener"), play=((part,),), facts=tuple(self.measures))

    @property
    def horizon(self) -> int:
        """A step for each symbol and one for the pick."""
        return (self.symbols + 1) * self.rounds

    def reset(self, key: Array) -> State:
        """Objects to choose from, and nothing said."""
        return self._round(key, 0)

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """A symbol is said; or an object is picked, and other objects are there."""
        act, picking = jnp.asarray(moves["act"]), self._picking(state)
        spoken = jnp.where(jnp.arange(self.symbols) == state.said, act[SENDER], state.message).astype(jnp.int32)
        on = state._replace(message=spoken, said=state.said + 1)
        after = jax.tree.map(lambda new, old: jnp.where(picking, new, old), self._round(key, 1), on)
        return after, self._found(state, act[RECEIVER])

    def observe(self, state: State) -> View:
        """The candidates, each seat in its own order, what was said, and for the speaker which is meant."""
        seen = jnp.stack([state.objects, state.objects[state.order]])
        target = jnp.stack([state.target + 1, jnp.zeros_like(state.target)])
        return View({"message": state.message}, {"candidates": seen, "target": target})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Numbers of symbols, values and objects."""
        return {"message": (0, self.vocabulary), "candidates": (0, self.values - 1), "target": (0, self.candidates)}

    def mask(self, state: State) -> dict[str, Array]:
        """A symbol or a pick for whose turn it is, rest for the other."""
        turn = jnp.arange(2) == self._picking(state)
        number = np.arange(1 + max(self.vocabulary, self.candidates))
        count = np.array([[self.vocabulary], [self.candidates]])
        return {"act": jnp.where(turn[:, None], (number > 0) & (number <= count), number == 0)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Whether the target was found; both have a share in it."""
        return {"success": self._found(before, jnp.asarray(moves["act"])[RECEIVER])}

    def prospects(self, state: State) -> dict[str, Array]:
        """Success as the pick brings it; for the speaker, if the listener picks what is meant."""
        number = jnp.arange(1 + max(self.vocabulary, self.candidates))
        picks = jax.vmap(lambda pick: self._found(state, pick)[RECEIVER])(number)
        best = jnp.stack([jnp.broadcast_to(self._picking(state), number.shape).astype(jnp.float32), picks])
        return {"success": jnp.where(number > jnp.array([[self.vocabulary], [self.candidates]]), -jnp.inf, best)}

    def bots(self) -> dict[str, Policy]:
        """From no sense at all to full success: random, deaf, the first attribute only, as many as can be named."""
        told = min(self.attributes, self.symbols)
        return {
            "random": Policy(),
            "deaf": NamingBot(told, self.vocabulary, listens=False),
            "partial": NamingBot(1, self.vocabulary),
            "naming": NamingBot(told, self.vocabulary),
        }

    def scene(self, state: State) -> Scene:
        """The object that is meant, the others, and what has been said."""
        objects = [" ".join(str(value + 1) for value in row) for row in np.asarray(state.objects).tolist()]
        meant = objects.pop(int(state.target))
        said = " ".join(str(symbol) for symbol in np.asarray(state.message).tolist() if symbol)
        return Scene(note=f"{meant} is meant, not {' or '.join(objects)}; said: {said or 'nothing'}.")

    def _picking(self, state: State) -> Array:
        """Whether it is the listener's turn."""
        return state.said == self.symbols

    def _found(self, state: State, pick: Array) -> Array:
        """`float[2]`: whether the target is picked now, which both are paid for."""
        picked = jnp.asarray(state.order)[jnp.clip(pick - 1, 0, self.candidates - 1)]
        found = self._picking(state) & (pick > 0) & (picked == state.target)
        return jnp.broadcast_to(found, (2,)).astype(jnp.float32)

    def _round(self, key: Array, salt: int) -> State:
        """Different objects, one of them meant, and an order for the listener."""
        chance = uniform(key, (self.different + self.candidates + 1,), salt)
        drawn = jax.lax.top_k(chance[: self.different], self.candidates)[1]
        objects = drawn[:, None] // self.values ** np.arange(self.attributes) % self.values
        target = (chance[-1] * self.candidates).astype(jnp.int32)
        order = jnp.argsort(chance[self.different : -1]).astype(jnp.int32)
        return State(objects.astype(jnp.int32), target, order, jnp.zeros(self.symbols, jnp.int32), jnp.int32(0))
