"""Orders that meet quotes on a grid of prices, all orders of a step at once."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

Array = Any
NONE = 1e-3
"""Shares that count as none: what rounding leaves of a quote is not in the way of the price."""


class Quotes(NamedTuple):
    """What stands in the book: `bid` and `ask int32[P]` in ticks, and how many shares at each, `float[P]`."""

    bid: Array
    ask: Array
    bids: Array
    asks: Array


class Trades(NamedTuple):
    """What came of it: `bought`, `sold` and the `cash` received, `float[P]`, the `quotes` left, and the new `price`."""

    bought: Array
    sold: Array
    cash: Array
    quotes: Quotes
    price: Array


@partial(jax.jit, static_argnames="top")
def matched(price: Array, quotes: Quotes, buys: Array, sells: Array, top: int) -> Trades:
    """Market orders to buy and sell, shares `float[P]` each, against each other and then against the book.

    Orders that meet each other trade at `price`. What is left over of one side walks through the quotes from the best
    one on, each at its own price; quotes at one price, and orders among each other, share in proportion to their size.
    The price becomes that of the last quote taken. Orders that find nobody are void, and the price is called a tick
    higher (lower), within 1 and `top`. If no bid was above the price before, no ask below it, and every bid below every
    ask, so it is after.
    """
    met = jnp.minimum(buys.sum(), sells.sum())
    hit = _taken(-quotes.bid, quotes.bids, sells.sum() - met)
    lifted = _taken(quotes.ask, quotes.asks, buys.sum() - met)
    sold, bought = _part(sells) * (met + hit.sum()), _part(buys) * (met + lifted.sum())
    takers = _part(sells) * (met * price + (hit * quotes.bid).sum())
    takers -= _part(buys) * (met * price + (lifted * quotes.ask).sum())
    reached = jnp.where(hit > NONE, quotes.bid, jnp.where(lifted > NONE, quotes.ask, price))
    down = jnp.where(hit.sum() > NONE, reached.min(), reached.max())
    void = (buys.sum() - met - lifted.sum()) - (sells.sum() - met - hit.sum())
    called = down + jnp.where(void > NONE, 1, jnp.where(void < -NONE, -1, 0))
    return Trades(
        bought + hit,
        sold + lifted,
        takers - hit * quotes.bid + lifted * quotes.ask,
        quotes._replace(bids=_left(quotes.bids - hit), asks=_left(quotes.asks - lifted)),
        jnp.clip(called, 1, top).astype(jnp.int32),
    )


def best(quotes: Quotes, top: int) -> tuple[Array, Array]:
    """The highest bid (0 where there is none) and the lowest ask (`top + 1`)."""
    bid = jnp.where(quotes.bids > NONE, quotes.bid, 0).max()
    return bid, jnp.where(quotes.asks > NONE, quotes.ask, top + 1).min()


def _part(sizes: Array) -> Array:
    """Each one's part of all."""
    return sizes / jnp.maximum(sizes.sum(), 1e-9)


def _left(sizes: Array) -> Array:
    return jnp.where(sizes > NONE, sizes, 0.0)


def _taken(rank: Array, sizes: Array, wanted: Array) -> Array:
    """`float[P]`: how much of each quote is taken, lower ranks first and equal ranks in proportion."""
    before = (sizes * (rank[None, :] < rank[:, None])).sum(-1)
    level = (sizes * (rank[None, :] == rank[:, None])).sum(-1)
    return sizes * jnp.clip((wanted - before) / jnp.maximum(level, 1e-9), 0.0, 1.0)
