"""The peak of a function of one number, by golden section (Kiefer 1953)."""

from __future__ import annotations

from collections.abc import Callable

RATIO = (5**0.5 - 1) / 2


def peak(function: Callable[[float], float], low: float, high: float, close: float) -> float:
    """Where between `low` and `high` the function is largest, if it has one peak there, to within `close`."""
    left, right = high - RATIO * (high - low), low + RATIO * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > close:
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - RATIO * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + RATIO * (high - low)
            at_right = function(right)
    return left if at_left > at_right else right
