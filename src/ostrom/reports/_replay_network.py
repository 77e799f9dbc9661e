"""Networks of a replay: named points, and how much goes from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from ..core.scene import Scene
from ._replay_grid import seat_colour
from ._replay_tracks import short, track
from ._theme import FONT, LIGHT
from ._words import name

WIDTH, HEIGHT, EDGE, RADIUS, TIP = 480, 360, 46, 10, 12
"""Pixels of the picture, of its margin, of a point, and of the tip of an arrow."""
WRITTEN = 16
"""Links up to which their amounts are written beside them."""


class Net(NamedTuple):
    """All of a network over T steps: `places float[T, N, 2]` in pixels, `amounts float[T, L]`; NaN where it is not.

    `ends` are the numbers of the points of each link; `back` says whether there is one the other way.
    """

    points: tuple[str, ...]
    seats: tuple[int | None, ...]
    places: np.ndarray
    ends: tuple[tuple[int, int], ...]
    back: tuple[bool, ...]
    amounts: np.ndarray


class Frame(NamedTuple):
    """The part of the plane that is shown: its middle, and pixels per unit across and upwards."""

    middle: tuple[float, float]
    scale: tuple[float, float]


def frame_of(scenes: Sequence[Scene]) -> Frame:
    """The part of the plane where any point ever is; neither side is stretched to more than twice the other."""
    places = np.array([at for scene in scenes for at in scene.points.values()], float).reshape(-1, 2)
    places = places[np.isfinite(places).all(1)]
    low, high = (places.min(0), places.max(0)) if len(places) else (np.zeros(2), np.ones(2))
    across, upwards = np.array([WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE]) / np.maximum(high - low, 1e-9)
    least = min(across, upwards)
    middle = ((low + high) / 2).tolist()
    if least > 1e8:  # all points in one place
        return Frame((middle[0], middle[1]), (1.0, 1.0))
    return Frame((middle[0], middle[1]), (float(min(across, 2 * least)), float(min(upwards, 2 * least))))


def net_of(scenes: Sequence[Scene], seats: Sequence[str], frame: Frame) -> Net | None:
    """The network of these scenes; None where there is none."""
    points = tuple(dict.fromkeys(point for scene in scenes for point in scene.points))
    if not points:
        return None
    number = {point: k for k, point in enumerate(points)}
    links = dict.fromkeys((a, b) for scene in scenes for a, b, _ in scene.links if a in number and b in number)
    ends = tuple((number[a], number[b]) for a, b in links)
    places = np.full((len(scenes), len(points), 2), np.nan)
    amounts = np.full((len(scenes), len(ends)), np.nan)
    order = {pair: k for k, pair in enumerate(links)}
    for t, scene in enumerate(scenes):
        for point, at in scene.points.items():
            places[t, number[point]] = _pixels(at, frame)
        for a, b, amount in scene.links:
            if (a, b) in order:
                amounts[t, order[a, b]] = np.nansum([amounts[t, order[a, b]], amount])
    own = tuple(seats.index(point) if point in seats else None for point in points)
    return Net(points, own, np.rint(places), ends, tuple((b, a) in ends and a != b for a, b in ends), amounts)


def _pixels(at: tuple[float, float], frame: Frame) -> tuple[float, float]:
    """A place, with y upwards, in pixels."""
    (x, y), (left, low), (across, upwards) = at, frame.middle, frame.scale
    return WIDTH / 2 + (x - left) * across, HEIGHT / 2 - (y - low) * upwards


def net_data(net: Net) -> dict[str, Any]:
    """What the page needs to draw any step."""
    return {
        "ends": [list(pair) for pair in net.ends],
        "back": [int(both) for both in net.back],
        "most": float(short(most(net))),
        "places": track(net.places.reshape(len(net.places), -1)),
        "amounts": track(net.amounts),
    }


def most(net: Net) -> float:
    """The amount of the widest line; where all are alike, none is wide."""
    found = np.abs(net.amounts[np.isfinite(net.amounts)])
    largest = float(found.max()) if found.size and found.max() > 0 else 1.0
    return largest if found.size and found.min() < largest else 3 * largest


def net_svg(net: Net, t: int, label: str, key: str) -> str:
    """Step `t` as an `<svg>` element; `key` keeps its inner names apart from those of other pictures."""
    tip = (
        f'<marker id="{key}" viewBox="0 0 8 8" refX="{8 + RADIUS * 8 / TIP:g}" refY="4" markerWidth="{TIP}" '
        f'markerHeight="{TIP}" '
        f'orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="{LIGHT["muted"]}"/></marker>'
    )
    links = "".join(_link(net, t, k, key) for k in range(len(net.ends)))
    points = "".join(_point(net, t, k) for k in range(len(net.points)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="net" role="img" aria-label="{escape(label)}" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><defs>{tip}</defs>{links}{points}</svg>'
    )


def _link(net: Net, t: int, k: int, key: str) -> str:
    (a, b), amount = net.ends[k], net.amounts[t, k]
    (x1, y1), (x2, y2) = net.places[t, a], net.places[t, b]
    across = np.array([y1 - y2, x2 - x1]) / max(np.hypot(x2 - x1, y2 - y1), 1e-9) * (5 if net.back[k] else 0)
    x1, y1, x2, y2 = np.nan_to_num(np.rint([x1 + across[0], y1 + across[1], x2 + across[0], y2 + across[1]])).tolist()
    hidden = "" if np.isfinite([amount, *net.places[t, a], *net.places[t, b]]).all() else ' display="none"'
    width = 1 + 6 * abs(np.nan_to_num(amount)) / most(net)
    said = short(float(np.nan_to_num(amount))) if _tells(net) else ""
    return (
        f'<g class="link"{hidden}><line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{LIGHT["load1"]}" '
        f'stroke-width="{width:.2f}" marker-end="url(#{key})"/><text x="{(x1 + x2) / 2:g}" y="{(y1 + y2) / 2 - 5:g}" '
        f'{_LETTERS} font-size="12">{said}</text></g>'
    )


def _tells(net: Net) -> bool:
    """Whether amounts are written beside the links: where they differ, and there are few."""
    known = net.amounts[np.isfinite(net.amounts)]
    return len(net.ends) <= WRITTEN and bool(known.size) and bool((known != known[0]).any())


_LETTERS = (
    f'font-family="{FONT}" text-anchor="middle" fill="{LIGHT["ink"]}" stroke="{LIGHT["paper"]}" stroke-width="3" '
    'paint-order="stroke"'
)


def _point(net: Net, t: int, k: int) -> str:
    """A disc; a seat is known by its number, anything else by its name."""
    (x, y), seat = net.places[t, k], net.seats[k]
    hidden = "" if np.isfinite(net.places[t, k]).all() else ' display="none"'
    paint = f'fill="{LIGHT["ink" if seat is None else seat_colour(seat)]}" stroke="{LIGHT["paper"]}" stroke-width="2"'
    inside = f'font-family="{FONT}" text-anchor="middle" fill="{LIGHT["paper"]}" font-size="11"'
    said = (
        f'<text y="{RADIUS + 15}" {_LETTERS} font-size="12">{escape(name(net.points[k]))}</text>'
        if seat is None
        else f'<text y="4" {inside}>{seat + 1}</text>'
    )
    at = f"translate({np.nan_to_num(x):g} {np.nan_to_num(y):g})"
    return f'<g class="point" transform="{at}"{hidden}><circle r="{RADIUS}" {paint}/>{said}</g>'
