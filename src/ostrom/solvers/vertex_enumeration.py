"""All equilibria of a two-player game, exactly, by enumerating vertices of the best-reply polytopes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ..core.solution import Solution, Status
from ._exact import integer_payoffs
from ._vertices import Vertices, vertices

CHUNK = 1024
"""Vertices of one player matched at once with all vertices of the other."""


@dataclass(frozen=True)
class Equilibria(Solution):
    """Extreme equilibria of a two-player game, in floats (`points`) and exactly.

    Attributes
    ----------
    exact : the points as `Fraction`s, one tuple of two tuples each, in the order of `points`.
    components : for each point, the number of the connected set of equilibria that it is a corner of.
    degenerate : some mixture has more best replies than moves in its support.
    """

    exact: tuple[tuple[tuple[Fraction, ...], ...], ...] = field(default=(), repr=False)
    components: tuple[int, ...] = ()
    degenerate: bool = False


def vertex_enumeration(game: Game, seconds: float = 10.0) -> Equilibria:
    """All extreme Nash equilibria of a two-player game, in exact arithmetic.

    Pairs every vertex of player 1's best-reply polytope with every vertex of player 2's and keeps the pairs in which
    each move is unplayed or a best reply (Mangasarian 1964; von Stengel 2002). In a nondegenerate game these are all
    equilibria; in a degenerate one every equilibrium is a mixture of extreme ones of one component
    (Avis, Rosenberg, Savani and von Stengel 2010). Strictly dominated moves are removed first, which changes nothing.

    Parameters
    ----------
    game : any game of two players. `Fraction`s and whole numbers are taken exactly; other floats are read to 12
        digits of the player's largest payoff, so that a tie is a tie.
    seconds : time budget. Up to ten moves each take well under a second.

    Raises
    ------
    InputError : not two players.
    TooLarge : the table would not fit.
    """
    if len(game.players) != 2:
        raise InputError(
            f"{game.name} has {len(game.players)} players.",
            "Vertices of best-reply polytopes pair up only between two players.",
            "Ask for pure_equilibria, or for correlated equilibria, which take any number of players.",
        )
    table = game.dense()
    first, second = integer_payoffs(table)
    start = time.monotonic()
    rows, columns = _undominated(_ranks(first), _ranks(second.T))
    one, two = first[np.ix_(rows, columns)], second[np.ix_(rows, columns)].T
    y = vertices(_positive(one), start + seconds / 2)
    x = vertices(_positive(two), start + seconds)
    pairs = _matches(x, y)
    exact = [
        (_spread(x.directions[i], rows, len(first)), _spread(y.directions[j], columns, len(second.T))) for i, j in pairs
    ]
    return _answer(table, exact, x, y)


def _ranks(table: Array) -> Array:
    """The table with every number replaced by its place in their order: the same comparisons, in small integers."""
    return np.unique(table, return_inverse=True)[1].reshape(table.shape)


def _undominated(one: Array, two: Array) -> tuple[Array, Array]:
    """Moves of either player that survive iterated removal of moves strictly dominated by a move.

    Both tables have the own move first.
    """
    own, other = np.arange(len(one)), np.arange(len(two))
    while True:
        kept = own[_not_dominated(one[np.ix_(own, other)])]
        kept_other = other[_not_dominated(two[np.ix_(other, kept)])]
        if len(kept) == len(own) and len(kept_other) == len(other):
            return own, other
        own, other = kept, kept_other


def _not_dominated(table: Array) -> Array:
    """`bool[A]`: whether no other row of `table[A, S]` is larger everywhere."""
    return np.array([not (table > row).all(axis=1).any() for row in table])


def _positive(table: Array) -> Array:
    """The same best replies with entries from 1 up: a constant per move of the other player changes none."""
    return table - table.min(axis=0) + 1


def _matches(x: Vertices, y: Vertices) -> list[tuple[int, int]]:
    """Pairs of vertices that together make every move unplayed or a best reply."""
    columns = x.tight.shape[1] - x.directions.shape[1]
    loose_x = ~np.roll(x.tight, -columns, axis=1)  # player 1's moves first, as they come in y
    loose_y = (~y.tight).astype(np.float32)
    pairs = []
    for first in range(0, len(loose_x), CHUNK):
        clashes = loose_x[first : first + CHUNK].astype(np.float32) @ loose_y.T
        pairs += [(first + int(i), int(j)) for i, j in np.argwhere(clashes == 0)]
    return pairs


def _spread(direction: Array, moves: Array, size: int) -> tuple[Fraction, ...]:
    """Probabilities in proportion to `direction` on `moves`, nothing on the rest."""
    probabilities = np.full(size, Fraction(0), dtype=object)
    probabilities[moves] = [Fraction(weight, direction.sum()) for weight in direction]
    return tuple(probabilities)


def _answer(game: Game, exact: list, x: Vertices, y: Vertices) -> Equilibria:
    exact = sorted(exact, reverse=True)
    points = tuple(tuple(np.array(mixture, dtype=float) for mixture in point) for point in exact)
    components = _components(exact)
    degenerate = any((v.tight.sum(axis=1) > v.directions.shape[1]).any() for v in (x, y))
    status = x.status if y.status == "complete" else y.status
    return Equilibria(
        concept="Nash equilibria (extreme)" if degenerate else "Nash equilibria",
        points=points,
        status=status,
        regret=game.regret(tuple(map(np.stack, zip(*points, strict=True)))) if points else 0.0,
        method="vertex enumeration of the best-reply polytopes with exact integer pivoting",
        note=_note(status, degenerate, components),
        exact=tuple(exact),
        components=components,
        degenerate=degenerate,
    )


def _components(exact: list) -> tuple[int, ...]:
    """Number the connected components: two extreme equilibria touch when they share either player's mixture."""
    label = list(range(len(exact)))
    for seat in (0, 1):
        owner: dict = {}
        for k, point in enumerate(exact):
            old, new = label[k], label[owner.setdefault(point[seat], k)]
            label = [new if own == old else own for own in label]
    names = {own: k for k, own in enumerate(dict.fromkeys(label))}
    return tuple(names[own] for own in label)


def _note(status: Status, degenerate: bool, components: tuple[int, ...]) -> str:
    notes = []
    if status != "complete":
        notes.append(f"The search ran out of {'time' if status == 'timed out' else 'memory'}; there may be others.")
    sets = len(set(components))
    if sets < len(components):
        notes.append(
            f"The game is degenerate: {len(components)} extreme equilibria are the corners of {sets} connected "
            f"{'set' if sets == 1 else 'sets'}, and mixtures of corners of one set can be equilibria too."
        )
    elif degenerate:
        notes.append("The game is degenerate (some mixture has more best replies than moves).")
    return " ".join(notes)
