"""What a trusted go-between can bring about who knows nothing but what it is told: communication equilibrium."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..core.forms.bayesian import Bayesian
from ..core.game import Array
from ._device import Device, goal_of, optimum, payoffs_under, refuse_large, require_bayesian
from ._highs import unit_of


def communication(game: Any, goal: Any = None, *, worst: bool = False, seconds: float = 60.0) -> Device:
    """The best (or worst) communication equilibrium: everybody reports its signal and is told, alone, what to do.

    Nobody gains by lying, by disobeying, or by both together (Forges 1986, Myerson 1986). Every Bayes–Nash equilibrium
    is one, so what is best here bounds what any talk before play can do; what the players together know is all that
    the go-between can use.

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
    kinds, sizes = game.true_odds.shape[1:], game.by_state.shape[1:-1]
    count, reports, moves = len(sizes), int(np.prod(kinds)), int(np.prod(sizes))
    size = reports * moves
    gains = [(k * k * a) for k, a in zip(kinds, sizes, strict=True)]  # one free number: the best after a lie, each word
    extra = sum(gains)
    refuse_large(game, (size + extra) * sum(g * a for g, a in zip(gains, sizes, strict=True)))
    true = np.tensordot(game.true_odds, table, axes=(0, 0))  # [T…, A…]
    objective = np.concatenate([sign * true.ravel() / unit_of(table), np.zeros(extra)])
    rows = _rows(game, size, extra)
    total = np.hstack([np.repeat(np.eye(reports), moves, axis=1), np.zeros((reports, extra))])
    found = optimum(objective, rows, total, np.ones(reports), seconds, extra)
    concept = f"{'worst' if worst else 'best'} communication equilibrium"
    if found.x is None:
        return Device(concept, None, float("nan"), (), float("nan"), "timed out")
    odds = np.maximum(found.x[:size], 0).reshape(reports, moves)
    rule = (odds / odds.sum(1, keepdims=True)).reshape(*kinds, *sizes)
    joint = game.true_odds.reshape(*game.true_odds.shape, *[1] * count) * rule
    violation = max(_best_lie(game, seat, rule) for seat in range(count))
    return Device(concept, rule, float((true * rule).sum()), payoffs_under(game, joint), violation, "complete")


def _worth(game: Bayesian, seat: int) -> Array:
    """`float[T…, A…]`: the seat's believed payoff times odds, by everybody's signals and moves."""
    return np.tensordot(game.beliefs[seat], game.by_state[..., seat], axes=(0, 0))


def _rows(game: Bayesian, size: int, extra: int) -> list[Array]:
    """Rows ≤ 0. For a signal heard and one reported: a free number per word is at least what each reply to it gives,
    and their sum is at most what truth and obedience give.
    """
    kinds, sizes = game.true_odds.shape[1:], game.by_state.shape[1:-1]
    count, rows, free = len(sizes), [], size
    for seat in range(count):
        worth = _worth(game, seat) / unit_of(game.by_state[..., seat])
        for heard, said in itertools.product(range(kinds[seat]), repeat=2):
            honest = np.zeros((*kinds, *sizes))
            honest[_only(seat, heard)] = worth[_only(seat, heard)]
            bound = np.zeros(size + extra)
            bound[:size] = -honest.ravel()
            for word in range(sizes[seat]):
                bound[free] = 1.0
                for done in range(sizes[seat]):
                    row = np.zeros(size + extra)
                    row[:size] = _after(worth, count, seat, heard, said, word, done).ravel()
                    row[free] = -1.0
                    rows.append(row)
                free += 1
            rows.append(bound)
    return rows


def _after(worth: Array, count: int, seat: int, heard: int, said: int, word: int, done: int) -> Array:
    """Where the rule's odds count, and for how much, when `said` is reported for `heard` and `done` for `word`."""
    found = np.zeros_like(worth)
    found[_only(seat, said, count + seat, word)] = worth[_only(seat, heard, count + seat, done)]
    return found


def _only(*places: int) -> tuple[Any, ...]:
    """An index that fixes axis -> number, given in pairs of growing axes."""
    index: list[Any] = []
    for axis, number in zip(places[::2], places[1::2], strict=True):
        index += [slice(None)] * (axis - len(index)) + [number]
    return tuple(index)


def _best_lie(game: Bayesian, seat: int, rule: Array) -> float:
    """The most the seat believes to gain by a report and replies of its own, at its worst signal (≥ 0)."""
    worth, kinds, sizes = _worth(game, seat), rule.shape[: len(game.players)], rule.shape[len(game.players) :]
    count, best = len(sizes), 0.0
    for heard in range(kinds[seat]):
        mine = _only(seat, heard)
        honest = float((worth[mine] * rule[mine]).sum())
        for said in range(kinds[seat]):
            gained = 0.0
            for word in range(sizes[seat]):
                odds = rule[_only(seat, said, count + seat, word)]
                gained += max(
                    float((odds * worth[_only(seat, heard, count + seat, done)]).sum()) for done in range(sizes[seat])
                )
            best = max(best, gained - honest)
    return best
