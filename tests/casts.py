"""Players that tests of several rooms put on stage: one who never learns, and one who learns quickly."""

import jax
import jax.numpy as jnp

from ostrom.core.agent import NEVER, Policy
from ostrom.learners import Learner


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


class Student(Learner):
    """Scores of moves, whatever is seen, moved along the policy gradient: quick to compile."""

    rate: float = 1.0
    length: int = 16
    copies: int = 16

    def begin(self, key, space):
        return 0.1 * jax.random.normal(key, (space.parts["act"],))

    def act(self, key, mind, memory, sight):
        return {"act": jax.random.categorical(key, jnp.where(sight.mask["act"], mind, NEVER))}, memory, {}

    def update(self, key, mind, track, done):
        chosen = jax.nn.one_hot(track.moves["act"], len(mind)) - jax.nn.softmax(mind)
        gained = track.payoff - track.payoff.mean()
        return mind + self.rate * (gained[..., None] * chosen).mean((0, 1)), {}
