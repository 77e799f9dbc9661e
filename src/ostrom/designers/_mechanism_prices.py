"""Prices on what is asked of a mechanism, and all that is asked added up at these prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.game import Array
from ._mechanism_asked import Terms, rational, worth


@dataclass(frozen=True)
class Prices:
    """A price, at least 0, on each thing that is asked: what the objective gains where it is let go by one unit.

    Attributes
    ----------
    incentive : for each agent `[T_i, T_i, …]`, of a type (first axis) not gaining by a report (second), by the others'
        types where this holds whatever they are.
    participation : for each agent `[T_i, …]`, or `[T_i]` on average over the others' types; empty where not asked.
    budget : `[T_1, …, T_n]`, below 0 possible where the budget is balanced; None where not asked.
    """

    incentive: tuple[Array, ...]
    participation: tuple[Array, ...] = ()
    budget: Array | None = None

    def exact(self) -> Prices:
        """The same in fractions."""
        own, stay = (tuple(rational(one) for one in some) for some in (self.incentive, self.participation))
        return Prices(own, stay, None if self.budget is None else rational(self.budget))


def read(terms: Terms, duals: Array) -> Prices:
    """The multipliers of `rows`, in their order, as prices."""
    sizes, at = terms.space.sizes, 0
    incentive, stay, budget = [], [], None
    for i, size in enumerate(sizes):
        others = sizes[:i] + sizes[i + 1 :] if terms.incentives == "dominant" else ()
        count = size * (size - 1) * math.prod(others)
        table = np.zeros((size, size, *others))
        table[~np.eye(size, dtype=bool)] = np.maximum(duals[at : at + count], 0).reshape(size * (size - 1), *others)
        incentive.append(table)
        at += count
    for i, size in enumerate(sizes if terms.participation else ()):
        shape = (size, *(sizes[:i] + sizes[i + 1 :] if terms.participation == "ex post" else ()))
        stay.append(np.maximum(duals[at : at + math.prod(shape)], 0).reshape(shape))
        at += math.prod(shape)
    if terms.budget and terms.payments:
        budget = duals[at : at + terms.combinations].reshape(sizes)
        budget = budget if terms.budget == "balanced" else np.maximum(budget, 0)
    return Prices(tuple(incentive), tuple(stay), budget)


def priced(terms: Terms, prices: Prices, exact: bool = False) -> tuple[Array, Array]:
    """The rows added up at their prices: per odds `[T_1, …, T_n, O]` and per payment `[T_1, …, T_n, n]`.

    Written apart from `rows`, for a check that needs no program.
    """
    space = terms.space
    nothing = Fraction(0) if exact else 0.0
    odds = np.full((*space.sizes, len(space.outcomes)), nothing, object if exact else float)
    paid = np.full((*space.sizes, space.count), nothing, odds.dtype)
    for i in range(space.count):
        values = worth(space, i, exact)
        shape = (*space.sizes[:i], *space.sizes[i + 1 :])
        lies, stay = _spread(prices.incentive[i], terms, i, exact, 2), np.full((len(values), *shape), nothing)
        if prices.participation:
            stay = stay + _spread(prices.participation[i], terms, i, exact, 1)
        told, lied = lies.sum(1) + stay, np.moveaxis(np.tensordot(values, lies, axes=(0, 0)), 0, -1)
        own = values.reshape(len(values), *[1] * len(shape), -1)
        odds = odds + np.moveaxis(lied - told[..., None] * own, 0, i)
        paid[..., i] = paid[..., i] + np.moveaxis(told - lies.sum(0), 0, i)
    if prices.budget is not None:
        paid = paid - prices.budget[..., None]
    return odds, paid


def _spread(price: Array, terms: Terms, agent: int, exact: bool, own: int) -> Array:
    """A price by the others' types: as it is, or, of something asked on average, by how likely they are."""
    if price.ndim > own or terms.space.count == 1:
        return price
    beliefs = terms.beliefs(agent, exact)
    return price.reshape(*price.shape, *[1] * (beliefs.ndim - 1)) * (beliefs if own == 1 else beliefs[:, None])
