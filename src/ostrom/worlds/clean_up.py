"""Clean-up: apples grow only while somebody keeps the river clean, away from the apples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ._effort import Effort
from ._grid import MOVES, ZAP, Area, Bodies, beams, hit, kept, sent_away, set_out, site_under, walked
from ._grid_bots import Picker, TurnTaker
from ._grid_view import SEATS, filled, seen
from ._grid_world import GridWorld
from ._noise import bits, uniform

Array = Any
GROWTH, SPILL, WHERE, START = range(16, 20)
CLEAN = len(MOVES)
MAPS = {
    "river": """
~~~~~~~~~~~~~~~~~~~~~~~~
~~~~~~~~~~~~~~~~~~~~~~~~
~~~~~~~~~~~~~~~~~~~~~~~~
~~~~~~~~~~~~~~~~~~~~~~~~
~~~~~~~~~~~~~~~~~~~~~~~~
........................
..P..P..P..P..P..P..P...
........................
...P..P..P..P..P..P..P..
........................
..P..P..P..P..P..P..P...
........................
........................
AAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAA
""",
    "small": """
~~~~~~~~~
~~~~~~~~~
.........
P.P.P.P.P
.........
.........
.........
AAAAAAAAA
AAAAAAAAA
""",
}


class State(NamedTuple):
    """`apples bool[K]` and `waste bool[R]` on the trees and river cells of the map, the bodies, what each has cleaned.

    `cleaned float32[P]` in cells, of the step before; `time` is the number of the step.
    """

    apples: Array
    waste: Array
    bodies: Bodies
    cleaned: Array
    time: Array


class CleanUp(GridWorld):
    """Apples grow on one side of the map; waste piles up in the river on the other, and stops them from growing.

    With odds of `spill` a step, one clean cell of the river gets waste. On a tree without an apple, and on which
    nobody stands, one grows with odds of `growth` while the share of the river that has waste is at most `restored`;
    the odds fall to 0 where it is `depleted` or more. A seat cleans with a beam, three cells wide and `reach` long:
    it takes time that could have been spent on picking, and everybody has the apples (Hughes et al., 2018; Melting
    Pot's `clean_up`, Leibo et al., 2021). Steps and zaps are those of `Harvest`.

    Parameters
    ----------
    growth, spill : odds per step, of an apple on each empty tree, and of new waste on one cell.
    restored, depleted : shares of the river, 0 to 1, the first below the second.
    start : share of the river that has waste at first.
    players, horizon, map, ahead, behind, aside, reach, timeout, apple, shot, struck : see the page of the world.
    """

    map: str = "river"
    growth: Annotated[float, Interval(ge=0, le=1)] = 0.05
    spill: Annotated[float, Interval(ge=0, le=1)] = 0.5
    restored: Annotated[float, Interval(ge=0, le=1)] = 0.0
    depleted: Annotated[float, Interval(ge=0, le=1)] = 0.4
    start: Annotated[float, Interval(ge=0, le=1)] = 0.0
    maps: ClassVar[Mapping[str, str]] = MAPS
    moves: ClassVar[tuple[str, ...]] = (*MOVES, "clean")
    effort: ClassVar[Effort] = Effort(20_000, 50, 75)
    measures: ClassVar[Mapping[str, str]] = {
        "harvest": "apples",
        "cleaned": "cells",
        "zaps": "shots",
        "apples": "apples",
        "waste": "cells",
    }
    channels: ClassVar[tuple[str, ...]] = (
        *("wall", "apple", "waste", "tree", "river", "gate", "beam", "cleaning beam"),
        *SEATS,
        *("fired", "cleaned", "picked", "richer", "poorer"),
    )

    @classmethod
    def small(cls, **changes: Any) -> CleanUp:
        """Four seats on nine by nine cells that see five by five: learners need a minute, not a day."""
        seats = {"players": 4, "horizon": 200, "map": "small", "ahead": 3, "behind": 1, "aside": 2}
        return cls(**{**seats, "spill": 0.1, **changes})

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Of the view, of the apples that are left, and of the waste."""
        field = self.field
        return {"near": (0, 1), "apples": (0, len(field.trees.cells)), "waste": (0, len(field.river.cells))}

    def reset(self, key: Array) -> State:
        """No apples yet, waste on as many cells as `start` says, everybody at a gate."""
        field = self.field
        cells, none = len(field.river.cells), jnp.zeros(self.players, jnp.float32)
        waste = uniform(key, (cells,), START) < self.start
        apples = jnp.zeros(len(field.trees.cells), bool)
        return State(apples, waste, set_out(key, field, self.players), none, jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Walk, pick, clean, let apples grow and waste come, zap."""
        field, act = self.field, jnp.where(state.bodies.present, moves["act"], 0)
        bodies = walked(key, field, state.bodies, act)
        area, zaps, cleans = beams(bodies, self.reach), act == ZAP, act == CLEAN
        tree = site_under(field.trees, bodies)
        picked = jnp.append(state.apples, False)[tree].astype(jnp.int32)
        empty = ~(tree[:, None] == np.arange(len(state.apples))).any(0)
        waste, cleaned = self._cleaned(area, cleans, state.waste)
        apples = state.apples & empty
        apples = apples | ((uniform(key, apples.shape, GROWTH) < self._odds(waste)) & empty)
        struck = hit(bodies, area, zaps)
        bodies = sent_away(key, field, bodies, struck, self.timeout)
        shot = jnp.where(zaps, 1, 0) | jnp.where(cleans, 2, 0)
        bodies = bodies._replace(shot=shot, picked=picked, total=bodies.total + picked)
        payoffs = self.apple * picked - self.shot * zaps - self.struck * struck
        return State(apples, self._spilt(key, waste), bodies, cleaned, state.time + 1), payoffs.astype(jnp.float32)

    def observe(self, state: State) -> View:
        """How many apples and cells with waste there are; one by one, what is near (`channels`)."""
        field, bodies = self.field, state.bodies
        layers = (field.free.all_words, filled(field.trees.words, state.apples))
        layers += (filled(field.river.words, state.waste),)
        layers += (field.trees.all_words, field.river.all_words, field.gates.all_words)
        area, everybody = beams(bodies, self.reach), jnp.ones((self.players, 1), bool)
        marks = (everybody & (bodies.shot == 1), everybody & (bodies.shot == 2), everybody & (bodies.picked > 0))
        marks += (bodies.total > bodies.total[:, None], bodies.total < bodies.total[:, None])
        near = seen(self.window, field, bodies, layers, (area, area), marks)
        return View({"apples": state.apples.sum(), "waste": state.waste.sum()}, {"near": near})

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Apples that each picked, cells that each cleaned (shared by those whose beams met), shots at others."""
        return {
            "harvest": after.bodies.picked.astype(jnp.float32),
            "cleaned": after.cleaned,
            "zaps": (after.bodies.shot & 1).astype(jnp.float32),
        }

    def sights(self, state: State) -> dict[str, Array]:
        """Apples that are left, and cells with waste."""
        counts = {"apples": state.apples.sum(), "waste": state.waste.sum()}
        return {name: jnp.broadcast_to(count.astype(jnp.float32), (self.players,)) for name, count in counts.items()}

    def prospects(self, state: State) -> dict[str, Array]:
        """An apple where a move leads to one; all the waste that a beam would go over."""
        river, cleaning = self.field.river.cells, np.arange(len(self.moves)) == CLEAN
        over = (beams(state.bodies, self.reach).covers(river[:, 0], river[:, 1]) & state.waste).sum(-1)
        most = jnp.where(state.bodies.present, over, 0)[:, None] * cleaning
        return {**super().prospects(state), "cleaned": most.astype(jnp.float32)}

    def reseated(self, state: State, order: Array) -> State | None:
        """All seats are alike."""
        return state._replace(bodies=state.bodies.reseated(order), cleaned=state.cleaned[order])

    def bots(self) -> Mapping[str, Policy]:
        """Anything at random; every apple in sight, and never cleans; the same, but cleans when it is its turn."""
        crew = max(1, self.players // 3)
        return {
            "random": Policy(),
            "selfish": Picker(self.channels, self.ahead),
            "cooperative": TurnTaker(
                self.channels, self.ahead, crew=crew, spell=self.horizon // 10 or 1, reach=self.reach
            ),
        }

    def scene(self, state: State) -> Scene:
        """The map, the apples and the waste, and who stands where."""
        field = self.field
        river = np.ones(len(field.river.cells), bool)
        here = {
            "apple": (field.trees, state.apples),
            "river": (field.river, river),
            "waste": (field.river, state.waste),
        }
        return self.drawn(state, **here)

    def _cleaned(self, area: Area, cleans: Array, waste: Array) -> tuple[Array, Array]:
        """The waste that is left, and how much each has taken away."""
        river = self.field.river.cells
        over = kept((area.covers(river[:, 0], river[:, 1]) & cleans[:, None]).astype(jnp.int32))
        beams = over.sum(0)
        shares = jnp.dot(over.astype(jnp.float32), waste / jnp.maximum(beams, 1), precision="highest")
        return waste & (beams == 0), shares

    def _odds(self, waste: Array) -> Array:
        """Of an apple on an empty tree."""
        share = waste.sum() / max(len(waste), 1)
        return self.growth * jnp.clip((self.depleted - share) / (self.depleted - self.restored), 0.0, 1.0)

    def _spilt(self, key: Array, waste: Array) -> Array:
        """The waste after some has come, on one of the cells that were clean."""
        draw = jnp.where(waste, jnp.uint32(0), bits(key, waste.shape, WHERE) | 1)
        comes = uniform(key, (), SPILL) < self.spill
        return waste | ((draw == draw.max()) & (draw > 0) & comes)
