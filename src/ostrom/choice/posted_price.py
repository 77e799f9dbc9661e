"""Take it or leave it: posted prices for one buyer, for many units, and between a buyer and a seller."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ..core._numbers import count as whole
from ..core._numbers import number
from ..core.errors import InputError, TooLarge
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ._groves import numbers
from ._item_values import labels, value_lists

SERVED = 5_000
"""Sets of buyers who may be served, beyond which no table is made."""


def posted_price(
    values: Sequence[Any], price: Any, *, units: int = 1, prior: Any = None, agents: Sequence[str] | None = None
) -> DirectMechanism:
    """Buyers come in order; each may have a unit at its price while there are any.

    Who is indifferent buys. Truth is dominant, nobody loses, and no prior is needed. For one buyer the price that
    earns most is the optimal mechanism (Myerson 1981; Riley and Zeckhauser 1983).

    Parameters
    ----------
    values : for each buyer what a unit is worth to each of its types; each wants one.
    price : one for all, or one for each buyer. units : at least 1. prior, agents : as for `TypeSpace`.

    Raises `InputError` for values that are no lists, and prices that do not fit; `TooLarge` for more than five thousand
    sets of buyers.

    Examples
    --------
    >>> posted_price([[1, 3]], 2, prior=[[0.5, 0.5]]).revenue.tolist()
    [0.0, 2.0]
    """
    tables = value_lists(values)
    count = len(tables)
    units = whole(units, "number of units")
    one = price is None or np.isscalar(price)
    prices = np.full(count, number(price, "price")) if one else numbers(price, count, "prices", 0.0)
    if sum(comb(count, size) for size in range(min(units, count) + 1)) > SERVED:
        raise TooLarge(f"{units} units for {count} buyers.", f"More than {SERVED:,} sets of them.", "Give fewer.")
    sets = [some for size in range(min(units, count) + 1) for some in combinations(range(count), size)]
    served = np.array([[i in some for some in sets] for i in range(count)])
    names = ["nobody" if not some else "+".join(str(i + 1) for i in some) for some in sets]
    space = TypeSpace(
        [np.outer(own, gets) for own, gets in zip(tables, served, strict=True)],
        prior,
        outcomes=names,
        types=[labels(own) for own in tables],
        agents=[f"buyer {i + 1}" for i in range(count)] if agents is None else agents,
        name="posted price",
    )
    accepts = [own >= asked for own, asked in zip(tables, prices, strict=True)]
    wants = np.stack(np.meshgrid(*accepts, indexing="ij"), -1)
    buys = wants & (np.cumsum(wants, -1) <= units)
    chosen = (buys[..., None, :] == served.T).all(-1).argmax(-1)
    return DirectMechanism(space, chosen, buys * prices, name="posted price")


def bilateral_trade(
    buyer: Any, seller: Any, prior: Any = None, *, agents: Sequence[str] = ("buyer", "seller")
) -> TypeSpace:
    """The type space of one good, a seller who has it, and a buyer.

    Parameters
    ----------
    buyer, seller : what the good is worth to each of their types. prior : as for `TypeSpace`.

    Raises `InputError` for what are no lists.

    Examples
    --------
    >>> bilateral_trade([1, 3], [0, 2]).welfare[..., 1].tolist()
    [[1.0, -1.0], [3.0, 1.0]]
    """
    tables = value_lists((buyer, seller))
    return TypeSpace(
        [np.outer(own, (0, sign)) for own, sign in zip(tables, (1, -1), strict=True)],
        prior,
        outcomes=("no trade", "trade"),
        types=[labels(own) for own in tables],
        agents=agents,
        name="bilateral trade",
    )


def posted_trade(space: TypeSpace, price: float) -> DirectMechanism:
    """Trade if and only if buyer and seller both accept the price, which the one pays and the other gets.

    Truth is dominant, nobody loses, the budget balances; lotteries over such prices are all there is with these three
    (Hagerty and Rogerson 1987). What is lost is trade: not all that is worth it comes about.

    Parameters
    ----------
    space : as made by `bilateral_trade`. price : a finite number.

    Raises `InputError` for other spaces.

    Examples
    --------
    >>> posted_trade(bilateral_trade([1, 3], [0, 2]), 2).odds[..., 1].tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    if space.count != 2 or len(space.outcomes) != 2 or any(own[:, 0].any() for own in space.values):
        raise InputError(
            f"{space.name} has {space.count} agents and {len(space.outcomes)} outcomes.",
            "A trade has a buyer, a seller, and two outcomes, the first of which is worth nothing.",
            "Make it by bilateral_trade.",
        )
    price = number(price, "price")
    accepts = np.logical_and.outer(space.values[0][:, 1] >= price, -space.values[1][:, 1] <= price)
    paid = np.multiply.outer(accepts, (price, -price))
    return DirectMechanism(space, accepts.astype(int), paid, name=f"posted price {price:g}")
