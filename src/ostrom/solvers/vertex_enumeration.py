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
from ._matching import matches
from ._vertices import Vertices, vertices


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
    pairs = matches(x, y)
    one, two = _mixtures(x, pairs[:, 0], rows, len(first)), _mixtures(y, pairs[:, 1], columns, len(second.T))
    exact = [(one[i], two[j]) for i, j in pairs.tolist()]
    order = sorted(range(len(exact)), key=exact.__getitem__, reverse=True)
    degenerate = any((v.tight.sum(axis=1) > v.matrix.shape[1]).any() for v in (x, y))
    status = x.status if y.status == "complete" else y.status
    return _answer(table, [exact[k] for k in order], _components(pairs[order]), status, degenerate)


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


def _mixtures(found: Vertices, which: Array, moves: Array, size: int) -> dict[int, tuple[Fraction, ...]]:
    """Of these vertices, by number: probabilities in proportion to the direction on `moves`, nothing on the rest."""
    which = np.unique(which)
    answer = {}
    for k, direction in zip(which.tolist(), found.directions(which).tolist(), strict=True):
        total, probabilities = sum(direction), [Fraction(0)] * size
        for move, weight in zip(moves, direction, strict=True):
            if weight:
                probabilities[move] = Fraction(weight, total)
        answer[k] = tuple(probabilities)
    return answer


def _answer(game: Game, exact: list, components: tuple[int, ...], status: Status, degenerate: bool) -> Equilibria:
    points = tuple(tuple(np.array(mixture, dtype=float) for mixture in point) for point in exact)
    return Equilibria(
        concept="Nash equilibria (extreme)" if degenerate else "Nash equilibria",
        points=points,
        status=status,
        regret=game.regret(tuple(map(np.stack, zip(*points, strict=True)))) if points else 0.0,
        method="vertex enumeration of the best-reply polytopes in exact arithmetic",
        note=_note(status, degenerate, components),
        exact=tuple(exact),
        components=components,
        degenerate=degenerate,
    )


def _components(pairs: Array) -> tuple[int, ...]:
    """Number the connected components: two extreme equilibria touch when they share either player's vertex."""
    label = np.arange(len(pairs))
    for own in pairs.T:
        for shared in np.unique(own):
            touched = np.unique(label[own == shared])
            label[np.isin(label, touched)] = touched[0]
    names = {own: k for k, own in enumerate(dict.fromkeys(label.tolist()))}
    return tuple(names[own] for own in label.tolist())


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
