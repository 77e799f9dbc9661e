"""Colours and letters of all pictures: one name per meaning, one value for light paper and one for dark.

Charts are drawn in the light values; inside HTML each becomes a variable, so that the reader's browser chooses. Told
apart also by readers who see few colours: blue, orange and violet differ in lightness, and no picture needs red
against green.
"""

from __future__ import annotations

from typing import Any

COLOURS = {
    "ink": ("#1d2127", "#e9ebee"),
    "muted": ("#5c636d", "#a9b0ba"),
    "line": ("#d5d9df", "#3b424c"),
    "shade": ("#f1f3f6", "#23282f"),
    "paper": ("#ffffff", "#15181c"),
    "blue": ("#2466ab", "#79b0ea"),
    "orange": ("#c2530a", "#f2a263"),
    "violet": ("#6f4ca3", "#bb9fe9"),
    "green": ("#1f7a56", "#6bcaa0"),
    "red": ("#b02a45", "#f38ba0"),
    "load1": ("#7aa8d6", "#54789b"),
    "load2": ("#2f78c4", "#83b7ee"),
    "load3": ("#dda43b", "#dfb04c"),
    "load4": ("#d0602a", "#ee7f4b"),
    "load5": ("#98163a", "#ff5f7f"),
}
"""Name -> its value on light paper, and on dark."""

LIGHT = {name: light for name, (light, _) in COLOURS.items()}
FONT = "Helvetica, Arial, sans-serif"
SIZE = 12


def config() -> dict[str, Any]:
    """The Vega-Lite configuration that every picture shares."""
    ink, muted, line = LIGHT["ink"], LIGHT["muted"], LIGHT["line"]
    labels = {"labelFont": FONT, "labelFontSize": SIZE, "labelColor": ink}
    titles = {"titleFont": FONT, "titleFontSize": SIZE, "titleColor": muted, "titleFontWeight": "normal"}
    axis = {"domainColor": muted, "tickColor": muted, "gridColor": line, "labelLimit": 170, "titleLimit": 420}
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {**labels, **titles, **axis},
        "legend": {**labels, **titles, "labelLimit": 220},
        "header": {**labels, **titles},
        "title": {"font": FONT, "fontSize": SIZE + 1, "color": ink, "anchor": "start", "fontWeight": "bold"},
        "text": {"font": FONT, "fontSize": SIZE, "color": ink, "fill": ink},
        "rule": {"color": muted},
        "bar": {"color": LIGHT["blue"]},
    }
