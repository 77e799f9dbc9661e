"""REINFORCE with a value as its baseline."""

from __future__ import annotations

from typing import Annotated, Any

import jax
import jax.numpy as jnp

from ..core.record import Interval
from . import _odds
from ._learner import Array, Mind, Track
from ._policy_gradient import PolicyGradient, twice


class Reinforce(PolicyGradient):
    """One step along the policy gradient for every batch (Williams, 1992), with a learned value as the baseline.

    With `trace=1` it uses the whole discounted return, as REINFORCE does; with less, it is an actor-critic.
    """

    trace: Annotated[float, Interval(ge=0, le=1)] = 1.0

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """`-advantage · log odds + worth · error² - entropy`, averaged over all steps."""
        gained, returns = self.advantages(mind, track)

        def loss(parameters: Any) -> tuple[Array, dict[str, Array]]:
            rows = self.outputs(parameters, track)
            odds = twice(_odds.log_odds)(rows[..., :-1], track.mask, track.moves, track.notes)
            spread = twice(_odds.entropy)(rows[..., :-1], track.mask).mean()
            error = jnp.square(rows[..., -1] - returns).mean()
            policy = -(odds * jax.lax.stop_gradient(gained)).mean()
            return policy + self.worth * error - self.entropy * spread, {"entropy": spread, "value error": error}

        gradient, told = jax.grad(loss, has_aux=True)(mind.parameters)
        return self.stepped(mind, gradient, done), told
