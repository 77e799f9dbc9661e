"""Firms that sell similar goods set prices again and again, and buyers choose among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._logit import Market
from ._noise import bits

Array = Any


class State(NamedTuple):
    """`last int32[memory, P]`: the numbers of the prices asked before, the latest first; `time` counts the steps."""

    last: Array
    time: Array


class Pricing(World):
    """Firms with logit demand choose among prices on a grid (Calvano, Calzolari, Denicolò and Pastorello, 2020).

    Firm i sells `exp((quality - outside - price_i) / spread)` over one plus the sum of that over all firms, and is paid
    `(price - cost)` on every unit. Buyers are no seats: what they have of the market is the fact `surplus`, in equal
    parts for the firms, so that its sum is theirs. All see the prices of the last `memory` steps; those before the
    first step are drawn evenly. With the defaults this is the baseline of the paper.

    Parameters
    ----------
    points : prices on the grid, evenly from `low` to `high`, in money.
    memory : steps whose prices are seen.
    quality, cost, spread, outside : money; how good goods are, what one costs to make, how much they differ in the eyes
        of buyers, and how good it is to buy nothing.
    low, high : by default a tenth of the way from the competitive price to the monopoly price below the one and
        above the other.
    """

    players: Annotated[int, Interval(ge=2)] = 2
    horizon: Annotated[int, Interval(ge=1)] = 1000
    points: Annotated[int, Interval(ge=2, le=10_000)] = 15
    memory: Annotated[int, Interval(ge=1, le=10_000)] = 1
    quality: float = 2.0
    cost: float = 1.0
    spread: Annotated[float, Interval(ge=1e-3)] = 0.25
    outside: float = 0.0
    low: float | None = None
    high: float | None = None
    effort: ClassVar[Effort] = Effort(100_000, 25, 35)
    measures: ClassVar[Mapping[str, str]] = {"price": "money per unit", "sold": "units", "surplus": "money"}
    bystanders: ClassVar[Mapping[str, str]] = {"buyers": "surplus"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low is None or self.high is None:
            for name, end in zip(("low", "high"), self._ends(), strict=True):
                object.__setattr__(self, name, end if getattr(self, name) is None else getattr(self, name))
        if all(isinstance(end, float) for end in self._prices) and self._prices[0] >= self._prices[1]:
            raise InputError(
                f"Pricing(low={self.low}, high={self.high}) has no room for prices.",
                "Prices rise from the least to the greatest.",
                "Give a low below the high, or neither.",
            )

    @classmethod
    def small(cls) -> Pricing:
        """Five prices, for runs of a minute."""
        return cls(points=5, horizon=100)

    @property
    def market(self) -> Market:
        """The demand, which also says which prices are `competitive` and `monopoly`."""
        return Market(self.players, self.quality, self.cost, self.spread, self.outside)

    @property
    def grid(self) -> np.ndarray:
        """`float[points]`: the prices."""
        return np.linspace(*self._prices, self.points)

    @property
    def ground(self) -> Ground:
        """One move for each price, the lowest first."""
        return self.plain_ground(self.players, *(f"price {number + 1}" for number in range(self.points)))

    def reset(self, key: Array) -> State:
        """Prices before the first step, drawn evenly."""
        drawn = bits(key, (self.memory, self.players), 0) >> 8
        return State((drawn % np.uint32(self.points)).astype(jnp.int32), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Ask, sell and remember."""
        asked = jnp.asarray(moves["act"], dtype=jnp.int32)
        price = self._price(asked)
        last = asked[None] if self.memory == 1 else jnp.concatenate([asked[None], state.last[:-1]])
        return State(last, state.time + 1), (price - self.cost) * self.market.sold(price, jnp)

    def observe(self, state: State) -> View:
        """The prices of the last steps, by number."""
        return View({"last": state.last})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Numbers of prices."""
        return {"last": (0, self.points - 1)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Prices, units sold, and what the buyers have of it."""
        price = self._price(after.last[0])
        shared = jnp.broadcast_to(self.market.surplus(price, jnp) / self.players, (self.players,))
        return {"price": price, "sold": self.market.sold(price, jnp), "surplus": shared}

    def prospects(self, state: State) -> dict[str, Array]:
        """A price sells most when the others ask the highest; buyers have most when they ask the lowest."""
        own, others = self._price(jnp.arange(self.points)), jnp.ones((self.points, self.players - 1))
        cheap, dear = (jnp.concatenate([own[:, None], others * price], -1) for price in self._prices)
        found = {
            "price": own,
            "sold": self.market.sold(dear, jnp)[:, 0],
            "surplus": self.market.surplus(cheap, jnp) / self.players,
        }
        return {name: jnp.broadcast_to(most, (self.players, self.points)) for name, most in found.items()}

    def reseated(self, state: State, order: Array) -> State:
        """All firms are alike."""
        return state._replace(last=state.last[:, order])

    def bots(self) -> dict[str, Policy]:
        """Any price; the grid's price nearest to the competitive and to the monopoly one; two that answer the rivals.

        "selfish" and "cooperative" are other names of "competitive" and "monopoly": what one price each is best at.
        """
        nearest = [int(abs(self.grid - price).argmin()) for price in (self.market.competitive, self.market.monopoly)]
        fixed = [Pricer("fixed", number) for number in nearest]
        return {
            "random": Policy(),
            "selfish": fixed[0],
            "cooperative": fixed[1],
            "competitive": fixed[0],
            "monopoly": fixed[1],
            "undercutter": Pricer("below", nearest[0]),
            "tit for tat": Pricer("same", nearest[0]),
        }

    def scene(self, state: State) -> Scene:
        """The last prices, what was sold at them, and what the buyers had."""
        price = self.grid[np.asarray(state.last)[0]]
        shown = {"price": price, "sold": self.market.sold(price)}
        return Scene(dials={"surplus of buyers": float(self.market.surplus(price))}, rows=shown)

    @property
    def _prices(self) -> tuple[float, float]:
        return self.low, self.high  # type: ignore[return-value]

    def _price(self, number: Array) -> Array:
        low, high = self._prices
        return jnp.asarray(number, jnp.float32) * ((high - low) / (self.points - 1)) + low

    def _ends(self) -> tuple[float, float]:
        """The ends of the grid when they are not given."""
        competitive, monopoly = self.market.competitive, self.market.monopoly
        wider = 0.1 * (monopoly - competitive)
        return competitive - wider, monopoly + wider


class Pricer(Policy):
    """Sets a price that is fixed, or that answers the lowest price among the rivals a step ago.

    Parameters
    ----------
    answers : "fixed" asks the price `number`; "same" asks the rivals' lowest; "below" one less, but not less than
        `number`, below which there is nothing to win.
    """

    answers: Literal["fixed", "same", "below"] = "fixed"
    number: int = 0

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """One price: what it answers, or the nearest that is permitted."""
        xp, asked = sight.xp, sight.seen["last"][0]
        mine = xp.arange(asked.shape[-1]) == sight.seat
        lowest = xp.where(mine, sight.mask["act"].shape[-1] - 1, asked).min()
        answers = {"fixed": self.number, "same": lowest, "below": xp.maximum(lowest - 1, self.number)}
        away = xp.abs(xp.arange(sight.mask["act"].shape[-1]) - answers[self.answers])
        return {"act": sight.scores("act", xp.where(sight.mask["act"], away, 10**6).argmin())}, memory
