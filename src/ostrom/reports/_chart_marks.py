"""Small parts that several charts are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ._words import name

Values = list[dict[str, Any]]

ARROW = "M0,-1.1L-0.6,0.8L0,0.45L0.6,0.8Z"
"""The head of an arrow that points up; longer than wide, so that every turn of it shows."""


def data(values: Values) -> dict[str, Any]:
    """Rows for a chart, inside the chart."""
    return {"values": values}


def labelled(names: Sequence[str], offset: float = 0.0) -> dict[str, Any]:
    """Part of an axis over numbers 0, 1, … that shows names instead; `offset` is where the first one stands."""
    places = [k + offset for k in range(len(names))]
    shown = json.dumps([name(own) for own in names])
    return {"values": places, "labelExpr": f"{shown}[round(datum.value - {offset})]"}


def span(low: float, high: float) -> list[float]:
    """Both ends of an axis over these values, never the same number twice."""
    return [low, high] if high > low else [low - 1, high + 1]


def mark(kind: str, values: Values, encoding: Mapping[str, Any], **style: Any) -> dict[str, Any]:
    """One layer: a kind of mark, its rows, where they go and how they look."""
    return {"mark": {"type": kind, **style}, "data": data(values), "encoding": dict(encoding)}


def at(field: str, **more: Any) -> dict[str, Any]:
    """A quantitative position."""
    return {"field": field, "type": "quantitative", **more}
