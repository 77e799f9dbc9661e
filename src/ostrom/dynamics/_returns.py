"""Whether a path comes back to where it was: rounds of a map, and crossings of a plane by a flow."""

from __future__ import annotations

import numpy as np

from ..core.game import Array

SAME = 5e-3
"""Two places on a path are the same within this share of its extent."""

LONGEST = 64
"""The longest cycle that is looked for, in rounds or in crossings."""


def cycle_of_map(path: Array) -> int | None:
    """The fewest rounds, up to a quarter of them, after which all of a path `[T, n]` repeats itself; None if never."""
    extent = np.ptp(path, axis=0).max()
    for period in range(1, len(path) // 4 + 1):
        if np.abs(path[period:] - path[:-period]).max() <= 1e-6 * extent:
            return period
    return None


def cycle_of_flow(path: Array, span: float) -> float | None:
    """The time after which a path `[T, n]`, looked at every `span`, repeats itself; None if never.

    It crosses the middle of its widest coordinate upwards again and again (Poincaré's section); on a cycle the places
    where it does so are few, and come in the same order.
    """
    extent = np.ptp(path, axis=0)
    widest = int(extent.argmax())
    height = path[:, widest] - path[:, widest].mean()
    at = np.flatnonzero((height[:-1] < 0) & (height[1:] >= 0))
    if len(at) < 4:
        return None
    share = height[at] / (height[at] - height[at + 1])
    places = path[at] + share[:, None] * (path[at + 1] - path[at])
    times = (at + share) * span
    for period in range(1, min(LONGEST, (len(places) - 1) // 3) + 1):
        if np.abs(places[period:] - places[:-period]).max() <= SAME * extent.max():
            return float(np.mean(times[period:] - times[:-period]))
    return None
