"""What each seat sees round it, turned so that it looks up: one bit a cell and channel, cut out of rows of bits.

Looking cells up one by one is what makes grid worlds slow. Here each layer of the map is kept as words of one bit a
cell: one for every row, and one for every column. A seat that looks north or south takes the rows round it, one that
looks east or west the columns, and shifts them to where it stands: eleven words for 121 cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ._grid import Area, Bodies, ahead_of, kept
from ._grid_map import Field

Array = Any
SEATS = ("self", "other", "same way", "to the right", "opposite", "to the left")
"""Channels of who stands where, and of the heading of others, seen from oneself."""


class Window(NamedTuple):
    """How many cells a seat sees ahead, behind, and to each side."""

    ahead: int
    behind: int
    aside: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the view."""
        return self.ahead + self.behind + 1, 2 * self.aside + 1


def filled(words: np.ndarray, there: Array) -> Array:
    """`uint32[H + W + 1]`: the words of those of N cells on which something is, `there bool[N]`.

    A product of matrices in two halves, because float32 holds no more than 24 bits.
    """
    halves = np.concatenate([words & 0xFFFF, words >> 16], axis=1).astype(np.float32)
    low, high = jnp.split(jnp.dot(there.astype(jnp.float32), halves, precision="highest").astype(jnp.uint32), 2)
    return low | (high << 16)


def seen(
    window: Window, field: Field, bodies: Bodies, layers: Sequence[Array], beams: Sequence[Area], marks: Sequence[Array]
) -> Array:
    """`uint8[P, rows, columns, channels]`, 0 or 1: what each sees; nothing at all if it is absent.

    Channels: walls (the first layer, which says where there is none); the other layers, words `uint32[H + W + 1]`;
    cells hit by each kind of beam; `SEATS`; and `marks bool[P, P]`, each of which has in row i what seat i sees of the
    others, on the cells where they stand.
    """
    lines, first = _lines(window, field, bodies, layers), len(layers) + len(beams)
    flashes = [_flash_lines(window, bodies, area, bodies.shot >> kind & 1) for kind, area in enumerate(beams)]
    codes = kept(_codes(window, bodies, lines, flashes) | _seat_codes(window, bodies, marks, first))
    bit = np.uint32(1) << np.arange(first + len(SEATS) + len(marks), dtype=np.uint32)
    return ((codes[..., None] & bit) > 0).astype(jnp.uint8)


def _codes(window: Window, bodies: Bodies, lines: Sequence[Array], flashes: Sequence[Array]) -> Array:
    """`uint32[P, rows, columns]`: a bit for each of these `uint32[P, rows]` that has one on the cell."""
    lane = np.arange(window.shape[1], dtype=np.uint32)
    turned = jnp.where((bodies.heading >= 2)[:, None], lane[::-1], lane)[:, None, :]
    codes = jnp.zeros((len(bodies.row), *window.shape), jnp.uint32)
    for number, words in enumerate((*lines, *flashes)):
        codes = codes | (words[:, :, None] >> (turned if number < len(lines) else lane) & 1) << number
    return codes


def _lines(window: Window, field: Field, bodies: Bodies, layers: Sequence[Array]) -> list[Array]:
    """`uint32[P, rows]` for each layer: the bits that a seat sees in each row; backwards from heading 2 on."""
    upright, full = (bodies.heading & 1) == 0, np.uint32(2 ** window.shape[1] - 1)
    centre = jnp.where(upright, bodies.row, bodies.column)[:, None]
    onward = jnp.where((bodies.heading == 0) | (bodies.heading == 3), -1, 1)[:, None]
    line = centre + onward * (window.ahead - np.arange(window.shape[0], dtype=np.int32))
    size = jnp.where(upright, field.height, field.width)[:, None]
    start = jnp.where(upright, 0, field.height)[:, None]
    line = kept(jnp.where((line >= 0) & (line < size), start + line, field.height + field.width))
    middle = jnp.where(upright, bodies.column, bodies.row)[:, None]
    right, left = jnp.maximum(middle - window.aside, 0), jnp.maximum(window.aside - middle, 0)
    right, left, cuts = right.astype(jnp.uint32), left.astype(jnp.uint32), []
    for number, words in enumerate(layers):
        cut = (jnp.asarray(words)[line] >> right << left & full) ^ (full if number == 0 else 0)
        cuts.append(kept(jnp.where(bodies.present[:, None], cut, 0)))
    return cuts


def _flash_lines(window: Window, bodies: Bodies, area: Area, fired: Array) -> Array:
    """`uint32[P, rows]`: bits of the cells in each row that are in the `area` of somebody who has fired."""
    corners = zip(_relative(window, bodies, *area[:2]), _relative(window, bodies, *area[2:]), strict=True)
    spans = []
    for (one, two), size in zip(corners, window.shape, strict=True):
        ends = jnp.minimum(one, two), jnp.maximum(one, two) + 1
        low, high = (jnp.uint32(1) << jnp.clip(end, 0, size).astype(jnp.uint32) for end in ends)
        spans.append(high - low)
    on = (fired > 0) & bodies.present & bodies.present[:, None]
    down, across = kept(jnp.where(on, spans[0], 0)), kept(spans[1])
    row = np.arange(window.shape[0], dtype=np.uint32)
    lit = jnp.where((down[:, :, None] >> row & 1) == 1, across[:, :, None], 0)
    return kept(jax.lax.reduce(lit, np.uint32(0), jax.lax.bitwise_or, (1,)))


def _seat_codes(window: Window, bodies: Bodies, marks: Sequence[Array], first: int) -> Array:
    """`uint32[P, rows, columns]`: bits from `first` on for seats, and what is marked of them."""
    rows, columns = window.shape
    row, column = _relative(window, bodies, bodies.row, bodies.column)
    near = (row >= 0) & (row < rows) & (column >= 0) & (column < columns) & bodies.present & bodies.present[:, None]
    place = kept(jnp.where(near, row * columns + column, rows * columns))
    turned = (bodies.heading - bodies.heading[:, None]) & 3
    other = 2 | (4 << turned) | sum(mark.astype(jnp.int32) << (6 + number) for number, mark in enumerate(marks))
    code = kept(jnp.where(np.eye(len(place), dtype=bool), 1, other).astype(jnp.uint32) << first)
    found = jnp.where(place[:, :, None] == np.arange(rows * columns, dtype=np.int32), code[:, :, None], 0)
    return jax.lax.reduce(found, np.uint32(0), jax.lax.bitwise_or, (1,)).reshape(-1, rows, columns)


def _relative(window: Window, bodies: Bodies, row: Array, column: Array) -> tuple[Array, Array]:
    """`int32[P, P]`: row and column in the view of seat i of the cell that belongs to seat j."""
    rows, columns = (step[:, None] for step in ahead_of(bodies.heading))
    down, across = row - bodies.row[:, None], column - bodies.column[:, None]
    return window.ahead - down * rows - across * columns, window.aside + down * columns - across * rows
