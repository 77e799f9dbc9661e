"""What a speaker knows alone, as columns of numbers that a statistic can work with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = 8
"""Values of a secret that are told apart; of more, the most frequent, or parts of equal size where they are numbers."""

PARTS = 4
"""Parts of equal size into which numbers are cut."""


@dataclass(frozen=True, eq=False)
class Secret:
    """A private field in every message.

    Attributes
    ----------
    codes : `int64[N]`. values : `[J]`, what each code stands for.
    views : by name, `float32[J, Q]`: numbers for every value, of mean 0 and of one size.
    groups : `int64[J]`, a few groups of values, for which information is told.
    """

    codes: np.ndarray
    values: tuple[Any, ...]
    views: dict[str, np.ndarray]
    groups: np.ndarray


def secret(codes: np.ndarray, values: Sequence[Any], weights: np.ndarray | None = None) -> Secret:
    """A secret from codes and values.

    Parameters
    ----------
    weights : `float[J]`, how probable each value is, where that is known; default how often it occurs. Only through
        them do the views depend on what was drawn, so that a test with known odds stays exact.
    """
    often = np.bincount(codes, minlength=len(values)).astype(float) if weights is None else np.asarray(weights, float)
    often = often / max(often.sum(), 1e-300)
    numbers = _numbers(values)
    groups = np.arange(len(values)) if len(values) <= KINDS else _grouped(numbers, often)
    views = {"value": _one_hot(groups, often)}
    if numbers is not None and len(np.unique(numbers)) > 2:
        views["amount"] = _standard(_middle(numbers, often), often)[:, None]
        if len(values) > KINDS and np.all(numbers == np.round(numbers)):
            views["odd"] = _standard(numbers % 2, often)[:, None]
    return Secret(codes, tuple(values), {name: view.astype(np.float32) for name, view in views.items()}, groups)


def _numbers(values: Sequence[Any]) -> np.ndarray | None:
    """Numbers for the values, their places in the alphabet for many different texts, or None."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return np.array([_float(value) for value in values])
    if len(values) > 4 * KINDS:
        return np.argsort(np.argsort(np.array([str(value) for value in values]))).astype(float)
    return None


def _float(value: float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = np.inf if value > 0 else -np.inf
    return float(np.nan_to_num(found, nan=0.0, posinf=1e300, neginf=-1e300))


def _grouped(numbers: np.ndarray | None, often: np.ndarray) -> np.ndarray:
    if numbers is not None:
        # parts are cut where the middle of a value's share lies, so that a value of great weight is a part of its own
        share = (_middle(numbers, often) + 1) / 2
        return np.unique(np.minimum((share * PARTS).astype(np.int64), PARTS - 1), return_inverse=True)[1].reshape(-1)
    kept = np.argsort(-often, kind="stable")[: KINDS - 1]
    groups = np.full(len(often), KINDS - 1)
    groups[kept] = np.arange(len(kept))
    return groups


def _middle(numbers: np.ndarray, often: np.ndarray) -> np.ndarray:
    """The rank of every number in [-1, 1] in a population with these shares, ties in the middle."""
    levels, within = np.unique(numbers, return_inverse=True)
    share = np.bincount(within.reshape(-1), often, len(levels))
    return (2 * np.cumsum(share) - share - 1)[within.reshape(-1)]


def _standard(column: np.ndarray, often: np.ndarray) -> np.ndarray:
    centred = column - often @ column
    return centred / max(np.sqrt(often @ centred**2), 1e-12)


def _one_hot(groups: np.ndarray, often: np.ndarray) -> np.ndarray:
    """A column a group, such that squares of sums over rows add up to Pearson's χ²; one column is enough for two."""
    count = int(groups.max(initial=0)) + 1
    share = np.bincount(groups, often, count)
    columns = (groups[:, None] == np.arange(count)) - share
    columns = columns / np.sqrt(np.maximum(share, 1e-12))
    if count == 2:
        return _standard((groups == 1).astype(float), often)[:, None]
    return columns
