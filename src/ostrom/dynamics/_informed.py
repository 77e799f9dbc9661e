"""Play in which each player acts on what it sees: a table, a Bayesian game, or one who speaks and one who listens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.bayesian import Bayesian
from ..core.game import Array, Game, amount

PLAYS = 1_000_000
"""Different plays beyond which they are not listed."""


@dataclass(frozen=True, eq=False)
class Informed:
    """A state is drawn, then players move in the order of their seats, each knowing what it sees and no more.

    Attributes
    ----------
    payoffs : `float[T, A_1, …, A_P, P]`, what each player gets in state t after these moves.
    sees : for each player i, the number of what it sees, `int[T, A_1, …, A_(i-1)]`, counted from 0.
    odds : of the states, `float[T]`.

    Raises
    ------
    InputError : shapes that do not fit, odds that are no odds, sights that are not numbered from 0.
    TooLarge : more than a million different plays.

    Examples
    --------
    >>> Informed.lewis(3).payoffs.shape
    (3, 3, 3, 2)
    """

    payoffs: Array
    sees: tuple[Array, ...]
    odds: Array

    def __post_init__(self) -> None:
        payoffs, odds = np.asarray(self.payoffs, float), np.asarray(self.odds, float)
        players = payoffs.shape[-1] if payoffs.ndim else 0
        if payoffs.ndim != players + 2 or 0 in payoffs.shape or not np.isfinite(payoffs).all():
            raise InputError(
                f"Payoffs of shape {payoffs.shape}, or not all finite.",
                "P players need a finite number at payoffs[t, a1, …, aP, p].",
                "With one state give that axis the length 1.",
            )
        if odds.shape != payoffs.shape[:1] or not (odds >= 0).all() or abs(odds.sum() - 1) > 1e-9:
            raise InputError(f"Odds {odds} for {len(payoffs)} states.", do="Give one each; they sum to one.")
        if payoffs.size // players > PLAYS:
            raise TooLarge(f"{amount(payoffs.size // players)} plays.", f"At most {PLAYS:,} are listed.", "Give fewer.")
        sees = tuple(np.asarray(own) for own in self.sees)
        for i, own in enumerate(sees):
            numbered = own.dtype.kind in "iu" and np.array_equal(np.unique(own), np.arange(own.max(initial=0) + 1))
            if own.shape != payoffs.shape[: i + 1] or not numbered:
                raise InputError(
                    f"What player {i + 1} sees is of shape {own.shape}.",
                    f"It is a number, counted from 0, for each state and earlier moves: {payoffs.shape[: i + 1]}.",
                    "Give whole numbers of which none is left out.",
                )
        if len(sees) != players:
            raise InputError(f"{len(sees)} players see something, {players} play.", do="Say what each one sees.")
        for name, value in (("payoffs", payoffs), ("odds", odds), ("sees", sees)):
            object.__setattr__(self, name, value)

    @property
    def sights(self) -> tuple[int, ...]:
        """How many different things each player can see."""
        return tuple(int(own.max()) + 1 for own in self.sees)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many moves each player has."""
        return self.payoffs.shape[1:-1]

    @staticmethod
    def of(game: Game | Informed) -> Informed:
        """A game as such play: of a Bayesian game players see their signals, of any other table nothing."""
        if isinstance(game, Informed):
            return game
        if isinstance(game, Bayesian):
            return _of_bayesian(game)
        payoffs = game.dense().payoffs[None]
        blind = tuple(np.zeros(payoffs.shape[: i + 1], int) for i in range(payoffs.shape[-1]))
        return Informed(payoffs, blind, np.ones(1))

    @staticmethod
    def talk(payoffs: Any, odds: Sequence[float] | None = None, signals: int | None = None) -> Informed:
        """A sender who knows the state sends one of `signals`, free of charge; a receiver sees only that, and acts.

        `payoffs[T, A, 2]` of sender and receiver; the odds are even and there are as many signals as states by default.
        """
        table = np.asarray(payoffs, float)
        if table.ndim != 3 or table.shape[-1] != 2:
            raise InputError(f"Payoffs of shape {table.shape}.", "Talk is between two.", "Give payoffs[t, a, 2].")
        states, count = len(table), len(table) if signals is None else signals
        if count < 1:
            raise InputError(f"{count} signals.", "Whoever sends has something to send.", "Give at least one.")
        shown = np.broadcast_to(np.arange(count), (states, count))
        spread = np.broadcast_to(table[:, None], (states, count, *table.shape[1:]))
        even = np.full(states, 1 / states) if odds is None else np.asarray(odds, float)
        return Informed(spread, (np.arange(states), shown), even)

    @staticmethod
    def lewis(states: int, signals: int | None = None) -> Informed:
        """Lewis's signalling game (1969): both get 1 when the receiver's act matches the state, else nothing."""
        return Informed.talk(np.repeat(np.eye(states)[:, :, None], 2, axis=2), signals=signals)

    def expected(self, odds: Sequence[Array]) -> Array:
        """Expected payoffs `float[R, P]` when player i at sight o mixes with `odds[i][R, O_i, A_i]`."""
        weight = np.broadcast_to(self.odds, (len(odds[0]), len(self.odds)))
        for own, sees in zip(odds, self.sees, strict=True):
            weight = (weight[:, :, None] * own[:, sees.ravel()]).reshape(len(weight), -1)
        return weight @ self.payoffs.reshape(-1, self.payoffs.shape[-1])


def _of_bayesian(game: Bayesian) -> Informed:
    """States are the combinations of state and signals that happen; everybody sees its own signal."""
    happens = np.argwhere(game.true_odds > 0)
    payoffs = game.by_state[happens[:, 0]]
    if math.prod(payoffs.shape[:-1]) > PLAYS:
        raise TooLarge(f"{amount(math.prod(payoffs.shape[:-1]))} plays.", f"At most {PLAYS:,} are listed.")
    sees = []
    for i, signal in enumerate(happens[:, 1:].T):
        own = np.unique(signal, return_inverse=True)[1].reshape(-1, *[1] * i)
        sees.append(np.broadcast_to(own, payoffs.shape[: i + 1]))
    return Informed(payoffs, tuple(sees), game.true_odds[tuple(happens.T)])
