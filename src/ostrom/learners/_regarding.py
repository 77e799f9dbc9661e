"""Learners who regard others: round any learner, they change what it learns from, and not what anybody is paid."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..core.agent import Sight
from ._learner import Array, Learner, Memory, Mind, Space, Track


class Regarding(Learner):
    """Forwards everything to `learner`; subclasses say what its seats make of the payoffs of all."""

    learner: Learner

    @property
    def learns(self) -> bool:  # type: ignore[override]
        """Whether the learner does."""
        return self.learner.learns

    @property
    def length(self) -> int:  # type: ignore[override]
        """The learner's."""
        return self.learner.length

    @property
    def copies(self) -> int:  # type: ignore[override]
        """The learner's."""
        return self.learner.copies

    @property
    def shared(self) -> bool:  # type: ignore[override]
        """The learner's."""
        return self.learner.shared

    def begin(self, key: Array, space: Space) -> Mind:
        """The learner's mind."""
        return self.learner.begin(key, space)

    def recall(self, mind: Mind, space: Space) -> Memory:
        """As the learner does."""
        return self.learner.recall(mind, space)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """As the learner does; its seat is noted, so that it can be told from the others."""
        moves, memory, notes = self.learner.act(key, mind, memory, sight)
        return moves, memory, {**notes, "seat": jnp.asarray(sight.seat, dtype=jnp.int32)}

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, Any]:
        """One seat by itself."""
        minds = mind if self.shared else jax.tree.map(lambda leaf: leaf[None], mind)
        minds, told = self.improve(key, minds, jax.tree.map(lambda leaf: leaf[None], track), done)
        return minds if self.shared else jax.tree.map(lambda leaf: leaf[0], minds), told


def own(amounts: Array, seat: Array) -> Array:
    """What is a seat's of `amounts [S, T, E, P]`; `seat [S, T, E]`."""
    return jnp.take_along_axis(amounts, seat[..., None], -1)[..., 0]
