"""Pictures of a world: the parts of its gap with their intervals, and who gets what with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..diagnosis._student_interval import Mean
from ._chart_bars import UPRIGHT, rows_chart
from ._chart_marks import Values, at, labelled, mark, span
from ._page import Picture
from ._theme import LIGHT
from ._words import number

CELL, DARKEST = 62, 0.5
"""Pixels of a cell, and how dark the highest one is, so that numbers stand out on it."""
SLANTED = {"labelAngle": -30, "labelOverlap": False}
"""Names above columns, all of them."""


def part_picture(parts: Mapping[str, Mean], axis: str, caption: str) -> Picture:
    """A bar for each part with its interval: to the right in blue for what could be won, to the left in orange."""
    bars: Values = []
    for k, (_, mean) in enumerate(parts.items()):
        low, high = _ends(mean)
        side = "high" if mean.value >= 0 else "low"
        bar = {"row": k, "top": k - 0.32, "bottom": k + 0.32, "zero": 0.0, "value": mean.value, "low": low}
        bars.append({**bar, "high": high, "end": max(high, 0.0) if side == "high" else high, "text": mean.words})
        bars[-1]["fill"] = LIGHT["blue" if mean.value >= 0 else "orange"]
    low, high = span(min(0.0, *(bar["low"] for bar in bars)), max(0.0, *(bar["high"] for bar in bars)))
    across = {"x": at("zero"), "x2": {"field": "value"}, "y": at("top"), "y2": {"field": "bottom"}}
    reach = {"x": at("low"), "x2": {"field": "high"}, "y": at("row")}
    written = {"x": at("end"), "y": at("row"), "text": {"field": "text"}}
    layers = [
        mark("rule", [{"value": 0.0}], {"x": at("value"), **UPRIGHT}, color=LIGHT["muted"]),
        mark("rect", bars, {**across, "fill": {"field": "fill", "scale": None}}),
        mark("rule", [bar for bar in bars if bar["low"] < bar["high"]], reach, color=LIGHT["ink"], strokeWidth=2),
        mark("text", bars, written, align="left", dx=8, baseline="middle"),
    ]
    words = "; ".join(f"{name} {mean.words}" for name, mean in parts.items())
    domain = [low - 0.04 * (high - low), high + 0.32 * (high - low)]
    return Picture(caption, f"{words}.", rows_chart(list(parts), layers, axis, domain))


def _ends(mean: Mean) -> tuple[float, float]:
    return (mean.value, mean.value) if mean.low is None or mean.high is None else (mean.low, mean.high)


def cross_picture(names: Sequence[str], got: np.ndarray, margin: np.ndarray, caption: str) -> Picture:
    """A cell for each pair, `float[N, N]`: what the row gets with the column, darker for more, with its margin."""
    low, high = span(float(got.min()), float(got.max()))
    cells: Values = []
    for row, column in np.ndindex(got.shape):
        value, half = float(got[row, column]), float(margin[row, column])
        place = {"left": column, "right": column + 1, "top": row, "bottom": row + 1, "x": column + 0.5, "y": row + 0.5}
        shade = DARKEST * (value - low) / (high - low)
        cells.append({**place, "text": number(value, 3), "more": f"± {number(half, 2)}", "shade": shade})
    across = {"x": at("left"), "x2": {"field": "right"}, "y": at("top"), "y2": {"field": "bottom"}}
    shaded = {**across, "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None}}
    middle: dict[str, Any] = {"x": at("x"), "y": at("y")}
    layers = [
        mark("rect", cells, shaded, fill=LIGHT["load1"], stroke=LIGHT["line"]),
        mark("text", cells, {**middle, "text": {"field": "text"}}, dy=-5, baseline="middle"),
        mark("text", cells, {**middle, "text": {"field": "more"}}, dy=10, baseline="middle", fontSize=10),
    ]
    words = "; ".join(
        f"{names[row]} with {names[column]} {number(float(got[row, column]), 3)}"
        for row, column in np.ndindex(got.shape)
    )
    count, bare = len(names), {"title": None, "domain": False, "ticks": False, "grid": False}
    ends = {"domain": [0, count], "nice": False, "zero": False}
    chart = {
        "width": count * CELL,
        "height": round(count * 0.72 * CELL),
        "layer": layers,
        "encoding": {
            "x": at("x", scale=ends, axis={**bare, **labelled(names, 0.5), "orient": "top", **SLANTED}),
            "y": at("y", scale={**ends, "reverse": True}, axis={**bare, **labelled(names, 0.5), "labelPadding": 8}),
        },
    }
    return Picture(caption, f"{words}.", chart)
