"""Who beats whom where no ranking holds: contestants in the order of their cyclic part, with a circle among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.game import Array
from ..diagnosis.cycles import Cycles, Tournament
from ._chart_marks import ARROW, Values, at, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import name

SIDE = 320
MOST = 12
"""Contestants up to which the picture can be read."""

TIE = 1e-9
"""Share of the largest advantage below which two contestants are even."""

GAP, AWAY = 0.1, 1.12
"""How far arrows stay away from points, and how far out names stand, in radii."""


def circle_picture(found: Cycles) -> Picture | None:
    """The contestants of the strongest circle's knot, and who beats whom; None where a ranking holds, or in a crowd."""
    contest = found.tournament
    if contest is None or not contest.circles:
        return None
    knot = _knot(contest)
    if len(knot) > MOST:
        return None
    place = _places(contest, knot)
    marks = _arrows(contest, knot, place)
    dots: Values = [
        {"x": float(x), "y": float(y), "tx": float(x) * AWAY, "ty": float(y) * AWAY, "label": name(contest.moves[k])}
        for k, (x, y) in zip(knot, place, strict=True)
    ]
    hidden: dict[str, Any] = {"scale": {"domain": [-1.3, 1.3]}, "axis": None}
    where = {"x": at("x", **hidden), "y": at("y", **hidden)}
    to = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    wide = at("width", scale=None, legend=None)
    hue = {"field": "hue", "type": "nominal", "scale": None, "legend": None}
    head = {**where, "x": at("x2", **hidden), "y": at("y2", **hidden), "angle": at("angle", scale=None), "fill": hue}
    words_at = {"x": at("tx", **hidden), "y": at("ty", **hidden), "text": {"field": "label"}}
    chart: dict[str, Any] = {
        "width": SIDE,
        "height": SIDE,
        "layer": [
            mark("rule", marks, {**where, **to, "strokeWidth": wide, "stroke": hue}),
            mark("point", marks, head, shape=ARROW, filled=True, size=110, opacity=1),
            mark("point", dots, where, filled=True, size=70, opacity=1, fill=LIGHT["ink"]),
            *(
                mark("text", [dot for dot in dots if _side(dot["x"]) == side], words_at, align=side, fill=LIGHT["ink"])
                for side in ("left", "center", "right")
            ),
        ],
    }
    ring = [name(contest.moves[k]) for k in (*contest.circles[0], contest.circles[0][0])]
    words = f"Arrows from who beats to who is beaten: {', '.join(ring[:-1])} and {ring[-1]} again."
    caption = (
        "Arrows run from who beats to who is beaten, wider where by more; orange: the circle named above. All stand in "
        "the order in which they follow one another in the strongest part of what is cyclic."
    )
    return Picture(caption, words, chart)


def _side(x: float) -> str:
    return "center" if abs(x) < 0.3 else "left" if x > 0 else "right"


def _knot(contest: Tournament) -> list[int]:
    """Who can be reached from the strongest circle by beating, and reaches it."""
    beats = contest.advantages > TIE * contest.advantages.max()
    closure = beats.copy()
    for k in range(len(closure)):
        closure |= np.outer(closure[:, k], closure[k])
    start = contest.circles[0][0]
    return [k for k in range(len(beats)) if k == start or (closure[start, k] and closure[k, start])]


def _places(contest: Tournament, knot: list[int]) -> Array:
    """`float[K, 2]` on the unit circle, evenly, in the order of the strongest disc; beating runs anticlockwise."""
    disc = contest.discs[0]
    angles = np.arctan2(disc.y, disc.x)[knot]
    turn = np.pi / 2 + 2 * np.pi * np.argsort(np.argsort(angles, kind="stable")) / len(knot)
    return np.stack([np.cos(turn), np.sin(turn)], -1)


def _arrows(contest: Tournament, knot: list[int], place: Array) -> Values:
    """One row for each pair of which one beats the other; those of the circle come last, on top."""
    circle = contest.circles[0]
    steps = set(zip(circle, circle[1:] + circle[:1], strict=True))
    largest, rows = float(contest.advantages.max()), []
    for one, (x, y) in zip(knot, place, strict=True):
        for two, (x2, y2) in zip(knot, place, strict=True):
            edge = float(contest.advantages[one, two])
            length = float(np.hypot(x2 - x, y2 - y))
            if edge > TIE * largest:
                dx, dy = (x2 - x) / length, (y2 - y) / length
                named = (one, two) in steps
                rows.append(
                    {
                        "x": float(x + GAP / 2 * dx),
                        "y": float(y + GAP / 2 * dy),
                        "x2": float(x2 - GAP * dx),
                        "y2": float(y2 - GAP * dy),
                        "angle": round(float(np.degrees(np.arctan2(dx, dy))), 2),
                        "width": round(0.6 + (2.6 if named else 1.4) * edge / largest, 3),
                        "hue": LIGHT["orange"] if named else LIGHT["muted"],
                        "named": named,
                    }
                )
    return sorted(rows, key=lambda row: row["named"])
