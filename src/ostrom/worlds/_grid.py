"""Bodies on a grid: where each seat stands and looks, how it walks, fires, is sent away and comes back.

Headings are 0 north, 1 east, 2 south, 3 west. Nothing here goes by the number of a seat: whoever ties draws lots by
the cell it stands on, and gates are dealt out by a lot that moves with the body, so that seats can change places.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ._grid_map import Field, Sites
from ._noise import bits, bits_at

Array = Any
MOVES = ("stay", "forward", "backward", "step left", "step right", "turn left", "turn right", "zap")
STAY, FORWARD, BACKWARD, LEFT, RIGHT, TURN_LEFT, TURN_RIGHT, ZAP = range(len(MOVES))
HEADINGS = ("north", "east", "south", "west")
TIE, GATE, DEAL, LOOK = range(4)
"""What chance is for; worlds go on from 16."""


def kept(numbers: Array) -> Array:
    """The same integers, which are below the largest of their type, computed once.

    XLA takes sums and shifts for so cheap that it does them anew for each of the cells and seats that need them. A
    remainder it takes for dear.
    """
    return jax.lax.rem(numbers, numbers.dtype.type(np.iinfo(numbers.dtype).max))


class Bodies(NamedTuple):
    """`int32[P]` each: where it is and looks, steps until it is back (0: it is there), and the lot it draws by.

    `shot`: the beams it has just fired, as bits (0: none); `picked`, `total`: apples just now, and so far.
    """

    row: Array
    column: Array
    heading: Array
    away: Array
    lot: Array
    shot: Array
    picked: Array
    total: Array

    @property
    def present(self) -> Array:
        """`bool[P]`: who is on the grid."""
        return self.away == 0

    def reseated(self, order: Array) -> Bodies:
        """Seat i gets the body of seat `order[i]`."""
        return Bodies(*(values[order] for values in self))


class Area(NamedTuple):
    """A rectangle of cells for each seat, ends included: `int32[P]` each."""

    top: Array
    left: Array
    bottom: Array
    right: Array

    def covers(self, row: Array, column: Array) -> Array:
        """`bool[P, N]`: whether each one's rectangle covers each of N cells."""
        inside = (self.top[:, None] <= row) & (row <= self.bottom[:, None])
        return inside & (self.left[:, None] <= column) & (column <= self.right[:, None])


def ahead_of(heading: Array) -> tuple[Array, Array]:
    """Rows and columns of a step ahead; a step to the right is `(columns, -rows)`."""
    rows = jnp.where(heading == 2, 1, 0) - jnp.where(heading == 0, 1, 0)
    return rows, jnp.where(heading == 1, 1, 0) - jnp.where(heading == 3, 1, 0)


def set_out(key: Array, field: Field, players: int) -> Bodies:
    """Everybody at a gate of its own, looking anywhere."""
    lot, none = jnp.arange(players, dtype=jnp.int32), jnp.zeros(players, jnp.int32)
    row, column, _ = _gates(key, field, lot, jnp.ones(len(field.gates.cells), bool))
    heading = (bits(key, (players,), LOOK) >> 30).astype(jnp.int32)
    return Bodies(row, column, heading, none, lot, none, none, none)


def targets(field: Field, bodies: Bodies, act: Array) -> tuple[Array, Array]:
    """The cell to which each would walk if nobody were in its way: its own if there is a wall, or no step."""
    ahead = jnp.where(act == FORWARD, 1, 0) - jnp.where(act == BACKWARD, 1, 0)
    aside = jnp.where(act == RIGHT, 1, 0) - jnp.where(act == LEFT, 1, 0)
    rows, columns = ahead_of(bodies.heading)
    row = bodies.row + ahead * rows + aside * columns
    column = bodies.column + ahead * columns - aside * rows
    free = jnp.asarray(field.passable)[row + 1, column + 1]
    return jnp.where(free, row, bodies.row), jnp.where(free, column, bodies.column)


def walked(key: Array, field: Field, bodies: Bodies, act: Array) -> Bodies:
    """The bodies after steps and turns.

    Nobody enters a cell on which somebody stood as the step began; of several who want the same cell one gets it, by
    lots. So there are never two on a cell.
    """
    row, column = targets(field, bodies, act)
    here, there = field.number(bodies.row, bodies.column), field.number(row, column)
    wants = bodies.present & ~((there[:, None] == here) & bodies.present).any(-1)
    draw = bits_at(key, here, TIE)
    beats = (draw > draw[:, None]) | ((draw == draw[:, None]) & (here > here[:, None]))
    moves = wants & ~((there[:, None] == there) & wants & beats).any(-1)
    turn = jnp.where(act == TURN_RIGHT, 1, 0) - jnp.where(act == TURN_LEFT, 1, 0)
    return bodies._replace(
        row=jnp.where(moves, row, bodies.row),
        column=jnp.where(moves, column, bodies.column),
        heading=jnp.where(bodies.present, (bodies.heading + turn) & 3, bodies.heading),
    )


def beams(bodies: Bodies, reach: int) -> Area:
    """What each would hit if it fired: three cells wide, and `reach` cells long from the one ahead of it."""
    rows, columns = ahead_of(bodies.heading)
    ends = [(bodies.row + far * rows, bodies.column + far * columns) for far in (1, reach)]
    tall, wide = jnp.abs(columns), jnp.abs(rows)
    top, left = (jnp.minimum(*pair) for pair in zip(*ends, strict=True))
    bottom, right = (jnp.maximum(*pair) for pair in zip(*ends, strict=True))
    return Area(*(kept(end) for end in (top - tall, left - wide, bottom + tall, right + wide)))


def hit(bodies: Bodies, area: Area, fired: Array) -> Array:
    """`bool[P]`: who stands where somebody's beam goes."""
    return (area.covers(bodies.row, bodies.column) & fired[:, None]).any(0) & bodies.present


def sent_away(key: Array, field: Field, bodies: Bodies, hit: Array, timeout: int) -> Bodies:
    """Those who were hit leave for `timeout` steps; whose time is over comes in at a free gate, or waits for one."""
    stays, gates = bodies.present & ~hit, field.gates.cells
    taken = field.number(bodies.row, bodies.column)[:, None] == field.number(gates[:, 0], gates[:, 1])
    row, column, found = _gates(key, field, bodies.lot, ~(taken & stays[:, None]).any(0))
    back = (bodies.away == 1) & found
    waiting = jnp.where(back, 0, jnp.maximum(bodies.away - 1, 1))
    return bodies._replace(
        row=jnp.where(back, row, bodies.row),
        column=jnp.where(back, column, bodies.column),
        away=jnp.where(hit, timeout, jnp.where(bodies.present, 0, waiting)),
    )


def site_under(sites: Sites, bodies: Bodies) -> Array:
    """`int32[P]`: the number of the site on which each stands; the count of sites where it stands on none."""
    return jnp.where(bodies.present, jnp.asarray(sites.at)[bodies.row, bodies.column], len(sites.cells))


def _gates(key: Array, field: Field, lot: Array, free: Array) -> tuple[Array, Array, Array]:
    """Row and column of a gate for each, and whether there is one: dealt out by turns, so that no two get the same."""
    cells, players = field.gates.cells, len(lot)
    number = np.arange(len(cells), dtype=np.uint32)
    deal = (lot + (bits(key, (), DEAL) >> 8).astype(jnp.int32)) % players
    mine = (number.astype(np.int32) % players == deal[:, None]) & free
    draw = (bits_at(key, number, GATE) & np.uint32(0xFFFFF800)) | (number + 1)  # at most 32 * 32 cells
    best = (jnp.where(mine, draw, jnp.uint32(0)).max(-1) & np.uint32(0x7FF)).astype(jnp.int32)
    gate = jnp.maximum(best - 1, 0)
    return jnp.asarray(cells[:, 0])[gate], jnp.asarray(cells[:, 1])[gate], best > 0
