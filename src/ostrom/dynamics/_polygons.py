"""Convex polygons in the plane, as their corners in order round them (any number of them, also two, one or none)."""

from __future__ import annotations

import numpy as np

from ..core.game import Array

CLOSE = 1e-12
"""Distances below this share of the extent, and turns of its square, are rounding and make no corners."""


def hull(points: Array, close: float = CLOSE) -> Array:
    """The corners `float[V, 2]` of the convex hull of `float[N, 2]`, counterclockwise (Andrew 1979).

    Points nearer to one another than `close` of the extent are one, and so slight a turn is none.
    """
    points = np.unique(np.asarray(points, float).reshape(-1, 2), axis=0)
    extent = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    points = points[
        [not (np.abs(points[:k] - point) <= close * max(1.0, extent)).all(1).any() for k, point in enumerate(points)]
    ]
    if len(points) < 3:
        return points
    straight = close * max(1.0, extent) ** 2

    def half(order: Array) -> list[Array]:
        chain: list[Array] = []
        for point in order:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= straight:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    lower, upper = half(points), half(points[::-1])
    for one, other in ((lower, upper), (upper, lower)):  # where the halves meet, rounding may leave a corner too many
        if len(lower) + len(upper) > 3 and _turn(other[-1], one[0], [*one, *other][1]) <= straight:
            del one[0]
    return np.array(lower + upper)


def above(corners: Array, axis: int, least: float) -> Array:
    """Corners of the part of a polygon whose coordinate `axis` is at least `least` (Sutherland and Hodgman 1974)."""
    kept = []
    for here, there in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside, next_inside = here[axis] >= least, there[axis] >= least
        if inside:
            kept.append(here)
        if inside != next_inside:
            share = (least - here[axis]) / (there[axis] - here[axis])
            cut = here + share * (there - here)
            cut[axis] = least
            kept.append(cut)
    return np.array(kept).reshape(-1, 2)


def _turn(a: Array, b: Array, c: Array) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
