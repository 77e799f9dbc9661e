"""A game tree as flat lists, checked: nodes in the order in which they are met, parents first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge, UnknownName
from ..game import Array
from ._nodes import Chance, Choice, End, Node

NODE_LIMIT = 2_000_000
CELL_LIMIT = 10_000_000

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
        if len(nodes) > min(NODE_LIMIT, CELL_LIMIT // width):
            raise TooLarge(
                f"The tree has more than {min(NODE_LIMIT, CELL_LIMIT // width):,} nodes for {width:,} principals.",
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
            f"A tree holds {said(node)}.", "Its places are Choice, Chance and End.", "End a play with End(pays=(…))."
        )
    if not isinstance(node.moves, Mapping) or len(set(map(str, node.moves))) < len(node.moves):
        raise InputError(
            f"{_named(node)} has the moves {said(node.moves)}.", "Each has a name of its own.", "Give a dict by name."
        )
    if not node.moves:
        raise InputError(f"{_named(node)} has no moves.", "A place without moves is an end.", "Use End(pays=(…)).")
    if node.sees is not None and not isinstance(node.sees, str):
        raise InputError(f"{_named(node)} sees {said(node.sees)}.", "What is seen is a text.", "Give a text, or None.")
    if isinstance(node, Choice):
        return [(1, child) for child in node.moves.values()]
    pairs = list(node.moves.values())
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise InputError(f"{_named(node)} leads to {said(pairs[0])}.", do="Give (probability, node) for each way.")
    given = [chance for chance, _ in pairs]
    if not all(_is_number(p) and 0 <= p <= 2 for p in given):
        raise InputError(f"{_named(node)} has odds {said(given)}.", "Odds are from 0 to 1.", "Mend them.")
    if not math.isclose(float(sum(given)), 1, rel_tol=0, abs_tol=1e-9):
        raise InputError(
            f"The odds at {_named(node)} sum to {float(sum(given)):.12g}.", "Chance goes one way.", "Make the sum 1."
        )
    return pairs


def _named(node: Node) -> str:
    kind = f"a choice of {node.player}" if isinstance(node, Choice) else "a draw of chance"
    return f"{kind} ({node.label or getattr(node, 'sees', None) or 'without a name'})"


def said(thing: Any) -> str:
    """A thing in an error, cut short."""
    try:
        text = repr(thing)
    except (ValueError, RecursionError):  # a number of thousands of digits; a tree instead of a number
        return f"a {type(thing).__name__} too long to tell"
    return text if len(text) <= 200 else text[:200] + "…"


def _is_number(x: Any) -> bool:
    return type(x) in (int, float, Fraction) or isinstance(x, Rational | float | np.integer | np.floating)


def _check_pays(node: Node, width: int) -> None:
    if node.pays is None:
        return
    fits = isinstance(node.pays, Sequence | np.ndarray) and np.ndim(node.pays) == 1 and len(node.pays) == width
    if not fits or not all(_is_number(x) and abs(x) <= LARGEST for x in node.pays):  # a NaN is not either
        raise InputError(
            f"A place pays {said(node.pays)}.",
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
    numbers = [x for node in tree.nodes for x in (() if node.pays is None else node.pays)] + list(tree.odds)
    exact = all(isinstance(x, Rational) for x in numbers)
    number: Any = Fraction if exact else float
    kind: Any = object if exact else float
    chance, paid = [number(1)], [np.full(width, number(0), dtype=kind)]
    for k, (node, above) in enumerate(zip(tree.nodes, tree.parent.tolist(), strict=True)):
        if k:  # most places add nothing to what stands above them
            odds = tree.odds[k]
            chance.append(chance[above] if odds == 1 else number(odds) * chance[above])
            paid.append(paid[above])
        if node.pays is not None:
            paid[k] = paid[k] + np.array([number(x) for x in node.pays], dtype=kind)
    ends = np.flatnonzero(tree.mover == END)
    return ends, np.array([chance[k] for k in ends], dtype=kind), np.array([paid[k] for k in ends], dtype=kind)
