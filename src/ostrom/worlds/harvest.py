"""Commons harvest: apples grow back only near other apples, and whoever is in the way can be sent away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ._effort import Effort
from ._grid import ZAP, Bodies, beams, hit, sent_away, set_out, site_under, walked
from ._grid_bots import Picker
from ._grid_map import Field
from ._grid_view import SEATS, filled, seen
from ._grid_world import GridWorld
from ._noise import uniform

Array = Any
GROWTH = 16
MAPS = {
    "open": """
...A.......A......A...
..AAA.....AAA....AAA..
.AAAAA...AAAAA..AAAAA.
..AAA.....AAA....AAA..
...A.......A......A...
......................
......A........A......
.....AAA......AAA.....
....AAAAA....AAAAA....
.....AAA......AAA.....
......A........A......
......................
......................
..PPPPPPPPPPPPPPPPPP..
..PPPPPPPPPPPPPPPPPP..
..PPPPPPPPPPPPPPPPPP..
""",
    "small": """
AAAA.AAAA
AAAA.AAAA
AAAA.AAAA
AAAA.AAAA
.........
.........
.........
PPPPPPPPP
PPPPPPPPP
""",
}


class State(NamedTuple):
    """`apples bool[K]` on the trees of the map, the bodies of the seats, and the number of the step."""

    apples: Array
    bodies: Bodies
    time: Array


class Harvest(GridWorld):
    """Seats walk, turn, pick apples by stepping on them, and may zap each other away for a while.

    On a tree without an apple, and on which nobody stands, one grows with odds that depend on how many apples are
    left within two cells of it: `one` near one, `two` near two, `many` near three or more, and none near none. So a
    patch that is picked bare stays bare (Perolat et al., 2017; Melting Pot's `commons_harvest__open`, Leibo et al.,
    2021). Moves are made at once: nobody steps onto a cell on which somebody stood, and of several who want one cell
    one gets it by lot. A beam is three cells wide and goes through everything; those it hits are away for `timeout`
    steps and come back at a gate.

    Parameters
    ----------
    one, two, many : odds per step of an apple with so many apples near.
    players, horizon, map, ahead, behind, aside, reach, timeout, apple, shot, struck : see the page of the world.
    """

    horizon: Annotated[int, Interval(ge=1)] = 300
    one: Annotated[float, Interval(ge=0, le=1)] = 0.001
    two: Annotated[float, Interval(ge=0, le=1)] = 0.005
    many: Annotated[float, Interval(ge=0, le=1)] = 0.025
    maps: ClassVar[Mapping[str, str]] = MAPS
    effort: ClassVar[Effort] = Effort(20_000, 65, 90)
    measures: ClassVar[Mapping[str, str]] = {"harvest": "apples", "zaps": "shots", "apples": "apples"}
    channels: ClassVar[tuple[str, ...]] = (
        *("wall", "apple", "tree", "gate", "beam"),
        *SEATS,
        *("fired", "picked", "richer", "poorer"),
    )

    @classmethod
    def small(cls, **changes: Any) -> Harvest:
        """Four seats on nine by nine cells that see five by five: learners need a minute, not a day."""
        seats = {"players": 4, "horizon": 200, "map": "small", "ahead": 3, "behind": 1, "aside": 2}
        return cls(**{**seats, "one": 0.002, "two": 0.01, "many": 0.05, **changes})

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Of the view, and of the apples that are left."""
        return {"near": (0, 1), "apples": (0, len(self.field.trees.cells))}

    def reset(self, key: Array) -> State:
        """Apples on all trees, everybody at a gate."""
        apples = jnp.ones(len(self.field.trees.cells), bool)
        return State(apples, set_out(key, self.field, self.players), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Walk, pick, let apples grow, fire."""
        field, act = self.field, jnp.where(state.bodies.present, moves["act"], 0)
        bodies = walked(key, field, state.bodies, act)
        tree = site_under(field.trees, bodies)
        picked = jnp.append(state.apples, False)[tree]
        empty = ~(tree[:, None] == np.arange(len(state.apples))).any(0)
        apples = self._grown(key, state.apples & empty, empty)
        struck = hit(bodies, beams(bodies, self.reach), act == ZAP)
        bodies = sent_away(key, field, bodies, struck, self.timeout)
        picked, shot = picked.astype(jnp.int32), (act == ZAP).astype(jnp.int32)
        bodies = bodies._replace(shot=shot, picked=picked, total=bodies.total + picked)
        payoffs = self.apple * picked - self.shot * shot - self.struck * struck
        return State(apples, bodies, state.time + 1), payoffs.astype(jnp.float32)

    def observe(self, state: State) -> View:
        """How many apples there are; one by one, what is near (`channels`)."""
        field, bodies = self.field, state.bodies
        layers = (field.free.all_words, filled(field.trees.words, state.apples))
        layers += (field.trees.all_words, field.gates.all_words)
        everybody = jnp.ones((self.players, 1), bool)
        marks = (everybody & (bodies.shot > 0), everybody & (bodies.picked > 0))
        marks += (bodies.total > bodies.total[:, None], bodies.total < bodies.total[:, None])
        near = seen(self.window, field, bodies, layers, (beams(bodies, self.reach),), marks)
        return View({"apples": state.apples.sum()}, {"near": near})

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Apples that each picked, and shots that each fired."""
        return {
            "harvest": after.bodies.picked.astype(jnp.float32),
            "zaps": after.bodies.shot.astype(jnp.float32),
        }

    def sights(self, state: State) -> dict[str, Array]:
        """Apples that are left."""
        return {"apples": jnp.broadcast_to(state.apples.sum().astype(jnp.float32), (self.players,))}

    def reseated(self, state: State, order: Array) -> State | None:
        """All seats are alike."""
        return state._replace(bodies=state.bodies.reseated(order))

    def bots(self) -> Mapping[str, Policy]:
        """Anything at random; every apple in sight; only apples that have others near, from which new ones grow."""
        return {
            "random": Policy(),
            "selfish": Picker(self.channels, self.ahead),
            "cooperative": Picker(self.channels, self.ahead, leaves=4),
        }

    def scene(self, state: State) -> Scene:
        """The map, the apples, and who stands where."""
        return self.drawn(state, apple=(self.field.trees, state.apples))

    def _grown(self, key: Array, apples: Array, empty: Array) -> Array:
        """The apples after some have grown, each on a tree that is empty."""
        near = jnp.dot(apples.astype(jnp.float32), jnp.asarray(_near(self.field)))
        odds = jnp.where(near > 2, self.many, jnp.where(near > 1, self.two, jnp.where(near > 0, self.one, 0.0)))
        return apples | ((uniform(key, apples.shape, GROWTH) < odds) & empty)


@lru_cache(maxsize=64)
def _near(field: Field) -> np.ndarray:
    """`float32[K, K]`: 1 for trees that are at most two cells apart, measured in a straight line."""
    cells = field.trees.cells
    apart = ((cells[:, None] - cells) ** 2).sum(-1)
    return ((apart > 0) & (apart <= 4)).astype(np.float32)
