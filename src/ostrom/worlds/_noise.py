"""Chance for grid worlds: an integer hash for each cell instead of a generator that is carried along.

Threefry is what dice are made of (`core.seeds`), where a replay depends on it; for hundreds of cells a step it would
cost more than the world. Here the two key words are scrambled once, and every cell gets two rounds of a 32-bit mixer
(multiply and shift, with the constants of Wellons' low-bias search, 2018).
"""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

Array = Any
GOLDEN = 0x9E3779B9


def bits(key: Array, shape: tuple[int, ...], salt: int) -> Array:
    """`uint32[shape]` from a key `uint32[2]`; other salts (below 2**16) give unrelated numbers."""
    return bits_at(key, np.arange(math.prod(shape), dtype=np.uint32).reshape(shape), salt)


def bits_at(key: Array, number: Array, salt: int) -> Array:
    """The same numbers, looked up where they are needed: `bits(key, (n,), salt)[number]`."""
    first = _mixed(jnp.asarray(key[0], jnp.uint32) + np.uint32(GOLDEN * (salt + 1) % 2**32))
    second = _mixed(jnp.asarray(key[1], jnp.uint32) ^ first)
    return _mixed(_mixed(jnp.asarray(number).astype(jnp.uint32) ^ first) + second)


def uniform(key: Array, shape: tuple[int, ...], salt: int) -> Array:
    """`float32[shape]`, evenly from [0, 1) in steps of 2**-24."""
    return (bits(key, shape, salt) >> 8).astype(jnp.float32) * np.float32(2**-24)


def _mixed(x: Array) -> Array:
    """A 32-bit permutation in which every input bit flips every output bit about half of the time."""
    x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
    return x ^ (x >> 16)
