"""The integer hash of `_noise` as a generator for `jax.random`: a tenth of Threefry's work, and quick to compile.

`wrap(key)` makes a `jax.random` key of two words that `split`, `fold_in` and every distribution take. It is for
simulation, not for secrets; the dice of institutions stay with Threefry.
"""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.random import define_prng_impl

from ._noise import bits, bits_at

Array = Any
_DRAW, _SPLIT, _FOLD, _SEED, _BRANCH = 0x7000, 0x7001, 0x7002, 0x7003, 0x7100
"""Salts, so that no two uses of a key have anything to do with each other."""


def _bits(key: Array, width: int, shape: tuple[int, ...]) -> Array:
    if width == 64:
        raise NotImplementedError("64-bit draws: worlds and learners count in 32 bits.")
    found = bits(key, shape, _DRAW)
    return found if width == 32 else (found >> (32 - width)).astype(f"uint{width}")


def _seed(seed: Array) -> Array:
    low = jnp.asarray(seed).astype(jnp.uint32)
    return bits(jnp.stack([low, jnp.zeros_like(low)]), (2,), _SEED)


def _split(key: Array, shape: tuple[int, ...]) -> Array:
    return bits(key, (math.prod(shape), 2), _SPLIT).reshape(*shape, 2)


def _fold_in(key: Array, data: Array) -> Array:
    return bits_at(key, 2 * jnp.asarray(data).astype(jnp.uint32) + jnp.arange(2, dtype=jnp.uint32), _FOLD)


HASH = define_prng_impl(
    key_shape=(2,), seed=_seed, split=_split, random_bits=_bits, fold_in=_fold_in, name="ostrom_hash", tag="oh"
)


def wrap(key: Array) -> Array:
    """A `jax.random` key from two words `uint32[2]`."""
    return jax.random.wrap_key_data(jnp.asarray(key, dtype=jnp.uint32), impl=HASH)


def branch(key: Array, number: Array, purpose: int) -> Array:
    """A new key `uint32[2]` from a key, a number below 2**31 (which step) and a purpose (0 to 255)."""
    counter = 2 * jnp.asarray(number).astype(jnp.uint32) + jnp.arange(2, dtype=jnp.uint32)
    return bits_at(key, counter, _BRANCH + purpose)
