"""A seat that learns at some tables and stays as it is at others: one compilation for every choice of seats."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.agent import Sight
from ._frozen import Frozen
from ._learner import Array, Learner, Memory, Mind, Space, Track


class Both(NamedTuple):
    """Whether the seat learns, the mind it learns with (blank where it does not), and the one it stays with."""

    learns: Array
    own: Mind
    other: Mind


class Pupil(Learner):
    """`learner` where its mind says so, and otherwise one of the players who do not change."""

    learner: Learner
    others: Frozen

    @property
    def length(self) -> int:  # type: ignore[override]
        """The learner's."""
        return self.learner.length

    @property
    def copies(self) -> int:  # type: ignore[override]
        """The learner's."""
        return self.learner.copies

    def begin(self, key: Array, space: Space) -> Mind:
        """A learner who knows nothing."""
        return Both(jnp.array(True), self.learner.begin(key, space), self.others.begin(key, space))

    def recall(self, mind: Mind, space: Space) -> Memory:
        """Both."""
        return self.learner.recall(mind.own, space), self.others.recall(mind.other, space)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Both choose, and one of them counts; the notes are the learner's."""
        one, two = jax.random.split(key)
        mine, kept, notes = self.learner.act(one, mind.own, memory[0], sight)
        theirs, held, _ = self.others.act(two, mind.other, memory[1], sight)
        moves = {part: jnp.where(mind.learns, mine[part], theirs[part]) for part in mine}
        return moves, (kept, held), notes

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """As the learner does, where it learns."""
        own = track._replace(memory=track.memory[0], later=track.later[0])
        new, _ = self.learner.update(key, mind.own, own, done)
        return mind._replace(own=jax.tree.map(lambda a, b: jnp.where(mind.learns, a, b), new, mind.own)), {}
