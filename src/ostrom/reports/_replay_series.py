"""Numbers of a replay over time: what each seat has got so far, what it has, and what belongs to all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from ..core.scene import Scene
from ._replay_grid import seat_colour
from ._replay_tracks import short
from ._replay_words import measured
from ._theme import FONT, LIGHT
from ._words import name, number

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 96, 46, 14, 8, 18
"""Pixels of a chart, and of what stands at its left, at its right, above and below."""
LETTER, NAMED = 10, 7
"""Pixels from one number at the end of a line to the next, and how many there are at most."""
PAID = "payoff so far"
BINS = 120
"""Places across a chart; where there are more steps, each shows the least and the most of its own."""


class Series(NamedTuple):
    """A number for each seat in each step, `float[T, P]`, or one that belongs to all, `float[T, 1]`."""

    name: str
    values: np.ndarray
    shared: bool


def series_of(
    scenes: Sequence[Scene], payoffs: np.ndarray, facts: Mapping[str, np.ndarray], units: Mapping[str, str]
) -> tuple[Series, ...]:
    """What there is to draw: payoffs so far, dials and rows of the scenes, facts so far."""
    seats, told = payoffs.shape[1], [Series(PAID, np.cumsum(payoffs, 0), False)]
    for kind in dict.fromkeys(kind for scene in scenes for kind in scene.dials):
        told.append(Series(name(kind), np.array([[scene.dials.get(kind, np.nan)] for scene in scenes], float), True))
    for kind in dict.fromkeys(kind for scene in scenes for kind in scene.rows):
        told.append(Series(name(kind), np.array([_row(scene.rows.get(kind), seats) for scene in scenes]), False))
    known = {one.name for one in told}  # of these, what there is in each step says more
    for kind, amount in ((kind, amount) for kind, amount in facts.items() if name(kind) not in known):
        told.append(Series(measured(f"{kind} so far", units.get(kind, "")), np.cumsum(amount, 0), False))
    return tuple(told)


def repeated(one: Series, others: Sequence[Series]) -> bool:
    """Whether the numbers are those of another, or those of another a step later."""
    alike = [other.values for other in others if other.values.shape == one.values.shape]
    return any(np.array_equal(one.values, own) or np.array_equal(one.values[1:], own[:-1]) for own in alike)


def _row(row: Any, seats: int) -> np.ndarray:
    return np.full(seats, np.nan) if row is None else np.broadcast_to(np.asarray(row, float).reshape(-1), seats)


def ends_of(many: Sequence[Series]) -> dict[str, tuple[float, float]]:
    """The least and the most of each name over several replays, which share their axes."""
    found = {}
    for kind in dict.fromkeys(one.name for one in many):
        found[kind] = _ends(np.concatenate([one.values.ravel() for one in many if one.name == kind]))
    return found


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Both ends of an axis: 0 is on it, unless all values lie close together far from it; 0 to 1 where all are 0."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low < high and high - low < 0.25 * max(abs(low), abs(high)):
        return low, high
    return (0.0, 1.0) if low == high == 0 else (min(low, 0.0), max(high, 0.0))


def chart_svg(one: Series, ends: tuple[float, float], label: str, at: int | None = 0) -> str:
    """A line for each seat, and a mark at step `at`, as an `<svg>` element."""
    (low, high), steps = ends, len(one.values)
    across = f'H{WIDTH - RIGHT}" stroke="{LIGHT["line"]}"'
    zero = f'<path d="M{LEFT} {_y(0, low, high):.1f}{across}/>' if low < 0 < high else ""
    mark = "" if at is None else f'<path class="now" d="M{x_of(at, steps):.1f} {TOP}V{HEIGHT - BOTTOM}" {_MARK}/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{escape(label)}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}{across} fill="none"/>{zero}'
        f"{_lines(one, low, high)}{_numbers(one, low, high)}{mark}"
        f"{_label(LEFT - 5, TOP + 9, 'end', number(high, 3))}{_label(LEFT - 5, HEIGHT - BOTTOM, 'end', number(low, 3))}"
        f"{_label(LEFT, HEIGHT - 4, 'start', 'step 1')}{_label(WIDTH - RIGHT, HEIGHT - 4, 'end', str(steps))}</svg>"
    )


def _lines(one: Series, low: float, high: float) -> str:
    shapes = list(enumerate(_shapes(one.values, low, high)))
    return "".join(
        f'<path d="{shape}" fill="none" stroke="{LIGHT["ink" if one.shared else seat_colour(seat)]}" '
        f'stroke-width="1.6" stroke-linejoin="round"/>'
        for seat, shape in reversed(shapes)
    )


def _numbers(one: Series, low: float, high: float) -> str:
    """The number of each seat where its line ends, none on another; nothing where there is no room for all."""
    ends = [(_y(value, low, high), seat) for seat, value in enumerate(one.values[-1].tolist()) if np.isfinite(value)]
    if one.shared or len(ends) > NAMED:
        return ""
    written, above = "", -np.inf
    for k, (y, seat) in enumerate(sorted(ends)):
        above = min(max(y, above + LETTER), HEIGHT - BOTTOM - (len(ends) - 1 - k) * LETTER)
        written += _label(WIDTH - RIGHT + 4, round(above + 4, 1), "start", str(seat + 1), seat_colour(seat))
    return written


_MARK = f'stroke="{LIGHT["muted"]}" stroke-width="1.5" stroke-dasharray="3 2"'


def x_of(t: float, steps: int) -> float:
    """Where step `t` stands across a chart."""
    return LEFT + 2 + (WIDTH - LEFT - RIGHT - 2) * t / max(steps - 1, 1)


def _y(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.0
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share


def _shapes(values: np.ndarray, low: float, high: float) -> Iterator[str]:
    """The line of each column; broken where there is no number."""
    steps = np.arange(len(values)) if len(values) <= BINS else None
    for column in values.T:
        chosen = _outline(column) if steps is None else steps
        shape, down = "", False
        for t in map(int, chosen):
            fine = bool(np.isfinite(column[t]))
            shape += f"{'L' if down else 'M'}{x_of(t, len(values)):.1f} {_y(column[t], low, high):.1f}" if fine else ""
            down = fine
        yield shape


def _outline(column: np.ndarray) -> np.ndarray:
    """Steps at which a long line has its least and its most, place by place, with both ends."""
    bins = np.array_split(np.arange(len(column)), BINS // 2)
    known = np.where(np.isfinite(column), column, 0.0)
    corners = [own[pick(known[own])] for own in bins for pick in (np.argmin, np.argmax)]
    return np.unique([0, *corners, len(column) - 1])


def _label(x: float, y: float, anchor: str, words: str, colour: str = "muted") -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="11" text-anchor="{anchor}" fill="{LIGHT[colour]}">'
        f"{escape(words)}</text>"
    )


def shown(value: float) -> str:
    """A number as a cell of the page shows it at a step."""
    return "–" if value != value else short(value)
