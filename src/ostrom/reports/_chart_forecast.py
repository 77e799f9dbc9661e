"""Predicted points beside recorded intervals, game by game; hits and misses differ in shape, colour and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ._chart_marks import Values, at, labelled, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import name

STEP, WIDTH = 24, 340
"""Pixels per row, and across 0 to 100 %."""

TITLE = {"baseline": "middle", "fontWeight": "bold", "limit": 170}

LOOKS = {True: ("hit", "circle", "blue"), False: ("miss", "diamond", "orange"), None: ("–", "cross", "muted")}
"""How a hit, a miss, and what can be neither look: the word beside it, the shape, the colour."""


@dataclass(frozen=True)
class Told:
    """One row of the picture, in percent: the game, the mechanism, what was predicted and recorded, and the verdict."""

    game: str
    mechanism: str
    predicted: float
    recorded: float
    low: float | None
    high: float | None
    hit: bool | None


def forecast_picture(rows: Sequence[Told], axis: str, caption: str) -> Picture:
    """One row per arm under the name of its game, which stands in a row of its own."""
    names, places, titles = _laid_out(rows)
    recorded: Values = [
        {"row": k, "value": row.recorded, "low": row.low, "high": row.high, "top": k - 0.28, "bottom": k + 0.28}
        for k, row in zip(places, rows, strict=True)
    ]
    spans = [own for own in recorded if own["low"] is not None]
    tick = {"x": at("value"), "y": at("top"), "y2": {"field": "bottom"}}
    layers = [
        mark("text", titles, {"y": at("row"), "text": {"field": "text"}, "x": {"value": -6}}, align="right", **TITLE),
        mark("rule", spans, {"x": at("low"), "x2": {"field": "high"}, "y": at("row")}, color=LIGHT["muted"], size=2),
        mark("rule", recorded, tick, color=LIGHT["ink"], size=2),
        *(layer for hit in LOOKS for layer in _verdict(rows, places, hit)),
    ]
    words = "; ".join(
        f"{row.game}, {row.mechanism}: predicted {row.predicted:.0f} %, recorded {row.recorded:.0f} %, "
        f"{LOOKS[row.hit][0]}"
        for row in rows
    )
    return Picture(caption, words, _frame(names, layers, axis))


def _laid_out(rows: Sequence[Told]) -> tuple[list[str], list[int], Values]:
    """The axis label of every row, the place of every arm among them, and the games with their places."""
    names: list[str] = []
    places, titles = [], []
    for k, row in enumerate(rows):
        if k == 0 or rows[k - 1].game != row.game:
            titles.append({"row": len(names), "text": name(row.game)})
            names.append("")
        places.append(len(names))
        names.append(row.mechanism)
    return names, places, titles


def _verdict(rows: Sequence[Told], places: Sequence[int], hit: bool | None) -> list[dict[str, Any]]:
    """The predictions that came out this way, and the word beside each."""
    word, shape, colour = LOOKS[hit]
    some: Values = [
        {"row": k, "value": row.predicted, "text": word} for k, row in zip(places, rows, strict=True) if row.hit is hit
    ]
    if not some:
        return []
    spot, beside = {"x": at("value"), "y": at("row")}, {"y": at("row"), "text": {"field": "text"}}
    paint = LIGHT[colour]
    return [
        mark("point", some, spot, shape=shape, size=95, filled=True, opacity=1, color=paint),
        mark("text", some, {**beside, "x": {"value": WIDTH + 10}}, align="left", baseline="middle", fill=paint),
    ]


def _frame(names: list[str], layers: list[dict[str, Any]], axis: str) -> dict[str, Any]:
    top, bottom = -0.6, len(names) - 0.4
    across = {"title": axis, "tickCount": 5}
    down = {"title": None, **labelled(names), "labelPadding": 8, "domain": False, "ticks": False, "grid": False}
    return {
        "width": WIDTH,
        "height": round((bottom - top) * STEP),
        "layer": layers,
        "encoding": {
            "x": at("x", scale={"domain": [0, 100], "nice": False}, axis=across),
            "y": at("y", scale={"domain": [top, bottom], "reverse": True, "nice": False, "zero": False}, axis=down),
        },
    }
