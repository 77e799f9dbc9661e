"""Proper scoring rules: by none of them does anybody expect more from a forecast than from its belief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array

Score = Literal["quadratic", "log", "spherical"]

SCORES: dict[str, Callable[[Array, Array], Array]] = {
    "quadratic": lambda all_, one: 2 * one - (all_**2).sum(-1, keepdims=True),
    "log": lambda all_, one: np.log(one),
    "spherical": lambda all_, one: one / np.sqrt((all_**2).sum(-1, keepdims=True)),
}
"""Proper scoring rules: what a forecast (last axis) scores at each outcome."""


def score(forecast: Any, rule: Score = "quadratic") -> Array:
    """What a forecast scores at each outcome, `float[..., X]`: nobody expects more by another forecast than its belief.

    Raises `UnknownName` for a rule, `InputError` for what are no odds, or odds of 0 with "log".

    Source: Brier (1950); Good (1952); Roby (1965); Gneiting and Raftery (2007).

    Examples
    --------
    >>> score([0.75, 0.25]).tolist()
    [0.875, -0.125]
    """
    if rule not in SCORES:
        raise UnknownName("scoring rule", str(rule), SCORES)
    odds = np.asarray(forecast, float)
    least = 1e-300 if rule == "log" else 0.0
    if odds.ndim < 1 or not (odds >= least).all() or not np.allclose(odds.sum(-1), 1, rtol=0, atol=1e-9):
        raise InputError(
            f"A forecast of shape {odds.shape} that is no odds, or has a 0 that {rule!r} cannot score.",
            do="Give odds that sum to 1; with 0 among them, the quadratic or spherical rule.",
        )
    return SCORES[rule](odds, odds)
