"""The allocation of the highest value among bids on bundles: winner determination as an integer program."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..core.game import Array
from ._bundles import Bids

if TYPE_CHECKING:
    from ..solvers._highs import Sparse

SCALE = 1e7
"""What the highest price is scaled to: HiGHS stops at a gap of 1e-6."""

EQUAL = 1e-12
"""What two values may differ by, in highest prices, to count as equal."""


class TimeUp(Exception):
    """No answer within the time allowed."""


class Allocation(NamedTuple):
    """The bids that are chosen, `bool[K]`, what they offer, and what no allocation offers more than."""

    chosen: Array
    value: float
    bound: float
    done: bool


def best(
    bids: Bids,
    *,
    without: int | None = None,
    keeps: Array | None = None,
    taken: Array | None = None,
    left: Array | None = None,
    not_again: Array | None = None,
) -> Allocation:
    """The bids that offer the most together.

    Parameters
    ----------
    without : a bidder, by number, whose bids are left out.
    keeps : `float64[N]`, what each bidder keeps for itself when any bid of its is chosen; 0 by default.
    taken, left : `bool[K]`, bids that have to be chosen, and that must not be.
    not_again : `bool[K]`, a choice that is ruled out.

    Raises `TimeUp` when nothing was found in time.
    """
    from ..solvers._highs import Sparse, solve_milp

    count, bidders = len(bids.price), len(bids.bidders)
    keeps = np.zeros(bidders) if keeps is None else keeps
    upper, lower = np.ones(count + bidders), np.zeros(count + bidders)
    if without is not None:
        upper[:count][bids.owner == without] = 0
    if left is not None:
        upper[:count][left] = 0
    if taken is not None:
        lower[:count][taken] = 1
    rows, right = _rows(bids)
    if not_again is not None:
        cut = np.append(np.where(not_again, 1.0, -1.0), np.zeros(bidders))
        rows = Sparse.stack([rows, Sparse.of(cut[None], count + bidders)])
        right = np.append(right, not_again.sum() - 1.0)
    found = solve_milp(
        np.concatenate([-bids.price, keeps]) / bids.unit * SCALE,
        rows,
        right,
        lower=lower,
        upper=upper,
        time_limit=None if np.isinf(bids.end) else max(bids.end - time.monotonic(), 1e-3),
    )
    if found.status == "infeasible":
        return Allocation(np.zeros(count, bool), -np.inf, -np.inf, True)
    if found.x is None:
        raise TimeUp
    chosen = found.x[:count] > 0.5
    value = float(bids.price[chosen].sum() - keeps[np.unique(bids.owner[chosen])].sum())
    done = found.status == "optimal"
    return Allocation(chosen, value, max(value, -found.bound / SCALE * bids.unit), done)


def surely(bids: Bids, **asked: Any) -> Allocation:
    """As `best`, but an answer that branch and bound did not finish with raises `TimeUp`."""
    found = best(bids, **asked)
    if not found.done:
        raise TimeUp
    return found


def _rows(bids: Bids) -> tuple[Sparse, Array]:
    """Each item is sold once; whoever gets something takes part, and by XOR with one bid."""
    from ..solvers._highs import Sparse

    count, bidders, items = len(bids.price), len(bids.bidders), len(bids.items)
    bid, item = np.nonzero(bids.uses)
    sold = Sparse(np.ones(len(bid)), item, bid, (items, count + bidders))
    every, xor = np.arange(count), bids.language == "xor"
    row = bids.owner if xor else every
    seats = np.arange(bidders) if xor else every  # the rows in which somebody's taking part stands
    who = np.arange(bidders) if xor else bids.owner
    part = Sparse(
        np.repeat([1.0, -1.0], [count, len(seats)]),
        np.append(row, seats),
        np.append(every, count + who),
        (len(seats), count + bidders),
    )
    return Sparse.stack([sold, part]), np.repeat([1.0, 0.0], [items, len(seats)])


def first_listed(bids: Bids, found: Allocation) -> Array:
    """Of the allocations that offer as much, the one that chooses the first bid, if any does, then the second, …"""
    current, taken, left = found.chosen, np.zeros(len(bids.price), bool), np.zeros(len(bids.price), bool)
    for k in range(len(current)):
        if not current[k] and not _in_the_way(bids, taken, k):
            taken[k] = True
            other = surely(bids, taken=taken, left=left)
            if other.value >= found.value - EQUAL * bids.unit:
                current = other.chosen
        taken[k], left[k] = current[k], not current[k]
    return current


def _in_the_way(bids: Bids, taken: Array, k: int) -> bool:
    """Whether a bid cannot be chosen with those that are taken."""
    items = (bids.uses[taken] & bids.uses[k]).any()
    return bool(items or (bids.language == "xor" and (bids.owner[taken] == bids.owner[k]).any()))


def item_prices(bids: Bids) -> tuple[Array, float]:
    """Prices of items `[M]` from the linear relaxation, and the bound that follows: no allocation offers more than all
    items cost and bidders would gain at these prices. The bound is computed from the prices without the solver."""
    from ..solvers._highs import solve_lp

    bidders = len(bids.bidders)
    rows, right = _rows(bids)
    goal = np.append(bids.price, np.zeros(bidders)) / bids.unit
    found = solve_lp(goal, rows, right, upper=1.0, maximise=True)
    duals = found.duals_ub if found.duals_ub is not None else np.ones(len(right))
    prices = np.maximum(duals[: len(bids.items)], 0) * bids.unit
    return prices, price_bound(bids, prices)


def price_bound(bids: Bids, prices: Array) -> float:
    """What no allocation offers more than, whatever the prices of items: their sum and what bidders gain at them."""
    gains = np.maximum(bids.price - bids.uses @ prices, 0)
    if bids.language == "or":
        return float(prices.sum() + gains.sum())
    most = np.zeros(len(bids.bidders))
    np.maximum.at(most, bids.owner, gains)
    return float(prices.sum() + most.sum())
