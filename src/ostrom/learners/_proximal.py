"""Proximal policy optimisation: what IPPO and what is built on it share."""

from __future__ import annotations

from typing import Annotated, Any

import jax
import jax.numpy as jnp

from ..core.errors import InputError
from ..core.record import Interval
from . import _odds
from ._learner import Array, Mind, Space, Track
from ._policy_gradient import PolicyGradient, twice


class Proximal(PolicyGradient):
    """Several steps down a clipped loss for every batch (Schulman et al., 2017).

    Parameters
    ----------
    epochs : how often a batch is gone through; `parts` : minibatches, which split the copies (of all seats together,
        where the mind is shared).
    near : how far the odds may leave those that played, 0.2 is ±20 %.
    """

    epochs: Annotated[int, Interval(ge=1, le=1_000)] = 3
    parts: Annotated[int, Interval(ge=1, le=1_000_000)] = 2
    near: Annotated[float, Interval(ge=0)] = 0.2

    def begin(self, key: Array, space: Space) -> Mind:
        """A fresh network; raises `InputError` where copies cannot be split evenly."""
        if self.copies % self.parts:
            raise InputError(
                f"{self.copies} copies cannot be split into {self.parts} equal parts.",
                "A minibatch is made of whole copies.",
                "Choose copies that are a multiple of parts.",
            )
        return super().begin(key, space)

    def weighed(self, mind: Mind, track: Track) -> tuple[Array, Array]:
        """`(advantages [T, E], returns [T, E, heads])`: what the odds and the values are moved by."""
        gained, returns = self.advantages(mind, track)
        return gained, returns[..., None]

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """`epochs × parts` steps down the clipped loss."""
        gained, returns = self.weighed(mind, track)
        copies = track.payoff.shape[1]
        orders = jax.vmap(lambda one: jax.random.permutation(one, copies))(jax.random.split(key, self.epochs))

        def step(now: Mind, chosen: Array) -> tuple[Mind, dict[str, Array]]:
            some, gain, back = jax.tree.map(lambda leaf: leaf[:, chosen], (track, gained, returns))
            gradient, told = jax.grad(self._loss, has_aux=True)(now.parameters, some, gain, back)
            return self.stepped(now, gradient, done), told

        mind, told = jax.lax.scan(step, mind, orders.reshape(self.epochs * self.parts, -1))
        return mind, jax.tree.map(jnp.mean, told)

    def _loss(self, parameters: Any, track: Track, gained: Array, returns: Array) -> tuple[Array, dict[str, Array]]:
        rows = self.outputs(parameters, track)
        scores, values = rows[..., : -self.heads], rows[..., -self.heads :]
        odds = twice(_odds.log_odds)(scores, track.mask, track.moves, track.notes)
        spread = twice(_odds.entropy)(scores, track.mask).mean()
        ratio = jnp.exp(odds - track.notes["odds"])
        gained = (gained - gained.mean()) / (gained.std() + 1e-8)
        policy = -jnp.minimum(ratio * gained, jnp.clip(ratio, 1 - self.near, 1 + self.near) * gained).mean()
        error = jnp.square(values - returns).mean()
        told = {"entropy": spread, "value error": error, "moved": (track.notes["odds"] - odds).mean()}
        return policy + self.worth * error - self.entropy * spread, told
