"""Dominant and dominated moves, with witnesses, and iterated elimination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._highs import solve_lp

TOLERANCE = 1e-9
"""A difference below this share of a player's largest payoff counts as none."""


@dataclass(frozen=True)
class Dominated:
    """A move that another move or mixture beats whatever the others do.

    Attributes
    ----------
    player, move : their numbers.
    by : the witness, probabilities over the player's moves `[A_i]`; one 1 where a pure move suffices.
    strict : better against every joint move of the others; otherwise never worse and sometimes better.
    margin : the smallest payoff difference over the others' joint moves (0 where only weak).
    """

    player: int
    move: int
    by: Array
    strict: bool
    margin: float

    @property
    def pure(self) -> bool:
        """Whether one move dominates, without mixing."""
        return bool(self.by.max() == 1)


@dataclass(frozen=True)
class Dominance:
    """Who has a dominant move, and which moves are dominated.

    Attributes
    ----------
    strictly_dominant, weakly_dominant : per player the number of such a move, or None; a strictly dominant move is
        also listed as weakly dominant.
    dominated : every dominated move with its witness, a pure and strict one where there is one.
    """

    strictly_dominant: tuple[int | None, ...]
    weakly_dominant: tuple[int | None, ...]
    dominated: tuple[Dominated, ...]


@dataclass(frozen=True)
class Elimination:
    """What iterated elimination removed, round by round, and the moves each player is left with."""

    rounds: tuple[tuple[Dominated, ...], ...]
    surviving: tuple[tuple[int, ...], ...]


def dominance(game: Game) -> Dominance:
    """Dominant and dominated moves of every player, by pure moves and by mixtures (Gale, Kuhn and Tucker 1950).

    Comparisons are in float64; a difference below 1e-9 of the player's largest payoff counts as none. Mixtures are
    found by linear programming and their margins computed again from the table.

    Raises
    ------
    TooLarge : the table would not fit.
    """
    table = game.dense()
    every = tuple(np.arange(size) for size in table.sizes)
    dominated = [d for i in range(len(table.players)) for d in _dominated(table, i, every)]
    return Dominance(
        tuple(_dominant(table, i, strict=True) for i in range(len(table.players))),
        tuple(_dominant(table, i, strict=False) for i in range(len(table.players))),
        tuple(dominated),
    )


def iterated_elimination(game: Game, weak: bool = False) -> Elimination:
    """Remove all dominated moves of all players at once, and again, until none is left.

    With strict dominance the result does not depend on the order (Gilboa, Kalai and Zemel 1990), and every
    equilibrium and correlated equilibrium survives. With `weak=True` it depends on the order, the one used here being
    everybody at once, and equilibria can be lost.

    Raises
    ------
    TooLarge : the table would not fit.
    """
    table = game.dense()
    kept = tuple(np.arange(size) for size in table.sizes)
    rounds = []
    while True:
        found = [d for i in range(len(table.players)) for d in _dominated(table, i, kept) if weak or d.strict]
        if not found:
            return Elimination(tuple(rounds), tuple(tuple(int(move) for move in own) for own in kept))
        rounds.append(tuple(found))
        gone = {(d.player, d.move) for d in found}
        kept = tuple(np.array([move for move in own if (i, move) not in gone]) for i, own in enumerate(kept))


def _own_table(game: NormalForm, i: int, kept: tuple[Array, ...]) -> Array:
    """Player i's payoffs `[own kept moves, others' joint kept moves]`."""
    return np.moveaxis(game.payoffs[..., i][np.ix_(*kept)], i, 0).reshape(len(kept[i]), -1)


def _slack(game: NormalForm, i: int) -> float:
    return TOLERANCE * float(np.abs(game.payoffs[..., i]).max())


def _dominant(game: NormalForm, i: int, strict: bool) -> int | None:
    table = _own_table(game, i, tuple(np.arange(size) for size in game.sizes))
    slack = _slack(game, i)
    for move in range(len(table)):
        if all(_beats(table[move] - row, slack, strict) for row in np.delete(table, move, axis=0)):
            return move
    return None


def _dominated(game: NormalForm, i: int, kept: tuple[Array, ...]) -> list[Dominated]:
    """Player i's dominated moves in the game reduced to the `kept` moves."""
    table, slack = _own_table(game, i, kept), _slack(game, i)
    found = []
    for move in range(len(table)):
        by = _witness(table, move, slack)
        if by is not None:
            margin = float((by @ table - table[move]).min())
            spread = np.zeros(game.sizes[i])
            spread[kept[i]] = by
            strict = margin > slack
            found.append(Dominated(i, int(kept[i][move]), spread, strict, margin if strict else 0.0))
    return found


def _beats(lead: Array, slack: float, strict: bool) -> bool:
    """Whether a lead over a move, one number per joint move of the others, dominates it."""
    return bool(lead.min() > slack or (not strict and lead.min() >= -slack and lead.max() > slack))


def _witness(table: Array, move: int, slack: float) -> Array | None:
    """Probabilities that show `move` dominated, strictly rather than weakly and by a move rather than a mixture."""
    lead = table - table[move]
    others = np.delete(np.arange(len(table)), move)
    if (lead[others] < -slack).all(axis=0).any():
        return None  # against something the move is the only best reply
    for strict in (True, False):
        for other in others:
            if _beats(lead[other], slack, strict):
                return np.eye(len(table))[other]
        by = _mixture(lead, others, strict)
        if by is not None and _beats(by @ lead, slack, strict):
            return by
    return None


def _mixture(lead: Array, others: Array, strict: bool) -> Array | None:
    """The mixture of `others` whose smallest lead is largest, or (weak) whose mean lead is, none being negative."""
    scale = np.abs(lead).max()
    if len(others) < 2 or scale == 0:
        return None
    scaled, floor = lead[others] / scale, float(strict)  # the last variable is the smallest lead; unused when weak
    answer = solve_lp(
        np.append(np.zeros(len(others)) if strict else scaled.mean(axis=1), floor),
        np.column_stack([-scaled.T, np.full(scaled.shape[1], floor)]),
        np.zeros(scaled.shape[1]),
        np.append(np.ones(len(others)), 0.0)[None],
        np.ones(1),
        lower=np.append(np.zeros(len(others)), -1.0),
        upper=1.0,
        maximise=True,
    )
    if answer.x is None:
        return None
    mixture = np.zeros(len(lead))
    mixture[others] = np.maximum(answer.x[:-1], 0.0)
    return mixture / mixture.sum()
