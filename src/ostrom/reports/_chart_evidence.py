"""When the evidence came: the rows that alarms point to along the log, and e-values as they grew."""

from __future__ import annotations

from typing import Any

from ..core.reading import Reading
from ._chart_marks import Values, at, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import listed, number, plural

MOST = 12
"""Alarms that are drawn, the strongest."""

PATH = "path"
"""Where a reading keeps how its e-value grew: `numbers["path"] = {"row": […], "e": […]}`."""


def rows_picture(labels: dict[int, str], alarms: tuple[Reading, ...], last: int) -> Picture | None:
    """Where in the log the rows stand that alarms point to; None where they point to none."""
    marks: Values = []
    for k, reading in enumerate(alarms[:MOST]):
        marks += [{"row": row, "alarm": labels[k]} for row in reading.rows]
    if not marks:
        return None
    axis = {"title": None, "grid": True, "labelLimit": 320}
    order = {
        "field": "alarm",
        "type": "nominal",
        "sort": [labels[k] for k in range(min(len(alarms), MOST))],
        "axis": axis,
    }
    along = at("row", title="row of the log", scale={"domain": [0, max(last, 1)], "nice": False})
    chart: dict[str, Any] = {
        "width": 360,
        "height": {"step": 24},
        "layer": [mark("tick", marks, {"x": along, "y": order}, color=LIGHT["orange"], thickness=2, size=16)],
    }
    words = "; ".join(
        f"{labels[k]}: rows {_few(reading.rows)}" for k, reading in enumerate(alarms[:MOST]) if reading.rows
    )
    return Picture("Rows to read, along the log. Each mark is a row that an alarm points to.", words + ".", chart)


def growth_picture(labels: dict[int, str], alarms: tuple[Reading, ...], needed: float) -> Picture | None:
    """How the e-values of alarms grew, on a logarithmic axis; None where none kept its path."""
    lines: Values = []
    shown = []
    for k, reading in enumerate(alarms[:MOST]):
        if path := reading.numbers.get(PATH):
            shown.append(labels[k])
            lines += [
                {"row": row, "e": min(max(float(e), 1e-3), 1e12), "alarm": labels[k]}
                for row, e in zip(path["row"], path["e"], strict=True)
            ]
    if not lines:
        return None
    palette = [LIGHT[key] for key in ("orange", "blue", "violet", "green", "red", "ink")]
    paint = {
        "field": "alarm",
        "type": "nominal",
        "sort": shown,
        "scale": {"domain": shown, "range": (palette * 2)[: len(shown)]},
        "legend": {"title": None, "orient": "bottom", "columns": 2},
    }
    e = at("e", title="e-value", scale={"type": "log"}, axis={"format": "~e", "tickCount": 6})
    rule = mark("rule", [{"e": needed}], {"y": at("e")}, strokeDash=[4, 4], color=LIGHT["muted"])
    chart: dict[str, Any] = {
        "width": 480,
        "height": 240,
        "layer": [mark("line", lines, {"x": at("row", title="row of the log"), "y": e, "color": paint}), rule],
    }
    words = f"The e-values of {listed(shown)}; {number(needed)} would be enough for an alarm by itself."
    return Picture("Evidence as it grew. Dashed: what one alarm by itself needs.", words, chart)


def _few(rows: tuple[int, ...]) -> str:
    ordered = sorted(rows)
    said = ", ".join(map(str, ordered[:8]))
    return said if len(rows) <= 8 else f"{said} and {plural(len(rows) - 8, 'more')}".replace(" mores", " more")
