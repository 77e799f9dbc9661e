"""Bars and points by name, sorted, with the number beside each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._chart_marks import Values, at, labelled, mark, span
from ._page import Picture
from ._theme import LIGHT
from ._words import number, percent

STEP = 26

UPRIGHT = {"y": {"value": 0}, "y2": {"value": "height"}}
"""Where a line over the whole height of a picture stands."""

AXIS = ",.4~r"
"""How numbers stand on an axis: four digits, no exponents."""


def bar_picture(rows: Sequence[tuple[str, float]], axis: str, caption: str, words: str) -> Picture:
    """A bar for each name: to the right in orange for more than 0, to the left in blue for less."""
    bars: Values = [
        {"row": k, "top": k - 0.34, "bottom": k + 0.34, "zero": 0.0, "value": value, "text": number(value, 3)}
        for k, (_, value) in enumerate(rows)
    ]
    low, high = span(min(0.0, *(value for _, value in rows)), max(0.0, *(value for _, value in rows)))
    room = 0.2 * (high - low)
    layers: list[dict[str, Any]] = [mark("rule", [{"value": 0.0}], {"x": at("value"), **UPRIGHT}, color=LIGHT["muted"])]
    for chosen, colour, align, dx in ((lambda v: v >= 0, "orange", "left", 6), (lambda v: v < 0, "blue", "right", -6)):
        some = [bar for bar in bars if chosen(bar["value"])]
        if some:
            place = {"x": at("zero"), "x2": {"field": "value"}, "y": at("top"), "y2": {"field": "bottom"}}
            layers.append(mark("rect", some, place, color=LIGHT[colour]))
            layers.append(
                mark(
                    "text",
                    some,
                    {"x": at("value"), "y": at("row"), "text": {"field": "text"}},
                    align=align,
                    dx=dx,
                    baseline="middle",
                )
            )
    domain = [low - room * (low < 0), high + room * (high > 0)]
    return Picture(caption, words, rows_chart([label for label, _ in rows], layers, axis, domain))


def interval_picture(
    rows: Sequence[tuple[str, float, float | None, float | None]],
    marks: Sequence[tuple[str, float]],
    axis: str,
    caption: str,
    words: str,
    numbered: bool = True,
) -> Picture:
    """A point with its interval for each `(name, value, low, high)`; `marks` are levels to compare with, by name.

    `numbered` writes each value above its point; not where many of them would stand on a mark.
    """
    points: Values = [{"row": k, "value": row[1], "text": number(row[1], 3)} for k, row in enumerate(rows)]
    lines = [{"row": k, "low": row[2], "high": row[3]} for k, row in enumerate(rows) if row[2] is not None]
    every = [value for row in rows for value in row[1:] if value is not None] + [level for _, level in marks]
    low, high = span(min(every), max(every))
    levels: Values = [{"value": level, "text": label} for label, level in marks]
    words_at = {"y": at("row"), "text": {"field": "text"}}
    above = {"x": at("value"), "y": {"value": -6}, "text": {"field": "text"}}
    reach = {"x": at("low"), "x2": {"field": "high"}, "y": at("row")}
    layers = [
        mark("rule", levels, {"x": at("value"), **UPRIGHT}, color=LIGHT["ink"], strokeDash=[4, 3]),
        mark("text", levels, above, fill=LIGHT["muted"], baseline="bottom"),
        mark("rule", lines, reach, color=LIGHT["blue"], strokeWidth=2),
        mark("circle", points, {"x": at("value"), "y": at("row")}, size=80, color=LIGHT["blue"], opacity=1),
        *([mark("text", points, {"x": at("value"), **words_at}, dy=-11, fontSize=11)] if numbered else []),
    ]
    room = 0.08 * (high - low)
    return Picture(
        caption, words, rows_chart([row[0] for row in rows], layers, axis, [low - room, high + room], top=-0.8)
    )


def share_picture(rows: Sequence[tuple[str, float, float | None, float | None]], caption: str) -> Picture:
    """Shares from 0 to 100 % as bars, with their intervals where they have one."""
    bars: Values = [
        {"row": k, "top": k - 0.34, "bottom": k + 0.34, "zero": 0.0, "value": 100 * row[1], "text": percent(row[1])}
        for k, row in enumerate(rows)
    ]
    lines = [
        {"row": k, "low": 100 * row[2], "high": 100 * (row[3] or 0.0)}
        for k, row in enumerate(rows)
        if row[2] is not None
    ]
    place = {"x": at("zero"), "x2": {"field": "value"}, "y": at("top"), "y2": {"field": "bottom"}}
    layers = [
        mark("rect", bars, place, color=LIGHT["load1"]),
        mark("rule", lines, {"x": at("low"), "x2": {"field": "high"}, "y": at("row")}, color=LIGHT["ink"]),
        mark(
            "text",
            bars,
            {"y": at("row"), "text": {"field": "text"}, "x": {"value": 326}},
            align="left",
            baseline="middle",
        ),
    ]
    words = "; ".join(f"{row[0]} {percent(row[1])}" for row in rows)
    chart = rows_chart([row[0] for row in rows], layers, "share of starts, %", [0, 100])
    return Picture(caption, words, chart)


def rows_chart(
    names: list[str], layers: list[dict[str, Any]], axis: str, domain: list[float], top: float = -0.6
) -> dict[str, Any]:
    """Layers over rows 0, 1, … with these names, and an axis below over this domain."""
    bottom = len(names) - 0.4
    return {
        "width": 320,
        "height": round((bottom - top) * STEP),
        "layer": layers,
        "encoding": {
            "x": at(
                "x",
                scale={"domain": domain, "nice": False, "zero": False},
                axis={"title": axis, "tickCount": 5, "format": AXIS},
            ),
            "y": at(
                "y",
                scale={"domain": [top, bottom], "reverse": True, "nice": False, "zero": False},
                axis={
                    "title": None,
                    **labelled(names),
                    "labelPadding": 8,
                    "domain": False,
                    "ticks": False,
                    "grid": False,
                },
            ),
        },
    }
