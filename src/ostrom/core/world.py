"""A world: a game of many steps, in which what matters need not be a move (a stock, an apple, a queue).

A Markov game with named moves. Seats move at once; the state moves on; payoffs are paid. Worlds that ship with ostrom
run in JAX (`ostrom.worlds`); this noun needs no array library of its own, and neither do the institutions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from .agent import Policy
from .errors import InputError, TooLarge
from .ground import Ground, Part
from .institution import Institution, View
from .record import Record, parameters_of
from .rooms import load
from .scene import Scene
from .seeds import fold, words

Array = Any
State = Any
"""Arrays in named tuples, tuples and dicts (a pytree), of the same shapes and types at every step."""

MOST_WHOLE, MOST = 2**31 - 1, float(np.finfo(np.float32).max)
"""The largest parameters of a world, whole numbers and others: they are computed with in 32 bits."""
MOST_SEATS = 1_000_000
STEP, POLICY = 0, 1
"""Purposes of the keys folded from an episode's seed: chance in the world, and chance in how it is played."""


class World(Record, ABC):
    """A Markov game over P seats; all methods are pure functions, so that a JAX world can be jitted and batched.

    Parameters of a world are the fields of its class: floats can be traced, batched and differentiated, integers and
    names are structure. Keys are two words, `uint32[2]` (`jax.random.wrap_key_data` takes them); split them before
    drawing.

    Class attributes
    ----------------
    measures : what rules can read here and in which unit, produced by a step (`facts`) or there before (`sights`).
    bystanders : those without a seat, and the fact whose sum over the seats is what a step leaves them.
    waits : whether a step in which moves are not made yet (-1, or NaN for a number) leaves all as it is, and is cheap;
        rules that have other stages than play then ask for such steps there.
    """

    measures: ClassVar[Mapping[str, str]] = {}
    bystanders: ClassVar[Mapping[str, str]] = {}
    waits: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, parameter in parameters_of(type(self)).items():
            value = getattr(self, name)
            if isinstance(value, int | float) and not abs(value) <= (MOST_WHOLE if parameter.type is int else MOST):
                raise InputError(
                    f"{type(self).__name__}({name}={value!r:.40}) is too much for a world.",
                    "Worlds count in 32 bits, and a payoff has to stay a number.",
                    "Give a number that is nearer to 0.",
                )
        if "horizon" in parameters_of(type(self)) and self.horizon < 1:
            raise InputError(
                f"{type(self).__name__}(horizon={self.horizon}) has no steps.", "", "Give horizon=1 or more."
            )

    @property
    @abstractmethod
    def ground(self) -> Ground:
        """The seats and their moves: one stage of play with one part, "act", whose first label is to rest."""

    @property
    @abstractmethod
    def horizon(self) -> int:
        """How many steps an episode takes."""

    @abstractmethod
    def reset(self, key: Array) -> State:
        """The state at the start of an episode."""

    @abstractmethod
    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """`(state, payoffs float[P])` after moves, part -> `int32[P]` (or `float[P]` for a continuous part)."""

    @abstractmethod
    def observe(self, state: State) -> View:
        """What all see (`public`) and what each seat alone sees (`seat`, seats on the first axis)."""

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> Mapping[str, Array]:
        """What the step from `before` to `after` produced, name -> `float[P]` (harvest, emission)."""
        return {}

    def sights(self, state: State) -> Mapping[str, Array]:
        """What can be measured before anybody moves, name -> `float[P]` (a stock, the same for all who share it)."""
        return {}

    def prospects(self, state: State) -> Mapping[str, Array]:
        """The most of a fact that each move could bring its maker now, name -> `float[P, A]`."""
        return {}

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """The least and the most of what is seen, name in the view -> `(low, high)`; {} where nothing is known.

        Whole numbers with a range can index a table, and adapters declare their spaces by it.
        """
        return {}

    @property
    def ends(self) -> bool:
        """Whether an episode can end before its horizon: whether there is a rule for it in `over`."""
        return type(self).over is not World.over

    def over(self, state: State) -> Array:
        """`bool`: whether the episode has ended by itself in `state`; the horizon cuts off, it does not end."""
        return np.array(False)

    def bots(self) -> Mapping[str, Policy]:
        """Ways to play this world that are worth comparing with, by name ("selfish", "cooperative"); {} if none."""
        return {}

    def scene(self, state: State) -> Scene:
        """What stands where in `state`, for whoever draws it; by default what can be measured, as numbers."""
        amounts = {name: np.asarray(amount, float) for name, amount in self.sights(state).items()}
        shared = {name: float(row[0]) for name, row in amounts.items() if np.ptp(row) == 0}
        return Scene(dials=shared, rows={name: row for name, row in amounts.items() if name not in shared})

    def words(self, state: State) -> str:
        """The state in a sentence or two."""
        return self.scene(state).words()

    def present(self, state: State) -> Array:
        """`bool[P]`: who takes part in the step to come; who does not can only rest, and gets and pays nothing."""
        return np.ones(len(self.ground.players), bool)

    def mask(self, state: State) -> Mapping[str, Array]:
        """Part -> `bool[P, A]` (bounds `float[P, 2]` of a number); who is absent has the first label (lowest) only."""
        act = self.ground.part("act")
        seats = len(self.ground.players)
        if act.continuous:
            return {"act": act.low + (act.high - act.low) * np.array([0.0, 1.0]) * self.present(state)[:, None]}
        sizes = np.array([len(act.labels_of(seat)) for seat in range(seats)])
        number = np.arange(act.width(seats))
        return {"act": (number < sizes[:, None]) & ((number == 0) | self.present(state)[:, None])}

    def reseated(self, state: State, order: Array) -> State | None:
        """The state with seat i taken by who sat at `order[i]`, if all seats are alike; None where they are not."""
        return None

    def under(self, *institutions: Institution) -> World:
        """This world with institutions laid round it, the first one innermost; `under(a, b) == under(a).under(b)`."""
        return load("worlds", "governed").GovernedWorld(self, institutions) if institutions else self

    def seated(self, seed: int) -> Seated:
        """This world as the base of a live session, begun from `seed`."""
        return Seated(self, seed)

    def plain_ground(self, players: int, *labels: str) -> Ground:
        """A ground of `players` seats that choose among `labels`, for use in `ground`. Raises `TooLarge`."""
        if players > MOST_SEATS:
            raise TooLarge(
                f"{type(self).__name__} is to have {players:,} seats.",
                f"More than {MOST_SEATS:,} do not fit into memory.",
                "Have fewer.",
            )
        names = tuple(f"player {seat + 1}" for seat in range(players))
        return Ground(names, play=((Part("act", labels),),), facts=tuple(self.measures))


class Seated:
    """A world in a live session: its state moves on with every round.

    Attributes
    ----------
    state : the state now.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.ground = world, world.ground
        self.key = np.array(words(seed), np.uint32)
        self.state = world.reset(self.key)

    @property
    def prospects(self) -> dict[str, np.ndarray]:
        """The most each move could bring now, fact -> `float[P, A]`."""
        return _numpy(self.world.prospects(self.state))

    @property
    def facts(self) -> dict[str, np.ndarray]:
        """What can be measured before anybody moves, name -> `float[P]`."""
        return _numpy(self.world.sights(self.state))

    @property
    def mask(self) -> dict[str, np.ndarray]:
        """The moves there are now, part -> `bool[P, A]`."""
        return _numpy(self.world.mask(self.state))

    @property
    def present(self) -> np.ndarray:
        """`bool[P]`: who takes part now."""
        return np.asarray(self.world.present(self.state))

    @property
    def view(self) -> View:
        """What the seats see of the world now."""
        seen = self.world.observe(self.state)
        return View(_numpy(seen.public), _numpy(seen.seat))

    def play(self, moves: Mapping[str, np.ndarray], time: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Payoffs `float[P]` and facts of round `time`."""
        before, seen = self.state, self.facts
        self.state, payoffs = self.world.step(fold(self.key, time, STEP), before, moves)
        return np.asarray(payoffs, float), seen | _numpy(self.world.facts(before, moves, self.state))


def _numpy(values: Mapping[str, Array]) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in values.items()}
