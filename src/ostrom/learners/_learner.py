"""What a learner is: how it chooses, and how what happened changes its mind. The loop is written elsewhere, once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import jax

from ..core.agent import Sight
from ..core.ground import Ground
from ..core.record import Record
from ..worlds import _pytree as _pytree

Array = Any
Mind = Any
"""What a seat has learned (parameters, tables, the state of an optimiser): a pytree of fixed structure."""
Memory = Any
"""What a seat keeps in mind within an episode (the state of a recurrent network): a pytree of fixed structure."""


@dataclass(frozen=True)
class Space:
    """What a seat can see and do, as shapes; known before anything is compiled.

    Attributes
    ----------
    ground : seats, parts and labels of the world.
    seen : name -> shape of one seat's row; `kinds` : name -> NumPy's letter of its type ("b", "i", "u", "f").
    parts : part -> how many labels it has; 0 for a number.
    ranges : name -> least and most, where the world declares them.
    horizon : steps of an episode.
    """

    ground: Ground
    seen: Mapping[str, tuple[int, ...]]
    kinds: Mapping[str, str]
    parts: Mapping[str, int]
    ranges: Mapping[str, tuple[float, float]]
    horizon: int


class Track(NamedTuple):
    """What one seat lived through between two updates: T steps in E copies of the world, `[T, E]` first on each leaf.

    `seen` and `mask` before each move; `moves`, and the `notes` that `act` made with them; `memory` before each move;
    `payoff` of the seat and `payoffs [T, E, P]` of all; `over`: the episode ended by itself (nothing follows), `cut`:
    an episode ended here, by itself or by the horizon; `after`, `then` and `later`: what was seen, permitted and
    remembered after the step and before a new episode began, so that a value can be had where the horizon cut;
    `present`: it took part. `joint` : part -> `[T, E, P]`, what all chose.
    """

    seen: Mapping[str, Array]
    mask: Mapping[str, Array]
    then: Mapping[str, Array]
    moves: Mapping[str, Array]
    notes: Mapping[str, Array]
    memory: Memory
    payoff: Array
    payoffs: Array
    over: Array
    cut: Array
    after: Mapping[str, Array]
    later: Memory
    present: Array
    joint: Mapping[str, Array]


class Learner(Record, ABC):
    """A loss and an update. Everything is pure: seats, copies of the world and seeds are batched by the loop.

    Subclasses declare two whole numbers: `length`, how many steps are played between two updates, and `copies`, how
    many episodes are played side by side; and `shared`, whether seats of one learner share one mind.

    Class attributes
    ----------------
    learns : whether `update` changes anything.
    """

    learns: ClassVar[bool] = True
    length: ClassVar[int] = 1
    copies: ClassVar[int] = 1
    shared: ClassVar[bool] = False

    @abstractmethod
    def begin(self, key: Array, space: Space) -> Mind:
        """The mind of a seat that has learned nothing. Raises `InputError` when the space is not for this learner."""

    @abstractmethod
    def act(
        self, key: Array, mind: Mind, memory: Memory, sight: Sight
    ) -> tuple[Mapping[str, Array], Memory, Mapping[str, Array]]:
        """`(part -> choice, memory, notes)` of one seat in one copy; `key` is a `jax.random` key."""

    def recall(self, mind: Mind, space: Space) -> Memory:
        """What is in mind as an episode begins."""
        return ()

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, Mapping[str, Array]]:
        """`(mind, metrics)` of one seat; `done` is the share of the training that is behind it, 0 to 1."""
        return mind, {}

    def improve(self, key: Array, minds: Mind, tracks: Track, done: Array) -> tuple[Mind, Mapping[str, Array]]:
        """All seats of this learner at once, seats on the first axis (of `tracks` only, where a mind is shared).

        By default each seat for itself; a learner that looks at what the others learn overrides this.
        """
        if self.shared:
            return self.update(key, minds, _side_by_side(tracks), done)
        keys = jax.random.split(key, jax.tree.leaves(tracks.payoff)[0].shape[0])
        return jax.vmap(self.update, (0, 0, 0, None))(keys, minds, tracks, done)


def _side_by_side(tracks: Track) -> Track:
    """Seats `[S, T, E, …]` as further copies `[T, S * E, …]`."""
    seats, steps, copies = tracks.payoff.shape
    return jax.tree.map(lambda leaf: leaf.swapaxes(0, 1).reshape(steps, seats * copies, *leaf.shape[3:]), tracks)
