"""What somebody who knows the state would tell the players, and what telling can bring about at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.forms.bayesian import Bayesian
from ..core.game import Array
from ..solvers._device import goal_of, require_bayesian
from ..solvers.bayes_correlated import bayes_correlated
from ._bayes_settled import settled
from ._tables import listed

SOURCE = "Kamenica and Gentzkow (2011); with several players Bergemann and Morris (2016)."
NEVER = 1e-9


@dataclass(frozen=True, eq=False)
class Disclosure:
    """Telling nothing, telling all, and telling what is best for a goal.

    Attributes
    ----------
    states, players, moves : names.
    whose : whose goal it is, in words.
    nothing, everything : the goal when players are told nothing, or the state, and settle at the logit limit.
    best, worst : the most and the least that telling can bring about, where the players do what the sender hopes when
        they do not care, and settle where it hopes.
    rule : odds of each joint move recommended in each state, `float[S, A_1, …, A_P]`, over all signals; None when no
        answer was reached in time.
    """

    states: tuple[str, ...]
    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...] = field(repr=False)
    whose: str
    nothing: float
    everything: float
    best: float
    worst: float
    rule: Array | None = field(repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What telling is worth, and what would be told."""
        numbers = {"nothing": self.nothing, "everything": self.everything, "best": self.best, "worst": self.worst}
        slack = 1e-7 * max(1.0, abs(self.best))
        start = f"For {self.whose}, telling nothing gives {self.nothing:.4g} and telling all {self.everything:.4g}"
        if self.rule is None:
            return (Finding("disclosure", f"{start}; the best to tell was not found in time.", self.players, numbers),)
        if self.best <= max(self.nothing, self.everything) + slack:
            silent = self.nothing >= self.everything - slack
            said = f"{start}; nothing in between is better, so it would tell {'nothing' if silent else 'all'}."
        else:
            said = f"{start}; telling some of it gives up to {self.best:.4g}: {self._told()}."
        numbers["rule"] = self.rule.tolist()
        return (Finding("disclosure", said, self.players, numbers, SOURCE),)

    def _told(self) -> str:
        assert self.rule is not None
        parts = []
        for state, odds in zip(self.states, self.rule, strict=True):
            likely = [(float(odds[tuple(at)]), at) for at in np.argwhere(odds > NEVER)]
            likely.sort(key=lambda pair: -pair[0])
            said = [f"{self._move(at)} ({odds:.0%})" if odds < 1 - NEVER else self._move(at) for odds, at in likely[:3]]
            parts.append(f"when {state}, to {listed(tuple(said))}{' or others' if len(likely) > 3 else ''}")
        return "it would advise " + "; ".join(parts[:4]) + ("; …" if len(parts) > 4 else "")

    def _move(self, at: Array) -> str:
        labels = [own[k] for own, k in zip(self.moves, at, strict=True)]
        return labels[0] if len(labels) == 1 else f"({', '.join(labels)})"


def disclosure(game: Bayesian, goal: Any = None, whose: str = "") -> Disclosure:
    """What a sender who knows the state (and all signals) would tell the players, each privately.

    Parameters
    ----------
    game : a `Bayesian` game. goal : what the sender wants, as `solvers.bayes_correlated` reads it: a player's name, a
        table `[S, A_1, …, A_P]`, or by default the players' mean payoff.
    whose : the goal in words, for the sentence.

    Raises
    ------
    InputError : another kind of game, or a goal that does not fit. TooLarge : a program that does not fit.
    """
    game = require_bayesian(game)
    table = goal_of(game, goal)
    best, worst = bayes_correlated(game, goal), bayes_correlated(game, goal, worst=True)
    rule = None
    if best.rule is not None:
        joint = best.rule * game.true_odds.reshape(*game.true_odds.shape, *[1] * len(game.players))
        by_state = joint.sum(axis=tuple(range(1, len(game.players) + 1)))
        rule = by_state / by_state.sum(axis=tuple(range(1, by_state.ndim)), keepdims=True)
    return Disclosure(
        states=game.states,
        players=game.players,
        moves=game.choices,
        whose=whose or (goal if isinstance(goal, str) else "the goal" if goal is not None else "the mean payoff"),
        nothing=_reached(game, table),
        everything=_reached(game.informed(), table),
        best=best.value,
        worst=worst.value,
        rule=rule,
    )


def _reached(game: Bayesian, table: Array) -> float:
    """The goal where a game settles, by what is true."""
    behaviour = settled(game).behaviour
    goal = np.repeat(table[..., None], len(game.players), axis=-1)
    odds = game.true_odds
    valued = Bayesian(goal, odds, states=game.states, signals=game.signals, moves=game.choices, players=game.players)
    return float(valued.value(behaviour)[0])
