"""Amounts of money in whole units, so that sums of them are equal where they should be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.exact import fraction

SUMS = 2**31 // 1_024
"""Above every amount in whole units: a thousand of them add up in 32 bits."""


def whole_amounts(amounts: Sequence[float]) -> tuple[np.ndarray, float]:
    """The amounts in units of their smallest common part, and what one unit is worth; as they are where that is small.

    0.1, 0.2 and -0.3 add up to 0 only in units of 0.1.
    """
    read = [fraction(float(amount)) for amount in amounts]
    parts = math.lcm(*(one.denominator for one in read))
    whole = [int(one * parts) for one in read]
    if parts > SUMS or max(map(abs, whole), default=0) > SUMS:
        return np.array(amounts, float), 1.0
    return np.array(whole, np.int32), 1 / parts


def written(amounts: Sequence[float]) -> tuple[str, ...]:
    """Amounts as labels, with as many digits as tell them apart."""
    short = tuple(f"{amount:g}" for amount in amounts)
    return short if len(set(short)) == len(amounts) else tuple(repr(float(amount)) for amount in amounts)
