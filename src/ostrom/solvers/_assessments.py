"""What information sets of a tree are worth from there on, and whether beliefs can be limits of Bayes' rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.forms._tree import CHANCE, Tree
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array
from ._highs import solve_lp

Odds = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Onward:
    """One information set and all that follows it.

    Attributes
    ----------
    number, player : which one, and whose. rows : `int[A]`, its moves as sequences of the player.
    worth : `float[X, K]`: for each place of the set, what ends behind pay by own sequence, others playing as they do.
    value : `float[X]`: what keeping to the behaviour is worth at each place.
    low, high : `float[X]`: the least and the most that the player can be paid from there.
    """

    number: int
    player: int
    rows: Array
    worth: Array
    value: Array
    low: Array
    high: Array


def onward(game: ExtensiveForm, behaviour: Odds) -> Iterator[Onward]:
    """One information set after another, with what follows it when all others keep to `behaviour`."""
    node, end, weight = _pairs(game, behaviour)
    odds = game.odds(behaviour)
    info = game.tree.info[node]
    order = np.argsort(info, kind="stable")
    cuts = np.searchsorted(info[order], np.arange(len(game.infosets) + 1))
    for k, infoset in enumerate(game.infosets):
        here = order[cuts[k] : cuts[k + 1]]
        own = game.sequences[infoset.player]
        place = np.searchsorted(np.array(infoset.nodes), node[here])
        worth = np.zeros((len(infoset.nodes), len(own)))
        paid = weight[here] * game.paid[end[here], infoset.player]
        np.add.at(worth, (place, game.reached[infoset.player, end[here]]), paid)
        can, low, high = weight[here] > 0, np.full(len(worth), np.inf), np.full(len(worth), -np.inf)
        np.minimum.at(low, place[can], game.paid[end[here[can]], infoset.player])
        np.maximum.at(high, place[can], game.paid[end[here[can]], infoset.player])
        rows = np.flatnonzero(own.info == k - game.own_sets(infoset.player).start)
        total = own.following(worth, np.broadcast_to(odds[infoset.player], worth.shape))
        yield Onward(k, infoset.player, rows, worth, total[:, rows] @ behaviour[k], low, high)


def _pairs(game: ExtensiveForm, behaviour: Odds) -> tuple[Array, Array, Array]:
    """For every choice on the way to every end: the place, the end, and the odds of what others do in between."""
    tree, ends = game.tree, game.ends
    odds = np.array([float(x) for x in tree.odds])
    for k in range(1, len(odds)):
        if (info := tree.info[tree.parent[k]]) >= 0:
            odds[k] = behaviour[info][tree.move[k]]
    weight = np.ones((len(game.players), len(ends)))
    at, index = ends.copy(), np.arange(len(ends))
    nodes, reached, weights = [], [], []
    while len(index):
        step, at = odds[at], tree.parent[at]
        mover = tree.mover[at]
        for player in range(len(game.players)):
            weight[player, index] *= np.where(mover == player, 1.0, step)
        chosen = mover >= 0
        nodes.append(at[chosen])
        reached.append(index[chosen])
        weights.append(weight[mover[chosen], index[chosen]])
        going = at > 0
        at, index = at[going], index[going]
    return np.concatenate(nodes), np.concatenate(reached), np.concatenate(weights)


def arrivals(game: ExtensiveForm, behaviour: Odds) -> tuple[Array, Array]:
    """`float[N]` twice: the odds of coming to each place, and those when whoever moves there does all to get there."""
    tree = game.tree
    every = np.ones((len(game.players) + 1, len(tree.parent)))  # the last row leaves nobody's moves out
    for k in range(1, len(tree.parent)):
        above = tree.parent[k]
        mover, info = tree.mover[above], tree.info[above]
        step = float(tree.odds[k]) if info < 0 else behaviour[info][tree.move[k]]
        every[:, k] = every[:, above] * step
        if mover >= 0:
            every[mover, k] = every[mover, above]
    return every[-1], every[np.maximum(tree.mover, 0), np.arange(len(tree.parent))]


def loss_at(game: ExtensiveForm, part: Onward, belief: Array) -> tuple[float, Array]:
    """What keeping to the behaviour loses against the best plan from here on, and the worth of each move with it."""
    total, _ = game.sequences[part.player].best(belief @ part.worth)
    each = total[part.rows]
    return float(each.max() - belief @ part.value), each


def kindest(game: ExtensiveForm, part: Onward) -> Array:
    """The belief `[X]` under which keeping to the behaviour loses least, by a linear program."""
    own, count = game.sequences[part.player], len(part.value)
    below = np.zeros(len(own), dtype=bool)
    below[part.rows] = True
    for row in range(1, len(own)):  # shorter sequences come first
        below[row] |= below[own.parent[row]]
    rows = np.flatnonzero(below)
    sets = np.unique(own.info[rows])
    column = {h: count + k for k, h in enumerate(sets.tolist())}
    above = np.zeros((len(rows), count + len(sets)))  # worth of a sequence + sets after it − its own set ≤ 0
    above[:, :count] = part.worth[:, rows].T
    place = {row: k for k, row in enumerate(rows.tolist())}
    for k, row in enumerate(rows.tolist()):
        above[k, column[int(own.info[row])]] -= 1
    for h in sets.tolist():
        if (k := place.get(int(own.before[h]))) is not None:
            above[k, column[h]] += 1
    goal = np.concatenate([-part.value, np.zeros(len(sets))])
    goal[column[int(own.info[part.rows[0]])]] = 1
    once = np.concatenate([np.ones(count), np.zeros(len(sets))])[None]
    lower = np.concatenate([np.zeros(count), np.full(len(sets), -np.inf)])
    found = solve_lp(goal, above, np.zeros(len(rows)), once, np.ones(1), lower)
    if found.x is None:
        return np.full(count, 1 / count)
    belief = np.maximum(found.x[:count], 0)
    return belief / belief.sum()


def consistent(game: ExtensiveForm, behaviour: Odds, beliefs: Odds, tolerance: float) -> bool:
    """Whether fully mixed behaviours come to `behaviour` whose beliefs by Bayes' rule come to `beliefs`.

    Kreps and Wilson (1982): moves that are not made have orders of rareness, at least 1, such that exactly the least
    rare places of each set are believed in, and weights in proportion to which they are. Orders are found by a linear
    program, weights by linear equations in logarithms.
    """
    tree, offset = game.tree, np.cumsum([0, *(len(own) for own in behaviour)])
    rare = np.concatenate(behaviour) <= tolerance
    name = np.cumsum(rare) - 1
    width = int(rare.sum())
    slip, logs = np.full(len(tree.parent), -1), np.zeros(len(tree.parent))
    possible = np.ones(len(tree.parent), dtype=bool)
    for k in range(1, len(tree.parent)):
        above = tree.parent[k]
        logs[k], possible[k] = logs[above], possible[above]
        if tree.mover[above] == CHANCE:
            possible[k] &= float(tree.odds[k]) > 0
            logs[k] += np.log(float(tree.odds[k])) if float(tree.odds[k]) > 0 else 0.0
        elif rare[at := offset[tree.info[above]] + tree.move[k]]:
            slip[k] = name[at]
        else:
            logs[k] += np.log(behaviour[tree.info[above]][tree.move[k]])
    equal, apart, sides = [], [], []
    for infoset, belief in zip(game.infosets, beliefs, strict=True):
        nodes = np.array(infoset.nodes)
        if len(nodes) == 1 or not possible[nodes].any():
            continue
        slips = _slips(tree, slip, infoset.nodes, width)
        held = belief > tolerance
        if (held & ~possible[nodes]).any():
            return False
        known = logs[nodes[held]]
        equal += list(slips[held][1:] - slips[held][0])
        sides += list(np.log(belief[held][1:] / belief[held][0]) - (known[1:] - known[0]))
        apart += list(slips[held][0] - slips[~held & possible[nodes]])
    return _weighted(equal, sides, width) and _ordered(equal, apart, width)


def _slips(tree: Tree, slip: Array, nodes: Sequence[int], width: int) -> Array:
    """`float[X, width]`: how often each move that is not made is made on the way to each place."""
    found = np.zeros((len(nodes), width))
    for row, node in zip(found, nodes, strict=True):
        while node > 0:
            if slip[node] >= 0:
                row[slip[node]] += 1
            node = int(tree.parent[node])
    return found


def _weighted(equal: list[Array], sides: list[float], width: int) -> bool:
    if not equal:
        return True
    matrix, right = np.array(equal).reshape(len(equal), width), np.array(sides)
    found = np.linalg.lstsq(matrix, right, rcond=None)[0] if width else np.zeros(0)
    return bool(np.abs(matrix @ found - right).max() <= 1e-6)


def _ordered(equal: list[Array], apart: list[Array], width: int) -> bool:
    if not width:
        return not apart  # nothing is rare, so every place that can be is believed in
    same, less = np.array(equal).reshape(-1, width), np.array(apart).reshape(-1, width)
    found = solve_lp(np.ones(width), less, -np.ones(len(less)), same, np.zeros(len(same)), lower=1.0)
    return found.status == "optimal"
