"""Advantage alignment: shaping others through an advantage that knows of theirs."""

from __future__ import annotations

from typing import Annotated, ClassVar

import jax.numpy as jnp

from ..core.agent import Sight
from ..core.record import Interval
from . import _advantages
from ._learner import Array, Mind, Track
from ._proximal import Proximal


class AdvantageAlignment(Proximal):
    """Proximal advantage alignment (Duque et al., 2024), in any world and against anybody.

    A move counts more when it is good for the others and one's own past with them was good, and less when the past was
    bad: `A*ₜ = Aₜ + align · discount · (Σₖ₍ₖ<ₜ₎ discountᵗ⁻ᵏ Aₖ) · Bₜ`, in proximal policy optimisation. A is one's own
    advantage and B the sum of all others', each over its standard deviation; both are judged from what everybody was
    paid, by a value of one's own for each, so that no other mind is looked into.

    The past goes back to the start of the episode, or of what was lived through since the last update: let `length` be
    a whole number of episodes.

    Parameters
    ----------
    align : weight β of the alignment; 0 is proximal policy optimisation.
    rate : learning rate of Adam; `fade` : whether it falls to 0 over the training.
    discount : of payoffs, per step; `trace` : λ of generalised advantage estimation.
    entropy : weight of the entropy in the loss; `worth` : weight of the error of the values.
    clip : the largest norm of a gradient.
    length, copies : steps between two updates, and episodes side by side.
    shared : whether all seats of this learner have one mind.
    net : the network.
    epochs, parts, near : as in IPPO.
    """

    heads: ClassVar[int] = 2
    align: Annotated[float, Interval(ge=0)] = 1.0

    def noted(self, row: Array, sight: Sight) -> dict[str, Array]:
        """The value of one's own payoffs, that of the others', and one's seat."""
        return {"value": row[-2], "others": row[-1], "seat": jnp.asarray(sight.seat, dtype=jnp.int32)}

    def weighed(self, mind: Mind, track: Track) -> tuple[Array, Array]:
        """Aligned advantages, and the returns of oneself and of the others."""
        beyond = self.beyond(mind, track)
        own, returns = self.judged(track, track.payoff, track.notes["value"], beyond[..., 0])
        seat = track.notes["seat"][..., None]
        paid = track.payoffs.sum(-1) - jnp.take_along_axis(track.payoffs, seat, -1)[..., 0]
        others, theirs = self.judged(track, paid, track.notes["others"], beyond[..., 1])
        step = self.surprise(track, track.payoff, track.notes["value"], beyond[..., 0])
        own, others, step = (_centred(one) for one in (own, others, step))
        past, _ = _advantages.remembered(step, track.cut, self.discount, jnp.zeros_like(own[0]))
        return own + self.align * self.discount * past * others, jnp.stack([returns, theirs], -1)


def _centred(gained: Array) -> Array:
    """Over all copies at a step advantages come to nothing; what is left while values are still learned is no news."""
    gained = gained - gained.mean(1, keepdims=True)
    return gained / (gained.std() + 1e-8)
