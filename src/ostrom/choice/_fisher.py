"""A market in which everybody spends a given income on goods: prices, first nearly, then exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..core.game import Array
from ..solvers._highs import Sparse, solve_lp

ROUNDS = (100, 1_000, 10_000)
"""Rounds of proportional response after which the exact prices are tried."""

WORK = 500_000_000
"""Pairs of agent and good, counted in each round, after which it is left at what is near."""

LINKS = 20_000
"""Pairs of an agent and a good that is best for it, beyond which prices are not reckoned exactly."""

Exact = tuple[tuple[Fraction, ...], tuple[tuple[Fraction, ...], ...]]


def market_prices(values: Array, incomes: Array) -> tuple[Array, Array, Exact | None]:
    """`(prices [M], spent [N, M], exact)`: nearly, where `exact` is None, else rounded from it."""
    liked = values.max(0) > 0
    some = values[:, liked] / values.max(1, keepdims=True)
    spent = incomes[:, None] * some / some.sum(1, keepdims=True)
    done = 0
    for rounds in ROUNDS:
        if done and rounds * some.size > WORK:
            break
        for _ in range(rounds - done):
            gained = some * spent / spent.sum(0)
            spent = incomes[:, None] * gained / gained.sum(1, keepdims=True)
        done = rounds
        for nearly in (1e-8, 1e-6, 1e-4, 1e-3, 1e-2):
            if exact := _exactly(values[:, liked], incomes, spent, nearly):
                return _spread(exact, liked, values)
    full = np.zeros_like(values)
    full[:, liked] = spent
    return full.sum(0), full, None


def _spread(exact: Exact, liked: Array, values: Array) -> tuple[Array, Array, Exact]:
    """The same over all goods: what nobody likes costs nothing."""
    at = np.flatnonzero(liked).tolist()
    goods, nothing = values.shape[1], Fraction(0)
    prices, spent = [nothing] * goods, [[nothing] * goods for _ in values]
    for k, good in enumerate(at):
        prices[good] = exact[0][k]
        for row, own in zip(spent, exact[1], strict=True):
            row[good] = own[k]
    told = tuple(prices), tuple(map(tuple, spent))
    return np.array(prices, float), np.array(spent, float), told


def _exactly(values: Array, incomes: Array, spent: Array, nearly: float) -> Exact | None:
    """The equilibrium in which everybody buys among what is nearly the best for its money; None where there is none.

    Who buys the same good fixes the ratio of prices, and all incomes of who is linked so, their level.
    """
    rate = values / spent.sum(0)
    best = rate >= (1 - nearly) * rate.max(1, keepdims=True)
    best[np.arange(len(values)), rate.argmax(1)] = True
    if best.sum() > LINKS:
        return None
    worth = [[Fraction(value) for value in row] for row in values.tolist()]
    money = [Fraction(one) for one in incomes.tolist()]
    prices = _levels(best, worth, money)
    if prices is None:
        return None
    flow = _flow(best, incomes, np.array(prices, float))
    bought = None if flow is None else _forest(flow, money, prices)
    return (tuple(prices), bought) if bought and _clears(worth, money, prices, bought) else None


def _levels(best: Array, worth: list[list[Fraction]], money: list[Fraction]) -> list[Fraction] | None:
    """Prices by the ratios that links fix, so that every group of linked agents and goods costs what it earns."""
    count, goods = best.shape
    prices: list[Fraction] = [Fraction(0)] * goods
    met: set[int] = set()
    for start in range(count):
        if start in met:
            continue
        group, reached, queue = [start], dict[int, None](), [start]
        met.add(start)
        for i in queue:
            own = np.flatnonzero(best[i]).tolist()
            known = next((g for g in own if prices[g]), own[0])
            prices[known] = prices[known] or Fraction(1)
            for g in own:
                prices[g] = prices[g] or prices[known] * worth[i][g] / worth[i][known]
            new = [g for g in own if g not in reached]
            reached |= dict.fromkeys(new)
            more = [j for g in new for j in np.flatnonzero(best[:, g]).tolist() if j not in met]
            for j in dict.fromkeys(more):
                met.add(j)
                group.append(j)
                queue.append(j)
        level = sum((money[i] for i in group), Fraction(0)) / sum((prices[g] for g in reached), Fraction(0))
        for g in reached:
            prices[g] *= level
    return prices if all(prices) else None


def _flow(best: Array, incomes: Array, prices: Array) -> Array | None:
    """`bool[N, M]`: links that carry money where everybody spends its income and every price is paid, at a vertex."""
    i, g = np.nonzero(best)
    links = np.arange(len(i))
    shape = len(incomes) + len(prices), len(i)
    rows = Sparse(np.ones(2 * len(i)), np.append(i, len(incomes) + g), np.append(links, links), shape)
    answer = solve_lp(np.zeros(len(i)), A_eq=rows, b_eq=np.append(incomes, prices))
    if answer.x is None:
        return None
    carried = np.zeros_like(best)
    carried[i, g] = answer.x > 1e-9 * incomes.sum()
    return carried


def _forest(carried: Array, money: list[Fraction], prices: list[Fraction]) -> tuple[tuple[Fraction, ...], ...] | None:
    """What is spent on each link of a forest, from its leaves; None where something is left over, or it has a ring."""
    count, goods = carried.shape
    spent = [[Fraction(0)] * goods for _ in range(count)]
    left, near = [*money, *prices], [set[int]() for _ in range(count + goods)]
    for i, g in np.argwhere(carried).tolist():
        near[i].add(count + g)
        near[count + g].add(i)
    leaves = [end for end, own in enumerate(near) if len(own) == 1]
    for end in leaves:  # grows while it is walked
        if near[end]:
            other = near[end].pop()
            near[other].remove(end)
            i, g = min(end, other), max(end, other) - count
            spent[i][g], left[other] = left[end], left[other] - left[end]
            left[end] = Fraction(0)
            if len(near[other]) == 1:
                leaves.append(other)
    return None if any(left) or any(near) else tuple(map(tuple, spent))


def _clears(worth: list[list[Fraction]], money: list[Fraction], prices: list[Fraction], spent: tuple) -> bool:
    """Whether nobody spends below 0, or on anything but the best for its money; what is spent adds up by then."""
    for own, row in zip(worth, spent, strict=True):
        rates = [value / price for value, price in zip(own, prices, strict=True)]
        if min(row) < 0 or any(amount and rate != max(rates) for amount, rate in zip(row, rates, strict=True)):
            return False
    return all(sum(row) == one for row, one in zip(spent, money, strict=True))
