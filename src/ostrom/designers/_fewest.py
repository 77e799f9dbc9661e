"""The lightest set of moves to remove that breaks no clause: by integer programming, or by a tree without a solver."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..core.game import Array
from ..solvers._highs import Sparse, solve_milp
from ._clauses import Clause, Clauses, Move, Removals

WHOLE = 1e-6
"""HiGHS takes a number this near to a whole one for whole, so bounds are rounded up only beyond it."""


@dataclass(frozen=True)
class Task:
    """What is to be removed at least, what has to stay, and what a removal weighs.

    Attributes
    ----------
    free : the moves that may be removed or left, in order; nothing else is searched over.
    forced : moves that are removed in any case.
    weights : of every free or forced move, above 0.
    """

    free: tuple[Move, ...]
    forced: Removals
    weights: Mapping[Move, float]

    def weight(self, removed: Removals) -> float:
        """What a set of removals weighs."""
        return math.fsum(self.weights[move] for move in removed)

    def at_least(self, bound: float) -> float:
        """A bound on the weight, rounded up to a whole number where all weights are whole."""
        whole = all(float(weight).is_integer() for weight in self.weights.values())
        return float(math.ceil(bound - WHOLE)) if whole and math.isfinite(bound) else bound


@dataclass(frozen=True)
class Fewest:
    """Removals that satisfy all clauses, the weight below which nothing does, and the clauses that show it."""

    removed: Removals
    at_least: float
    optimal: bool
    used: tuple[Clause, ...]


def fewest(task: Task, clauses: Clauses, seconds: float) -> Fewest:
    """The lightest removals, by integer programs to which broken clauses are added until none is broken.

    Removing every free move has to be an answer; up to half of the time goes into giving back what can be. Out of time
    the lightest known answer is given.
    """
    end = time.monotonic() + seconds
    best, pool = pruned(task, clauses, end - seconds / 2), []
    bound = task.at_least(task.weight(task.forced))
    while (left := end - time.monotonic()) > 0 and bound < task.weight(best) - WHOLE:
        answer = solve_milp(*_program(task, pool), time_limit=left)
        bound = max(bound, task.at_least(answer.bound + task.weight(task.forced)))
        if answer.x is None or answer.status != "optimal":
            break
        removed = task.forced | {move for move, out in zip(task.free, answer.x, strict=True) if out}
        broken = clauses.broken(removed, end - time.monotonic())
        if broken is None:
            break
        if not broken:
            best = removed
            break
        pool += broken
    return Fewest(best, min(bound, task.weight(best)), bound >= task.weight(best) - WHOLE, tuple(pool))


def pruned(task: Task, clauses: Clauses, end: float) -> Removals:
    """Removals none of which can be taken back alone: of all free moves, the heaviest are given back first."""
    removed, given = task.forced | set(task.free), True
    order = sorted(task.free, key=lambda move: -task.weights[move])
    while given and time.monotonic() < end:
        given = False
        for move in order:
            left = end - time.monotonic()
            if move in removed and left > 0 and clauses.broken(removed - {move}, left) == []:
                removed, given = removed - {move}, True
    return removed


def _program(task: Task, pool: list[Clause]) -> tuple[Array, Sparse, Array]:
    """Costs and rows `A x ≤ b`, one column per free move: Σ over S of x + Σ over T of (1 − x) ≥ 1, turned round."""
    column = {move: k for k, move in enumerate(task.free)}
    rows = [_row(clause, column, task.forced) for clause in pool]
    entries = [(k, j, value) for k, (row, _) in enumerate(rows) for j, value in row.items()]
    row, col, values = (np.array(part) for part in zip(*entries, strict=True)) if entries else (np.zeros(0, int),) * 3
    costs = np.array([task.weights[move] for move in task.free], float)
    right = np.array([float(bound) for _, bound in rows])
    return costs, Sparse(values.astype(float), row, col, (len(rows), len(costs))), right


def _row(clause: Clause, column: Mapping[Move, int], forced: Removals) -> tuple[dict[int, float], float]:
    """`(coefficients, right-hand side)`; a move that is both used and tempting satisfies the clause whatever it is."""
    row: dict[int, float] = {}
    for move in clause.support & column.keys():
        row[column[move]] = row.get(column[move], 0.0) - 1.0
    for move in clause.profitable & column.keys():
        row[column[move]] = row.get(column[move], 0.0) + 1.0
    met = len(clause.support & forced) + len(clause.profitable - column.keys() - forced)
    return {k: value for k, value in row.items() if value}, len(clause.profitable & column.keys()) - 1 + met


@dataclass
class Tree:
    """A search tree without a solver: whoever breaks a clause has to remove one more of the moves it uses.

    The tempting moves of a broken clause are all removed, and stay so in every larger set; what can still satisfy it is
    in its support. The first branch removes the first of those, the second keeps it and removes the next, and so on.
    Clauses that share no such move bound from below what has still to be removed.
    """

    task: Task
    clauses: Clauses
    nodes: int = 100_000
    seconds: float = math.inf
    seen: int = 0
    complete: bool = True
    best: Removals | None = None
    _known: list[Clause] = field(default_factory=list)

    def lightest(self, below: float = math.inf) -> Removals | None:
        """The lightest removals that weigh less than `below`; None means there are none when `complete`."""
        self._below, self._end = below, time.monotonic() + self.seconds
        self._look(self.task.forced, frozenset(), self.task.weight(self.task.forced))
        return self.best

    def _look(self, removed: Removals, kept: Removals, weight: float) -> None:
        if weight >= self._below - WHOLE or not self.complete:
            return
        self.seen += 1
        broken = self._broken(removed)
        if broken is None or self.seen > self.nodes:
            self.complete = False
        elif not broken:
            self.best, self._below = removed, weight
        else:
            self._branch(removed, kept, weight, broken)

    def _branch(self, removed: Removals, kept: Removals, weight: float, broken: list[Clause]) -> None:
        free = frozenset(self.task.free) - kept
        open_ = sorted((clause.support & free for clause in broken), key=lambda moves: (len(moves), sorted(moves)))
        if weight + self._needed(open_) >= self._below - WHOLE:
            return
        for move in sorted(open_[0], key=lambda move: -sum(move in moves for moves in open_)):
            self._look(removed | {move}, kept, weight + self.task.weights[move])
            kept = kept | {move}

    def _needed(self, open_: list[Removals]) -> float:
        """What clauses without a move in common ask for at least, each its lightest move."""
        taken, needed = frozenset(), 0.0
        for moves in open_:
            if not moves & taken:
                needed += min((self.task.weights[move] for move in moves), default=math.inf)
                taken |= moves
        return needed

    def _broken(self, removed: Removals) -> list[Clause] | None:
        """Broken clauses among those met before, else new ones."""
        if found := [clause for clause in self._known if clause.broken(removed)]:
            return found
        found = self.clauses.broken(removed, self._end - time.monotonic())
        self._known += found or []
        return found
