"""Logit demand with firms that are alike: quantities, and the two prices to compare others with.

Both prices solve `price = cost + spread / (1 - share)`: when each firm looks at its own profit, `share` is its own
share of the market; when they look at the sum, it is the share of all. The right side falls as the price rises, so that
each equation has one solution and halving an interval finds it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = Any
HALVINGS = 100


class Market(NamedTuple):
    """`firms` sell goods of `quality` made at `cost`; buyers differ by `spread`, and nothing is worth `outside`."""

    firms: int
    quality: float
    cost: float
    spread: float
    outside: float

    def sold(self, prices: Array, xp: Any = np) -> Array:
        """Quantities `[..., P]` at prices `[..., P]`; there is one unit of demand, part of which buys nothing."""
        weight = xp.exp((self.quality - self.outside - prices) / self.spread)
        return weight / (1.0 + weight.sum(-1, keepdims=True))

    def surplus(self, prices: Array, xp: Any = np) -> Array:
        """What buyers have of it `[...]`, in money, over what they would have if nobody sold (Small, Rosen 1981)."""
        weight = xp.exp((self.quality - self.outside - prices) / self.spread)
        return self.spread * xp.log1p(weight.sum(-1))

    @property
    def competitive(self) -> float:
        """The price of the one-shot Nash equilibrium, the same for all (Bertrand)."""
        return self._solved(1)

    @property
    def monopoly(self) -> float:
        """The price at which all firms together earn most."""
        return self._solved(self.firms)

    def profit(self, price: float) -> float:
        """What each firm earns when all ask `price`."""
        return float((price - self.cost) * self.sold(np.full(self.firms, price))[0])

    def _solved(self, firms: int) -> float:
        """The price when each looks at the profit of `firms` firms."""
        low, high = self.cost, self._reply(self.cost, firms)
        for _ in range(HALVINGS):
            price = (low + high) / 2
            low, high = (price, high) if self._reply(price, firms) > price else (low, price)
        return (low + high) / 2

    def _reply(self, price: float, firms: int) -> float:
        share = firms * float(self.sold(np.full(self.firms, price))[0])
        return self.cost + self.spread / (1 - share)
