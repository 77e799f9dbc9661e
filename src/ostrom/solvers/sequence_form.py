"""The value of a two-player zero-sum tree and optimal behaviours, by linear programs over sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.errors import InputError
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array
from ..core.solution import Solution
from ._highs import Sparse, solve_lp, unit_of
from ._tree_rationals import best_reply

DENOMINATOR = 10_000
"""Odds are rounded to fractions of at most this denominator for an exact check."""


@dataclass(frozen=True)
class TreeValue(Solution):
    """The value of a tree to its first player.

    Attributes
    ----------
    value : in float64. low, high : what the first player can secure and what the second can hold it to, by the points
        given, in exact arithmetic where the tree's numbers are rational (then the value lies between them for sure, and
        is known exactly where they are equal), else None.
    """

    value: float = float("nan")
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def exact(self) -> Fraction | None:
        """The value as a fraction, where both bounds meet."""
        return self.low if self.low is not None and self.low == self.high else None


def sequence_form(game: ExtensiveForm, seconds: float = 60.0) -> TreeValue:
    """Optimal behaviours of two players with opposed interests, and what the tree is worth to the first.

    One linear program for each player, of the size of the tree (Romanovskii 1962; Koller, Megiddo and von Stengel
    1996). Odds that are near simple fractions are rounded to them, and both bounds are computed again in rationals from
    what is returned, without the solver.

    Parameters
    ----------
    game : a tree of two players with perfect recall in which all ends pay the two the same sum.
    seconds : time budget of each program; past it the status is "timed out" and there is no point.

    Raises
    ------
    InputError : another kind of game.

    Examples
    --------
    >>> from ostrom.games import KuhnPoker
    >>> sequence_form(KuhnPoker()).exact
    Fraction(-1, 18)
    """
    total = _constant_sum(game)
    plans = [_best_plan(game, player, seconds) for player in (0, 1)]
    concept, method = "optimal behaviours (odds at each information set)", "linear programs over sequences (HiGHS)"
    if plans[0] is None or plans[1] is None:
        return TreeValue(concept, (), "timed out", 0.0, method)
    behaviour = _rounded(game, game.behaviour_of((plans[0], plans[1])))
    low = high = None
    if game.exact_paid is not None:
        near = [[Fraction(float(x)).limit_denominator(DENOMINATOR) for x in own] for own in behaviour]
        exact = [[x / sum(own) for x in own] for own in near]
        low, high = Fraction(total) - best_reply(game, 1, exact), best_reply(game, 0, exact)
    gains = game.gains(behaviour)
    return TreeValue(
        concept=concept,
        points=(behaviour,),
        status="complete",
        regret=float(gains.max()),
        method=method,
        note="One of possibly many pairs of optimal behaviours; all have the same value.",
        value=float(game.value(behaviour)[0]),
        low=low,
        high=high,
    )


def _constant_sum(game: ExtensiveForm) -> Fraction | float:
    if not isinstance(game, ExtensiveForm) or len(game.players) != 2:
        what = f"{len(game.players)} players" if isinstance(game, ExtensiveForm) else f"a {type(game).__name__}"
        raise InputError(
            f"The value of a tree is asked of {what}.",
            "Only two players with opposed interests have one.",
            "Ask solvers.tree_equilibrium of two others, solvers.agent_logit or solvers.cfr of more.",
        )
    game._require_recall()
    table = game.paid if game.exact_paid is None else game.exact_paid
    sums = table[:, 0] + table[:, 1]
    scale = float(np.abs(game.paid).max())
    if float(max(sums) - min(sums)) > 1e-9 * max(1.0, scale):
        raise InputError(
            f"Ends of {game.name} pay the two from {float(min(sums)):g} to {float(max(sums)):g} in all.",
            "Only where all ends pay the same sum are interests opposed, and a value exists.",
            "Ask solvers.tree_equilibrium(game) instead.",
        )
    return sums[0]


def _best_plan(game: ExtensiveForm, player: int, seconds: float) -> Array | None:
    """The plan that secures most against the other's best reply: plan first, then the other's worth of each set."""
    own, other = game.sequences[player], game.sequences[1 - player]
    count, sets = len(own), len(other.sets)
    weight = game.chance * (game.paid[:, player] / unit_of(game.paid))
    pays = Sparse(*_summed(weight, game.reached[1 - player], game.reached[player], (len(other), count)))
    worth = np.zeros((len(other), 1 + sets))
    worth[np.arange(1, len(other.info)), 1 + other.info[1:]] = 1.0
    worth[0, 0] = 1.0
    worth[other.before, 1 + np.arange(sets)] -= 1.0  # what follows a sequence is got after it
    above = Sparse(
        np.concatenate([-pays.values, worth[worth != 0]]),
        np.concatenate([pays.row, np.nonzero(worth)[0]]),
        np.concatenate([pays.column, count + np.nonzero(worth)[1]]),
        (len(other), count + 1 + sets),
    )
    flow = np.zeros((1 + len(own.sets), count + 1 + sets))
    flow[0, 0] = 1.0
    flow[1 + own.info[1:], np.arange(1, count)] = 1.0
    flow[1 + np.arange(len(own.sets)), own.before] -= 1.0
    right = np.zeros(1 + len(own.sets))
    right[0] = 1.0
    goal = np.zeros(count + 1 + sets)
    goal[count] = 1.0
    lower = np.concatenate([np.zeros(count), np.full(1 + sets, -np.inf)])
    flows = Sparse.of(flow, count + 1 + sets)
    zeros = np.zeros(len(other))
    found = solve_lp(goal, above, zeros, flows, right, lower, maximise=True, time_limit=seconds)
    return None if found.x is None else np.maximum(found.x[:count], 0)


def _summed(
    values: Array, row: Array, column: Array, shape: tuple[int, int]
) -> tuple[Array, Array, Array, tuple[int, int]]:
    """Entries of a sparse matrix with those at the same place added up."""
    place, at = np.unique(row * shape[1] + column, return_inverse=True)
    return np.bincount(at, values), place // shape[1], place % shape[1], shape


def _rounded(game: ExtensiveForm, behaviour: Sequence[Array]) -> tuple[Array, ...]:
    """Odds that are near simple fractions as these, so that a value that is one is met exactly."""
    found = []
    for own in behaviour:
        near = np.array([float(Fraction(float(x)).limit_denominator(60)) for x in own])
        fits = np.allclose(near, own, atol=1e-7) and abs(near.sum() - 1) < 1e-12
        found.append(near if fits else own / own.sum())
    return tuple(found)
