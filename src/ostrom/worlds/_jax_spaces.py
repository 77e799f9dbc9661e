"""Spaces for compiled code: what can be chosen or seen, and how to draw from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

Array = Any


@dataclass(frozen=True)
class Discrete:
    """The numbers from 0 to n - 1."""

    n: int
    dtype: Any = jnp.int32
    shape: tuple[int, ...] = ()

    def sample(self, key: Array) -> Array:
        """One of them, with equal odds."""
        return jax.random.randint(key, self.shape, 0, self.n, self.dtype)

    def contains(self, x: Array) -> Array:
        """Whether `x` is one of them."""
        return (x >= 0) & (x < self.n)


@dataclass(frozen=True)
class MultiDiscrete:
    """Several numbers, the i-th from 0 to `num_categories[i]` - 1."""

    num_categories: tuple[int, ...]
    dtype: Any = jnp.int32

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are."""
        return (len(self.num_categories),)

    def sample(self, key: Array) -> Array:
        """Such numbers, with equal odds."""
        return jax.random.randint(key, self.shape, 0, jnp.array(self.num_categories), self.dtype)

    def contains(self, x: Array) -> Array:
        """Whether `x` are such numbers."""
        return ((x >= 0) & (x < jnp.array(self.num_categories))).all()


@dataclass(frozen=True)
class Box:
    """Numbers from low to high."""

    low: float
    high: float
    shape: tuple[int, ...]
    dtype: Any = jnp.float32

    def sample(self, key: Array) -> Array:
        """Such numbers, with equal odds; only where both ends are finite."""
        return jax.random.uniform(key, self.shape, self.dtype, self.low, self.high)

    def contains(self, x: Array) -> Array:
        """Whether `x` are such numbers."""
        return ((x >= self.low) & (x <= self.high)).all()
