"""Whether one thing goes with another beside a third: quick tests that hold for sparse counts, and for numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SMALL = 0.01
"""Share of a column that the present has to leave open."""


def in_strata(one: np.ndarray, other: np.ndarray, strata: np.ndarray, ordered: np.ndarray | None = None) -> float:
    """How clearly codes `int64[N]` from 0 go together within strata, as by `as_normal`; holds for many small strata.

    The generalised Cochran–Mantel–Haenszel test: Landis, Heyman and Koch (1978). With scores, `float[J]` of the other
    codes, also that of mean scores; the clearer counts.
    """
    size = np.bincount(strata)[:, None].astype(float)
    a, b = (_counted(codes, strata, len(size)) for codes in (one, other))
    i, j = a.shape[1], b.shape[1]
    apart = _counted(one, other, j).T - (a / size).T @ b
    spread = (_spread(a, size) / np.maximum(size - 1, 1)).T @ _spread(b, size)
    whole = spread.reshape(i, i, j, j)
    found = _standing(apart.ravel(), whole.transpose(0, 2, 1, 3).reshape(i * j, i * j))
    if ordered is None:
        return found
    return max(found, _standing(apart @ ordered, np.einsum("abcd,c,d->ab", whole, ordered, ordered)))


def _standing(apart: np.ndarray, spread: np.ndarray) -> float:
    values, vectors = np.linalg.eigh(spread)
    kept = values > 1e-9 * max(1.0, values.max(initial=0.0))
    return as_normal(float(((vectors[:, kept].T @ apart) ** 2 / values[kept]).sum()), int(kept.sum()))


def _counted(codes: np.ndarray, strata: np.ndarray, count: int) -> np.ndarray:
    """How often each code occurs in each stratum, `float[G, K]`."""
    width = int(codes.max(initial=0)) + 1
    return np.bincount(strata * width + codes, minlength=count * width).reshape(count, width).astype(float)


def _spread(count: np.ndarray, size: np.ndarray) -> np.ndarray:
    """n diag(p) - n p p' of each stratum, as rows."""
    width = count.shape[1]
    return (count[:, :, None] * np.eye(width) - count[:, :, None] * (count / size)[:, None]).reshape(-1, width**2)


def beside(other: np.ndarray, given: np.ndarray) -> Callable[[np.ndarray], float]:
    """How clearly columns go with others beside those given, `float[N, …]`, as by `as_normal`: Pillai's trace."""
    base = _spanned(given - given.mean(0))

    def rest(table: np.ndarray) -> np.ndarray:
        table = table - table.mean(0)
        left = table - base @ (base.T @ table)
        return _spanned(left[:, (left**2).sum(0) > SMALL * (table**2).sum(0)])

    free, y = max(0, len(given) - 1 - base.shape[1]), rest(other.astype(float))

    def clear(one: np.ndarray) -> float:
        x = rest(one.astype(float))
        return as_normal(free * float(((x.T @ y) ** 2).sum()), x.shape[1] * y.shape[1])

    return clear


def _spanned(table: np.ndarray) -> np.ndarray:
    """An orthonormal basis of what columns span."""
    if not table.shape[1]:
        return table
    left, size, _ = np.linalg.svd(table, full_matrices=False)
    return left[:, size > 1e-8 * max(size.max(initial=0.0), 1e-300)]


def as_normal(found: float, df: int) -> float:
    """A χ² as a standard normal variable, however large: Wilson and Hilferty (1931)."""
    if not df:
        return -np.inf
    return ((found / df) ** (1 / 3) - (1 - 2 / (9 * df))) / np.sqrt(2 / (9 * df))
