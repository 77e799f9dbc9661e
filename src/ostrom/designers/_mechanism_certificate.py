"""A mechanism and the prices that bound what any other could reach, to be checked again without a solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.forms.direct_mechanism import DirectMechanism
from ..core.game import Array
from ._mechanism_asked import Terms, rational, worth
from ._mechanism_prices import Prices, priced

REACH = 1_000.0
"""Largest payments that a bound is about, in largest values: rounding in prices counts by as much."""


@dataclass(frozen=True)
class CheckedMechanism:
    """What checking came to: floats, or `Fraction`s where it was exact. None is for what was not asked.

    Attributes
    ----------
    gain : the most that a type gains by a lie, in units of value; 0 or less is none.
    least : the least that a type gets by taking part.
    deficit : the most that is missing in the till at a combination of types; of a balanced budget, missing or left.
    value : what the objective comes to; None without a mechanism.
    bound : what no mechanism of these properties can pass; without a mechanism one below 0 says that there is none.
    """

    gain: Any
    least: Any
    deficit: Any
    value: Any
    bound: Any


@dataclass(frozen=True)
class MechanismCertificate:
    """What a mechanism has to keep to, the mechanism, and prices on all that is asked.

    By weak duality no mechanism that keeps to the terms, with payments of at most `reach` each, is worth more than the
    sum, over combinations of types, of what the best outcome is worth after prices. With nothing to gain (objective 0)
    a bound below 0 shows that no mechanism keeps to them: that is Farkas' lemma.

    Attributes
    ----------
    terms : what was asked.
    mechanism : what was found; None where there is none.
    prices : the multipliers.
    reach : the largest payment that the bound is about, in units of value.
    """

    terms: Terms
    mechanism: DirectMechanism | None
    prices: Prices
    reach: float

    def check(self, exact: bool = False) -> CheckedMechanism:
        """Everything computed again from the tables of values, in float64 or in fractions.

        In fractions, odds are divided by their sum, so that they are odds exactly.
        """
        bound = self._bound(exact)
        if self.mechanism is None:
            return CheckedMechanism(None, None, None, None, bound)
        odds, paid = self.mechanism.odds, self.mechanism.paid
        if exact:
            odds, paid = rational(odds), rational(paid)
            odds = odds / odds.sum(-1, keepdims=True)
        return CheckedMechanism(*_kept(self.terms, odds, paid, exact), bound)

    def beaten(self) -> Array:
        """`float64[T_1, …, T_n, O]`: what the bound loses per unit of odds on an outcome; where it is above 0, a
        mechanism that reaches the bound does not choose it."""
        odds, _ = self._slopes(False)
        odds = np.where(self.terms.allowed, odds, -np.inf)
        return odds.max(-1, keepdims=True) - odds

    def _bound(self, exact: bool) -> Any:
        """The best outcome everywhere, and what is left on payments at their largest."""
        odds, paid = self._slopes(exact)
        best = np.where(self.terms.allowed, odds, odds.min() - 1).max(-1).sum()
        if not self.terms.payments:
            return _plain(best)
        return _plain(best + abs(paid).sum() * (Fraction(self.reach) if exact else self.reach))

    def _slopes(self, exact: bool) -> tuple[Array, Array]:
        """What one more unit of odds and of payment is worth after prices."""
        odds, paid = priced(self.terms, self.prices.exact() if exact else self.prices, exact)
        if self.mechanism is None:
            return -odds, -paid
        worth_of, due = self.terms.goal(exact)
        return worth_of - odds, due[..., None] - paid


def _kept(terms: Terms, odds: Array, paid: Array, exact: bool) -> tuple[Any, Any, Any, Any]:
    """The largest gain, the least that is got, the largest deficit, and the value."""
    gains: list[Any] = [0]
    got: list[Any] = []
    for i in range(terms.space.count):
        gained, told = _told(terms, odds, paid, i, exact)
        gains += [gained.max()]
        if terms.participation:
            average = terms.participation == "interim"
            got.append((told * terms.beliefs(i, exact)).reshape(len(told), -1).sum(1) if average else told)
    till = paid.sum(-1)
    missing = (abs(till) if terms.budget == "balanced" else -till).max() if terms.budget else None
    goal, due = terms.goal(exact)
    value = (goal * odds).sum() + (due * till).sum()
    least = min((one.min() for one in got), default=None)
    return _plain(max(gains)), _plain(least), _plain(missing), _plain(value)


def _plain(number: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return float(number) if isinstance(number, np.floating | int) else number


def _told(terms: Terms, odds: Array, paid: Array, agent: int, exact: bool) -> tuple[Array, Array]:
    """What lies gain, `[T_i, T_i, …]` or on average over the others' types `[T_i, T_i]`; and what the truth gets."""
    there = np.moveaxis(odds, agent, 0)
    got = np.tensordot(worth(terms.space, agent, exact), there, axes=(1, -1)) - np.moveaxis(paid[..., agent], agent, 0)
    truth = np.moveaxis(np.diagonal(got, axis1=0, axis2=1), -1, 0)
    gains = got - truth[:, None]
    if terms.incentives == "bayesian":
        gains = (gains * terms.beliefs(agent, exact)[:, None]).reshape(*gains.shape[:2], -1).sum(2)
    return gains, truth


def strongest(terms: Terms, prices: Prices, count: int = 3) -> tuple[str, ...]:
    """What has the highest prices, in words, the highest first."""
    found: list[tuple[float, str]] = []
    for i, table in enumerate(prices.incentive):
        for place in _highest(table, count):
            true, said = (terms.space.types[i][k] for k in place[:2])
            at = _others(terms, i, place[2:])
            found.append((float(table[place]), f"{terms.space.agents[i]} of type {true} not saying {said}{at}"))
    for i, table in enumerate(prices.participation):
        for place in _highest(table, count):
            true, at = terms.space.types[i][place[0]], _others(terms, i, place[1:])
            found.append((float(table[place]), f"{terms.space.agents[i]} of type {true} taking part{at}"))
    if prices.budget is not None:
        for place in _highest(abs(prices.budget), count):
            named = ", ".join(terms.space.types[i][k] for i, k in enumerate(place))
            found.append((abs(float(prices.budget[place])), f"the budget at ({named})"))
    return tuple(words for _, words in sorted(found, key=lambda one: -one[0])[:count])


def families(prices: Prices) -> dict[str, float]:
    """The shares of incentives, participation and budget in all prices."""
    total = {
        "incentives": sum(float(one.sum()) for one in prices.incentive),
        "participation": sum(float(one.sum()) for one in prices.participation),
        "budget": 0.0 if prices.budget is None else float(abs(prices.budget).sum()),
    }
    whole = sum(total.values()) or 1.0
    return {name: share / whole for name, share in total.items() if share > 0}


def _highest(table: Array, count: int) -> list[tuple[int, ...]]:
    """The places of the highest entries above 0, of equal ones the first."""
    order = np.argsort(-table, axis=None, kind="stable")[:count]
    places = [tuple(int(k) for k in np.unravel_index(one, table.shape)) for one in order]
    return [place for place in places if table[place] > 0]


def _others(terms: Terms, agent: int, place: Sequence[int]) -> str:
    if not place:
        return ""
    seats = [j for j in range(terms.space.count) if j != agent]
    return f" at ({', '.join(terms.space.types[j][k] for j, k in zip(seats, place, strict=True))})"
