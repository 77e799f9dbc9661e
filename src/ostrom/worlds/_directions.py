"""Points in space by chance: normal numbers and directions out of even ones."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

Array = Any


def normal(chance: Array) -> Array:
    """Normal numbers from even ones in [0, 1)."""
    return jax.scipy.special.ndtri(jnp.clip(chance, 2**-24, 1 - 2**-24))


def unit(rows: Array) -> Array:
    """Rows `[…, D]` at length 1."""
    return rows / jnp.maximum(jnp.sqrt((rows**2).sum(-1, keepdims=True)), 1e-9)


def direction(chance: Array) -> Array:
    """Unit vectors `[…, D]`, every direction alike, from even numbers in [0, 1)."""
    return unit(normal(chance))
