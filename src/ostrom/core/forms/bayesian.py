"""The game of incomplete information: who gets what depends on a state that the players learn of by signals alone.

A Bayesian game is a tree in which chance draws a state and a signal for everybody, and then all choose at once, each
knowing its own signal (Harsanyi 1967). So everything that works on trees works on it; a behaviour says what each
player does at each signal. Beliefs may differ from the odds that are true, and from player to player.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..delegation import Delegation
from ..errors import InputError, TooLarge
from ..game import Array
from ._nodes import Chance, Choice, End, Node
from .extensive import ExtensiveForm
from .normal_form import _move_names, _names, _numbers

PLAY_LIMIT = 200_000
"""Combinations of state, signals and moves beyond which no tree is built."""


class Bayesian(ExtensiveForm):
    """A finite game in which payoffs depend on a state, and players see signals of it.

    Parameters
    ----------
    payoffs : `[S, A_1, …, A_P, P]`, what each player gets in each state.
    odds : `[S, T_1, …, T_P]`, the joint odds of the state and everybody's signal; they sum to one. What is true.
    beliefs : `[P, S, T_1, …, T_P]`, the odds that each player believes in; by default what is true (a common prior).
        A player may not hold impossible what is true, nor the other way round: that would be a surprise without a rule.
    states, signals, moves, players : names; `signals` and `moves` one list for all or one list for each player.

    Attributes
    ----------
    by_state, true_odds, beliefs : the arguments, as arrays.

    As a `Game` (and a tree) it pays what players *believe* they get on average: `value`, `gains`, `deviation_payoffs`
    are theirs. What they get in truth is `true_value`; `delegation` holds both, for a diagnosis.

    Raises
    ------
    InputError : shapes that do not fit, odds that are negative or do not sum to one, beliefs of other plays than those
        that can happen. TooLarge : more than 200,000 combinations.

    Examples
    --------
    >>> invest = Bayesian([[[1.0], [0.0]], [[-2.0], [0.0]]], [[0.5], [0.5]], states=("boom", "bust"),
    ...     signals=(("nothing",),), moves=(("invest", "wait"),), players=("investor",))
    >>> invest.value(invest.behaviour({("investor", "nothing"): "invest"}))
    array([-0.5])
    """

    def __init__(
        self,
        payoffs: Any,
        odds: Any,
        *,
        beliefs: Any = None,
        states: Sequence[str] | None = None,
        signals: Sequence[Any] | None = None,
        moves: Sequence[Any] | None = None,
        players: Sequence[str] | None = None,
        name: str = "game",
    ) -> None:
        self.exact_by_state, self.by_state = _numbers(payoffs, "payoffs")
        self.exact_odds, self.true_odds = _numbers(odds, "odds")
        shape, count = self.by_state.shape, self.by_state.shape[-1] if self.by_state.ndim else 0
        if (
            self.by_state.ndim != count + 2
            or 0 in shape
            or self.true_odds.ndim != count + 1
            or 0 in self.true_odds.shape
        ):
            raise InputError(
                f"Payoffs of shape {shape} with odds of shape {self.true_odds.shape} are no Bayesian game's.",
                "P players need payoffs[state, a1, …, aP, p] and odds[state, t1, …, tP].",
                "A player without a signal has one that says nothing: an axis of length 1.",
            )
        if len(self.true_odds) != shape[0]:
            raise InputError(f"Payoffs have {shape[0]} states, odds {len(self.true_odds)}.", do="Give the same states.")
        self.states = _names(states, shape[0], "state")
        names = _names(players, count, "player")
        self.signals = _move_names(signals, self.true_odds.shape[1:])
        self.choices = _move_names(moves, shape[1:-1])
        _check_odds(self.true_odds, "The odds")
        if never := [s for s, odds in zip(self.states, self.true_odds, strict=True) if not odds.any()]:
            raise InputError(
                f"The state {never[0]!r} never comes.", "A state without odds says nothing.", "Leave such states out."
            )
        self.beliefs = self._checked_beliefs(beliefs, names)
        combinations = int((self.true_odds > 0).sum()) * math.prod(shape[1:-1])
        if combinations > PLAY_LIMIT:
            raise TooLarge(
                f"{name} has {combinations:,} combinations of state, signals and moves.",
                f"More than {PLAY_LIMIT:,} make too large a tree.",
                "Give fewer states, signals or moves.",
            )
        super().__init__(self._grown(names), players=names, name=name)

    @classmethod
    def of_types(cls, payoffs: Any, prior: Any, *, beliefs: Any = None, types: Any = None, **names: Any) -> Bayesian:
        """The game in which the state is everybody's type and each knows its own.

        `payoffs[t1, …, tP, a1, …, aP, p]`, `prior[t1, …, tP]`, `beliefs[P, t1, …, tP]`; `types` names them.
        """
        given = np.asarray(payoffs, dtype=object if _has_fractions(payoffs) else float)
        prior = np.asarray(prior, dtype=object if _has_fractions(prior) else float)
        kinds, count = prior.shape, math.prod(prior.shape)
        if given.shape[: prior.ndim] != kinds:
            raise InputError(
                f"Payoffs of shape {given.shape} do not begin with the types of a prior of shape {kinds}.",
                do="Give payoffs[t1, …, tP, a1, …, aP, p] and prior[t1, …, tP].",
            )
        labels = _move_names(types, kinds)
        spread = np.zeros((count, *kinds), dtype=prior.dtype)
        spread.reshape(count, count)[np.diag_indices(count)] = prior.ravel()
        kept = np.flatnonzero(prior.ravel() != 0)  # combinations of types that never meet are no states
        if beliefs is not None:
            believed = np.asarray(beliefs, float).reshape(-1, count)
            beliefs = np.zeros((len(believed), count, *kinds))
            beliefs.reshape(len(believed), count, count)[:, np.arange(count), np.arange(count)] = believed
            beliefs = beliefs[:, kept]
        states = [", ".join(mine) for mine in itertools.product(*labels)]
        table = given.reshape(count, *given.shape[prior.ndim :])
        return cls(
            table[kept], spread[kept], beliefs=beliefs, states=[states[k] for k in kept], signals=labels, **names
        )

    @property
    def common_prior(self) -> bool:
        """Whether everybody believes what is true."""
        return bool(np.allclose(self.beliefs, self.true_odds, rtol=0, atol=1e-12))

    def true_value(self, behaviour: Sequence[Array]) -> Array:
        """`float[..., P]`: what each player gets on average in truth when all behave so."""
        return self.believing(None).value(tuple(behaviour))

    def believing(self, beliefs: Any) -> Bayesian:
        """The same game with other beliefs, `[P, S, T_1, …, T_P]`; None: what is true, for everybody."""
        return self._like(self.true_odds if self.exact_odds is None else self.exact_odds, beliefs)

    def informed(self, *players: str) -> Bayesian:
        """The game in which these players (by default all) are also told the state, and everybody knows that they are.

        Beliefs about the state stay as they are; who is told has no use for them any more.
        """
        told = set(players or self.players)
        if unknown := told - set(self.players):
            raise InputError(f"{sorted(unknown)} are no players of {self.name}.", do=f"Name some of {self.players}.")
        index, sizes, names = [], [], []
        for player, own in zip(self.players, self.signals, strict=True):
            knows = player in told and len(self.states) > 1
            index.append(knows)
            sizes.append(len(own) * (len(self.states) if knows else 1))
            names.append([f"{signal}, {s}" for signal in own for s in self.states] if knows else list(own))
        old = np.array(list(np.ndindex(*self.true_odds.shape)))
        at = [old[:, 0]] + [
            old[:, 1 + i] * (len(self.states) if knows else 1) + (old[:, 0] if knows else 0)
            for i, knows in enumerate(index)
        ]
        odds = np.zeros((len(self.states), *sizes))
        odds[tuple(at)] = self.true_odds.ravel()
        beliefs = np.zeros((len(self.players), *odds.shape))
        beliefs[(slice(None), *at)] = self.beliefs.reshape(len(self.players), -1)
        return self._like(odds, beliefs, signals=names, name=f"{self.name}, {', '.join(sorted(told))} informed")

    @property
    def delegation(self) -> Delegation:
        """Players who act on what they believe, for principals who get what is true; over strategies by signal."""
        true = self.believing(None).dense()
        return Delegation(true, rewards=self.dense().payoffs)

    def _like(self, odds: Any, beliefs: Any, signals: Any = None, name: str = "") -> Bayesian:
        return Bayesian(
            self.by_state if self.exact_by_state is None else self.exact_by_state,
            odds,
            beliefs=beliefs,
            states=self.states,
            signals=self.signals if signals is None else signals,
            moves=self.choices,
            players=self.players,
            name=name or self.name,
        )

    def _checked_beliefs(self, beliefs: Any, players: tuple[str, ...]) -> Array:
        if beliefs is None:
            return np.broadcast_to(self.true_odds, (len(players), *self.true_odds.shape))
        _, believed = _numbers(beliefs, "beliefs")
        if believed.shape != (len(players), *self.true_odds.shape):
            raise InputError(
                f"Beliefs of shape {believed.shape} do not fit.",
                f"Each of {len(players)} players believes in odds of shape {self.true_odds.shape}.",
                "Give beliefs[player, state, t1, …, tP].",
            )
        for player, own in zip(players, believed, strict=True):
            _check_odds(own, f"The beliefs of {player}")
            if ((own > 0) != (self.true_odds > 0)).any():
                raise InputError(
                    f"{player} holds something impossible that can happen, or the other way round.",
                    "What it does when surprised is not part of its beliefs.",
                    "Give such a combination of state and signals small odds instead of none, in both.",
                )
        return believed

    def _grown(self, players: tuple[str, ...]) -> Node:
        """The tree. Beliefs enter as payoffs: a play that i holds twice as likely as it is counts twice for i."""
        exact = self.exact_by_state is not None and self.exact_odds is not None and self.common_prior
        table: Any = self.exact_by_state if exact else self.by_state
        odds: Any = self.exact_odds if exact else self.true_odds
        draws = {}
        for drawn in np.argwhere(self.true_odds > 0).tolist():
            state, *heard = drawn
            trust = 1 if exact else self.beliefs[(slice(None), *drawn)] / self.true_odds[tuple(drawn)]
            label = "; ".join([self.states[state], *(own[k] for own, k in zip(self.signals, heard, strict=True))])
            draws[label] = (odds[tuple(drawn)], self._choosing(players, table[state] * trust, heard, 0))
        return Chance(draws)

    def _choosing(self, players: tuple[str, ...], paid: Any, heard: list[int], seat: int) -> Node:
        if seat == len(players):
            return End(pays=paid.tolist())
        follow = {move: self._choosing(players, paid[k], heard, seat + 1) for k, move in enumerate(self.choices[seat])}
        return Choice(players[seat], follow, sees=self.signals[seat][heard[seat]])


def _check_odds(odds: Array, whose: str) -> None:
    if (odds < 0).any() or not math.isclose(float(odds.sum()), 1, abs_tol=1e-9):
        raise InputError(
            f"{whose} sum to {float(odds.sum()):.12g}, the least being {float(odds.min()):g}.",
            "Odds are not negative and sum to one.",
            "Divide them by their sum.",
        )


def _has_fractions(values: Any) -> bool:
    return np.asarray(values).dtype == object
