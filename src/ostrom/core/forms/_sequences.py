"""What one player can have done on the way to an end: its sequences (von Stengel 1996), with sums and best replies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..game import Array
from ._tree import Tree


@dataclass(frozen=True, eq=False)
class Sequences:
    """The K sequences of one player, shorter ones first; number 0 is having done nothing yet.

    Attributes
    ----------
    sets : how many moves each own information set has, in order.
    perfect_recall : whether each information set tells all that its player did and knew before.
    before : `int[H]`, the sequence that leads to each own information set.
    parent : `int[K]`, the sequence without its last choice; -1 for number 0.
    info, move : `int[K]`, the last choice; -1 for number 0.
    levels : information sets that can be dealt with together, those that come last first; of each level the numbers
        `int[h]` of the sets, where each one's sequences begin in `rows`, and their `rows`.
    """

    sets: tuple[int, ...]
    perfect_recall: bool
    before: Array
    parent: Array
    info: Array
    move: Array
    levels: tuple[tuple[Array, Array, Array], ...]

    def __len__(self) -> int:
        return len(self.info)

    @cached_property
    def by_set(self) -> Array:
        """The numbers of all sequences but number 0, one information set after another, in the order of moves."""
        return np.argsort(self.info[1:], kind="stable") + 1

    @cached_property
    def menus(self) -> Array:
        """`int[H]`: the same as `sets`."""
        return np.array(self.sets, dtype=int)

    @cached_property
    def _starts(self) -> Array:
        return np.cumsum(self.menus) - self.menus

    def summed(self, each: Array) -> Array:
        """`[..., H]`: sums over the moves of each information set of what is in the order of `by_set`."""
        return np.add.reduceat(each, self._starts, axis=-1) if self.sets else np.zeros((*each.shape[:-1], 0))

    def spread(self, each: Array) -> Array:
        """What is known of each information set, `[..., H]`, for each of its moves, in the order of `by_set`."""
        return np.repeat(each, self.menus, axis=-1)

    def apart(self, each: Array) -> list[Array]:
        """What is in the order of `by_set`, for each information set apart."""
        return np.split(each, self._starts[1:], axis=-1) if self.sets else []

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


def sequences(tree: Tree, players: int) -> tuple[tuple[Sequences, ...], Array]:
    """The sequences of each player, and `int[P, N]` which of them it has done at each node."""
    own: list[list[int]] = [[] for _ in range(players)]
    local = []
    for number, infoset in enumerate(tree.infosets):
        local.append(len(own[infoset.player]))
        own[infoset.player].append(number)
    made: list[dict[tuple[int, int, int], int]] = [{} for _ in own]  # (sequence so far, own set, move) -> sequence
    depth, at = [[0] for _ in own], np.zeros((len(tree.parent), players), dtype=np.int32)
    mover, info, move, above = (each.tolist() for each in (tree.mover, tree.info, tree.move, tree.parent))
    for k in range(1, len(at)):
        up = above[k]
        at[k] = at[up]
        if (who := mover[up]) >= 0:
            at[k, who] = _longer(made[who], depth[who], int(at[up, who]), local[info[up]], move[k])
    found = [_of_player(tree, made[i], depth[i], own[i], at[:, i]) for i in range(players)]
    return tuple(each for each, _ in found), np.stack([place for _, place in found])


def _of_player(
    tree: Tree, made: dict[tuple[int, int, int], int], depth: list[int], own: list[int], at: Array
) -> tuple[Sequences, Array]:
    known = [set(at[list(tree.infosets[number].nodes)].tolist()) for number in own]
    recall = all(len(ways) == 1 for ways in known)
    sets = tuple(len(tree.infosets[number].moves) for number in own)
    if recall:  # a move that nothing follows at some place is still a sequence
        for h, (before,) in enumerate(known):
            for a in range(sets[h]):
                _longer(made, depth, before, h, a)
    return _sorted(made, depth, known if recall else None, sets, at)


def _longer(made: dict[tuple[int, int, int], int], depth: list[int], before: int, own: int, move: int) -> int:
    """The number of a sequence with one more choice; a new one where there is none yet."""
    if (found := made.get((before, own, move))) is None:
        found = made[before, own, move] = len(depth)
        depth.append(depth[before] + 1)
    return found


def _sorted(
    made: dict[tuple[int, int, int], int],
    depth: list[int],
    known: list[set[int]] | None,
    sets: tuple[int, ...],
    at: Array,
) -> tuple[Sequences, Array]:
    """Sequences in their final order: shorter ones first, those of one information set side by side."""
    last = np.full((len(depth), 3), -1)
    for choice, number in made.items():
        last[number] = choice
    order, place = np.zeros(len(depth), int), np.zeros(len(depth), int)
    first = 1
    for here in _alike(depth)[1:]:  # a sequence stands by where the one without its last choice stands
        ranked = sorted(here, key=lambda k: (place[last[k, 0]], last[k, 1], last[k, 2]))
        order[first : first + len(here)], place[ranked] = ranked, np.arange(first, first + len(here))
        first += len(here)
    parent = np.where(last[order, 0] < 0, -1, place[last[order, 0]])
    info, move = last[order, 1], last[order, 2]
    before = np.array([place[next(iter(ways))] for ways in known], dtype=int) if known is not None else np.zeros(0, int)
    levels = _levels(np.array(depth)[order], before, info) if known is not None else ()
    return Sequences(sets, known is not None, before, parent, info, move, levels), place[at]


def _alike(values: list[int]) -> list[list[int]]:
    """The places of equal values, those of the least value first."""
    groups: dict[int, list[int]] = {}
    for place, value in enumerate(values):
        groups.setdefault(value, []).append(place)
    return [groups[value] for value in sorted(groups)]


def _levels(depth: Array, before: Array, info: Array) -> tuple[tuple[Array, Array, Array], ...]:
    rows_of: list[list[int]] = [[] for _ in before]
    for row in range(1, len(info)):
        rows_of[info[row]].append(row)
    levels = []
    for sets in reversed(_alike(depth[before].tolist())):
        sizes = [len(rows_of[h]) for h in sets]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        levels.append((np.array(sets), starts, np.concatenate([rows_of[h] for h in sets]).astype(int)))
    return tuple(levels)
