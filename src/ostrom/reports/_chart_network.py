"""A road network drawn twice: as people drive, and as would be best; wide where many drive, coloured by how full."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.game import Array
from ..diagnosis.traffic import Road, TrafficDiagnosis
from ._chart_marks import ARROW, Values, at, mark
from ._page import Picture
from ._theme import COLOURS, LIGHT, SIZE
from ._words import name, number

WIDTH, TALLEST, MARGIN = 400, 440, 26
WIDEST = 9.0
"""Pixels that the busiest link is wide."""
NAMED = 60
"""Places up to which each is named."""
ARROWS = 400
"""Links up to which each shows its direction."""
LOADS = ((0.5, "up to 0.5"), (1.0, "0.5 to 1"), (1.5, "1 to 1.5"), (2.0, "1.5 to 2"), (math.inf, "over 2"))
SHARES = ((0.2, "up to 20 %"), (0.4, "20 to 40 %"), (0.6, "40 to 60 %"), (0.8, "60 to 80 %"), (math.inf, "over 80 %"))
STEPS = [LIGHT[key] for key in COLOURS if key.startswith("load")]


def network_pictures(seen: TrafficDiagnosis) -> list[Picture]:
    """The network at user equilibrium and at the system optimum, on one scale; none when nobody knows where to draw."""
    if not seen.places:
        return []
    driven = ("as everybody drives for itself (user equilibrium)", [road.flow for road in seen.roads])
    best = ("as would be best for all together (system optimum)", [road.best_flow for road in seen.roads])
    return [_picture(seen, flows, title) for title, flows in (driven, best)]


def _picture(seen: TrafficDiagnosis, flows: list[float], title: str) -> Picture:
    places, height = _placed(seen.places)
    busiest = max(*(road.flow for road in seen.roads), *(road.best_flow for road in seen.roads), 1e-300)
    full, steps, measure = _fullness(seen, flows)
    layers = [*_links(seen.roads, places, flows, busiest, full, steps, measure), *_nodes(places)]
    chart: dict[str, Any] = {
        "width": WIDTH,
        "height": height,
        "layer": layers,
        "encoding": {
            "x": at("x", scale={"domain": [0, WIDTH], "nice": False}, axis=None),
            "y": at("y", scale={"domain": [0, height], "nice": False}, axis=None),
        },
    }
    top = sorted(zip(flows, seen.roads, strict=True), key=lambda pair: -pair[0])[:3]
    busy = ", ".join(f"{name(road.name)} ({number(flow)})" for flow, road in top)
    words = f"{len(seen.roads)} links between {len(places)} places, {title}. Most traffic: {busy}."
    drawn = "" if seen.mapped else " There is no map: places are drawn near where they are few links apart."
    return Picture(f"Traffic {title}. Width: traffic; colour: {measure}.{drawn}", words, chart)


def _placed(places: dict[str, tuple[float, float]]) -> tuple[dict[str, Array], int]:
    """Where each place stands in pixels, and how high the drawing is; proportions are kept where that fits."""
    spots = np.array(list(places.values()), float)
    low, size = spots.min(0), np.maximum(np.ptp(spots, axis=0), 1e-9)
    if min(size) < 0.02 * max(size):
        size = np.where(size < 0.02 * max(size), max(size), size)
    inner = np.array([WIDTH, TALLEST]) - 2 * MARGIN
    scale = float((inner / size).min())
    moved = (spots - low) * scale
    tall = math.ceil(np.ptp(moved[:, 1]))
    height = max(tall, 60) + 2 * MARGIN
    centred = moved - moved.min(0) + (np.array([WIDTH, height]) - np.ptp(moved, axis=0)) / 2
    return dict(zip(places, centred, strict=True)), height


def _fullness(seen: TrafficDiagnosis, flows: list[float]) -> tuple[list[float], Any, str]:
    """How full every link is, in which steps that is coloured, and what it is called."""
    if all(road.capacity for road in seen.roads):
        return (
            [flow / (road.capacity or 1) for flow, road in zip(flows, seen.roads, strict=True)],
            LOADS,
            "traffic over capacity",
        )
    trips = sum(pair.trips for pair in seen.pairs)
    return [flow / trips for flow in flows], SHARES, "share of all trips"


def _links(
    roads: Sequence[Road],
    places: dict[str, Array],
    flows: list[float],
    busiest: float,
    full: list[float],
    steps: Any,
    measure: str,
) -> list[dict[str, Any]]:
    lines: Values = []
    heads: Values = []
    order = sorted(range(len(roads)), key=lambda k: flows[k])
    for k, bend in zip(range(len(roads)), _bends(roads), strict=True):
        path = _path(places[roads[k].tail], places[roads[k].head], bend)
        step = next(label for limit, label in steps if full[k] <= limit)
        width = 1.0 + (WIDEST - 1.0) * flows[k] / busiest
        colour = {"step": step, "width": width, "link": order.index(k) if len(roads) <= ARROWS else k}
        lines += [{"x": float(x), "y": float(y), "n": n, **colour} for n, (x, y) in enumerate(path)]
        if len(roads) <= ARROWS and flows[k] > 1e-6 * busiest:
            heads.append(_head(path, width))
    legend = {"title": measure, "orient": "bottom", "columns": 3, "symbolType": "stroke", "symbolStrokeWidth": 5}
    paint = {
        "field": "step",
        "type": "ordinal",
        "scale": {"domain": [label for _, label in steps], "range": STEPS},
        "legend": legend,
    }
    place = {"x": at("x"), "y": at("y")}
    stroke = {
        "stroke": paint,
        "strokeWidth": at("width", scale=None, legend=None),
        "detail": {"field": "link"},
        "order": at("n"),
    }
    angle = {"angle": at("angle", scale=None), "size": at("size", scale=None, legend=None)}
    return [
        mark("line", lines, {**place, **stroke}, strokeCap="butt", clip=False),
        mark(
            "point",
            heads,
            {**place, **angle},
            shape=ARROW,
            filled=True,
            opacity=1,
            fill=LIGHT["ink"],
            stroke=LIGHT["paper"],
            strokeWidth=1,
        ),
    ]


def _bends(roads: Sequence[Road]) -> list[float]:
    """How far, in pixels, each link keeps to its right, so that those between the same two places lie side by side."""
    meets = Counter(frozenset((road.tail, road.head)) for road in roads)
    met: Counter[tuple[str, str]] = Counter()
    bends = []
    for road in roads:
        both = meets[frozenset((road.tail, road.head))]
        one_way = sum((other.tail, other.head) == (road.tail, road.head) for other in roads) if both > 1 else 1
        number = met[road.tail, road.head]
        met[road.tail, road.head] += 1
        if one_way > 1:
            bends.append(70.0 * (number - (one_way - 1) / 2))
        else:
            bends.append(6.5 if both > 1 else 0.0)
    return bends


def _path(start: Array, end: Array, bend: float) -> Array:
    """Points from place to place: straight, moved aside by a little bend, or bowed by a large one."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    aside = np.array([along[1], -along[0]])
    if abs(bend) < 10:
        return np.stack([start + aside * bend, end + aside * bend])
    share = np.linspace(0, 1, 13)[:, None]
    return start + (end - start) * share + aside * bend * 4 * share * (1 - share)


def _head(path: Array, width: float) -> dict[str, float]:
    """An arrow head a little past the middle, pointing the way of travel (clockwise from up, as Vega turns shapes)."""
    if len(path) == 2:
        spot, way = path[0] + 0.58 * (path[1] - path[0]), path[1] - path[0]
    else:
        spot, way = path[len(path) // 2], path[len(path) // 2 + 1] - path[len(path) // 2 - 1]
    angle = math.degrees(math.atan2(way[0], way[1]))
    return {"x": float(spot[0]), "y": float(spot[1]), "angle": round(angle, 3), "size": 50 + 16 * width}


def _nodes(places: dict[str, Array]) -> list[dict[str, Any]]:
    spots = [{"x": float(x), "y": float(y), "name": name(node)} for node, (x, y) in places.items()]
    place = {"x": at("x"), "y": at("y")}
    if len(spots) > NAMED:
        return [mark("circle", spots, place, size=8, color=LIGHT["ink"], opacity=1)]
    short = max(len(spot["name"]) for spot in spots) <= 3
    style = {"filled": True, "fill": LIGHT["paper"], "stroke": LIGHT["ink"], "strokeWidth": 1.2, "opacity": 1}
    layers = [mark("circle", spots, place, size=290 if short else 110, **style)]
    middle = sum(spot["y"] for spot in spots) / len(spots)
    for above in (True, False):  # names stand outside, where fewer links run
        some = [spot for spot in spots if (spot["y"] > middle) == above]
        text: dict[str, Any] = {"dy": -12 if above else 12, "baseline": "bottom" if above else "top", "limit": 120}
        text = {"baseline": "middle"} if short else text
        halo = {"stroke": LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
        if some:
            layers.append(mark("text", some, {**place, "text": {"field": "name"}}, fontSize=SIZE - 1, **text, **halo))
    return layers
