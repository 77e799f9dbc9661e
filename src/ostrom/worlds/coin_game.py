"""The coin game: two seats walk on a small grid, and each can take a coin that is the other's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.ground import Ground
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene, Token
from ..core.world import World
from . import _pytree as _pytree
from ._coin_bots import WALK, CoinBot
from ._effort import Effort
from ._noise import uniform

Array = Any
FETCHING = "dqn:shared=yes,discount=0.8,batch=128,keeps=20000,least=0.01"
"""Who learns to fetch coins: it learns from each step many times, while IPPO has not learned it in a million steps."""


class State(NamedTuple):
    """`place int32[2, 2]` (row and column of each seat), `coin int32[2]` (where it lies) and `owner`, whose it is."""

    place: Array
    coin: Array
    owner: Array


class CoinGame(World):
    """One coin lies on a grid without edges; it belongs to one of two seats, and either can take it.

    Whoever steps on the coin is paid `reward`. If it is the other's, the other loses `loss`. Seats may stand on one
    cell, and if both reach the coin at once, both have taken it. Then a new one lies on a cell where nobody stands, of
    an owner drawn with equal odds (Lerer and Peysakhovich, 2017; on three by three cells, Foerster et al., 2018).
    With the defaults, the one who takes everything gains by it and the two together gain nothing.

    Each seat sees `board bool[H, W, 4]`: itself, the other, a coin of its own, a coin of the other's. So both seats see
    the game alike.

    Parameters
    ----------
    height, width : cells.
    reward : payoff for a coin; `loss` : what it costs a seat that the other took its coin.
    """

    horizon: Annotated[int, Interval(ge=1)] = 50
    height: Annotated[int, Interval(ge=2)] = 3
    width: Annotated[int, Interval(ge=2)] = 3
    reward: float = 1.0
    loss: float = 2.0
    effort: ClassVar[Effort] = Effort(80_000, 60, 90, FETCHING)
    measures: ClassVar[Mapping[str, str]] = {"own": "coins", "other": "coins"}

    @classmethod
    def small(cls) -> CoinGame:
        """The smallest grid that is worth playing, for runs of a minute."""
        return cls(horizon=32)

    @property
    def ground(self) -> Ground:
        """Stay, or walk one cell."""
        return self.plain_ground(2, "stay", "north", "south", "west", "east")

    def reset(self, key: Array) -> State:
        """Seats anywhere, and a coin where they are not."""
        chance = uniform(key, (3,), 0)
        cell = (chance[:2] * (self.height * self.width)).astype(jnp.int32)
        place = jnp.stack([cell // self.width, cell % self.width], -1)
        return State(place, *self._new(chance[2], place))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Walk, take the coin, and lay a new one."""
        place = self._walked(state.place, moves["act"])
        took, mine = self._took(place, state.coin), self._mine(state.owner)
        coin, owner = self._new(uniform(key, (), 1), place)
        taken = jnp.logical_or(took[0], took[1])
        after = State(place, jnp.where(taken, coin, state.coin), jnp.where(taken, owner, state.owner))
        return after, jnp.where(took, self.reward, 0.0) - jnp.where(mine & took[::-1], self.loss, 0.0)

    def observe(self, state: State) -> View:
        """Everybody sees everything, as the one who looks."""
        cells = jnp.arange(self.height * self.width)
        here = self._cell(state.place)[:, None] == cells
        coin = (self._cell(state.coin) == cells) & self._mine(state.owner)[:, None]
        board = jnp.stack([here, here[::-1], coin, coin[::-1]], -1)
        return View(seat={"board": board.reshape(2, self.height, self.width, 4)})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Cells are full or empty."""
        return {"board": (0, 1)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Coins that each took, of its own and of the other's."""
        took, mine = self._took(after.place, before.coin), self._mine(before.owner)
        return {"own": (took & mine).astype(jnp.float32), "other": (took & ~mine).astype(jnp.float32)}

    def prospects(self, state: State) -> dict[str, Array]:
        """A coin where a move leads to it."""
        took = self._took(self._walked(state.place[:, None], jnp.arange(len(WALK))), state.coin)
        mine = self._mine(state.owner)[:, None]
        return {"own": (took & mine).astype(jnp.float32), "other": (took & ~mine).astype(jnp.float32)}

    def reseated(self, state: State, order: Array) -> State:
        """Both seats are alike."""
        return State(state.place[order], state.coin, jnp.argmax(jnp.asarray(order) == state.owner).astype(jnp.int32))

    def bots(self) -> dict[str, Policy]:
        """Anything, every coin, one's own coins only, and one's own until the other takes one of them."""
        size = self.height, self.width
        return {
            "random": Policy(),
            "selfish": CoinBot("every", *size),
            "cooperative": CoinBot("own", *size),
            "reciprocal": CoinBot("in return", *size),
        }

    def scene(self, state: State) -> Scene:
        """The grid, the seats, and the coin with its owner."""
        place, coin, owner = (np.asarray(part) for part in state)
        grid = np.zeros((self.height, self.width), bool)
        grid[tuple(coin)] = True
        seats = tuple(Token(int(row), int(column), seat) for seat, (row, column) in enumerate(place))
        note = f"The coin is {self.ground.players[int(owner)]}'s."
        return Scene({"coin": grid}, (Token(int(coin[0]), int(coin[1]), int(owner), mark="coin"), *seats), note=note)

    def _walked(self, place: Array, act: Array) -> Array:
        return (place + jnp.asarray(WALK)[act]) % jnp.array([self.height, self.width])

    def _cell(self, place: Array) -> Array:
        return place[..., 0] * self.width + place[..., 1]

    def _took(self, place: Array, coin: Array) -> Array:
        return (place[..., 0] == coin[0]) & (place[..., 1] == coin[1])

    def _mine(self, owner: Array) -> Array:
        return jnp.arange(2) == owner

    def _new(self, chance: Array, place: Array) -> tuple[Array, Array]:
        """`(coin, owner)`: an even draw from the free cells and both owners, out of one number in [0, 1)."""
        cells = self._cell(place)
        low, high = jnp.minimum(cells[0], cells[1]), jnp.maximum(cells[0], cells[1])
        free = self.height * self.width - 2 + (low == high)
        number = (chance * (2 * free)).astype(jnp.int32)
        owner = (number >= free).astype(jnp.int32)
        cell = number - owner * free
        cell = cell + (cell >= low)
        cell = cell + ((cell >= high) & (low != high))
        return jnp.stack([cell // self.width, cell % self.width]), owner
