"""A small order book in NumPy: market makers, momentum sellers, a crowd, and one who has a great deal to sell.

Makers quote the same number of shares at each of many prices below and above the last one. Each quotes less the more it
holds and the more prices have moved of late. Momentum sellers sell when the price has fallen. The crowd buys and sells
at random, and a little against the way from what it takes the share to be worth. In the calm regime the programme sells
a little from some step on, which the makers pass on; in the other so much that they fill up. Nobody is told which it
is, and trading is halted when the price has fallen by five per cent within twenty steps.

What it has in common with 6 May 2010: a sale that all can live with for a while, makers who fill up and withdraw
together, and a fall of many per cent in a few steps. Its numbers are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ostrom.core.event import Event
from ostrom.core.log import Log

CALM, LARGE = 10.0, 75.0
"""Shares that the programme sells each step in the two regimes."""

FALL, WITHIN = 0.05, 20
"""A crash: such a share of the price lost within so many steps."""


@dataclass
class Market:
    """The book and who trades in it.

    The programme sells `rate` shares a step from step `start` on, and small amounts either way before. `makers` quote
    `size` shares at each price, hold up to `limit` shares either way, and pass on a share `passing` of what they hold
    to people outside. Their quotes shrink by the factor exp(-fear) for each tick by which prices move more than three a
    step. A fall of one tick makes each of two sellers sell `momentum` shares. The crowd's orders have the size `noise`.
    """

    seed: int
    rate: float = LARGE
    start: int = 150
    makers: int = 3
    size: float = 40.0
    limit: float = 1500.0
    passing: float = 0.02
    fear: float = 0.05
    momentum: float = 6.0
    noise: float = 60.0
    value: float = 10_000.0
    held: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, 2010])
        self.held, self.price = np.zeros(self.makers), self.value
        self.moved, self.swing = 0.0, 1.0

    def quotes(self, side: int) -> np.ndarray:
        """Shares that each maker quotes at every price, `float[makers]`: to sellers (-1) or to buyers (1)."""
        room = np.clip(1 + side * self.held / self.limit, 0, 2)
        return self.size * room * np.exp(-self.fear * max(self.swing - 3, 0)) + 0.2

    def step(self, t: int) -> dict[str, float]:
        """One step: orders come, meet the book, and the price is where the last share was traded."""
        rng = self.rng
        orders = {
            "crowd": self.noise * rng.standard_t(4) + 0.05 * (self.value - self.price),
            "programme": 30 * rng.standard_normal() if t < self.start else -self.rate * rng.uniform(0.5, 1.5),
            "seller 1": -self.momentum * max(-self.moved, 0) * rng.uniform(0.5, 1.5),
            "seller 2": -self.momentum * max(-self.moved, 0) * rng.uniform(0.5, 1.5),
        }
        flow = sum(orders.values())
        quoted = self.quotes(1 if flow > 0 else -1)
        change = float(np.clip(flow / quoted.sum(), -0.03 * self.value, 0.03 * self.value))
        self.held = self.held * (1 - self.passing) - quoted * change
        self.price = max(self.price + change, 1.0)
        self.moved = 0.7 * self.moved + 0.3 * change
        self.swing = float(np.sqrt(0.9 * self.swing**2 + 0.1 * change**2))
        orders |= {f"maker {m + 1}": -float(quoted[m] * change) for m in range(self.makers)}
        return orders | {"price": self.price, "depth": float(self.quotes(-1).sum())}


def traded(seed: int, rate: float = LARGE, steps: int = 400, **how: float) -> tuple[Log, int | None]:
    """The log of a run, and the step at which trading was halted; None where it was not."""
    market, prices, events = Market(seed, rate, **how), [], []  # type: ignore[arg-type]
    for t in range(steps):
        events += _rows(t, market.step(t))
        prices.append(market.price)
        if prices[-1] < (1 - FALL) * max(prices[-WITHIN - 1 :]):
            return Log.of(events, f"order book, seed {seed}"), t
    return Log.of(events, f"order book, seed {seed}"), None


def _rows(t: int, seen: dict[str, float]) -> Iterator[Event]:
    facts = {"price": round(seen.pop("price"), 2), "depth": round(seen.pop("depth"), 1)}
    for agent, order in seen.items():
        yield Event(0, t, agent, "order", action=round(order, 1))
    yield Event(0, t, "", "closed", facts=facts)
