"""Grids of a replay: cells by how much of what is on them, and tokens with their seats and headings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from ..core.scene import Scene, Token
from ._replay_tracks import track
from ._theme import FONT, LIGHT
from ._words import legible, name

FULL = 9
"""Shades of a cell, from 0 (nothing there) to this one."""
LOOKS = {
    "wall": ("muted", 0.5),
    "gate": ("muted", 0.2),
    "tree": ("green", 0.2),
    "apple": ("green", 1.0),
    "river": ("blue", 0.3),
    "water": ("blue", 0.3),
    "waste": ("load3", 1.0),
}
"""What many worlds have: its colour, and how strong."""
VARYING = ("green", "load3", "load1")
STANDING = ("load1", "line", "muted")
"""Colours of other layers, in their order: of those that change, and of those that never do."""
SEATS = ("blue", "orange", "ink", "load5", "muted")
"""Colours of seats: told apart by eyes that see few colours, and none of them that of a layer in full."""
TURNS = {"": 0, "north": 1, "east": 2, "south": 3, "west": 4}
PARTS = 8
"""Places and sizes are counted in eighths of a cell, so that tokens on one cell can stand beside each other."""


class Layer(NamedTuple):
    """Something that cells hold: where it ever is, `int[N]`, and how much in each step, `int[T, N]` up to `FULL`."""

    name: str
    colour: str
    opacity: float
    cells: np.ndarray
    levels: np.ndarray


class Slot(NamedTuple):
    """Somebody or something on the grid: its seat, whether it is a thing, and what is written on it."""

    seat: int | None
    thing: bool
    mark: str


class Grid(NamedTuple):
    """All of a grid over T steps.

    `places int[T, N, 4]`: column and row of each slot in eighths of a cell, its heading (-1: away), and its size in
    eighths.
    """

    height: int
    width: int
    layers: tuple[Layer, ...]
    slots: tuple[Slot, ...]
    places: np.ndarray


def grid_of(scenes: Sequence[Scene]) -> Grid | None:
    """The grid of these scenes; None where there is none."""
    shapes = [np.shape(cells) for scene in scenes for cells in scene.cells.values()]
    if not shapes:
        return None
    names = dict.fromkeys(kind for scene in scenes for kind in scene.cells)
    standing, varying, layers = iter(STANDING * len(names)), iter(VARYING * len(names)), []
    for kind in names:
        levels = np.array([_levels(_bare(scene, kind), shapes[0]) for scene in scenes])
        cells = np.flatnonzero(levels.any(0))
        still = len(scenes) > 1 and bool((levels == levels[0]).all())
        colour, opacity = LOOKS.get(kind.removesuffix("s")) or (next(standing if still else varying), 1.0)
        layers.append(Layer(kind, colour, opacity, cells, levels[:, cells]))
    slots, places = _placed(scenes)
    height, width = shapes[0]
    return Grid(height, width, tuple(layers), slots, places)


def _bare(scene: Scene, kind: str) -> Any:
    """How much of a layer there is, apart from cells where a token of that name shows it."""
    cells, shown = scene.cells.get(kind), [(one.row, one.column) for one in scene.tokens if one.mark == kind]
    if cells is None or not shown:
        return cells
    left = np.array(cells, float)
    left[tuple(zip(*shown, strict=True))] = 0
    return left


def _levels(cells: Any, shape: tuple[int, ...]) -> np.ndarray:
    if cells is None:
        return np.zeros(int(np.prod(shape)), int)
    amount = np.clip(np.nan_to_num(np.asarray(cells, float)).reshape(-1), 0, 1)
    return np.where(amount > 0, np.maximum(np.rint(FULL * amount), 1), 0).astype(int)


def _placed(scenes: Sequence[Scene]) -> tuple[tuple[Slot, ...], np.ndarray]:
    """Every token that is ever there has a slot: who and what it is, and which of its kind."""
    found: dict[tuple[Slot, int], dict[int, tuple[int, int, int, int]]] = {}
    for t, scene in enumerate(scenes):
        taken: dict[Slot, int] = {}
        for token, (column, row, size) in zip(scene.tokens, _spread(scene.tokens), strict=True):
            slot = Slot(token.seat, bool(token.mark) and not token.heading, name(token.mark))
            taken[slot] = taken.get(slot, 0) + 1
            found.setdefault((slot, taken[slot]), {})[t] = (column, row, TURNS.get(token.heading, 0), size)
    order = sorted(found, key=lambda key: (not key[0].thing, -1 if key[0].seat is None else key[0].seat, key))
    places = np.full((len(scenes), len(order), 4), -1)
    for k, key in enumerate(order):
        for t, place in found[key].items():
            places[t, k] = place
    return tuple(slot for slot, _ in order), places


def _spread(tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Column, row and size of each in eighths of a cell; bodies that share a cell are small, and all within it."""
    bodies = [k for k, token in enumerate(tokens) if token.heading or not token.mark]
    places = []
    for k, token in enumerate(tokens):
        mates = [j for j in bodies if (tokens[j].row, tokens[j].column) == (token.row, token.column)]
        number = mates.index(k) if k in mates else 0
        side = 1 if k not in mates or len(mates) == 1 else 2 if len(mates) <= 4 else 4
        (row, column), size = divmod(number % side**2, side), PARTS // side
        if k in mates and len(mates) == 2:  # in two corners there is more room
            row, column, size = 0.6 * number, 0.6 * number, 5
        places.append((token.column * PARTS + round(column * size), token.row * PARTS + round(row * size), size))
    return places


def grid_keys(grid: Grid) -> list[tuple[str, float, str]]:
    """What the colours of a grid mean: the name of a colour ("" for things, of many), how strong, and words."""
    keys = [(layer.colour, layer.opacity, name(layer.name)) for layer in grid.layers if layer.cells.size]
    marks = dict.fromkeys(slot.mark for slot in grid.slots if slot.thing)
    owned = {slot.mark for slot in grid.slots if slot.thing and slot.seat is not None}
    return [*keys, *(("", 1.0, f"{mark}, with the number of its owner" if mark in owned else mark) for mark in marks)]


def grid_data(grid: Grid) -> dict[str, Any]:
    """What the page needs to draw any step."""
    layers = [{"cells": layer.cells.tolist(), "track": track(layer.levels)} for layer in grid.layers]
    return {"width": grid.width, "layers": layers, "places": track(grid.places.reshape(len(grid.places), -1))}


def grid_svg(grid: Grid, t: int, label: str) -> str:
    """Step `t` as an `<svg>` element, one unit a cell."""
    size = max(8, min(64, 480 // max(grid.width, 1), 420 // max(grid.height, 1)))
    layers = "".join(_layer(layer, grid.width, t) for layer in grid.layers)
    tokens = "".join(_token(slot, place) for slot, place in zip(grid.slots, grid.places[t], strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="grid" role="img" aria-label="{escape(label)}" '
        f'width="{grid.width * size}" height="{grid.height * size}" viewBox="0 0 {grid.width} {grid.height}">'
        f'<rect width="{grid.width}" height="{grid.height}" fill="{LIGHT["shade"]}"/>'
        f"{layers}{_lines(grid)}{tokens}</svg>"
    )


def _lines(grid: Grid) -> str:
    """Lines between cells, where cells are large enough to be told apart by them."""
    if grid.width > 12:
        return ""
    lines = "".join(f"M{x} 0v{grid.height}" for x in range(1, grid.width))
    lines += "".join(f"M0 {y}h{grid.width}" for y in range(1, grid.height))
    return f'<path d="{lines}" stroke="{LIGHT["line"]}" stroke-width=".02" fill="none"/>'


def _layer(layer: Layer, width: int, t: int) -> str:
    paths = ""
    for level in sorted({*layer.levels.ravel().tolist()} - {0}):
        cells = layer.cells[layer.levels[t] == level]
        shape = "".join(f"M{cell % width} {cell // width}h1v1h-1z" for cell in cells.tolist())
        faint = "" if level == FULL else f' fill-opacity="{level / FULL:.2f}"'
        paths += f'<path data-level="{level}"{faint} d="{shape}"/>'
    stroke = f'stroke="{LIGHT["shade"]}" stroke-width=".08"'
    return f'<g class="layer" fill="{LIGHT[layer.colour]}" opacity="{layer.opacity:g}" {stroke}>{paths}</g>'


def _token(slot: Slot, place: np.ndarray) -> str:
    column, row, turn, size = place.tolist()
    hidden = ' display="none"' if turn < 0 else ""
    at = f"translate({column / PARTS:g} {row / PARTS:g}) scale({size / PARTS:g})"
    return f'<g class="token" transform="{at}"{hidden}>{_shape(slot, turn)}</g>'


def _shape(slot: Slot, turn: int) -> str:
    """A disc with the number of its seat and a nose where it looks, or a tile with what it is and whose."""
    paint = f'fill="{LIGHT["muted" if slot.seat is None else seat_colour(slot.seat)]}" stroke="{LIGHT["paper"]}"'
    number = "" if slot.seat is None else str(slot.seat + 1)
    if slot.thing:
        tile = f'<rect x=".12" y=".12" width=".76" height=".76" rx=".16" {paint} stroke-width=".04"/>'
        return tile + _letters(slot.mark[:8], 0.47 if number else 0.59, 0.25) + _letters(number, 0.74, 0.25)
    nose = f'<path d="M.5-.02L.72.3H.28z" {paint} stroke-width=".03"{"" if turn > 0 else _GONE}/>'
    nose = f'<g class="nose" transform="rotate({90 * max(turn - 1, 0)} .5 .5)">{nose}</g>'
    written = number + slot.mark if len(number + slot.mark) <= 3 else number
    return nose + f'<circle cx=".5" cy=".5" r=".34" {paint} stroke-width=".05"/>' + _letters(written, 0.64, 0.38)


_GONE = ' display="none"'


def _letters(words: str, y: float, size: float) -> str:
    if not words:
        return ""
    return (
        f'<text x=".5" y="{y}" font-family="{FONT}" font-size="{size}" text-anchor="middle" '
        f'fill="{LIGHT["paper"]}">{escape(legible(words))}</text>'
    )


def seat_colour(seat: int) -> str:
    """The name of a seat's colour; its number tells it from the others of that colour."""
    return SEATS[seat % len(SEATS)]
