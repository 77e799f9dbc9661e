"""Which moves to keep and which of them is to dominate each other one: the cheapest way, by branch and bound.

Under promised payments the undominated joint moves form a rectangle X_1 × … × X_P. A rectangle and a kept move `o` for
each other move `x` fix the least payments: player i is paid for `o`, against every joint move of the others, what `x`
brings more. Nodes of the tree fix some of that; what they have to pay already is a bound on all that follows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..core.game import Array
from ._undominated import NOISE, dominated, pay, rows_of, sides

Cost = Literal["worst", "expected", "best"]

OPEN = -1
"""A move of which nothing is decided yet."""

By = tuple[tuple[int, ...], ...]
"""For every player and each of its moves which move dominates it; a kept move stands for itself."""

Order = tuple[int, int, int, int]
"""A player, a kept move, another one, and where (others' joint move, by number) the first has to be better."""


@dataclass(frozen=True)
class Search:
    """The payments `≥ 0` of least cost under which all undominated joint moves are wanted.

    Attributes
    ----------
    payoffs : `float[A_1, …, A_P, P]`.
    wanted : `bool[A_1, …, A_P]`.
    lead : by how much a dominated move has to be worse, whatever the others do (0: as good is bad enough).
    cost : the payment at the "worst", the average ("expected") or the "best" of the undominated joint moves.
    exact : whether all that is wanted has to be undominated; it is then a rectangle.
    """

    payoffs: Array
    wanted: Array
    lead: float
    cost: Cost = "worst"
    exact: bool = False

    def run(self, steps: int) -> Found:
        """Best-first, deeper nodes first among equals; `steps` is the most nodes that are looked at."""
        best, count = self._first(), 0
        root = self._root()
        queue: list[tuple[float, int, int, By, tuple[Order, ...]]] = [(0.0, 0, 0, root, ())]
        while queue and count < steps and queue[0][0] < best.cost - self._noise:
            bound, depth, _, by, above = heapq.heappop(queue)
            for child, more in self._children(by, above):
                count += 1
                paid = self.payments(child, more)
                low = max(bound, self._least(child, paid))
                if low < best.cost - self._noise:
                    if self._whole(child) and self._crossing(child, more, paid) is None:
                        best = Found(child, more, low)
                    else:
                        heapq.heappush(queue, (low, depth - 1, count, child, more))
        low = min(queue[0][0] if queue else np.inf, best.cost)
        return replace(best, bound=best.cost if low >= best.cost - self._noise else low, steps=count)

    def payments(self, by: By, above: tuple[Order, ...] = ()) -> Array:
        """The least payments `[A_1, …, A_P, P]` for what is decided."""
        paid = np.zeros(self.payoffs.shape)
        for i, dominators in enumerate(by):
            own, given = (np.moveaxis(table[..., i], i, 0) for table in (self.payoffs, paid))
            for move, best in enumerate(dominators):
                if best not in (OPEN, move):
                    given[best] = np.maximum(given[best], own[move] - own[best] + self.lead)
        for _ in above:  # as often as orders can follow from one another
            for i, high, low, column in above:
                own, given = (rows_of(table, i) for table in (self.payoffs, paid))
                due = own[low, column] + given[low, column] - own[high, column] + self.lead
                pay(paid, i, high, column, max(due, float(given[high, column])))
        return paid

    def _least(self, by: By, paid: Array) -> float:
        """What is paid at least, in the end, by what is decided; the cost itself where all is decided."""
        kept = [[move for move, best in enumerate(own) if best == move] for own in by]
        left = [[move for move, best in enumerate(own) if best in (OPEN, move)] for own in by]
        total = paid.sum(-1)
        sure, may = total[np.ix_(*kept)], total[np.ix_(*left)]
        if self.cost == "worst":
            return float(sure.max(initial=0.0))
        return max(float(may.min()), float(sure.sum()) / may.size if self.cost == "expected" else 0.0)

    def _root(self) -> By:
        if not self.exact:
            return tuple((OPEN,) * size for size in self.wanted.shape)
        kept = sides(self.wanted)
        return tuple(
            tuple(move if move in own else OPEN for move in range(size))
            for own, size in zip(kept, self.wanted.shape, strict=True)
        )

    def _first(self) -> Found:
        """The cheapest single wanted joint move; of a whole set, each move dominated where that takes least."""
        if not self.exact:
            alone = [(self._alone(tuple(map(int, place))), place) for place in np.argwhere(self.wanted)]
            best, place = min(alone, key=lambda one: one[0])
            return Found(
                tuple((int(move),) * size for move, size in zip(place, self.wanted.shape, strict=True)), (), best
            )
        by, kept = [], sides(self.wanted)
        for i, own in enumerate(kept):
            rows = np.moveaxis(self.payoffs[..., i], i, 0)
            seen = rows[np.ix_(range(len(rows)), *(kept[k] for k in range(len(kept)) if k != i))]
            short = (seen[:, None] - seen[None, list(own)]).reshape(len(rows), len(own), -1).max(-1)
            by.append(tuple(m if m in own else own[int(np.argmin(short[m]))] for m in range(len(rows))))
        paid = self.payments(tuple(by))
        crossing = self._crossing(tuple(by), (), paid)
        return Found(tuple(by), (), self._least(tuple(by), paid) if crossing is None else np.inf)

    def _alone(self, place: tuple[int, ...]) -> float:
        """What the joint move costs by itself (Monderer and Tennenholtz 2004)."""
        total = 0.0
        for i, part in enumerate(place):
            own = self.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
            total += max(0.0, float(np.delete(own, part).max()) - float(own[part]) + self.lead)
        return total

    def _whole(self, by: By) -> bool:
        return all(OPEN not in own for own in by)

    def _children(self, by: By, above: tuple[Order, ...]) -> Iterator[tuple[By, tuple[Order, ...]]]:
        """Every way to decide about the next move; when all is decided, every way to part two that are kept."""
        i = max(range(len(by)), key=lambda k: by[k].count(OPEN))  # in turns: what others keep makes moves dear
        if OPEN not in by[i]:
            crossing = self._crossing(by, above, self.payments(by, above))
            if crossing is not None:
                i, high, low = crossing
                for column in range(self.wanted.size // self.wanted.shape[i]):
                    if not _follows(above, i, low, high, column):
                        yield by, (*above, (i, high, low, column))
            return
        move = by[i].index(OPEN)
        for best, state in enumerate(by[i]):
            if state in (OPEN, best) and not (self.exact and best == move):
                own = list(by[i])
                own[move], own[best] = best, best
                child = (*by[:i], tuple(own), *by[i + 1 :])
                if self._possible(child):
                    yield child, above

    def _possible(self, by: By) -> bool:
        """Whether all that is kept already is wanted."""
        kept = [[move for move, best in enumerate(own) if best == move] for own in by]
        left = [own if own else [m for m, best in enumerate(by[i]) if best == OPEN] for i, own in enumerate(kept)]
        inside = self.wanted[np.ix_(*left)]
        settled = tuple(i for i, own in enumerate(kept) if own)
        return all(map(len, left)) and bool(inside.all(axis=settled).any() if settled else inside.any())

    def _crossing(self, by: By, above: tuple[Order, ...], paid: Array) -> tuple[int, int, int] | None:
        """`(player, move, other)`: a kept move that another dominates, where nothing off the path can part them.

        Payments against what the others never do part kept moves at no cost. That fails for a player whose others keep
        all their moves. The worst case does not ask for it: the fewer are undominated, the better.
        """
        if self.cost == "worst" and not self.exact:
            return None
        for i, own in enumerate(by):
            others = (other for k, other in enumerate(by) if k != i)
            if any(best != move for other in others for move, best in enumerate(other)):
                continue
            rows = rows_of(self.payoffs, i) + rows_of(paid, i)
            kept, parted = [m for m, best in enumerate(own) if best == m], {one[:3] for one in above}
            for high, low in dominated(rows, kept, self._noise):
                if (i, high, low) not in parted:
                    return i, high, low
        return None

    @property
    def _noise(self) -> float:
        return NOISE * (float(np.ptp(self.payoffs)) or 1.0)


@dataclass(frozen=True)
class Found:
    """What a search came to.

    Attributes
    ----------
    by, above : what is kept and dominated by what, and which kept moves are parted where.
    cost : what it costs; infinite where nothing was found.
    bound : nothing costs less. steps : nodes that were looked at.
    """

    by: By
    above: tuple[Order, ...]
    cost: float
    bound: float = 0.0
    steps: int = 0

    @property
    def kept(self) -> tuple[tuple[int, ...], ...]:
        """The rectangle: per player the moves that are kept."""
        return tuple(tuple(move for move, best in enumerate(own) if best == move) for own in self.by)


def _follows(above: tuple[Order, ...], i: int, high: int, low: int, column: int) -> bool:
    """Whether the orders already put one move above the other there."""
    below = [one[2] for one in above if (one[0], one[1], one[3]) == (i, high, column)]
    return low in below or any(_follows(above, i, move, low, column) for move in below)
