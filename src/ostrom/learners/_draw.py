"""Drawing moves from scores, and what the odds of a draw were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from ..core.agent import NEVER

Array = Any


def allowed(scores: Array, mask: Array) -> Array:
    """Scores `[…, A]` with those of moves that are not permitted at `NEVER`."""
    return jnp.where(mask, scores, NEVER)


def draw(key: Array, scores: Mapping[str, Array], mask: Mapping[str, Array]) -> dict[str, Array]:
    """One choice for each part of the mask: a label drawn by softmax, or the number given, within its bounds.

    Parts without scores are chosen evenly.
    """
    keys = dict(zip(sorted(mask), jax.random.split(key, len(mask)), strict=True))
    return {part: _one(keys[part], scores.get(part), permitted) for part, permitted in mask.items()}


def _one(key: Array, scores: Array | None, permitted: Array) -> Array:
    if permitted.dtype == bool:
        return jax.random.categorical(key, allowed(0.0 if scores is None else scores, permitted)).astype(jnp.int32)
    if scores is None:
        return jax.random.uniform(key, (), minval=permitted[0], maxval=permitted[1])
    return jnp.clip(scores, permitted[0], permitted[1])
