"""What harvest and clean-up have in common: seats that walk on a map, look round, fire, and are sent away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.record import Interval
from ..core.scene import Scene, Token
from ..core.world import World
from . import _pytree as _pytree
from ._grid import HEADINGS, MOVES, targets
from ._grid_map import Field, drawing_of, field_of
from ._grid_view import Window

Array = Any


class GridWorld(World):
    """The part of a grid world that does not depend on what grows there.

    Parameters
    ----------
    map : the name of one of `maps`, or a drawing of more than one line.
    ahead, behind, aside : how many cells a seat sees in front, behind, and to each side.
    reach : how many cells long a beam is; `timeout` : for how many steps whoever it hits is away.
    apple, shot, struck : payoff units of an apple, of firing at others, of being hit.
    """

    players: Annotated[int, Interval(ge=1)] = 7
    horizon: Annotated[int, Interval(ge=1)] = 1000
    map: str = "open"
    ahead: Annotated[int, Interval(ge=1, le=31)] = 9
    behind: Annotated[int, Interval(ge=0, le=31)] = 1
    aside: Annotated[int, Interval(ge=1, le=15)] = 5
    reach: Annotated[int, Interval(ge=1, le=31)] = 3
    timeout: Annotated[int, Interval(ge=1)] = 25
    apple: float = 1.0
    shot: float = 0.0
    struck: float = 0.0
    maps: ClassVar[Mapping[str, str]] = {}
    moves: ClassVar[tuple[str, ...]] = MOVES

    def __post_init__(self) -> None:
        super().__post_init__()
        gates, trees = len(self.field.gates.cells), len(self.field.trees.cells)
        if gates < self.players or not trees:
            raise InputError(
                f"The map of this {type(self).__name__} has {gates} gates for {self.players} seats, and {trees} trees.",
                "Every seat comes in at a gate of its own ('P'), and apples grow on trees ('A').",
                "Draw more of them, or have fewer players.",
            )

    @property
    def field(self) -> Field:
        """The map as arrays."""
        return field_of(drawing_of(self.map, self.maps))

    @property
    def window(self) -> Window:
        """How far a seat sees."""
        return Window(self.ahead, self.behind, self.aside)

    @property
    def ground(self) -> Ground:
        """Steps in four directions, turns, and beams."""
        return self.plain_ground(self.players, *self.moves)

    def present(self, state: Any) -> Array:
        """Whoever was hit is away for a while."""
        return state.bodies.present

    def prospects(self, state: Any) -> dict[str, Array]:
        """An apple where there is one on the cell that a move leads to."""
        trees, bodies = self.field.trees, state.bodies
        row, column = targets(self.field, bodies, np.arange(len(self.moves))[:, None])
        ripe = jnp.append(state.apples, False)[jnp.asarray(trees.at)[row, column]]
        return {"harvest": (ripe & bodies.present).T.astype(jnp.float32)}

    def drawn(self, state: Any, **layers: Array) -> Scene:
        """The scene of a state: the map, what lies on it, and who stands there."""
        field, bodies = self.field, state.bodies
        cells = {name: sites.at < len(sites.cells) for name, sites in (("gate", field.gates), ("tree", field.trees))}
        cells["wall"] = field.letters == "#"
        for name, (sites, there) in layers.items():
            cells[name] = np.zeros(field.letters.shape, bool)
            cells[name][tuple(sites.cells.T)] = np.asarray(there)
        row, column, heading, away = (np.asarray(values) for values in bodies[:4])
        tokens = (
            Token(int(row[seat]), int(column[seat]), seat, HEADINGS[heading[seat]], "!" if bodies.shot[seat] else "")
            for seat in map(int, np.flatnonzero(away == 0))
        )
        shared = {name: float(amount[0]) for name, amount in self.sights(state).items()}
        return Scene(cells, tuple(tokens), shared, {"apples picked": np.asarray(bodies.total, float)})
