"""Two players in a tree, in exact rationals: what a best reply gets, and one equilibrium by complementarity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from ..core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node
from ..core.game import Array
from ._lemke import lemke

FINE, DIGITS = 10**6, 12
"""A float that is the nearest to a fraction of at most this denominator is read as it, else to so many digits."""

Odds = list[list[Fraction]]


def rational(game: ExtensiveForm) -> ExtensiveForm:
    """The game with all its numbers rational, so that ties are ties: floats are read to 12 digits each."""
    if game.exact_paid is not None:
        return game
    tree = game.tree
    after: list[list[int]] = [[] for _ in tree.parent]
    for k in range(1, len(after)):
        after[tree.parent[k]].append(k)
    built: dict[int, Node] = {}
    for k in range(len(after) - 1, -1, -1):
        node, below = tree.nodes[k], [built.pop(child) for child in after[k]]
        pays = None if node.pays is None else [_read(x) for x in node.pays]
        if isinstance(node, Choice):
            built[k] = Choice(node.player, dict(zip(node.moves, below, strict=True)), sees=node.sees, pays=pays)
        elif isinstance(node, Chance):
            odds = [_read(tree.odds[child]) for child in after[k]]
            pairs = [(p / sum(odds), child) for p, child in zip(odds, below, strict=True)]
            built[k] = Chance(dict(zip(node.moves, pairs, strict=True)), pays=pays)
        else:
            built[k] = End(pays=pays)
    return ExtensiveForm(built[0], players=game.players, name=game.name, bystanders=game.bystanders)


def _read(x: Any) -> Fraction:
    if isinstance(x, Rational):
        return Fraction(int(x.numerator), int(x.denominator))
    near = Fraction(float(x)).limit_denominator(FINE)
    return near if float(near) == float(x) else Fraction(f"{float(x):.{DIGITS}g}")


def best_reply(game: ExtensiveForm, player: int, odds: Sequence[Sequence[Fraction]]) -> Fraction:
    """What a player's best reply gets against the other's exact odds at each of `infosets`."""
    own = game.sequences[player]
    worth = _worth(game, player, odds)
    for numbers, starts, rows in own.levels:
        sizes = np.diff(starts, append=len(rows))
        for h, first, size in zip(numbers, starts, sizes, strict=True):
            worth[own.before[h]] += max(worth[row] for row in rows[first : first + size])
    return worth[0]


def value(game: ExtensiveForm, player: int, odds: Sequence[Sequence[Fraction]]) -> Fraction:
    """What a player gets when both keep to exact odds."""
    plan = _plan(game, player, odds)
    return sum((x * w for x, w in zip(plan, _worth(game, player, odds), strict=True)), Fraction(0))


def equilibrium(game: ExtensiveForm, deadline: float) -> Odds | None:
    """Odds at each information set that are an equilibrium, at the end of Lemke's path; None after `deadline`.

    The sequence form as a linear complementarity problem (Koller, Megiddo and von Stengel 1996), with all payoffs moved
    below zero, on which the path cannot lead to infinity. The tree's numbers have to be rational.
    """
    one, two = game.sequences
    pays = [_scaled(_pays(game, player)) for player in (0, 1)]  # [K_1, K_2], negative whole numbers
    flows = [_flow(game, player) for player in (0, 1)]
    sizes = [len(one), len(two), *([len(flows[0])] * 2), *([len(flows[1])] * 2)]
    at = np.cumsum([0, *sizes])
    block = [slice(at[k], at[k + 1]) for k in range(len(sizes))]
    matrix, constant = np.zeros((at[-1], at[-1]), dtype=object), np.zeros(at[-1], dtype=object)
    matrix[block[0], block[1]], matrix[block[1], block[0]] = -pays[0], -pays[1].T
    for player, first in ((0, 2), (1, 4)):
        for sign, k in ((1, first), (-1, first + 1)):  # what each set is worth is free: the difference of two
            matrix[block[player], block[k]] = sign * flows[player].T
            matrix[block[k], block[player]] = -sign * flows[player]
            constant[at[k]] = sign
    found = lemke(matrix, constant, deadline)
    return None if found is None else _odds(game, [found[block[0]], found[block[1]]])


def _pays(game: ExtensiveForm, player: int) -> Array:
    """`Fraction[K_1, K_2]`: what ends after each pair of sequences pay, every end moved below zero."""
    assert game.exact_paid is not None
    assert game.exact_chance is not None
    paid = game.exact_paid[:, player].tolist()
    top = max(paid) + 1
    table = np.full((len(game.sequences[0]), len(game.sequences[1])), Fraction(0), dtype=object)
    for row, column, odds, pay in zip(*game.reached.tolist(), game.exact_chance, paid, strict=True):
        table[row, column] += odds * (pay - top)
    return table


def _scaled(table: Array) -> Array:
    """The smallest whole numbers in the same proportions."""
    unit = math.lcm(*(entry.denominator for entry in table.flat))
    whole = [int(entry * unit) for entry in table.flat]
    divisor = math.gcd(*whole) or 1
    return np.array([entry // divisor for entry in whole], dtype=object).reshape(table.shape)


def _flow(game: ExtensiveForm, player: int) -> Array:
    """`int[1 + H, K]`: what is done adds up, first to one, then at each set to what leads there."""
    own = game.sequences[player]
    flow = np.zeros((1 + len(own.sets), len(own)), dtype=object)
    flow[0, 0] = 1
    flow[1 + own.info[1:], np.arange(1, len(own))] = 1
    flow[1 + np.arange(len(own.sets)), own.before] = -1
    return flow


def _odds(game: ExtensiveForm, plans: Sequence[Sequence[Fraction]]) -> Odds:
    """The behaviour that plans come to; even where a plan rules out to come."""
    found: Odds = []
    for own, plan in zip(game.sequences, plans, strict=True):
        for h, size in enumerate(own.sets):
            done = [plan[row] for row in np.flatnonzero(own.info == h).tolist()]  # in the order of moves
            total = sum(done)
            found.append([x / total for x in done] if total else [Fraction(1, size)] * size)
    return found


def _plan(game: ExtensiveForm, player: int, odds: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    own, sets = game.sequences[player], game.own_sets(player)
    plan = [Fraction(1)] * len(own)
    for row in range(1, len(plan)):  # shorter sequences come first
        plan[row] = plan[own.parent[row]] * odds[sets[own.info[row]]][own.move[row]]
    return plan


def _worth(game: ExtensiveForm, player: int, odds: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """What ends right after each own sequence pay, weighted by chance and the other's plan."""
    assert game.exact_paid is not None
    assert game.exact_chance is not None
    plan = _plan(game, 1 - player, odds)
    worth = [Fraction(0)] * len(game.sequences[player])
    pairs = zip(
        *game.reached[[player, 1 - player]].tolist(), game.exact_chance, game.exact_paid[:, player], strict=True
    )
    for row, other, chance, paid in pairs:
        if plan[other]:
            worth[row] += chance * paid * plan[other]
    return worth
