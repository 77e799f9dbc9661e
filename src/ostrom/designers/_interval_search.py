"""The least to forbid so that no unwanted equilibrium is left: branch and bound over cases.

At the ends of intervals where a case is an unwanted equilibrium, one of its needs has to fail: each is a half-space, so
every branch is a linear program. Where the welfare of a case may be high enough somewhere in a box of ends and too low
elsewhere in it, which its slope bounds, the box is halved.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, product
from typing import Literal

import numpy as np

from ..solvers._highs import solve_lp
from ._interval_cases import Case, cases, value
from ._interval_rows import dot, equal, is_hill, is_top, row, solved
from ._interval_target import Row, Tempting
from ._quadratic import Point, Quadratic

CLOSE = 1e-7
"""Share of the range within which a linear program meets its rows."""

FINEST = 2.0**-16
"""Share of the range below which a box is not halved again."""


@dataclass(frozen=True)
class Aim:
    """What may be left: "unique", the target alone; "worst", equilibria of at least the welfare `floor`."""

    goal: Literal["unique", "worst"]
    target: Point
    floor: Fraction


@dataclass(frozen=True)
class Least:
    """What the search came to.

    Attributes
    ----------
    cuts : s_0, t_0, s_1, …, exactly; None when nothing was found.
    size : how much is forbidden; no union of as many intervals forbids less than `at_least`.
    complete : whether all branches were followed to their end.
    branches : how many were.
    """

    cuts: tuple[Fraction, ...] | None
    size: Fraction | None
    at_least: float
    complete: bool
    branches: int


@dataclass(frozen=True)
class _Node:
    rows: tuple[Row, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]


class Search:
    """Over unions of `intervals` intervals; every unwanted case has to miss a need by `margin` (units of choices)."""

    def __init__(self, game: Quadratic, aim: Aim, parts: Sequence[Tempting], intervals: int, margin: Fraction) -> None:
        self.game, self.aim, self.parts, self.count, self.margin = game, aim, parts, intervals, margin
        self.size, self.scale = 2 * intervals, float(game.range)
        self.sharp = aim.goal == "unique" or (
            is_hill(game) and game.welfare(aim.target) == aim.floor and is_top(game, aim.target)
        )
        self.cases = [case for case in cases(game, intervals) if not self._always_fine(case)]
        self.needs = [np.array([[float(f) for f in form] for form in case.needs]) for case in self.cases]
        square, line = game.hessian
        self.square = np.array([[float(v) for v in one] for one in square])
        self.line = np.array([float(v) for v in line])

    def least(self, below: Fraction | None, seconds: float) -> Least:
        """The least to forbid, if it is less than `below`."""
        end, tick = time.monotonic() + seconds, count()
        best, size, lost, seen = None, below, np.inf, 0
        heap: list[tuple[float, int, _Node, Point]] = []
        for node in self._roots():
            self._push(heap, tick, node)
        while heap:
            bound, _, node, cuts = heap[0]
            if size is not None and bound >= float(size) - CLOSE * self.scale:
                break
            if time.monotonic() > end:
                return Least(best, size, min(lost, bound), False, seen)
            heapq.heappop(heap)
            seen += 1
            case = self._broken(cuts)
            if case is None:
                forbidden = self._forbidden(cuts)
                if size is None or forbidden < size:
                    best, size = cuts, forbidden
                continue
            one = self.cases[case]
            halves = None if self.sharp or not self._may_do(one, node) else self._halves(one, node)
            if halves == []:
                lost = min(lost, bound)
            for child in halves or self._children(one, node):
                self._push(heap, tick, child)
        nothing_less = np.inf if size is None else float(size)
        return Least(best, size, min(lost, nothing_less), not np.isfinite(lost) or lost >= nothing_less, seen)

    def fine(self, cuts: Sequence[Fraction]) -> bool:
        """Whether nothing unwanted is left there."""
        return self._broken(cuts) is None

    # Branches

    def _roots(self) -> Iterator[_Node]:
        """Every way to put the target's numbers into intervals, and what tempts into gaps."""
        size, low, high = self.size, self.game.low, self.game.high
        order = [row(size, {j: 1, j + 1: -1}, 0) for j in range(size - 1)]
        wanted = sorted(set(self.aim.target))
        for homes in product(range(self.count), repeat=len(wanted)):
            if list(homes) != sorted(homes):
                continue
            held = [row(size, {2 * k: 1}, z) for k, z in zip(homes, wanted, strict=True)]
            held += [row(size, {2 * k + 1: -1}, -z) for k, z in zip(homes, wanted, strict=True)]
            for gaps in product(range(self.count + 1), repeat=len(self.parts)):
                if list(gaps) == sorted(gaps):
                    shut = [r for g, part in zip(gaps, self.parts, strict=True) for r in self._shut(g, part)]
                    yield _Node((*order, *held, *shut), (low,) * size, (high,) * size)

    def _shut(self, gap: int, part: Tempting) -> Iterator[Row]:
        """The gap before interval number `gap` holds what tempts, and a margin."""
        low, high = part.low, part.high
        if part.movable[0] and low > self.game.low:
            low = max([low - self.margin, *(z for z in self.aim.target if z <= part.low)])
        if part.movable[1] and high < self.game.high:
            high = min([high + self.margin, *(z for z in self.aim.target if z >= part.high)])
        if gap > 0:
            yield row(self.size, {2 * gap - 1: 1}, low)
        if gap < self.count:
            yield row(self.size, {2 * gap: -1}, -high)

    def _children(self, case: Case, node: _Node) -> Iterator[_Node]:
        """A need of the case fails, or it is the target itself."""
        for form in case.needs:
            if any(form[:-1]) or form[-1] <= -self.margin:
                yield _Node((*node.rows, (form[:-1], -self.margin - form[-1])), node.low, node.high)
        rows = [r for form, z in zip(case.at, self._wanted, strict=True) for r in equal(form, z)]
        yield _Node((*node.rows, *rows), node.low, node.high)

    def _halves(self, case: Case, node: _Node) -> list[_Node]:
        """The box halved in the widest cut that the case depends on; none when it is small."""
        used = [j for j in range(self.size) if any(form[j] for form in case.at)]
        widths = {j: node.high[j] - node.low[j] for j in used}
        widest = max(widths, key=lambda j: widths[j], default=-1)
        if widest < 0 or widths[widest] <= FINEST * self.game.range:
            return []
        middle = (node.low[widest] + node.high[widest]) / 2
        lower = tuple(middle if j == widest else v for j, v in enumerate(node.high))
        upper = tuple(middle if j == widest else v for j, v in enumerate(node.low))
        return [_Node(node.rows, node.low, lower), _Node(node.rows, upper, node.high)]

    def _may_do(self, case: Case, node: _Node) -> bool:
        """Whether the welfare of a case may reach the floor somewhere in the box: its Taylor series is exact."""
        middle = [(a + b) / 2 for a, b in zip(node.low, node.high, strict=True)]
        half = np.array([float(b - a) / 2 for a, b in zip(node.low, node.high, strict=True)])
        at = [value(form, middle) for form in case.at]
        radius = np.abs(np.array([[float(f) for f in form[:-1]] for form in case.at])) @ half
        lean = np.abs(self.square @ np.array([float(x) for x in at]) + self.line)
        most = float(self.game.welfare(at)) + lean @ radius + radius @ np.abs(self.square) @ radius / 2
        return bool(most >= float(self.aim.floor))

    # Points

    def _push(self, heap: list[tuple[float, int, _Node, Point]], tick: Iterator[int], node: _Node) -> None:
        keep = np.array([-1.0, 1.0] * self.count)
        matrix = np.array([[float(f) for f in one] for one, _ in node.rows])
        right = np.array([float(number) for _, number in node.rows])
        low, high = (np.array([float(v) for v in end]) for end in (node.low, node.high))
        found = solve_lp(keep, matrix, right, lower=low, upper=high, maximise=True)
        if found.status == "optimal" and found.x is not None:
            cuts = self._vertex(node, np.asarray(found.x, float))
            if cuts is not None:
                heapq.heappush(heap, (self.scale - float(keep @ found.x), next(tick), node, cuts))

    def _vertex(self, node: _Node, near: np.ndarray) -> Point | None:
        """The exact corner that the program's answer stands for; None where there is none: it met no row exactly."""
        bounds = [row(self.size, {j: 1}, v) for j, v in enumerate(node.high)]
        bounds += [row(self.size, {j: -1}, -v) for j, v in enumerate(node.low)]
        rows = [*node.rows, *bounds]
        slack = [abs(float(number) - float(np.dot([float(f) for f in one], near))) for one, number in rows]
        corner = solved(
            [rows[k] for k in np.argsort(slack) if slack[k] <= 10 * CLOSE * max(self.scale, 1.0)], self.size
        )
        if corner is None or any(dot(one, corner) > number for one, number in rows):
            return None
        return corner

    def _broken(self, cuts: Sequence[Fraction]) -> int | None:
        """The unwanted case that is most clearly an equilibrium there.

        Without a margin a need of exactly 0 counts as missed: as little is then not reached, only come near to.
        """
        numbers = np.array([*map(float, cuts), 1.0])
        least = np.array([(needs @ numbers).min() for needs in self.needs])
        for k in np.argsort(-least):
            if least[k] <= -float(self.margin) - 1e-9 * self.scale:
                return None
            case = self.cases[k]
            met = min(value(form, cuts) for form in case.needs) > -self.margin
            if met and not self._wants([value(form, cuts) for form in case.at]):
                return int(k)
        return None

    @property
    def _wanted(self) -> Point:
        return tuple(sorted(self.aim.target)) if self.game.symmetric else self.aim.target

    def _wants(self, at: Sequence[Fraction]) -> bool:
        if self.aim.goal == "unique" or tuple(at) == self._wanted:
            return tuple(at) == self._wanted
        return self.game.welfare(at) >= self.aim.floor

    def _always_fine(self, case: Case) -> bool:
        fixed = not any(any(form[:-1]) for form in case.at)
        return fixed and self._wants([form[-1] for form in case.at])

    def _forbidden(self, cuts: Sequence[Fraction]) -> Fraction:
        return self.game.range - sum((t - s for s, t in zip(cuts[::2], cuts[1::2], strict=True)), Fraction(0))
