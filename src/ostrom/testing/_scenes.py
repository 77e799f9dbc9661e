"""Is a scene one that can be drawn?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.scene import Scene

HEADINGS = ("", "north", "east", "south", "west")


def odd_in_scene(scene: Any, seats: int) -> str:
    """What is wrong with a scene of so many seats, as a phrase; "" if nothing is."""
    if not isinstance(scene, Scene):
        return f"a scene that is {type(scene).__name__}"
    return _odd_cells(scene, seats) or _odd_numbers(scene, seats) or _odd_links(scene)


def _odd_cells(scene: Scene, seats: int) -> str:
    shapes = {np.shape(there) for there in scene.cells.values()}
    if len(shapes) > 1 or any(len(shape) != 2 for shape in shapes):
        return f"cells of the shapes {', '.join(map(str, sorted(shapes)))}"
    for name, there in scene.cells.items():
        amounts = np.asarray(there, float)
        if not ((amounts >= 0) & (amounts <= 1)).all():
            return f"cells of {name!r} beyond 0 … 1"
    height, width = next(iter(shapes), (0, 0))
    for token in scene.tokens:
        if not (0 <= token.row < height and 0 <= token.column < width):
            return f"a token at ({token.row}, {token.column}) beside a grid of {height} × {width} cells"
        if token.heading not in HEADINGS or not (token.seat is None or 0 <= token.seat < seats):
            return f"a token of seat {token.seat} that looks {token.heading!r}"
    return ""


def _odd_numbers(scene: Scene, seats: int) -> str:
    for name, amount in scene.dials.items():
        if np.ndim(amount) or not np.isfinite(amount):
            return f"{name!r} = {amount!r} on a dial"
    for name, row in scene.rows.items():
        if np.shape(row) != (seats,) or not np.isfinite(row).all():
            return f"{name!r} = {row!r} as a row of {seats} seats"
    return ""


def _odd_links(scene: Scene) -> str:
    for start, end, amount in scene.links:
        if start not in scene.points or end not in scene.points or not np.isfinite(amount):
            return f"a link of {amount!r} from {start!r} to {end!r}"
    for name, (x, y) in scene.points.items():
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return f"the point {name!r} at ({x}, {y})"
    return "" if isinstance(scene.note, str) else f"a note that is {scene.note!r}"
