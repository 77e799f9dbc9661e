"""Social value orientation: how much the payoffs of others count beside one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import jax.numpy as jnp

from ..core.record import Interval
from ._learner import Array, Mind, Track
from ._regarding import Regarding, own


class SocialValue(Regarding):
    """Learn from `cos(angle) · own payoff + sin(angle) · mean payoff of the others` (Griesinger and Livingston, 1973).

    What is paid stays as it is; only what is learned from changes.

    Parameters
    ----------
    learner : who learns.
    angle : in degrees. 0 is selfish, 45 prosocial, 90 altruistic, -45 competitive.
    """

    angle: Annotated[float, Interval(ge=-180, le=180)] = 45.0

    def improve(self, key: Array, minds: Mind, tracks: Track, done: Array) -> tuple[Mind, Mapping[str, Array]]:
        """As the learner does, from other payoffs."""
        regarded = self.regarded(tracks.payoff, tracks.payoffs, tracks.notes["seat"])
        return self.learner.improve(key, minds, tracks._replace(payoff=regarded), done)

    def regarded(self, payoff: Array, payoffs: Array, seat: Array) -> Array:
        """`[S, T, E]`: what seats make of their `payoff [S, T, E]` and all `payoffs [S, T, E, P]`."""
        others = (payoffs.sum(-1) - own(payoffs, seat)) / max(1, payoffs.shape[-1] - 1)
        angle: Any = jnp.deg2rad(jnp.asarray(self.angle, dtype=jnp.float32))
        return jnp.cos(angle) * payoff + jnp.sin(angle) * others
