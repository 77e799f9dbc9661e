"""Curves over a training: the mean of all seeds as a line, from the lowest to the highest as a band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ._chart_marks import Values, at, mark
from ._page import Picture
from ._replay_grid import SEATS
from ._theme import LIGHT
from ._words import name, number

WIDTH, HEIGHT, POINTS = 380, 220, 100
"""Pixels of a picture, and points of a line; of more lessons, the mean of a few is one point."""


def curves_picture(
    curves: Mapping[str, np.ndarray], steps: np.ndarray, axis: str, caption: str, shaded: str
) -> Picture | None:
    """Name -> `[K, lessons]` over the steps of the world behind each lesson; None where there is nothing to draw.

    `shaded` says in words what the band is; there is none where one seed was trained.
    """
    rows = {own: _thinned(curve, steps) for own, curve in curves.items()}
    rows = {own: values for own, values in rows.items() if values}
    if not rows:
        return None
    layers, names = [], _labels(rows)
    for k, (own, values) in enumerate(rows.items()):
        paint = {"color": LIGHT[SEATS[k % len(SEATS)]]}
        across = {"x": at("steps"), "y": at("low"), "y2": {"field": "high"}}
        band = any(value["low"] != value["high"] for value in values)
        layers += [mark("area", values, across, opacity=0.18, **paint)] if band else []
        layers.append(mark("line", values, {"x": at("steps"), "y": at("mean")}, strokeWidth=2, **paint))
        if len(rows) > 1:
            beside = {"x": at("steps"), "y": at("mean"), "text": {"field": "text"}}
            layers.append(mark("text", [names[own]], beside, align="left", dx=6, fill=paint["color"]))
    words = "; ".join(
        f"{own} from {number(values[0]['mean'], 3)} to {number(values[-1]['mean'], 3)}" for own, values in rows.items()
    )
    return Picture(
        f"{caption} {shaded}".strip(), f"{axis} over the steps: {words}.", _frame(layers, axis, _from_zero(rows))
    )


def _labels(rows: Mapping[str, Values]) -> dict[str, dict[str, Any]]:
    """Where the name of each line stands: at its end, and never on another name."""
    everything = [value[end] for values in rows.values() for value in values for end in ("low", "high")]
    gap, placed = 16 / HEIGHT * ((max(everything) - min(everything)) or 1.0), {}
    below = -np.inf
    for own in sorted(rows, key=lambda own: rows[own][-1]["mean"]):
        below = max(rows[own][-1]["mean"], below + gap)
        placed[own] = {"steps": rows[own][-1]["steps"], "mean": float(below), "text": name(own)}
    return placed


def _thinned(curve: np.ndarray, steps: np.ndarray) -> Values:
    """At most `POINTS` points: means over seeds and neighbouring lessons, and the seeds' lowest and highest."""
    values: Values = []
    for own in np.array_split(np.arange(curve.shape[1]), min(POINTS, curve.shape[1])):
        some = curve[:, own]
        known = np.isfinite(some)
        if not known.any():
            continue
        each = [float(row[fine].mean()) for row, fine in zip(some, known, strict=True) if fine.any()]
        low, high = min(each), max(each)
        values.append({"steps": int(steps[own[-1]]), "mean": float(np.mean(each)), "low": low, "high": high})
    return values


def _from_zero(rows: Mapping[str, Values]) -> bool:
    """Whether 0 is on the axis: always, unless all values lie close together far from it."""
    ends = [value[end] for values in rows.values() for value in values for end in ("low", "high")]
    return max(ends) - min(ends) >= 0.25 * max(map(abs, ends))


def _frame(layers: list[dict[str, Any]], axis: str, zero: bool) -> dict[str, Any]:
    across = {"title": "steps of the world", "grid": False, "tickCount": 5, "labelExpr": "format(datum.value, '~s')"}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
        "encoding": {
            "x": at("steps", axis=across, scale={"nice": False, "zero": True}),
            "y": at("mean", axis={"title": axis, "tickCount": 5}, scale={"zero": zero}),
        },
    }


def spread_words(seeds: int) -> str:
    """What the band says."""
    return "" if seeds == 1 else f"The band goes from the lowest to the highest of {seeds} seeds."
