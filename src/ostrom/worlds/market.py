"""A market with an order book, whose price can fall far because it has begun to fall."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._noise import uniform
from ._order_book import Quotes, best, matched
from ._traders import BUY, MOVES, NARROW, REST, SELL, WIDE, Trader

Array = Any


class State(NamedTuple):
    """`cash`, `shares` and `target float[P]`, the `quotes` in the book, what was `bought` and `sold` the step before,
    `prices int32[W]` of the last steps (the newest last), the `value` of a share, what each seat guesses that to
    be (`guess float[P]`), and the number of the step.
    """

    cash: Array
    shares: Array
    target: Array
    quotes: Quotes
    bought: Array
    sold: Array
    prices: Array
    value: Array
    guess: Array
    time: Array


class Market(World):
    """Traders buy and sell a share whose value is known to none of them exactly; one begins with far too many.

    A seat can rest (its quotes stay), buy or sell `lot` shares at whatever price it takes, quote (offer to buy and to
    sell `size` shares, some ticks below and above the last price), or withdraw its quotes; who buys or sells has none.
    All orders of a step meet at once: with each other at the last price, then with the quotes, from the best one on,
    each at its own price. Orders that find nobody are void, and the price is called a tick lower (or higher). So with
    few quotes a little selling makes the price fall far, and whoever sells because it falls makes it fall on: the flash
    crash of 6 May 2010 in small (CFTC and SEC, 2010; Kirilenko, Kyle, Samadi and Tuzun, 2017). Everything is paid in
    ticks, the unit of prices. A seat is paid its trades, shares at their value, less three costs: of holding other than
    it wants to, of trading, and of a wrong price, which all bear. Cash and shares only change hands.

    Parameters
    ----------
    start, top : ticks, the price at first (and the value), and the highest price.
    narrow, wide : ticks from the last price at which is quoted.
    window : steps over which all remember the price.
    lot, size : shares of an order, and of a quote on each side.
    endowment, most : shares that a seat wants to hold and has at first, and the most it may buy up to.
    seller, programme : the seat that has to sell, and how many shares more than it wants it has.
    drift, blur : ticks, by how much the value changes in a step and by how much guesses of it are off (standard
        deviations; guesses are new in every step).
    risk, cost, harm : payoff lost per squared share too many or too few and step, per share traded, and per tick by
        which the price is wrong and step.
    """

    players: Annotated[int, Interval(ge=2)] = 12
    horizon: Annotated[int, Interval(ge=1)] = 120
    start: Annotated[int, Interval(ge=1)] = 100
    top: Annotated[int, Interval(ge=2)] = 200
    narrow: Annotated[int, Interval(ge=1)] = 1
    wide: Annotated[int, Interval(ge=1)] = 10
    window: Annotated[int, Interval(ge=2)] = 5
    lot: Annotated[float, Interval(ge=0)] = 5.0
    size: Annotated[float, Interval(ge=0)] = 5.0
    endowment: Annotated[float, Interval(ge=0)] = 20.0
    most: Annotated[float, Interval(ge=0)] = 100.0
    seller: Annotated[int, Interval(ge=0)] = 0
    programme: Annotated[float, Interval(ge=0)] = 60.0
    drift: Annotated[float, Interval(ge=0)] = 0.1
    blur: Annotated[float, Interval(ge=0)] = 2.0
    risk: Annotated[float, Interval(ge=0)] = 0.001
    cost: Annotated[float, Interval(ge=0)] = 0.1
    harm: Annotated[float, Interval(ge=0)] = 0.05
    effort: ClassVar[Effort] = Effort(20_000, 55, 90)
    measures: ClassVar[Mapping[str, str]] = {
        "bought": "shares", "sold": "shares", "traded": "shares", "quoted": "shares",
        "price": "ticks", "depth": "shares",
    }  # fmt: skip

    @classmethod
    def small(cls) -> Market:
        """Six seats and forty steps, for runs of a minute."""
        return cls(players=6, horizon=40, programme=30.0)

    @property
    def ground(self) -> Ground:
        """Rest, buy, sell, quote close to the price or far from it, or withdraw one's quotes."""
        return self.plain_ground(self.players, *MOVES)

    def reset(self, key: Array) -> State:
        """Everybody has what it wants, but for the seat with a programme; nobody quotes."""
        nothing, none = jnp.zeros(self.players), jnp.zeros(self.players, jnp.int32)
        target, value = jnp.full(self.players, self.endowment), jnp.float32(self.start)
        shares = target + jnp.where(jnp.arange(self.players) == self.seller, self.programme, 0.0)
        prices, guess = jnp.full(self.window, self.start, jnp.int32), self._guess(key, value)
        quotes = Quotes(none, none, nothing, nothing)
        return State(nothing, shares, target, quotes, nothing, nothing, prices, value, guess, jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Quote, let orders meet, and pay."""
        act, price = moves["act"], state.prices[-1]
        buys, sells = (jnp.where(act == move, self._up_to(self.lot, state)[move], 0.0) for move in (BUY, SELL))
        made = matched(price, self._quoted(state, act), buys, sells, self.top)
        change = made.bought - made.sold
        value = state.value + self.drift * _normal(key, (), 0)
        after = State(
            state.cash + made.cash,
            state.shares + change,
            state.target,
            made.quotes,
            made.bought,
            made.sold,
            jnp.append(state.prices[1:], made.price),
            value,
            self._guess(key, value),
            state.time + 1,
        )
        held = self.risk * (after.shares - after.target) ** 2 + self.cost * (made.bought + made.sold)
        return after, made.cash + value * change - held - self.harm * jnp.abs(made.price - value)

    def observe(self, state: State) -> View:
        """Prices, the best bid and ask, shares bid for and asked, and what was traded; one by one, what one has."""
        bid, ask = best(state.quotes, self.top)
        public = {"prices": state.prices, "bid": bid, "ask": ask, "bids": state.quotes.bids.sum()}
        public |= {"asks": state.quotes.asks.sum(), "volume": state.bought.sum(), "time": state.time}
        own = {"shares": state.shares, "excess": state.shares - state.target, "guess": state.guess}
        return View(public, own | {"quoted": state.quotes.bids + state.quotes.asks})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of prices and the number of the step."""
        return {"prices": (1, self.top), "bid": (0, self.top), "ask": (1, self.top + 1), "time": (0, self.horizon)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """What each bought and sold, and what it quotes now."""
        quoted = after.quotes.bids + after.quotes.asks
        return {"bought": after.bought, "sold": after.sold, "traded": after.bought + after.sold, "quoted": quoted}

    def sights(self, state: State) -> dict[str, Array]:
        """The price, and what all quote."""
        depth = (state.quotes.bids + state.quotes.asks).sum()
        return {name: jnp.full(self.players, of, jnp.float32) for name, of in self._seen(state, depth).items()}

    def prospects(self, state: State) -> dict[str, Array]:
        """An order or a quote that is served in full."""
        order, quote, none = self._up_to(self.lot, state), self._up_to(self.size, state), 0.0 * state.shares
        stays = state.quotes.bids, state.quotes.asks
        bought = jnp.stack([stays[0], order[BUY], none, quote[BUY], quote[BUY], none], -1)
        sold = jnp.stack([stays[1], none, order[SELL], quote[SELL], quote[SELL], none], -1)
        quoted = jnp.stack([sum(stays), none, none, *[quote[BUY] + quote[SELL]] * 2, none], -1)
        return {"bought": bought, "sold": sold, "traded": jnp.maximum(bought, sold), "quoted": quoted}

    def reseated(self, state: State, order: Array) -> State:
        """All seats are alike; one of them has more to sell."""
        mine = {name: getattr(state, name)[order] for name in ("cash", "shares", "target", "bought", "sold", "guess")}
        return state._replace(quotes=Quotes(*(row[order] for row in state.quotes)), **mine)

    def bots(self) -> dict[str, Policy]:
        """Ways to trade; in a crash, a "seller", some who are each a "follower", a "maker" or an "investor"."""
        roles = "selfish", "cooperative", "seller", "follower", "maker", "investor"
        return {"random": Policy()} | {role: Trader(role) for role in roles}

    def scene(self, state: State) -> Scene:
        """The price, the value, what is quoted, and what each has."""
        bid, ask = (int(tick) for tick in best(state.quotes, self.top))
        price, depth = int(state.prices[-1]), (state.quotes.bids + state.quotes.asks).sum()
        dials = {name: float(of) for name, of in self._seen(state, depth).items()} | {"value": float(state.value)}
        rows = {"shares": np.asarray(state.shares), "cash": np.asarray(state.cash)}
        called = f"Best bid {bid or 'none'}, best ask {ask if ask <= self.top else 'none'}."
        return Scene(dials=dials, rows=rows, note=f"The price is {price}. {called}")

    def _seen(self, state: State, depth: Array) -> dict[str, Array]:
        return {"price": state.prices[-1], "depth": depth}

    def _guess(self, key: Array, value: Array) -> Array:
        """What each seat thinks a share is worth."""
        return value + self.blur * _normal(key, (self.players,), 2)

    def _up_to(self, shares: Array, state: State) -> dict[int, Array]:
        """How many of so many shares each may buy, and can sell."""
        room = jnp.maximum(self.most - state.shares, 0.0)
        return {BUY: jnp.minimum(shares, room), SELL: jnp.minimum(shares, jnp.maximum(state.shares, 0.0))}

    def _quoted(self, state: State, act: Array) -> Quotes:
        """The book after quotes were made and withdrawn, before it meets orders."""
        old, new, anew = state.quotes, self._up_to(self.size, state), (act == NARROW) | (act == WIDE)
        away = jnp.where(act == NARROW, self.narrow, self.wide)
        bid, ask = (jnp.where(anew, state.prices[-1] + side, was) for side, was in ((-away, old.bid), (away, old.ask)))
        bids, asks = (jnp.where(act == REST, was, 0.0) for was in (old.bids, old.asks))
        bids = jnp.where(anew & (bid >= 1), new[BUY], bids)
        return Quotes(bid, ask, bids, jnp.where(anew & (ask <= self.top), new[SELL], asks))


@partial(jax.jit, static_argnames=("shape", "salt"))
def _normal(key: Array, shape: tuple[int, ...], salt: int) -> Array:
    """`float32[shape]`, normally distributed (Box and Muller, 1958); uses two salts."""
    far, turn = uniform(key, shape, salt), uniform(key, shape, salt + 1)
    return jnp.sqrt(-2 * jnp.log1p(-far)) * jnp.cos(2 * np.pi * turn)
