"""What telling people things can bring about: the best Bayes correlated equilibrium (information design)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.game import Array
from ._device import Device, goal_of, optimum, payoffs_under, refuse_large, require_bayesian
from ._highs import unit_of


def bayes_correlated(game: Any, goal: Any = None, *, worst: bool = False, seconds: float = 60.0) -> Device:
    """The most (or least) that somebody who knows the state and all signals can bring about by telling players things.

    A rule recommends a joint move at each state and signals, so that nobody gains by doing another move than the one
    recommended, given its own signal (Bergemann and Morris 2016). With a single player the best of them is optimal
    persuasion (Kamenica and Gentzkow 2011). Where several moves are equally good the one recommended is taken, and of
    several ways to play the best for the goal: so the value is what a sender can reach at most. Players judge by their
    own beliefs; the goal counts by the odds that are true.

    Parameters
    ----------
    game : a `Bayesian` game.
    goal : what is to be high: the name of a player, or a table `[S, A_1, …, A_P]`; by default the mean payoff.
    worst : the lowest value instead of the highest. seconds : time budget.

    Raises
    ------
    InputError : another kind of game, or a goal that does not fit. TooLarge : a program that does not fit.
    """
    game = require_bayesian(game)
    table, sign = goal_of(game, goal), -1.0 if worst else 1.0
    count, sizes = len(game.players), game.by_state.shape[1:-1]
    drawn = np.argwhere(game.true_odds > 0)
    moves = int(np.prod(sizes))
    incentives = sum(own * (own - 1) * len(heard) for own, heard in zip(sizes, game.signals, strict=True))
    refuse_large(game, len(drawn) * moves * incentives)
    weight = game.true_odds[tuple(drawn.T)]
    objective = sign * (weight[:, None] * table[drawn[:, 0]].reshape(len(drawn), moves)).ravel() / unit_of(table)
    rows = [_obedience(game, seat, drawn) for seat in range(count)]
    scaled = [row / unit_of(game.by_state[..., seat]) for seat, own in enumerate(rows) for row in own]
    total = np.repeat(np.eye(len(drawn)), moves, axis=1)
    found = optimum(objective, scaled, total, np.ones(len(drawn)), seconds)
    concept = f"{'worst' if worst else 'best'} Bayes correlated equilibrium"
    if found.x is None:
        return Device(concept, None, float("nan"), (), float("nan"), "timed out")
    odds = np.maximum(found.x, 0).reshape(len(drawn), moves)
    odds /= odds.sum(1, keepdims=True)
    rule = np.zeros((*game.true_odds.shape, *sizes))
    rule[tuple(drawn.T)] = odds.reshape(len(drawn), *sizes)
    joint = rule * game.true_odds.reshape(*game.true_odds.shape, *[1] * count)
    value = float((joint.sum(axis=tuple(range(1, count + 1))) * table).sum())
    violation = max((float(row @ odds.ravel()) for own in rows for row in own), default=0.0)
    return Device(concept, rule, value, payoffs_under(game, joint), max(violation, 0.0), "complete")


def _obedience(game: Any, seat: int, drawn: Array) -> list[Array]:
    """A row for each own signal, recommended move and other move: the believed gain from doing the other, ≤ 0."""
    believed = game.beliefs[seat][tuple(drawn.T)]
    own = game.by_state[drawn[:, 0], ..., seat]  # [D, A_1, …, A_P]
    rows = []
    for heard in range(len(game.signals[seat])):
        hears = drawn[:, 1 + seat] == heard
        if not hears.any():
            continue
        for told in range(own.shape[1 + seat]):
            for done in range(own.shape[1 + seat]):
                if told == done:
                    continue
                gain = np.zeros_like(own)
                at = (slice(None),) * (1 + seat)
                gain[(*at, told)] = own[(*at, done)] - own[(*at, told)]
                rows.append((gain * (believed * hears).reshape(-1, *[1] * (own.ndim - 1))).ravel())
    return rows
