"""The way from play as it is to the best outcome, facet by facet, as a waterfall."""

from __future__ import annotations

from typing import Any

from ..diagnosis.facets import Facets
from ._chart_marks import Values, at, labelled, mark, span
from ._page import Picture
from ._theme import LIGHT
from ._words import number, percent

STEP = 30
"""Height of a line in pixels."""


def facet_steps(facets: Facets) -> list[tuple[str, float]]:
    """What each facet adds, in the order in which they are drawn; those that add nothing are left out."""
    steps = [
        ("unexplained", facets.unexplained or 0.0),
        *(
            [("intent", facets.intent)]
            if facets.outer is None or facets.inner is None
            else [("intent, outer", facets.outer), ("intent, inner", facets.inner)]
        ),
        ("capability", facets.capability),
        ("coordination", facets.coordination),
        ("conflict", facets.conflict),
    ]
    floor = 1e-9 * max(facets.stake, 1e-300)
    return [(label, value) for label, value in steps if abs(value) > floor]


def facet_picture(facets: Facets) -> Picture | None:
    """The waterfall of the facets; None when there is nothing to gain or lose."""
    start = facets.played if facets.observed is None else facets.observed
    return waterfall(facet_steps(facets), start, facets.optimum, facets.welfare, facets.stake)


def waterfall(
    steps: list[tuple[str, float]], start: float, optimum: float, welfare: str, stake: float
) -> Picture | None:
    """From `start` to `optimum` by the steps between them, which sum to the difference; None without steps."""
    if not steps:
        return None
    bars = _bars(steps, start, optimum)
    ends = [end for bar in bars for end in (bar["from"], bar["to"])]
    low, high = span(min(ends), max(ends))
    room = 0.16 * (high - low)
    rows = len(bars)
    chart: dict[str, Any] = {
        "width": 330,
        "height": rows * STEP,
        "layer": [_links(bars), *_rects(bars), _labels(bars)],
        "encoding": {
            "x": at(
                "from",
                scale={"domain": [low - room, high + room], "nice": False, "zero": False},
                axis={"title": f"{welfare} welfare", "tickCount": 5, "format": ",.4~r"},
            ),
            "y": at(
                "row",
                scale={"domain": [-0.5, rows - 0.5], "reverse": True, "nice": False, "zero": False},
                axis={
                    "title": None,
                    **labelled([bar["label"] for bar in bars]),
                    "domain": False,
                    "ticks": False,
                    "grid": False,
                },
            ),
        },
    }
    said = ", ".join(f"{label} {value:+.4g}" for label, value in steps)
    words = f"From {number(start)} as played to {number(optimum)} at best: {said}."
    share = percent((optimum - start) / stake) if stake > 0 else "nothing"
    caption = f"What lies between play as it is and the best outcome, by cause. {share} of what was at stake is lost."
    return Picture(caption, words, chart)


def _bars(steps: list[tuple[str, float]], start: float, optimum: float) -> Values:
    bars, reached = [_bar("as played", start, start, "end", number(start))], start
    for label, value in steps:
        colour = "blue" if value > 0 else "orange"
        bars.append(_bar(label, reached, reached + value, colour, f"{'+' if value > 0 else ''}{number(value)}"))
        reached += value
    bars.append(_bar("optimum", optimum, optimum, "end", number(optimum)))
    return [{**bar, "row": k} for k, bar in enumerate(bars)]


def _bar(label: str, start: float, end: float, kind: str, text: str) -> dict[str, Any]:
    return {"label": label, "from": start, "to": end, "right": max(start, end), "kind": kind, "text": text}


def _rects(bars: Values) -> list[dict[str, Any]]:
    ends = [bar for bar in bars if bar["kind"] == "end"]
    steps = [
        {**bar, "top": bar["row"] - 0.32, "bottom": bar["row"] + 0.32, "fill": LIGHT[bar["kind"]]}
        for bar in bars
        if bar["kind"] != "end"
    ]
    place = {"x": at("from"), "x2": {"field": "to"}, "y": at("top"), "y2": {"field": "bottom"}}
    return [
        mark("rect", steps, {**place, "fill": {"field": "fill", "scale": None}}),
        mark(
            "tick", ends, {"x": at("from"), "y": at("row")}, orient="vertical", thickness=4, size=22, color=LIGHT["ink"]
        ),
    ]


def _links(bars: Values) -> dict[str, Any]:
    lines = [{"from": bar["to"], "row": bar["row"], "next": bar["row"] + 1} for bar in bars[:-1]]
    place = {"x": at("from"), "y": at("row"), "y2": {"field": "next"}}
    return mark("rule", lines, place, color=LIGHT["muted"], strokeDash=[2, 2])


def _labels(bars: Values) -> dict[str, Any]:
    place = {"x": at("right"), "y": at("row"), "text": {"field": "text"}}
    return mark("text", bars, place, align="left", dx=8, baseline="middle")
