"""Virtual values of finite types, ironed: what a type brings a seller who leaves the types above it their rent."""

from __future__ import annotations

import numpy as np

from ..core.game import Array


def virtual(values: Array, odds: Array) -> tuple[Array, Array]:
    """Virtual values and ironed ones, `float64[T]` each, in the order given; types of equal value share theirs.

    φ_k = v_k − (v_{k+1} − v_k) (1 − F_k) / f_k over distinct values v_1 < … < v_m with odds f and F_k = f_1 + … + f_k.
    """
    grid, where = np.unique(values, return_inverse=True)
    mass = np.bincount(where, odds)
    above = 1 - np.cumsum(mass)
    above[-1] = 0.0  # and not what rounding leaves
    plain = grid - np.append(np.diff(grid), 0.0) * above / mass
    return plain[where], _ironed(plain, mass)[where]


def _ironed(plain: Array, mass: Array) -> Array:
    """The slopes of the convex hull of the virtual surplus by quantile: neighbours that fall are pooled."""
    pools: list[tuple[float, float, int]] = []  # the mean, its mass, how many
    for value, weight in zip(plain.tolist(), mass.tolist(), strict=True):
        mean, total, many = value, weight, 1
        while pools and pools[-1][0] >= mean:
            before, heavy, some = pools.pop()
            mean = before if before == mean else (before * heavy + mean * total) / (heavy + total)
            total, many = total + heavy, many + some
        pools.append((mean, total, many))
    return np.concatenate([np.full(many, mean) for mean, _, many in pools])
