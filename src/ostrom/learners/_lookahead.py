"""Learning with an eye on what the others learn: the gradient of LOLA, from any way to value minds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ._learner import Array


def ascent(values: Callable[[Array], Array], scores: Array, looks: Any) -> Array:
    """Where S seats go, `[S, …]` as `scores`; `values(scores)` is what each gets, `[S]`.

    Seat i follows its own gradient, and how its own value changes by the next step of each other, of size `looks[i]`:
    `∇ᵢ Vᵢ + Σⱼ looks[i] · ∇ⱼ Vᵢ · ∇ᵢ ∇ⱼ Vⱼ` (Foerster et al., 2018). The second term is how `∇ᵢ Vⱼ` changes as seat j
    is moved along `∇ⱼ Vᵢ`. Seats are written out one by one: batched, arrays get more axes than XLA's kernels take.
    """

    def slope(seat: int) -> Callable[[Array], Array]:
        return jax.grad(lambda at: values(at)[seat])

    seats, up = range(scores.shape[0]), []
    for seat in seats:
        towards = slope(seat)(scores)
        met = jnp.zeros_like(scores[seat])
        for other in seats:
            if other != seat:
                along = jnp.zeros_like(scores).at[other].set(towards[other])
                met += jax.jvp(slope(other), (scores,), (along,))[1][seat]
        up.append(towards[seat] + looks[seat] * met)
    return jnp.stack(up)
