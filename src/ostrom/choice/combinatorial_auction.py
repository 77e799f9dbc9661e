"""Items sold together: bids on bundles, the allocation of the highest value, and what winners pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ..core._numbers import number
from ..core.errors import InputError, UnknownName
from ..core.game import Array
from ._auctioned import CombinatorialAuction, CoreViolation
from ._bundles import Bid, Bids, Language, bids_of
from ._core_payments import blocking, nearest_in_core
from ._winners import EQUAL, Allocation, TimeUp, best, first_listed, item_prices, surely

Payments = Literal["core", "vcg", "bid"]

LISTED = 200
"""Bids up to which equal allocations are told apart by the order of bids; beyond it the solver's stands."""


def combinatorial_auction(
    bids: Mapping[str, Mapping[Any, float]],
    *,
    items: Sequence[str] | None = None,
    language: Language = "xor",
    payments: Payments = "core",
    time_limit: float = 60.0,
) -> CombinatorialAuction:
    """Sell items to those who bid for bundles of them.

    The allocation of the highest value is an integer program (NP-hard). Of several, the one is chosen that takes the
    bid listed first, then the second, and so on; another one is named in `also`.

    Parameters
    ----------
    bids : `{bidder: {bundle: price}}`, a bundle being the name of an item or several of them. What is not sold stays
        with the seller, to whom it is worth nothing.
    items : names; default those that are bid for.
    language : "xor", each bidder gets at most one of its bundles; "or", any that do not overlap.
    payments : "vcg", what each one's bids cost the others; "core", of the payments that leave no group anything to
        offer the seller, and sum to the least, the nearest to VCG's; "bid", what was offered.
    time_limit : seconds for everything.

    Values that differ by less than 1e-12 of the highest price count as equal; payments are near to 1e-8 of it.

    Raises
    ------
    InputError : bids that cannot be read, prices below 0 or that differ by a factor of more than 1e11, a bundle twice.
    TooLarge : more than ten thousand bids, or twenty-five million pairs of a bid and an item.

    Source: Day and Raghavan (2007); Day and Cramton, Quadratic Core-Selecting Payment Rules (2012).

    Examples
    --------
    >>> found = combinatorial_auction({"A": {("x", "y"): 2}, "B": {"x": 2}, "C": {"y": 2}})
    >>> found.won, round(found.revenue, 6), sum(found.vcg.values())
    ({'B': ('x',), 'C': ('y',)}, 2.0, 0.0)
    """
    if not isinstance(payments, str) or payments not in ("core", "vcg", "bid"):
        raise UnknownName("payment rule", str(payments), ("core", "vcg", "bid"))
    time_limit = number(time_limit, "time limit", above=0.0, infinite=True)
    table = bids_of(bids, items, language, time_limit)
    try:
        found = best(table)
    except TimeUp:
        return _answer(table, np.zeros(len(table.price), bool), np.inf, {}, {}, payments, "timed out")
    if not found.done:
        return _answer(table, found.chosen, found.bound, {}, {}, payments, "bound gap")
    try:
        return _paid(table, found, payments)
    except TimeUp:
        return _answer(table, found.chosen, found.value, {}, {}, payments, "bound gap")


def core_violation(
    bids: Mapping[str, Mapping[Any, float]],
    accepted: Iterable[Bid],
    paid: Mapping[str, float],
    *,
    items: Sequence[str] | None = None,
    language: Language = "xor",
) -> CoreViolation | None:
    """The group of bidders that could offer the seller the most more than it gets; None where no group could.

    Parameters
    ----------
    bids, items, language : as in `combinatorial_auction`. accepted, paid : an outcome of it.

    Raises `InputError` for bids that cannot be read, or that were accepted without having been made.
    """
    table = bids_of(bids, items, language)
    chosen, made = np.zeros(len(table.price), bool), {table.bid(k): k for k in range(len(table.price))}
    for bid in _listed(accepted):
        if not isinstance(bid, Bid) or bid not in made:
            raise InputError(f"{bid!r:.120} is none of the bids.", do="Give bids that were made.")
        chosen[made[bid]] = True
    if (table.uses[chosen].sum(0) > 1).any():
        raise InputError("The accepted bids have an item in common.", do="Give bids that can be met together.")
    if not isinstance(paid, Mapping):
        raise InputError(f"The payments are {paid!r:.80}.", do="Give what each bidder pays: {bidder: amount}.")
    if strange := [who for who in paid if who not in table.bidders]:
        raise UnknownName("bidder", str(strange[0]), table.bidders)
    amounts = [number(paid.get(who, 0.0), f"payment of {who}") for who in table.bidders]
    return _violation(table, chosen, np.array(amounts))


def _listed(accepted: Any) -> list[Any]:
    try:
        return list(accepted)
    except TypeError:
        raise InputError(f"The accepted bids are {accepted!r:.80}.", do="Give a list of bids.") from None


def _paid(table: Bids, best_one: Allocation, rule: Payments) -> CombinatorialAuction:
    """Ties, payments and the core, of an allocation of the highest value."""
    chosen, also = _first(table, best_one)
    won = table.of(chosen)
    vcg = np.zeros(len(table.bidders))
    for i in np.flatnonzero(won > 0):
        vcg[i] = min(max(surely(table, without=int(i)).value - (best_one.value - won[i]), 0.0), won[i])
    paid = {"vcg": vcg, "bid": won}.get(rule)
    if paid is None:
        paid, _ = nearest_in_core(table, won, vcg)
    violation = _violation(table, chosen, paid)
    amounts = _named(table, paid), _named(table, vcg)
    found = _answer(table, chosen, best_one.bound, *amounts, rule, "optimal", violation)
    return found if also is None else replace(found, also=table.named(also))


def _first(table: Bids, found: Allocation) -> tuple[Array, Array | None]:
    """Of allocations that offer as much, the one of the bids listed first; and another."""
    if not found.chosen.any():
        return found.chosen, None
    second = surely(table, not_again=found.chosen)
    if second.value < found.value - EQUAL * table.unit:
        return found.chosen, None
    ordered = first_listed(table, found) if len(table.price) <= LISTED else found.chosen
    return ordered, second.chosen if np.array_equal(found.chosen, ordered) else found.chosen


def _violation(table: Bids, chosen: Array, paid: Array) -> CoreViolation | None:
    found = blocking(table, table.of(chosen), paid)
    if found.gain <= 1e-7 * table.unit:
        return None
    group = tuple(table.bidders[i] for i in np.flatnonzero(found.members))
    return CoreViolation(group, table.named(found.chosen), found.gain)


def _answer(
    table: Bids, chosen: Array, bound: float, paid: Any, vcg: Any, rule: str, status: Any, violation: Any = None
) -> CombinatorialAuction:
    prices, limit = item_prices(table)
    value = float(table.price[chosen].sum())
    return CombinatorialAuction(
        table.named(chosen),
        value,
        max(min(bound, limit), value),
        paid,
        vcg,
        rule,
        status,
        violation,
        None,
        dict(zip(table.items, prices.tolist(), strict=True)),
        limit,
    )


def _named(table: Bids, amounts: Array) -> dict[str, float]:
    return {who: float(amount) + 0.0 for who, amount in zip(table.bidders, amounts, strict=True)}
