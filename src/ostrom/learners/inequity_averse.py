"""Inequity aversion: learners who suffer when others have more, and when they have more than others."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import jax
import jax.numpy as jnp

from ..core.errors import InputError
from ..core.record import Interval
from . import _advantages
from ._learner import Array, Mind, Space, Track
from ._regarding import Regarding, own


class Regard(NamedTuple):
    """A mind: the learner's, and what all seats have had lately in each copy of the world, `float[E, P]`."""

    mind: Mind
    smoothed: Array


class InequityAverse(Regarding):
    """Learn from one's payoff less what is suffered from inequity (Fehr and Schmidt, 1999; Hughes et al., 2018).

    With `e` what each seat has had lately, seat i learns from
    `payoff - envy · mean over others j of max(eⱼ - eᵢ, 0) - guilt · mean over others j of max(eᵢ - eⱼ, 0)`, where
    `e ← smooth · e + payoff` from the start of the episode. What is paid stays as it is.

    Parameters
    ----------
    learner : who learns.
    envy : weight α of what others have more (disadvantageous inequity).
    guilt : weight β of what one has more oneself (advantageous inequity).
    smooth : what remains of what was had a step ago, 0 to 1; 0 compares the payoffs of the step alone. Hughes et al.
        write γλ for it.
    """

    envy: Annotated[float, Interval(ge=0)] = 5.0
    guilt: Annotated[float, Interval(ge=0)] = 0.05
    smooth: Annotated[float, Interval(ge=0, le=1)] = 0.965

    def begin(self, key: Array, space: Space) -> Mind:
        """The learner's mind, and that nobody has had anything."""
        return Regard(super().begin(key, space), jnp.zeros((self.copies, len(space.ground.players))))

    def recall(self, mind: Mind, space: Space) -> object:
        """As the learner does."""
        return super().recall(mind.mind, space)

    def act(self, key: Array, mind: Mind, memory: object, sight: object) -> tuple[object, object, object]:
        """As the learner does."""
        return super().act(key, mind.mind, memory, sight)  # type: ignore[arg-type]

    def improve(self, key: Array, minds: Mind, tracks: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """As the learner does, from other payoffs."""
        before = minds.smoothed if self.shared else minds.smoothed[0]  # the same for all seats
        if before.shape[0] != tracks.payoffs.shape[2]:
            raise InputError(
                f"{tracks.payoffs.shape[2]} copies are played, and the learner inside has copies={before.shape[0]}.",
                "What seats have had lately is kept for every copy, from one update to the next.",
                "Give every learner the same copies, and train without another number of them.",
            )
        sums, after = _advantages.remembered(tracks.payoffs[0], tracks.cut[0], self.smooth, before)
        felt = self.felt(sums + tracks.payoffs[0], tracks.notes["seat"])
        mind, told = self.learner.improve(key, minds.mind, tracks._replace(payoff=tracks.payoff - felt), done)
        told = {**told, "felt": felt.mean()}
        return Regard(mind, jnp.broadcast_to(after, minds.smoothed.shape)), told

    def felt(self, smoothed: Array, seat: Array) -> Array:
        """`[S, T, E]`: what seats suffer when all have had `smoothed [T, E, P]`; `seat [S, T, E]`."""
        all_have = jnp.broadcast_to(smoothed, (seat.shape[0], *smoothed.shape))
        more = all_have - own(all_have, seat)[..., None]
        others = max(1, smoothed.shape[-1] - 1)
        envy, guilt = jax.nn.relu(more).sum(-1) / others, jax.nn.relu(-more).sum(-1) / others
        return self.envy * envy + self.guilt * guilt
