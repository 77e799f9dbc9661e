"""Boxes that hold every equilibrium of a quadratic game on a union of intervals, by interval arithmetic.

Boxes are halved, and those are dropped in which some number that is left pays one player more than any of the box,
whatever the others do in it. All of that is rounded outwards, and knows nothing of how equilibria are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np

from ._quadratic import Point, Quadratic

FINEST = 2.0**-18
"""Share of the range to which boxes are halved."""

MOST = 100_000
"""Boxes that are looked at together, at most."""

Array = Any


@dataclass(frozen=True)
class Span:
    """Intervals [low, high], arrays of any shape; every operation rounds outwards."""

    low: Array
    high: Array

    @classmethod
    def of(cls, number: Fraction) -> Span:
        """The narrowest interval of floats about a number."""
        near = float(number)
        exact = Fraction(near) == number
        return cls(*(np.float64(near if exact else np.nextafter(near, end)) for end in (-np.inf, np.inf)))

    def __add__(self, other: Span) -> Span:
        return _outward(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return _outward(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Span) -> Span:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _outward(np.minimum.reduce(ends), np.maximum.reduce(ends))


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Where equilibria can be.

    Attributes
    ----------
    low, high : `float[N, P]`, a box per row: those that touch are one.
    welfare : `(least, most)` in any of them; None where there is no box, hence no equilibrium.
    complete : whether boxes were halved to the end; otherwise they still hold every equilibrium, with more besides.
    looked_at : how many boxes were.
    """

    low: np.ndarray
    high: np.ndarray
    welfare: tuple[float, float] | None
    complete: bool
    looked_at: int

    def without(self, points: Sequence[Point]) -> int:
        """How many of the boxes hold none of these points."""
        held = np.zeros(len(self.low), bool)
        for point in points:
            spans = [Span.of(x) for x in point]
            low, high = (np.array([getattr(s, end) for s in spans]) for end in ("low", "high"))
            held |= ((self.low <= high) & (low <= self.high)).all(-1)
        return int((~held).sum())


def enclosure(game: Quadratic, left: Sequence[tuple[Fraction, Fraction]]) -> Enclosure:
    """Boxes about all pure equilibria with only these intervals left; of equal players the lower first."""
    parts = [(Span.of(s).low, Span.of(t).high) for s, t in left]
    listed = product(parts, repeat=game.players)
    if game.symmetric:
        listed = combinations_with_replacement(parts, game.players)
    boxes = np.array(list(listed), float)
    smallest, done, seen = FINEST * float(game.range), [], 0
    while len(boxes) and seen < 50 * MOST and len(boxes) <= MOST:
        seen += len(boxes)
        boxes = boxes[_stay(game, left, boxes)]
        width = boxes[..., 1] - boxes[..., 0]
        small = width.max(-1) <= smallest
        done.append(boxes[small])
        boxes, widest = boxes[~small], width[~small].argmax(-1)
        boxes = _halved(boxes, widest)
        if game.symmetric:
            boxes = boxes[(boxes[:, :-1, 0] <= boxes[:, 1:, 1]).all(-1)]
    low, high = _joined(np.concatenate([*done, boxes]))
    worth = _welfare(game, Span(low, high)) if len(low) else None
    return Enclosure(low, high, worth and (float(worth.low.min()), float(worth.high.max())), not len(boxes), seen)


def _stay(game: Quadratic, left: Sequence[tuple[Fraction, Fraction]], boxes: np.ndarray) -> np.ndarray:
    """`bool[N]`: in which boxes nobody is sure to gain by one of the numbers tried."""
    stay = np.ones(len(boxes), bool)
    for i in range(game.players):
        a, b, d = map(Span.of, game.slope(i))
        own, other = Span(boxes[:, i, 0], boxes[:, i, 1]), Span(np.zeros(len(boxes)), np.zeros(len(boxes)))
        for j in range(game.players):
            if j != i:
                other = other + Span(boxes[:, j, 0], boxes[:, j, 1])
        lean = b * other + d
        for move in _tries(a, lean, left):
            gain = (move - own) * (a * (move + own) + lean)
            stay &= ~(gain.low > 0)
    return stay


def _tries(a: Span, lean: Span, left: Sequence[tuple[Fraction, Fraction]]) -> list[Span]:
    """All ends, and the number of each interval that is about the best reply to the middle of the box."""
    moves = [Span.of(end) for interval in left for end in interval]
    if a.high < 0:
        peak = -(lean.low + lean.high) / (2 * (a.low + a.high))
        for s, t in left:
            inner_low, inner_high = Span.of(s).high, Span.of(t).low
            if inner_low <= inner_high:
                at = np.clip(peak, inner_low, inner_high)
                moves.append(Span(at, at))
    return moves


def _halved(boxes: np.ndarray, widest: np.ndarray) -> np.ndarray:
    rows = np.arange(len(boxes))
    middle = boxes[rows, widest].mean(-1)
    lower, upper = boxes.copy(), boxes.copy()
    lower[rows, widest, 1] = middle
    upper[rows, widest, 0] = middle
    return np.concatenate([lower, upper])


def _joined(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One box about each heap of boxes that touch."""
    boxes = boxes[np.lexsort(boxes[..., 0].T[::-1])]
    while True:
        merged: list[np.ndarray] = []
        for box in boxes:
            for k, other in enumerate(merged):
                if ((box[:, 0] <= other[:, 1]) & (other[:, 0] <= box[:, 1])).all():
                    merged[k] = np.stack([np.minimum(box[:, 0], other[:, 0]), np.maximum(box[:, 1], other[:, 1])], -1)
                    break
            else:
                merged.append(box)
        if len(merged) == len(boxes):
            return boxes[..., 0], boxes[..., 1]
        boxes = np.array(merged)


def _welfare(game: Quadratic, at: Span) -> Span:
    """The welfare in boxes, by its Taylor series about their middles: exact, for it is quadratic."""
    square, line = game.hessian
    middle = (at.low + at.high) / 2
    worth = [Span.of(game.welfare([Fraction(float(x)) for x in row])) for row in middle]
    total = Span(np.array([w.low for w in worth]), np.array([w.high for w in worth]))
    away = [Span(at.low[:, i], at.high[:, i]) - Span(middle[:, i], middle[:, i]) for i in range(game.players)]
    for i in range(game.players):
        slope = Span.of(line[i])
        for j in range(game.players):
            factor = Span.of(square[i][j])
            slope = slope + factor * Span(middle[:, j], middle[:, j]) + Span.of(square[i][j] / 2) * away[j]
        total = total + slope * away[i]
    return total


def _outward(low: Array, high: Array) -> Span:
    return Span(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))
