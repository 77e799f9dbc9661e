"""Players that do not learn: a fixed policy, and a mind that has been trained."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import numpy as np

from ..core.agent import Policy, Sight
from ..worlds._seats import draw
from ._learner import Array, Learner, Memory, Mind, Space


class Scripted(Learner):
    """A `Policy` (a bot, an imitator, an organisation) as a player of the loop."""

    policy: Policy = Policy()
    learns: ClassVar[bool] = False

    def begin(self, key: Array, space: Space) -> Mind:
        """It has nothing to learn."""
        return ()

    def recall(self, mind: Mind, space: Space) -> Memory:
        """What the policy keeps in mind at first."""
        return dict(self.policy.begin())

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Draw from the policy's scores."""
        scores, memory = self.policy.act(sight, memory)
        return draw(key, scores, sight.mask), dict(memory), {}


class Trained(Learner):
    """A learner with what it has learned, which now only plays. `mind` is a pytree, held as it is."""

    learner: Learner
    mind: Any
    learns: ClassVar[bool] = False

    def __repr__(self) -> str:
        """Whose mind it is and how large; the numbers themselves are in `mind`."""
        numbers = sum(np.size(leaf) for leaf in jax.tree.leaves(self.mind))
        return f"Trained({type(self.learner).__name__}, {numbers:,} numbers in mind)"

    def flatten(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The mind varies; nothing is structure but the class."""
        return (self.learner, self.mind), ()

    @classmethod
    def unflatten(cls, structure: tuple[Any, ...], leaves: tuple[Any, ...]) -> Trained:
        """The inverse of `flatten`."""
        made = object.__new__(cls)
        object.__setattr__(made, "learner", leaves[0])
        object.__setattr__(made, "mind", leaves[1])
        return made

    def begin(self, key: Array, space: Space) -> Mind:
        """What it has learned."""
        return self.mind

    def recall(self, mind: Mind, space: Space) -> Memory:
        """As the learner does."""
        return self.learner.recall(mind, space)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """As the learner does."""
        moves, memory, _ = self.learner.act(key, mind, memory, sight)
        return moves, memory, {}
