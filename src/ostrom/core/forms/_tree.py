"""A game tree as flat lists, checked: nodes in the order in which they are met, parents first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array
from ._nodes import Chance, Choice, End, Node

NODE_LIMIT = 2_000_000

LARGEST = 10**100
"""Payoffs beyond this lose their digits in every sum and square."""

CHANCE, END = -1, -2


@dataclass(frozen=True)
class Infoset:
    """Places that look the same to the player who moves there.

    Attributes
    ----------
    player : its number. label : its name, unique for the player.
    moves : the names of what can be chosen.
    nodes : the numbers of the places.
    """

    player: int
    label: str
    moves: tuple[str, ...]
    nodes: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Tree:
    """N places, numbered so that parents come before children.

    Attributes
    ----------
    parent : `int[N]`, -1 at the root. move : `int[N]`, which move of the parent leads here.
    mover : `int[N]`, the number of the player, `CHANCE` or `END`.
    info : `int[N]`, the number of the information set, -1 where no player moves.
    infosets : all of them, those of the first player first, each player's in the order in which they are met.
    odds : the probability of the move that leads here where chance makes it, else 1; numbers as given.
    nodes : what was given, for names and payments.
    """

    parent: Array
    move: Array
    mover: Array
    info: Array
    infosets: tuple[Infoset, ...]
    odds: tuple[Any, ...]
    nodes: tuple[Node, ...]


def flatten(root: Node, players: Sequence[str], width: int) -> Tree:
    """The tree below `root` as lists; `width` numbers are paid at a place. Raises as `ExtensiveForm` does."""
    nodes, parent, move, odds = [root], [-1], [0], [1]
    for number, node in enumerate(nodes):  # grows while it is walked
        for k, (chance, child) in enumerate(_branches(node)):
            nodes.append(child)
            parent.append(number)
            move.append(k)
            odds.append(chance)
        if len(nodes) > NODE_LIMIT:
            raise TooLarge(
                f"The tree has more than {NODE_LIMIT:,} nodes.",
                "It is kept whole in memory.",
                "Give a smaller tree, or play the game in a world.",
            )
    for node in nodes:
        _check_pays(node, width)
    mover = np.array([_mover(node, players) for node in nodes])
    infosets, info = _information(nodes, mover, players)
    return Tree(np.array(parent), np.array(move), mover, info, infosets, tuple(odds), tuple(nodes))


def _branches(node: Any) -> list[tuple[Any, Node]]:
    if isinstance(node, End):
        return []
    if not isinstance(node, Choice | Chance):
        raise InputError(
            f"A tree holds {node!r}.", "Its places are Choice, Chance and End.", "End a play with End(pays=(…))."
        )
    if not node.moves:
        raise InputError(f"{_named(node)} has no moves.", "A place without moves is an end.", "Use End(pays=(…)).")
    if isinstance(node, Choice):
        return [(1, child) for child in node.moves.values()]
    pairs = list(node.moves.values())
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise InputError(f"{_named(node)} leads to {pairs[0]!r}.", do="Give (probability, node) for each way.")
    given = [chance for chance, _ in pairs]
    if not all(isinstance(p, Rational | float | np.number) and 0 <= float(p) < math.inf for p in given):
        raise InputError(f"{_named(node)} has odds {given}.", "Odds are numbers of zero or more.", "Mend them.")
    if not math.isclose(float(sum(given)), 1, rel_tol=0, abs_tol=1e-9):
        raise InputError(
            f"The odds at {_named(node)} sum to {float(sum(given)):.12g}.", "Chance goes one way.", "Make the sum 1."
        )
    return pairs


def _named(node: Node) -> str:
    kind = f"a choice of {node.player}" if isinstance(node, Choice) else "a draw of chance"
    return f"{kind} ({node.label or getattr(node, 'sees', None) or 'without a name'})"


def _check_pays(node: Node, width: int) -> None:
    if node.pays is None:
        return
    fits = len(node.pays) == width and all(isinstance(x, Rational | float | np.number) for x in node.pays)
    if not fits or not all(abs(x) <= LARGEST for x in node.pays):  # a NaN is not either
        raise InputError(
            f"A place pays {tuple(node.pays)!r}.",
            f"It takes {width} numbers up to 1e100: one for each player, then for each bystander.",
            "Mend the payoffs.",
        )


def _mover(node: Node, players: Sequence[str]) -> int:
    if isinstance(node, Choice):
        if node.player not in players:
            raise UnknownName("player", str(node.player), players)
        return players.index(node.player)
    return CHANCE if isinstance(node, Chance) else END


def _information(nodes: list[Node], mover: Array, players: Sequence[str]) -> tuple[tuple[Infoset, ...], Array]:
    """The information sets, by player, and `int[N]` which one each node is in."""
    found: dict[tuple[int, str], list[int]] = {}
    used = {(int(mover[k]), node.sees) for k, node in enumerate(nodes) if isinstance(node, Choice) and node.sees}
    count = dict.fromkeys(range(len(players)), 0)
    for number, node in enumerate(nodes):
        if not isinstance(node, Choice):
            continue
        player = int(mover[number])
        label = node.sees
        while not label:  # a place like no other: the first free number
            count[player] += 1
            label = None if (player, str(count[player])) in used else str(count[player])
        found.setdefault((player, label), []).append(number)
    infosets, info = [], np.full(len(nodes), -1)
    for (player, label), places in sorted(found.items(), key=lambda item: (item[0][0], item[1][0])):
        menus = [tuple(nodes[k].moves) for k in places]  # type: ignore[attr-defined]
        if other := next((menu for menu in menus if menu != menus[0]), None):
            raise InputError(
                f"At {label!r} {players[player]} sometimes has the moves {menus[0]} and sometimes {other}.",
                "Places that look the same offer the same.",
                "Give them different names in `sees`, or the same moves in the same order.",
            )
        info[places] = len(infosets)
        infosets.append(Infoset(player, label, tuple(map(str, menus[0])), tuple(places)))
    return tuple(infosets), info


def totals(tree: Tree, width: int) -> tuple[Array, Array, Array]:
    """The ends: their numbers `int[T]`, the odds of chance on the way, `[T]`, and what is paid, `[T, width]`.

    Exact (`Fraction`s in object arrays) where all numbers of the tree are whole or rational, else floats.
    """
    numbers = [x for node in tree.nodes for x in node.pays or ()] + list(tree.odds)
    exact = all(isinstance(x, Rational) for x in numbers)
    number: Any = Fraction if exact else float
    chance, paid = [], []
    nothing = np.full(width, number(0), dtype=object if exact else float)
    for k, node in enumerate(tree.nodes):
        above = tree.parent[k]
        own = nothing if node.pays is None else np.array([number(x) for x in node.pays], dtype=nothing.dtype)
        chance.append(number(tree.odds[k]) * (chance[above] if k else 1))
        paid.append(own + paid[above] if k else own)
    ends = np.flatnonzero(tree.mover == END)
    kind = nothing.dtype
    return ends, np.array([chance[k] for k in ends], dtype=kind), np.array([paid[k] for k in ends], dtype=kind)
