"""What one thing is worth to each type of each agent: read, checked and named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array


def value_lists(values: Sequence[Any]) -> list[Array]:
    """For each agent its values, `float64[T_i]`. Raises `InputError` for what are no lists of finite numbers."""
    try:
        read = [np.array(own, float) for own in values]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"Values are no numbers: {error}.", do="Give each agent a list of numbers.") from None
    if not read or any(own.ndim != 1 or not own.size or not np.isfinite(own).all() for own in read):
        raise InputError(
            f"Values of shapes {[own.shape for own in read]}, or not finite.",
            "Each agent has at least one type.",
            "Give each agent a list of finite numbers, one for each of its types.",
        )
    return read


def labels(values: Array) -> list[str]:
    """Names of types by what they value, with as many digits as tell them apart."""
    for names in ([f"{value:g}" for value in values], [repr(float(value)) for value in values]):
        if len(set(names)) == len(names):
            return names
    return [f"{value:g} ({k + 1})" for k, value in enumerate(values)]
