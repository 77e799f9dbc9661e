"""One stock that many take from and that doubles every month, told as a fishery, a pasture or a river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._stock_metrics import StockMetrics, stock_metrics

Array = Any
SURE = 60.0
"""Log-odds by which a bot prefers a move to the next best one that is permitted."""


class Story(NamedTuple):
    """How a stock is talked about: the verb of a move, the fact it makes, what is there, and how it goes."""

    verb: str
    fact: str
    there: str
    gone: str


STORIES = {
    "fishery": Story("catch", "harvest", "tonnes of fish are in the lake", "The fish are gone."),
    "pasture": Story("graze", "grazing", "hectares of grass stand on the pasture", "The grass is gone."),
    "pollution": Story("make", "output", "percent of the river is clean", "The river is dead."),
}


class State(NamedTuple):
    """`stock` as the month begins, `last float[P]`, what each took the month before, and the number of the month."""

    stock: Array
    last: Array
    time: Array


class Stock(World):
    """What is left of a shared stock doubles every month, up to a capacity; too little left, and it is gone.

    The three stories of GovSim (Piatti et al., 2024) in one world, the same numbers under other names: tonnes of fish
    that are caught (`harvest`), hectares of grass that sheep graze (`grazing`), percents of clean water that factories
    use up by what they make (`output`). Each seat names an amount. If all together want more than there is, it is
    shared out in proportion. Less than `collapse` left, and nothing grows any more: the episode is over. All see the
    stock and what each took the month before. With the defaults, five who take 10 each go on for ever, and five who
    take 20 have emptied the stock at once. (Fractions may be taken here; in GovSim units are whole, and the odd ones
    are drawn.)

    Parameters
    ----------
    story : "fishery", "pasture" or "pollution".
    amounts : what a seat can take, whole numbers, rising from 0.
    capacity : units that there can be; `start`, share of it there at first.
    growth : by what the part that is left is multiplied each month, at least 1.
    collapse : units left below which the stock is gone.
    worth : payoff per unit taken.
    """

    story: Literal["fishery", "pasture", "pollution"] = "fishery"
    players: Annotated[int, Interval(ge=1)] = 5
    horizon: Annotated[int, Interval(ge=1)] = 12
    amounts: tuple[int, ...] = (0, 5, 10, 15, 20)
    capacity: Annotated[float, Interval(ge=0)] = 100.0
    start: Annotated[float, Interval(ge=0, le=1)] = 1.0
    growth: Annotated[float, Interval(ge=1)] = 2.0
    collapse: Annotated[float, Interval(ge=0)] = 5.0
    worth: float = 1.0
    effort: ClassVar[Effort] = Effort(60_000, 20, 30)
    measures: ClassVar[Mapping[str, str]] = {
        "harvest": "tonnes", "grazing": "hectares", "output": "percent of the river", "stock": "units",
    }  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.story not in STORIES:
            raise InputError(f"Stock(story={self.story!r}) is not known.", do=f"Choose one of {', '.join(STORIES)}.")
        rising = all(a < b for a, b in zip(self.amounts, self.amounts[1:], strict=False))
        if len(self.amounts) < 2 or self.amounts[0] != 0 or not rising:
            raise InputError(
                f"Stock(amounts={self.amounts}) does not rise from 0.",
                "The first move of every seat is to take nothing, and each move has a name of its own.",
                "Give at least two whole numbers, such as (0, 10, 20).",
            )

    @classmethod
    def small(cls) -> Stock:
        """Three seats and four amounts, for runs of a minute."""
        return cls(players=3, amounts=(0, 5, 10, 20), capacity=60.0, collapse=3.0)

    @property
    def told(self) -> Story:
        """The words of the story."""
        return STORIES[self.story]

    @property
    def fact(self) -> str:
        """The name of what is taken: "harvest", "grazing" or "output"."""
        return self.told.fact

    @property
    def fair(self) -> float:
        """The share of the stock that each may take if all do and the stock is to be as large again."""
        return (1 - 1 / self.growth) / self.players

    @property
    def ground(self) -> Ground:
        """Take an amount: `catch 0`, `catch 5`, …"""
        names = tuple(f"player {seat + 1}" for seat in range(self.players))
        labels = tuple(f"{self.told.verb} {amount}" for amount in self.amounts)
        return Ground(names, play=((Part("act", labels),),), facts=(self.fact, "stock"))

    def reset(self, key: Array) -> State:
        """The stock at the start; nothing is left to chance in this world."""
        return State(jnp.float32(self.start * self.capacity), jnp.zeros(self.players, jnp.float32), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Take, and let grow what is left."""
        wanted = jnp.asarray(self.amounts, jnp.float32)[moves["act"]]
        taken = wanted * jnp.minimum(1.0, state.stock / jnp.maximum(wanted.sum(), 1e-9))
        left = jnp.maximum(state.stock - taken.sum(), 0.0)
        grown = jnp.minimum(self.growth * left, self.capacity)
        stock = jnp.where(left < self.collapse, 0.0, grown)
        return State(stock, taken, state.time + 1), self.worth * taken

    def observe(self, state: State) -> View:
        """The stock, in units and in tenths of the capacity; what each took the month before; the month."""
        tenths = jnp.floor(10 * state.stock / self.capacity + 1e-4).astype(jnp.int32)
        return View({"stock": state.stock, "tenths": tenths, "last": state.last, "time": state.time})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of all that is seen."""
        taken = (0, self.amounts[-1])
        return {"stock": (0, self.capacity), "tenths": (0, 10), "last": taken, "time": (0, self.horizon)}

    def over(self, state: State) -> Array:
        """Whether the stock is gone."""
        return state.stock <= 0

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """What each took."""
        return {self.fact: after.last}

    def sights(self, state: State) -> dict[str, Array]:
        """The stock."""
        return {"stock": jnp.broadcast_to(state.stock, (self.players,))}

    def prospects(self, state: State) -> dict[str, Array]:
        """A move brings most when no others take anything."""
        alone = jnp.minimum(jnp.asarray(self.amounts, jnp.float32), state.stock)
        return {self.fact: jnp.broadcast_to(alone, (self.players, len(self.amounts)))}

    def reseated(self, state: State, order: Array) -> State:
        """All seats are alike."""
        return state._replace(last=state.last[order])

    def bots(self) -> dict[str, Policy]:
        """Any amount; the most; the largest that everybody could take for ever; that, while all others do so too."""
        return {
            "random": Policy(),
            "selfish": Taker("most", self.amounts, self.fair),
            "cooperative": Taker("fair", self.amounts, self.fair),
            "reciprocal": Taker("in return", self.amounts, self.fair),
        }

    def scene(self, state: State) -> Scene:
        """The stock, and what each took the month before."""
        stock = float(state.stock)
        note = f"{stock:.3g} {self.told.there}." if stock > 0 else self.told.gone
        return Scene(dials={"stock": stock}, rows={f"last {self.fact}": np.asarray(state.last)}, note=note)

    def metrics(self, played: Any) -> StockMetrics:
        """GovSim's measures of a rollout of this world, or of whole episodes (`ostrom.learners.play`)."""
        taken, stock = np.asarray(played.facts[self.fact], float), np.asarray(played.sights["stock"], float)[..., 0]
        lasting = np.asarray(getattr(played, "lasting", np.ones(stock.shape, bool)))
        best = stock.shape[-1] * self.fair * self.players * self.start * self.capacity
        return stock_metrics(taken, lasting & (stock > 0), self.fair * stock, best)


class Taker(Policy):
    """Takes from a stock by a rule; where the amount it wants is not permitted, the nearest that is.

    Parameters
    ----------
    rule : the "most"; what is "fair", the largest amount within its share; or, "in return", what is fair until somebody
        has taken more than that, and then the most for a month.
    amounts : what can be taken; `share` : the share of the stock that is fair.
    """

    rule: Literal["most", "fair", "in return"] = "fair"
    amounts: tuple[int, ...] = (0, 5, 10, 15, 20)
    share: float = 0.1

    def begin(self) -> dict[str, Array]:
        """What was fair the month before."""
        return {"fair": np.array(np.inf, np.float32)}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """The amount that the rule says."""
        xp, amounts = sight.xp, sight.xp.asarray(self.amounts)
        fair = sight.xp.asarray(self.share * sight.seen["stock"] * (1 + 1e-5), sight.xp.float32)
        angry = {"most": True, "fair": False, "in return": (sight.seen["last"] > memory["fair"]).any()}[self.rule]
        wanted = xp.where(angry, len(self.amounts) - 1, (amounts <= fair).sum() - 1)
        return {"act": -SURE * abs(xp.arange(sight.mask["act"].shape[-1]) - wanted)}, {"fair": fair}
