"""A two-player table as a picture: payoffs, best replies as arrows, equilibria framed, the optimum shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ._chart_marks import ARROW, Values, at, labelled, mark
from ._page import Picture
from ._theme import LIGHT, SIZE
from ._words import name, number

LARGEST = 8
"""Moves of a player up to which every payoff is written out."""

NARROWEST, HEIGHT, LETTER = 104, 70, 11.0
"""Width and height of a cell in pixels, and what a letter of its payoffs takes, with room for arrows beside them."""


def payoff_picture(
    game: NormalForm, equilibria: Sequence[tuple[int, ...]], optima: Sequence[tuple[int, ...]], whose: str = ""
) -> Picture | None:
    """The picture of a two-player game; None for other games and for tables too large to write out."""
    if len(game.players) != 2 or max(game.sizes) > LARGEST:
        return None
    rows, columns = game.sizes
    texts = _texts(game)
    width = max(NARROWEST, math.ceil(LETTER * max(len(cell["text"]) for cell in texts)))
    row, column = map(name, game.players)
    chart = {
        "width": columns * width,
        "height": rows * HEIGHT,
        "layer": [_grid(game, optima), *_arrows(game), _frames(equilibria), _payoffs(texts)],
        "encoding": {
            "x": at(
                "x",
                scale={"domain": [0, columns], "nice": False, "zero": False},
                axis={
                    "orient": "top",
                    "title": column,
                    "labelAngle": 0,
                    **labelled(game.moves[1], 0.5),
                    **_bare(width),
                },
            ),
            "y": at(
                "y",
                scale={"domain": [0, rows], "reverse": True, "nice": False, "zero": False},
                axis={"title": row, **labelled(game.moves[0], 0.5), **_bare(150)},
            ),
        },
    }
    where = "; ".join(f"({', '.join(map(name, game.labels(profile)))})" for profile in equilibria) or "none"
    words = f"Payoffs of {row} and {column} at every joint move. Pure equilibria: {where}."
    caption = (
        f"{whose}In each cell what {row} gets, then what {column} gets. Arrows lead step by step to the nearest best "
        "reply; frames are pure equilibria, shaded cells have the highest welfare."
    )
    return Picture(caption, words, chart)


def _bare(limit: int) -> dict[str, Any]:
    return {"domain": False, "ticks": False, "grid": False, "labelPadding": 6, "labelLimit": limit}


def _grid(game: NormalForm, optima: Sequence[tuple[int, ...]]) -> dict[str, Any]:
    cells = [
        {"x": j, "x2": j + 1, "y": i, "y2": i + 1, "fill": LIGHT["shade" if (i, j) in optima else "paper"]}
        for i, j in np.ndindex(*game.sizes)
    ]
    return mark("rect", cells, {**_corners(), "fill": {"field": "fill", "scale": None}}, stroke=LIGHT["line"])


def _frames(equilibria: Sequence[tuple[int, ...]]) -> dict[str, Any]:
    inset = 0.03
    cells = [{"x": j + inset, "x2": j + 1 - inset, "y": i + inset, "y2": i + 1 - inset} for i, j in equilibria]
    return mark("rect", cells, _corners(), filled=False, stroke=LIGHT["blue"], strokeWidth=3)


def _corners() -> dict[str, Any]:
    return {"x": at("x"), "x2": {"field": "x2"}, "y": at("y"), "y2": {"field": "y2"}}


def _texts(game: NormalForm) -> Values:
    """Both payoffs of every cell on one line: first of who chooses the row, then of who chooses the column."""
    return [
        {"x": j + 0.5, "y": i + 0.5, "text": ", ".join(number(value) for value in game.payoffs[i, j].tolist())}
        for i, j in np.ndindex(*game.sizes)
    ]


def _payoffs(texts: Values) -> dict[str, Any]:
    place = {"x": at("x"), "y": at("y"), "text": {"field": "text"}}
    return mark("text", texts, place, fontSize=SIZE + 3, baseline="middle")


def _arrows(game: NormalForm) -> list[dict[str, Any]]:
    """From every joint move, each player's way to its nearest best reply, one cell at a time."""
    lines: Values = []
    heads: dict[int, Values] = {0: [], 90: [], 180: [], 270: []}
    for i, j in np.ndindex(*game.sizes):
        for axis, own in ((0, game.payoffs[:, j, 0]), (1, game.payoffs[i, :, 1])):
            here = (i, j)[axis]
            way = _toward_best(own, here)
            if way:
                start, end = _leg(i, j, axis, way)
                lines.append({"x": start[0], "y": start[1], "x2": end[0], "y2": end[1]})
                angle = {(0, 1): 180, (0, -1): 0, (1, 1): 90, (1, -1): 270}[axis, way]
                heads[angle].append({"x": end[0], "y": end[1]})
    style = {"color": LIGHT["muted"], "opacity": 1}
    points = [
        mark("point", places, {"x": at("x"), "y": at("y")}, shape=ARROW, angle=angle, filled=True, size=80, **style)
        for angle, places in heads.items()
        if places
    ]
    return [mark("rule", lines, _corners(), strokeWidth=1.5, **style), *points]


def _toward_best(own: np.ndarray, here: int) -> int:
    """One step towards the nearest best reply: -1, 0 or 1."""
    slack = 1e-9 * max(float(np.ptp(own)), 1e-300)
    best = np.flatnonzero(own >= own.max() - slack)
    return int(np.sign(best[np.argmin(np.abs(best - here))] - here))


def _leg(i: int, j: int, axis: int, way: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow over the border between two cells begins and ends, (x, y), beside the payoffs."""
    near, far = 0.5 + way * 0.32, 0.5 + way * 0.68
    if axis == 0:
        return (j + 0.5, i + near), (j + 0.5, i + far)
    return (j + near + way * 0.06, i + 0.5), (j + far - way * 0.06, i + 0.5)
