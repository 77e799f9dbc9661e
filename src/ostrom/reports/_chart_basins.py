"""Where learning and imitation lead: the paths of a 2×2 game, or the share of starts that end at each rest point."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..dynamics.replicator import replicator
from ._chart_marks import ARROW, Values, at, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import name

STARTS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares of the first move from which paths start, for both players."""

LENGTH, POINTS = 40.0, 60
"""How long paths are followed, in units of one over the largest payoff difference, and points drawn of each."""

SIDE = 300
HUES = ("blue", "orange", "violet", "green")
"""Colours of paths by where they end, in the order in which ends are met; further ones are grey."""


def paths_picture(game: NormalForm) -> Picture | None:
    """The replicator paths of a two-player game with two moves each; None for other games."""
    if game.sizes != (2, 2):
        return None
    paths = _paths(game)
    hues = _hues(paths[:, -1])
    lines: Values = [
        {"x": float(x), "y": float(y), "n": n, "path": k, "hue": hues[k]}
        for k, path in enumerate(paths)
        for n, (x, y) in enumerate(_once_round(path))
    ]
    heads = [head | {"hue": hue} for path, hue in zip(paths, hues, strict=True) if (head := _head(path))]
    place = {"x": at("x"), "y": at("y")}
    along = {"detail": {"field": "path"}, "order": at("n")}
    paint = {"field": "hue", "type": "nominal", "scale": None, "legend": None}
    chart: dict[str, Any] = {
        "width": SIDE,
        "height": SIDE,
        "layer": [
            mark("line", lines, {**place, "stroke": paint, **along}, strokeWidth=1.4),
            mark(
                "point", heads, {**place, "fill": paint, "angle": at("angle", scale=None)}, shape=ARROW, filled=True,
                size=70, opacity=1,
            ),
        ],
        "encoding": {"x": _axis(game, 0, "x"), "y": _axis(game, 1, "y")},
    }  # fmt: skip
    first, second = (
        f"{name(player)} plays {name(own[0])}" for player, own in zip(game.players, game.moves, strict=True)
    )
    words = f"Paths over the share with which {first} (to the right) and the share with which {second} (upwards)."
    caption = "Replicator dynamics: what does better than average spreads. Paths of one colour end at the same place."
    return Picture(caption, words, chart)


def _axis(game: NormalForm, seat: int, field: str) -> dict[str, Any]:
    title = f"share of {name(game.moves[seat][0])}, {name(game.players[seat])}"
    scale = {"domain": [0, 1], "nice": False}
    return at(field, scale=scale, axis={"title": title, "tickCount": 5, "format": "~g", "titleLimit": SIDE})


def _paths(game: NormalForm) -> Array:
    """`float[25, POINTS, 2]`: the shares of both players' first moves along each path, dense where it bends first."""
    first, second = (axis.ravel() for axis in np.meshgrid(STARTS, STARTS))
    start = tuple(np.stack([share, 1 - share], -1) for share in (first, second))
    scale = float(np.ptp(game.payoffs.reshape(-1, 2), axis=0).max())
    times = LENGTH / (scale if scale > 0 else 1.0) * np.linspace(0, 1, POINTS) ** 2
    one, two = replicator(game, start, times.tolist())
    return np.stack([one[..., 0], two[..., 0]], -1).swapaxes(0, 1)


def _hues(ends: Array) -> list[str]:
    places = [tuple(np.round(end, 1).tolist()) for end in ends]
    order = {place: k for k, place in enumerate(dict.fromkeys(places))}
    if len(order) > len(HUES):
        return [LIGHT["muted"]] * len(places)
    return [LIGHT[HUES[order[place]]] for place in places]


def _once_round(path: Array) -> Array:
    """The path until it is as long as a way round the square: a cycle drawn over itself shows nothing more."""
    run = np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))
    return path[: int(np.searchsorted(run, 4.0)) + 1]


def _head(path: Array) -> dict[str, float] | None:
    """An arrow head part of the way along a path; none on a path that hardly moves."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    run = np.cumsum(steps)
    if run[-1] < 0.05:
        return None
    k = int(np.searchsorted(run, min(0.4 * run[-1], 0.25)))
    way = path[k + 1] - path[k]
    angle = float(np.degrees(np.arctan2(way[0], way[1])))
    return {"x": float(path[k + 1, 0]), "y": float(path[k + 1, 1]), "angle": round(angle, 2)}
