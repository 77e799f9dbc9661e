"""A larger two-player game as a map: the stronger the colour, the better for all; equilibria and optima marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._chart_marks import Values, at, labelled, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import name, number

LARGEST = 60
"""Moves of a player up to which the map is drawn."""

SIDE, NAMED = 320, 14
"""Pixels of the longer side, and moves up to which each is named on its axis."""


def welfare_picture(
    game: NormalForm, worth: Array, equilibria: Sequence[tuple[int, ...]], whose: str = ""
) -> Picture | None:
    """The map of welfare `worth[A_1, A_2]`; None for other games, larger ones, and where nothing is at stake."""
    span = float(np.ptp(worth))
    if len(game.players) != 2 or max(game.sizes) > LARGEST or span == 0:
        return None
    share = (worth - worth.min()) / span
    cells: Values = [
        {"x": j, "x2": j + 1, "y": i, "y2": i + 1, "shade": round(0.06 + 0.8 * float(share[i, j]), 3)}
        for i, j in np.ndindex(*game.sizes)
    ]
    corners = {"x": at("x"), "x2": {"field": "x2"}, "y": at("y"), "y2": {"field": "y2"}}
    middle = {"x": at("x"), "y": at("y")}
    shade = {"fillOpacity": at("shade", scale=None, legend=None)}
    best = [{"x": j + 0.5, "y": i + 0.5} for i, j in np.argwhere(share >= 1 - 1e-9).tolist()]
    stable = [{"x": j + 0.5, "y": i + 0.5} for i, j in equilibria]
    side = SIDE / max(game.sizes)
    marks = {
        "filled": True,
        "opacity": 1,
        "stroke": LIGHT["paper"],
        "strokeWidth": 1,
        "size": min(side * side / 3, 160),
    }
    chart: dict[str, Any] = {
        "width": round(side * game.sizes[1]),
        "height": round(side * game.sizes[0]),
        "layer": [
            mark("rect", cells, {**corners, **shade}, fill=LIGHT["blue"], stroke=None),
            mark("point", best, middle, shape="square", fill=LIGHT["orange"], **marks),
            mark("point", stable, middle, shape="circle", fill=LIGHT["ink"], **marks),
        ],
        "encoding": {"x": _axis(game, 1, "x", "top"), "y": _axis(game, 0, "y", "left")},
    }
    listed = "; ".join(f"({', '.join(map(name, game.labels(place)))})" for place in equilibria[:6]) or "none"
    words = f"Welfare from {number(float(worth.min()))} to {number(float(worth.max()))}. Pure equilibria: {listed}."
    signs = "circles are pure equilibria, squares the best."
    caption = f"{whose}Welfare of every joint move, the stronger the colour the better; {signs}"
    return Picture(caption, words, chart)


def _axis(game: NormalForm, seat: int, field: str, orient: str) -> dict[str, Any]:
    count = game.sizes[seat]
    step = -(-count // NAMED)
    axis = labelled(game.moves[seat], 0.5)
    axis["values"] = axis["values"][::step]
    style = {"orient": orient, "title": name(game.players[seat]), "domain": False, "ticks": False, "grid": False}
    scale = {"domain": [0, count], "reverse": seat == 0, "nice": False, "zero": False}
    return at(field, scale=scale, axis={**style, "labelAngle": 0, "labelLimit": 60, **axis})
