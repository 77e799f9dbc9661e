"""Random numbers for learners and worlds by an integer hash: a tenth of the work of Threefry, and quick to compile.

`wrap(key)` makes a `jax.random` key of two words that `split`, `fold_in` and every distribution take. Bits are the
words of a counter, mixed with both words of the key by two rounds of multiply and shift, which pass the avalanche tests
of `tests/worlds/test_prng.py`. It is for simulation, not for secrets; the dice of institutions stay with Threefry.
"""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.random import define_prng_impl

Array = Any
_GOLDEN = np.uint32(0x9E3779B9)


def mix(word: Array) -> Array:
    """32 bits to 32 bits, one to one, each bit of the input moving half of the output."""
    word = word ^ (word >> np.uint32(16))
    word = word * np.uint32(0x21F0AAAD)
    word = word ^ (word >> np.uint32(15))
    word = word * np.uint32(0x735A2D97)
    return word ^ (word >> np.uint32(15))


def words(key: Array, counter: Array) -> Array:
    """A word for each counter `uint32[…]` from a key `uint32[2]`."""
    return mix(mix(counter * _GOLDEN + key[0]) ^ key[1])


def _bits(key: Array, width: int, shape: tuple[int, ...]) -> Array:
    number = math.prod(shape)
    found = words(key, jnp.arange(number, dtype=jnp.uint32)).reshape(shape)
    if width == 64:
        raise NotImplementedError("64-bit draws: worlds and learners count in 32 bits.")
    return found if width == 32 else (found >> np.uint32(32 - width)).astype(f"uint{width}")


def _seed(seed: Array) -> Array:
    low = jnp.asarray(seed).astype(jnp.uint32)
    return jnp.stack([mix(low), mix(low ^ _GOLDEN)])


def _split(key: Array, shape: tuple[int, ...]) -> Array:
    counter = 2 * jnp.arange(math.prod(shape), dtype=jnp.uint32)
    first, second = words(key ^ _GOLDEN, counter), words(key ^ _GOLDEN, counter + np.uint32(1))
    return jnp.stack([first, second], -1).reshape(*shape, 2)


def _fold_in(key: Array, data: Array) -> Array:
    counter = 2 * jnp.asarray(data, dtype=jnp.uint32)
    return words(key ^ np.uint32(0x5BD1E995), jnp.stack([counter, counter + np.uint32(1)]))


HASH = define_prng_impl(
    key_shape=(2,), seed=_seed, split=_split, random_bits=_bits, fold_in=_fold_in, name="ostrom_hash", tag="oh"
)


def wrap(key: Array) -> Array:
    """A `jax.random` key from two words `uint32[2]`."""
    return jax.random.wrap_key_data(jnp.asarray(key, dtype=jnp.uint32), impl=HASH)


def branch(key: Array, number: Array, purpose: int) -> Array:
    """A new key `uint32[2]` from a key, a number (which step) and a purpose."""
    counter = 2 * jnp.asarray(number, dtype=jnp.uint32) + jnp.arange(2, dtype=jnp.uint32)
    return words(key ^ mix(jnp.uint32(purpose + 1)), counter)
