"""The choice of the highest weighted welfare, and what it is worth to the others: what Groves payments are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array

TIE = 1e-13
"""Share of the largest score at a combination of types that rounding may tell equal ones apart by."""


def first_best(scores: Array) -> Array:
    """The outcome (last axis) of the highest score; of equal ones the first, also where rounding tells them apart."""
    near = scores.max(-1, keepdims=True) - TIE * np.abs(scores).max(-1, keepdims=True)
    return (scores >= near).argmax(-1)


def score(space: TypeSpace, some: Sequence[int], weights: Array, bonuses: Array) -> Array:
    """`float64[T_1 or 1, …, O]`: bonuses and the weighted values of some agents; one long on the axes of the others.

    It is summed anew for each set of agents: taking an agent's values off the sum of all would leave rounding behind
    that depends on its report.
    """
    total = np.broadcast_to(bonuses, (*(1,) * space.count, len(bonuses)))
    for i in some:
        total = total + weights[i] * space.own(i)
    return total


def others_best(space: TypeSpace, agent: int, weights: Array, bonuses: Array) -> Array:
    """`float64[T_1, …, 1, …, T_n]`: the highest score that the others could have by themselves."""
    return score(space, _but(space, agent), weights, bonuses).max(-1)


def groves_of(space: TypeSpace, charges: Sequence[Array], weights: Array, bonuses: Array, name: str) -> DirectMechanism:
    """The best outcome by weighted welfare; each pays its charge less what the outcome scores for the others, each in
    its own unit. A charge has one entry on its own agent's axis, or cannot depend on it."""
    chosen = first_best(score(space, range(space.count), weights, bonuses))
    paid = np.zeros((*space.sizes, space.count))
    for i in range(space.count):
        left = score(space, _but(space, i), weights, bonuses)
        left = np.broadcast_to(left, (*space.sizes, left.shape[-1]))
        paid[..., i] = (charges[i] - np.take_along_axis(left, chosen[..., None], -1)[..., 0]) / weights[i]
    return DirectMechanism(space, chosen, paid, name=name)


def pivot(space: TypeSpace, weights: Array | None = None, bonuses: Array | None = None) -> DirectMechanism:
    """Clarke's mechanism: each pays what it costs the others that it is asked."""
    weights = np.ones(space.count) if weights is None else weights
    bonuses = np.zeros(len(space.outcomes)) if bonuses is None else bonuses
    charges = [others_best(space, i, weights, bonuses) for i in range(space.count)]
    return groves_of(space, charges, weights, bonuses, "Clarke")


def numbers(given: Any, count: int, what: str, missing: float) -> Array:
    """`count` finite numbers; all `missing` where nothing is given. Raises `InputError`."""
    try:
        read = np.full(count, missing) if given is None else np.asarray(given, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The {what} are no numbers: {error}.", do=f"Give {count} numbers.") from None
    if read.shape != (count,) or not np.isfinite(read).all():
        raise InputError(f"The {what} have shape {read.shape}, or are not finite.", do=f"Give {count} finite numbers.")
    return read


def _but(space: TypeSpace, agent: int) -> list[int]:
    return [j for j in range(space.count) if j != agent]
