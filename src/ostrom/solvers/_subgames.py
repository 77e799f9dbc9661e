"""Where subgames of a tree begin, and each of them with those inside it replaced by what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..core.forms._tree import CHANCE, END, Tree
from ..core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node


class Subgame(NamedTuple):
    """A place that everybody knows to be at, with all that follows.

    Attributes
    ----------
    root : the number of the place. places : those behind it that are in no subgame inside, parents first, the root
        itself left out; where a subgame inside begins belongs to them. inside : where those begin.
    """

    root: int
    places: tuple[int, ...]
    inside: tuple[int, ...]


def subgames(tree: Tree) -> list[Subgame]:
    """All subgames of more than one place, those inside others first; the whole tree is the last."""
    count = len(tree.parent)
    begin, end = _intervals(tree)
    low, high = begin.copy(), begin.copy()  # the first and the last place of all information sets behind a place
    for infoset in tree.infosets:
        nodes = list(infoset.nodes)
        low[nodes], high[nodes] = begin[nodes].min(), begin[nodes].max()
    for k in range(count - 1, 0, -1):
        above = tree.parent[k]
        low[above], high[above] = min(low[above], low[k]), max(high[above], high[k])
    roots = (low >= begin) & (high < end) & (tree.mover != END)
    roots[0] = True
    home = np.zeros(count, dtype=int)  # the subgame that a place belongs to; a root to the one around it
    behind: dict[int, list[int]] = {k: [] for k in np.flatnonzero(roots).tolist()}
    for k in range(1, count):
        above = int(tree.parent[k])
        home[k] = above if roots[above] else home[above]
        behind[int(home[k])].append(k)
    return [
        Subgame(k, tuple(behind[k]), tuple(place for place in behind[k] if roots[place]))
        for k in sorted(behind, reverse=True)
    ]


def reduced(
    game: ExtensiveForm, part: Subgame, worth: Mapping[int, Sequence[Any]]
) -> tuple[ExtensiveForm, tuple[int, ...]]:
    """The subgame as a game of those who choose in it, all others looking on, and their numbers in the whole.

    `worth` says what subgames inside pay everybody. The information set number k of the whole is called `k`.
    """
    tree = game.tree
    movers = {int(tree.mover[k]) for k in (part.root, *part.places) if tree.mover[k] >= 0 and k not in part.inside}
    active = sorted(movers) or [0]
    order = [*active, *(i for i in range(len(game.principals)) if i not in active)]
    built: dict[int, Node] = {}
    for k in (*reversed(part.places), part.root):
        pays = worth[k] if k in worth else tree.nodes[k].pays
        own = None if pays is None else [pays[i] for i in order]
        mover = END if k in worth else int(tree.mover[k])
        if mover == END:
            built[k] = End(pays=own)
            continue
        ways = {str(tree.move[c]): (tree.odds[c], built[c]) for c in _children(tree, part, k)}
        if mover == CHANCE:
            built[k] = Chance(ways, pays=own)
        else:
            moves = {name: child for name, (_, child) in ways.items()}
            built[k] = Choice(game.players[mover], moves, sees=str(tree.info[k]), pays=own)
    names = [game.principals[i] for i in order]
    players, others = names[: len(active)], names[len(active) :]
    return ExtensiveForm(built[part.root], players=players, bystanders=others, name=game.name), tuple(order)


def _children(tree: Tree, part: Subgame, node: int) -> list[int]:
    """The places right after one; numbers of children stand side by side."""
    first = int(np.searchsorted(tree.parent, node))
    return list(range(first, int(np.searchsorted(tree.parent, node, side="right"))))


def _intervals(tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    """Numbers in which all that is behind a place follows it without a gap: its own, and one past the last behind."""
    count = len(tree.parent)
    size = np.ones(count, dtype=int)
    for k in range(count - 1, 0, -1):
        size[tree.parent[k]] += size[k]
    begin, free = np.zeros(count, dtype=int), np.ones(count, dtype=int)
    for k in range(1, count):
        above = tree.parent[k]
        begin[k] = free[above]
        free[above] += size[k]
        free[k] = begin[k] + 1
    return begin, begin + size
