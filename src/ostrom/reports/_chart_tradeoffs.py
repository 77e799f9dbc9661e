"""Ways to govern side by side: the welfare they bring, at best and at worst, and what they ask."""

from __future__ import annotations

import math
from typing import Any

from ..designers._compare import Comparison, Line
from ._chart_marks import Values, at, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import listed, number

WIDTH, ROW = 250, 24
"""Pixels of each half, and of each row."""

PARTS = {
    "money": ("fines or promises", "blue"),
    "cost": ("cost", "orange"),
    "forbidden": ("forbidden", "violet"),
    "information": ("information", "load1"),
    "harm": ("worse off", "red"),
    "risk": ("risk", "load3"),
    "wishes": ("other wishes", "green"),
}
"""Part of a burden -> its name in the legend, and its colour."""


def tradeoffs(seen: Comparison) -> Picture | None:
    """The picture; None for fewer than two lines."""
    lines = list(seen.lines)
    if len(lines) < 2:
        return None
    order = [line.approach for line in lines]
    chart = {
        "hconcat": [_welfare(seen, lines, order), _burden(lines, order)],
        "spacing": 18,
        "resolve": {"scale": {"color": "independent"}},
    }
    front = listed([lines[k].approach for k in seen.front])
    told = ((line.approach, *map(number, (line.welfare, _worst(line), line.burden))) for line in lines)
    words = "; ".join("{}: welfare {}, at worst {}, burden {}".format(*one) for one in told)
    caption = (
        "Left: welfare when each works (dot), and down to the worst that learners without regret may end in. Right: "
        f"the burden, by its parts. No other does as well as {front} (blue dots) in all three, and better in one."
    )
    return Picture(caption, words, chart)


def _worst(line: Line) -> float:
    return line.welfare if math.isnan(line.worst) else min(line.worst, line.welfare)


def _rows(order: list[str], shown: bool) -> dict[str, Any]:
    axis = {"title": None, "ticks": False, "domain": False, "labelLimit": 200} if shown else None
    return {"field": "name", "type": "nominal", "sort": order, "axis": axis}


def _welfare(seen: Comparison, lines: list[Line], order: list[str]) -> dict[str, Any]:
    rows: Values = [
        {"name": line.approach, "welfare": line.welfare, "worst": _worst(line), "front": k in seen.front}
        for k, line in enumerate(lines)
    ]
    ends = [seen.design.welfare_now, seen.design.welfare_best, *(row["worst"] for row in rows)]
    margin = 0.05 * (max(ends) - min(ends) or 1.0)
    scale = {"domain": [min(ends) - margin, max(ends) + margin], "nice": True, "zero": False}
    x, y = at("welfare", scale=scale, axis={"title": "welfare", "tickCount": 5}), _rows(order, True)
    front, behind = ([row for row in rows if row["front"] is first] for first in (True, False))
    dot = {"filled": True, "opacity": 1}
    return {
        "width": WIDTH,
        "height": {"step": ROW},
        "layer": [
            mark("rule", rows, {"y": y, "x": x, "x2": {"field": "worst"}}, stroke=LIGHT["muted"], strokeWidth=2),
            mark("point", behind, {"y": y, "x": x}, size=70, fill=LIGHT["muted"], **dot),
            mark("point", front, {"y": y, "x": x}, size=110, fill=LIGHT["blue"], **dot),
        ],
    }


def _burden(lines: list[Line], order: list[str]) -> dict[str, Any]:
    used = [part for part in PARTS if any(line.parts.get(part, 0.0) > 1e-6 for line in lines)]
    rows: Values = [
        {"name": line.approach, "part": PARTS[part][0], "size": line.parts.get(part, 0.0), "place": k}
        for line in lines
        for k, part in enumerate(used)
    ]
    colours = {"domain": [PARTS[p][0] for p in used], "range": [LIGHT[PARTS[p][1]] for p in used]}
    encoding = {
        "y": _rows(order, False),
        "x": at("size", stack="zero", axis={"title": "burden", "tickCount": 5}),
        "order": {"field": "place", "type": "quantitative"},
        "color": {
            "field": "part",
            "type": "nominal",
            "scale": colours,
            "legend": {"title": None, "orient": "bottom", "columns": 3, "symbolType": "square"},
        },
    }
    return {"width": WIDTH, "height": {"step": ROW}, **mark("bar", rows, encoding, height=13)}
