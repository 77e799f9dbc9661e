"""Bids on bundles of items, read and refused where they make no sense."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.game import Array

Language = Literal["xor", "or"]

LARGEST = 10_000
"""Bids beyond which no program is written."""

CELLS = 25_000_000
"""Pairs of a bid and an item beyond which none is."""


RANGE = 1e-11
"""The least share of the highest price that a bid may offer, if anything."""


class Bid(NamedTuple):
    """Who offers how much for all of which items."""

    bidder: str
    bundle: tuple[str, ...]
    price: float


@dataclass(frozen=True)
class Bids:
    """All bids, in the order in which they were given; those of price 0 are left out.

    Attributes
    ----------
    owner : `int[K]`, by number of a bidder. uses : `bool[K, M]`, which items. price : `float64[K]`.
    end : when time is up, by the monotonic clock.
    """

    bidders: tuple[str, ...]
    items: tuple[str, ...]
    language: Language
    owner: Array
    uses: Array
    price: Array
    end: float = np.inf

    @property
    def unit(self) -> float:
        """The highest price; 1 where nobody offers anything."""
        return float(self.price.max(initial=0)) or 1.0

    def named(self, chosen: Array) -> tuple[Bid, ...]:
        """The bids that are chosen (`bool[K]`), by names."""
        return tuple(self.bid(int(k)) for k in np.flatnonzero(chosen))

    def bid(self, k: int) -> Bid:
        """One bid by names."""
        bundle = tuple(self.items[j] for j in np.flatnonzero(self.uses[k]))
        return Bid(self.bidders[self.owner[k]], bundle, float(self.price[k]))

    def of(self, chosen: Array) -> Array:
        """`float64[N]`: what each bidder offers for what is chosen."""
        return np.bincount(self.owner[chosen], self.price[chosen], len(self.bidders))


def bids_of(
    given: Any, items: Sequence[str] | None = None, language: Any = "xor", time_limit: float | None = None
) -> Bids:
    """`{bidder: {bundle: price}}` as `Bids`; a bundle is the name of an item or several of them.

    Raises `InputError` for what is none, and `TooLarge` for more than ten thousand bids.
    """
    if not isinstance(language, str) or language not in ("xor", "or"):
        raise UnknownName("language of bids", str(language), ("xor", "or"))
    if not isinstance(given, Mapping) or not given or not all(isinstance(own, Mapping) for own in given.values()):
        raise InputError("The bids are no table.", do="Give {bidder: {bundle: price}}, e.g. {'A': {('x', 'y'): 2}}.")
    read = [(str(who), _bundle(bundle), price) for who, own in given.items() for bundle, price in own.items()]
    if len(read) > LARGEST:
        raise TooLarge(f"{len(read):,} bids.", f"More than {LARGEST:,} are not tried.", "Give fewer.")
    seen = list(dict.fromkeys(item for _, bundle, _ in read for item in bundle))
    known = seen if items is None else _items(items)
    if unknown := set(seen) - set(known):
        raise UnknownName("item", next(item for item in seen if item in unknown), known)
    if len(read) * len(known) > CELLS:
        raise TooLarge(
            f"{len(read):,} bids on {len(known):,} items.",
            f"More than {CELLS:,} pairs of a bid and an item are not tried.",
            "Give fewer.",
        )
    bidders, place = [str(who) for who in given], {item: j for j, item in enumerate(known)}
    if len(set(bidders)) < len(bidders):
        raise InputError(f"Two bidders share a name: {bidders}.", do="Give each bidder its own name.")
    uses = np.zeros((len(read), len(known)), bool)
    for k, (_, bundle, _) in enumerate(read):
        uses[k, [place[item] for item in bundle]] = True
    seat = {who: i for i, who in enumerate(bidders)}
    owner = np.array([seat[who] for who, _, _ in read], int)
    if len({(who, row.tobytes()) for who, row in zip(owner.tolist(), uses, strict=True)}) < len(read):
        raise InputError("A bidder names a bundle twice.", do="Give one price for each bundle of each bidder.")
    price = np.array([_price(who, bundle, price) for who, bundle, price in read], float)
    if price.max(initial=0) > np.finfo(float).max / max(len(price), 1):
        raise InputError(
            f"Prices up to {price.max():g}.", "Together they are no finite number.", "Count in a larger unit."
        )
    if (price[price > 0] < RANGE * price.max(initial=0)).any():
        raise InputError(
            f"Prices from {price[price > 0].min():g} to {price.max():g}.",
            f"Integer programs tell apart what differs by a factor of up to {1 / RANGE:g}.",
            "Leave out what is offered next to nothing for.",
        )
    end = np.inf if time_limit is None else time.monotonic() + time_limit
    kept = price > 0
    return Bids(tuple(bidders), tuple(known), language, owner[kept], uses[kept], price[kept], end)


def _items(given: Any) -> list[str]:
    try:
        names: list[Any] = [given] if isinstance(given, str) else list(given)
    except TypeError:
        names = [None]
    if not all(isinstance(item, str) for item in names):
        raise InputError(f"The items are {given!r:.80}.", do="Give a list of names.")
    return list(dict.fromkeys(names))


def _bundle(given: Any) -> tuple[str, ...]:
    bundle = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else ()
    if not bundle or not all(isinstance(item, str) for item in bundle):
        raise InputError(f"{given!r:.80} is no bundle.", do="Give the name of an item, or several: ('x', 'y').")
    return tuple(sorted(bundle)) if isinstance(given, Set) else bundle  # a set has no order of its own


def _price(who: str, bundle: tuple[str, ...], given: Any) -> float:
    try:
        price = float(given)
    except (TypeError, ValueError, OverflowError):
        price = np.nan
    if not np.isfinite(price) or price < 0:
        raise InputError(
            f"{who:.80} offers {given!r:.80} for {bundle!r:.80}.",
            "A price is finite and at least 0.",
            "Give such a number.",
        )
    return price
