"""Habits of traders in a market with an order book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ..core.agent import Policy, Sight

Array = Any
MOVES = ("rest", "buy", "sell", "quote narrow", "quote wide", "withdraw")
REST, BUY, SELL, NARROW, WIDE, WITHDRAW = range(6)
LEFT = (1e-9, 1e-15, 1e-15, 1e-15, 1e-15, 1e-12)
"""Odds of moves that are not wanted: where the wanted one is forbidden it rests, and where resting is, withdraws."""


class Trader(Policy):
    """A trader with a habit; what is not permitted is left, and it rests.

    Parameters
    ----------
    role : a "seller" gets rid of what it has too much, by volume: `share` of what is traded, at least `pace` shares a
        step. A "follower" sells all it has when the price falls by `fright` ticks within the window, and buys back what
        it wants when it rises as much, with odds `wakes` a step. A "maker" quotes narrow; it gets rid of `limit` shares
        too many (or too few) at once, and withdraws when the price moves by `fright`. An "investor" looks with odds
        `wakes` a step, trades against a price that is off by `margin` ticks, and quotes wide. "selfish" is a maker that
        follows when the price moves, unless it is a bargain (off by four margins); "cooperative" trades against a wrong
        price, gets rid of shares only where the book is deep (`deep` shares), and quotes narrow come what may.
    """

    role: Literal["selfish", "cooperative", "seller", "follower", "maker", "investor"] = "maker"
    fright: float = 3.0
    margin: float = 5.0
    limit: float = 10.0
    deep: float = 15.0
    share: float = 0.09
    pace: float = 2.5
    wakes: float = 0.2

    def begin(self) -> dict[str, Array]:
        """How much is to be sold by now, and how much too many it had at first."""
        return {"due": np.array(0, np.float32), "first": np.array(np.nan, np.float32)}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """What its habit says."""
        xp, excess = sight.xp, sight.seen["excess"]
        first = xp.where(xp.isnan(memory["first"]), excess, memory["first"])
        due = memory["due"] + xp.maximum(self.share * sight.seen["volume"], self.pace)
        sold = {"due": xp.asarray(due, xp.float32), "first": xp.asarray(first, xp.float32)}
        move = self._moved(sight, (first - excess < due) & (excess > 0))
        slow = {"investor": True, "follower": move == BUY}.get(self.role, False)
        odds, number = xp.where(slow, self.wakes, 1.0), xp.arange(len(MOVES))
        odds = odds * (number == move) + (1 - odds) * (number == REST)
        return {"act": xp.log(odds + xp.asarray(LEFT))}, sold

    def _moved(self, sight: Sight, late: Array) -> Array:
        """The move that it would like to make; `late`: whether it has sold less than is due."""
        xp, seen = sight.xp, sight.seen
        price, excess = seen["prices"][-1], seen["excess"]
        trend, gap = price - seen["prices"][0], seen["guess"] - price
        falls, rises = (trend <= -self.fright) & (seen["shares"] > 0), (trend >= self.fright) & (excess < 0)
        follow = xp.where(falls, SELL, xp.where(rises, BUY, REST))
        rid, value = xp.where(excess > 0, SELL, BUY), xp.where(gap > 0, BUY, SELL)
        full, wild, wrong = abs(excess) >= self.limit, abs(trend) >= self.fright, abs(gap) > self.margin
        served = xp.where(excess > 0, seen["bids"], seen["asks"]) >= self.deep
        if self.role == "seller":
            return xp.where(late, SELL, REST)
        if self.role == "follower":
            return follow
        if self.role == "maker":
            return xp.where(full, rid, xp.where(wild, WITHDRAW, NARROW))
        if self.role == "investor":
            return xp.where(wrong, value, WIDE)
        if self.role == "cooperative":
            return xp.where(wrong, value, xp.where(full & served, rid, NARROW))
        calm = xp.where(full, rid, xp.where(wild, follow, NARROW))
        return xp.where(abs(gap) > 4 * self.margin, value, calm)
