"""A world that tells its players something else than what it pays: what all have of it, for players who act as one.

It also keeps account of what was paid before the rules laid round the world took or gave anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp

from ..core.agent import Policy
from ..core.errors import UnknownName
from ..core.ground import Ground
from ..core.institution import View
from ..core.world import World
from ..worlds import _pytree as _pytree
from ..worlds.governed import GovernedWorld

Array = Any
BARE, PAID = "before rules", "paid"
"""Facts of a told world: payoffs of a step before and after the rules."""


class State(NamedTuple):
    """The world's own state, and what the last step paid, `float[P]` before and after the rules."""

    world: Any
    bare: Array
    paid: Array


class Told(World):
    """A world whose players are told `(1 - welfare - rewards)` of what they are paid, and parts of two means.

    Facts are those of the world, and `before rules` and `paid`, so that one play says both. One class for players who
    act for themselves and as one, so that both are compiled together.

    Parameters
    ----------
    welfare : weight of the mean, over seats and bystanders, of what the world pays before the rules.
    rewards : weight of the mean over seats of what they are paid (where rules change what players want, of that).
    outside : facts that, summed over the seats, are what those without a seat have of a step.
    """

    world: World
    welfare: float = 0.0
    rewards: float = 0.0
    outside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.outside:
            if name not in self.world.ground.facts:
                raise UnknownName("fact for a bystander", name, self.world.ground.facts)

    @property
    def base(self) -> World:
        """The world without its rules."""
        return getattr(self.world, "base", self.world)

    @property
    def institutions(self) -> tuple[Any, ...]:
        """The world's rules."""
        return getattr(self.world, "institutions", ())

    @property
    def ground(self) -> Ground:
        """The world's."""
        return self.world.ground

    @property
    def horizon(self) -> int:
        """The world's."""
        return self.world.horizon

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """The world's."""
        return self.world.ranges

    @property
    def ends(self) -> bool:
        """Whether the world can end before its horizon."""
        return self.world.ends

    def reset(self, key: Array) -> State:
        """The world at its start; nothing has been paid."""
        nothing = jnp.zeros(len(self.ground.players))
        return State(self.world.reset(key), nothing, nothing)

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """The world's step, and what the players are told of it."""
        after, paid = self.world.step(key, state.world, moves)
        bare = _bare(self.world, state.world, after, paid)
        told = (1 - self.welfare - self.rewards) * paid + self.rewards * paid.mean()
        shared = bare.sum()
        if self.outside:
            facts = self.world.facts(state.world, moves, after)
            shared = shared + sum(jnp.sum(facts[name]) for name in self.outside)
        told = told + self.welfare * shared / (len(self.ground.players) + len(self.outside))
        return State(after, bare, paid), told

    def observe(self, state: State) -> View:
        """The world's."""
        return self.world.observe(state.world)

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """The world's, and what was paid."""
        return {**self.world.facts(before.world, moves, after.world), BARE: after.bare, PAID: after.paid}

    def sights(self, state: State) -> Mapping[str, Array]:
        """The world's."""
        return self.world.sights(state.world)

    def over(self, state: State) -> Array:
        """The world's."""
        return self.world.over(state.world)

    def present(self, state: State) -> Array:
        """The world's."""
        return self.world.present(state.world)

    def mask(self, state: State) -> Mapping[str, Array]:
        """The world's."""
        return self.world.mask(state.world)

    def reseated(self, state: State, order: Array) -> State | None:
        """The world's."""
        world = self.world.reseated(state.world, order)
        return None if world is None else State(world, state.bare[order], state.paid[order])

    def bots(self) -> Mapping[str, Policy]:
        """The world's."""
        return self.world.bots()


def _bare(world: World, before: Any, after: Any, paid: Array) -> Array:
    """What the base paid in this step; a governed world keeps it in its state from the stage of play on."""
    if not isinstance(world, GovernedWorld):
        return paid
    played = before.stage == len(world.ground.opening) + len(world.ground.before)
    return jnp.where(played, after.payoffs, 0.0)
