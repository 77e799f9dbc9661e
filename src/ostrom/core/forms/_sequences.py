"""What one player can have done on the way to an end: its sequences (von Stengel 1996), with sums and best replies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..game import Array
from ._tree import Tree

History = tuple[tuple[int, int], ...]
"""Own choices on the way, in order: (number among the own information sets, move)."""


@dataclass(frozen=True, eq=False)
class Sequences:
    """The K sequences of one player; number 0 is having done nothing yet.

    Attributes
    ----------
    histories : the own choices that make each sequence, shorter ones first.
    sets : how many moves each own information set has, in order.
    perfect_recall : whether each information set tells all that its player did and knew before.
    before : `int[H]`, the sequence that leads to each own information set.
    parent : `int[K]`, the sequence without its last choice; -1 for number 0.
    info, move : `int[K]`, the last choice; -1 for number 0.
    levels : information sets that can be dealt with together, those that come last first; of each level the numbers
        `int[h]` of the sets, where each one's sequences begin in `rows`, and their `rows`.
    """

    histories: tuple[History, ...]
    sets: tuple[int, ...]
    perfect_recall: bool
    before: Array
    parent: Array
    info: Array
    move: Array
    levels: tuple[tuple[Array, Array, Array], ...]

    def realised(self, odds: Array) -> Array:
        """`[..., K]`: the odds of doing all of a sequence, from the odds of each last choice (1 for number 0)."""
        plan = np.array(odds, copy=True)
        for _, _, rows in reversed(self.levels):
            plan[..., rows] *= plan[..., self.parent[rows]]
        return plan

    def best(self, worth: Array) -> tuple[Array, Array]:
        """The best reply to the worth `[K]` of sequences: total `[K]` with what follows, and its odds `[K]`, pure."""
        total, odds = np.array(worth, dtype=float), np.zeros(len(worth))
        odds[0] = 1
        for sets, starts, rows in self.levels:
            top = np.maximum.reduceat(total[rows], starts)
            sizes = np.diff(starts, append=len(rows))
            hits = np.flatnonzero(total[rows] == np.repeat(top, sizes))
            first = hits[np.searchsorted(hits, starts)]  # of equal moves the first one
            odds[rows[first]] = 1
            np.add.at(total, self.before[sets], top)
        return total, odds

    def following(self, worth: Array, odds: Array) -> Array:
        """`[..., K]`: the worth `[..., K]` of sequences with what follows, when choosing by `odds` `[..., K]`."""
        worth, odds = np.broadcast_arrays(worth, odds)
        total, chosen = np.moveaxis(worth.astype(float), -1, 0).copy(), np.moveaxis(odds, -1, 0)
        for sets, starts, rows in self.levels:
            np.add.at(total, self.before[sets], np.add.reduceat(total[rows] * chosen[rows], starts, axis=0))
        return np.moveaxis(total, 0, -1)


def sequences(tree: Tree, player: int) -> tuple[Sequences, Array]:
    """The sequences of a player, and `int[N]` which one it has done at each node."""
    own = [k for k, infoset in enumerate(tree.infosets) if infoset.player == player]
    local = {number: h for h, number in enumerate(own)}
    place: list[History] = [()] * len(tree.parent)
    for k in range(1, len(tree.parent)):
        above = tree.parent[k]
        last = ((local[tree.info[above]], int(tree.move[k])),) if tree.mover[above] == player else ()
        place[k] = place[above] + last
    known = [{place[k] for k in tree.infosets[number].nodes} for number in own]
    recall = all(len(ways) == 1 for ways in known)
    reached = {()} | set(place)
    if recall:  # a move that nothing follows at some place is still a sequence
        reached |= {(*way, (h, a)) for h, (way,) in enumerate(known) for a in range(len(tree.infosets[own[h]].moves))}
    histories = tuple(sorted(reached, key=lambda history: (len(history), history)))
    index = {history: k for k, history in enumerate(histories)}
    at = np.array([index[history] for history in place])
    parent = np.array([-1, *(index.get(history[:-1], 0) for history in histories[1:])])
    info = np.array([-1, *(history[-1][0] for history in histories[1:])])
    move = np.array([-1, *(history[-1][1] for history in histories[1:])])
    sets = tuple(len(tree.infosets[number].moves) for number in own)
    before = np.array([index[next(iter(ways))] for ways in known], dtype=int) if recall else np.zeros(0, int)
    levels = _levels(histories, before, info) if recall else ()
    return Sequences(histories, sets, recall, before, parent, info, move, levels), at


def _levels(histories: tuple[History, ...], before: Array, info: Array) -> tuple[tuple[Array, Array, Array], ...]:
    depth = np.array([len(histories[k]) for k in before], dtype=int)
    rows_of: list[list[int]] = [[] for _ in before]
    for row in range(1, len(info)):
        rows_of[info[row]].append(row)
    levels = []
    for level in sorted(set(depth.tolist()), reverse=True):
        sets = np.flatnonzero(depth == level)
        sizes = [len(rows_of[h]) for h in sets]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        levels.append((sets, starts, np.concatenate([rows_of[h] for h in sets]).astype(int)))
    return tuple(levels)
