"""Goods that can be cut: adjusted winner for two, and prices at which everybody spends an equal income best."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..core.solution import Status
from ._fisher import market_prices
from ._goods import values_of


@dataclass(frozen=True)
class Shares:
    """How goods that can be cut are shared.

    Attributes
    ----------
    shares : `[N][M]`, the part of each good that each has. utilities : what that is worth to each.
    method : how it was found.
    """

    shares: tuple[tuple[Fraction, ...], ...]
    utilities: tuple[Fraction, ...]
    method: str

    @property
    def cut(self) -> tuple[int, ...]:
        """The goods that are cut."""
        return tuple(g for g in range(len(self.shares[0])) if any(0 < own[g] < 1 for own in self.shares))


@dataclass(frozen=True)
class Prices:
    """Prices of goods at which the market clears.

    Attributes
    ----------
    prices : of each good; all together are worth all incomes. shares : `[N, M]`, what each buys. spent : `[N, M]`.
    utilities : what each makes of it. status : "complete" where it was found exactly, else "partial".
    gap : by how much the weighted sum of logarithms of utilities may be below the most: 0 where it is exact.
    exact : the prices and what is spent as `Fraction`s, to be checked with no solver: `prices`, then `spent`; or None.
    """

    prices: tuple[float, ...]
    shares: Array
    spent: Array
    utilities: tuple[float, ...]
    status: Status
    gap: float
    method: str
    exact: tuple[tuple[Fraction, ...], tuple[tuple[Fraction, ...], ...]] | None


def adjusted_winner(values: Any) -> Shares:
    """Two share so that neither envies, both make the same of their part, and nothing is wasted; one good is cut.

    Each first has what it gives more of its points to; then goods pass to who is behind, those first that cost the
    other least for what they bring, until both are level (Brams and Taylor 1996): the first ends with the goods that it
    likes best by the ratio of points. Points are values as shares of all that one values; utilities are out of 1.

    Parameters
    ----------
    values : `[2, M]`, what each makes of each good, at least 0 and not all 0. A lie can pay for who knows the other's.

    Raises
    ------
    InputError : what is no such table.

    Examples
    --------
    >>> found = adjusted_winner([[10, 40, 10, 38, 2], [38, 20, 30, 10, 2]])
    >>> found.utilities, found.cut
    ((Fraction(109, 150), Fraction(109, 150)), (1,))
    """
    table = values_of(values)
    if len(table) != 2 or (table.sum(1) == 0).any():
        raise InputError(
            f"{len(table)} agents, of whom {int((table.sum(1) == 0).sum())} value nothing.",
            "Adjusted winner is for two who both want something.",
            "Give values[2, goods], or use equal_incomes.",
        )
    exact = [[Fraction(value) for value in row] for row in table.tolist()]
    points = [[value / sum(row) for value in row] for row in exact]
    first = _level(points)
    shares = tuple(first), tuple(1 - part for part in first)
    utilities = tuple(sum((p * s for p, s in zip(points[i], shares[i], strict=True)), Fraction(0)) for i in range(2))
    return Shares(shares, utilities, "adjusted winner")


def _level(points: list[list[Fraction]]) -> list[Fraction]:
    """What the first has: the goods that it prefers most, by the ratio of points, up to where both are level."""
    wanted = [g for g, (a, b) in enumerate(zip(*points, strict=True)) if a + b]
    order = sorted(wanted, key=lambda g: -points[0][g] / (points[0][g] + points[1][g]))
    first, lead = [Fraction(0)] * len(points[0]), Fraction(-1)  # the second has everything
    for g in order:
        step = points[0][g] + points[1][g]
        first[g] = min(Fraction(1), -lead / step)
        lead += first[g] * step
        if lead == 0:
            break
    return first


def equal_incomes(values: Any, incomes: Any = None) -> Prices:
    """Prices at which everybody, spending the same income on what is best for its money, buys all goods (CEEI).

    With incomes that are equal nobody envies another; it is Pareto efficient, and the product of utilities is largest
    (Eisenberg and Gale 1959; Varian 1974). Proportional response (Zhang 2011) comes close; from who buys what there,
    prices and spending follow exactly, in fractions, and are checked.

    Parameters
    ----------
    values : `[N, M]`, what each makes of a whole good, at least 0 and not all 0 for anybody; values add up.
    incomes : `[N]`, above 0; 1 each by default.

    Raises
    ------
    InputError : values or incomes that are not such. TooLarge : over a million pairs.

    Examples
    --------
    >>> found = equal_incomes([[2, 1, 1], [1, 2, 0]])
    >>> found.prices, found.status
    ((0.6666666666666666, 1.0, 0.3333333333333333), 'complete')
    """
    table = values_of(values)
    try:
        money = np.ones(len(table)) if incomes is None else np.asarray(incomes, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"Incomes are no numbers: {error}.", do="Give one each, above 0.") from None
    if money.shape != (len(table),) or not (np.isfinite(money) & (money > 0)).all():
        raise InputError(f"Incomes {incomes!r} of {len(table)} agents.", do="Give each a finite income above 0.")
    if (table.sum(1) == 0).any():
        idle = int((table.sum(1) == 0).argmax())
        raise InputError(f"Agent {idle} values nothing.", "It would not know what to buy.", "Leave it out.")
    prices, spent, exact = market_prices(table, money)
    paid = np.where(prices > 0, prices, 1)
    shares = spent / paid
    shares[0, prices == 0] = 1.0  # what nobody values has no price, and somebody has to have it
    utilities = (table * shares).sum(1)
    gap = _gap(table, money, prices, utilities)
    status: Status = "complete" if exact else "partial"
    method = "proportional response" + (", then exactly from who buys what" if exact else "")
    return Prices(
        tuple(prices.tolist()), shares, spent, tuple(utilities.tolist()), status, 0.0 if exact else gap, method, exact
    )


def _gap(table: Array, money: Array, prices: Array, utilities: Array) -> float:
    """What the weighted logarithms of utilities lack of the most: by duality, what money would buy at these prices."""
    best = np.max(np.divide(table, prices, out=np.zeros_like(table), where=prices > 0), axis=1)
    return max(float(money @ np.log(money * best / utilities)), 0.0)
