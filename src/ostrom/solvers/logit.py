"""Logit quantal response equilibrium (McKelvey and Palfrey 1995) along its principal branch (Turocy 2005).

At precision λ every player plays each move with odds proportional to exp(λ × what the move is worth against the
others' odds). At λ = 0 that is blind chance; the branch that starts there leads, as λ grows, to one Nash equilibrium.

The branch is walked in log-odds z, with residual z − λ · centred worth(softmax z), so that odds may become tiny
without leaving the numbers of a computer. Moves that nothing tells apart keep equal odds: where symmetry would let
the branch split, the component fixed by the symmetry is the one followed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.errors import InputError
from ..core.game import Game, Mixture
from ..core.solution import Solution
from ._branch import Branch, LogitMap, back_from, principal
from ._fit import logit_fit
from ._weak_points import WeakPoint, weak_points

__all__ = ["Branch", "WeakPoint", "logit", "logit_branch", "logit_fit", "logit_through", "weak_points"]


def logit(game: Game, precision: float = math.inf) -> Solution:
    """The logit equilibrium at `precision` on the principal branch, or the limit of the branch at ∞.

    `precision` is λ ≥ 0, one over payoff units. Where the branch folds back, the first crossing of λ counts, seen
    from uniform play. The status is "complete" when the one point asked for was reached (other logit equilibria may
    exist off the branch) and "partial" when the branch could not be followed so far; then the point is the last one
    reached. `regret` is that of the point as a Nash equilibrium, so it goes to 0 only as λ grows.

    Raises
    ------
    InputError : λ is negative or not a number.
    """
    branch = logit_branch(game, precision)
    point = branch.at(precision)
    note = "" if branch.reached else "The branch could not be followed so far; this is the last point reached."
    if branch.reached and not branch.isolated:
        note = "The limit is not an isolated equilibrium; it was approached to seven digits of λ, not polished."
    return Solution(
        concept=f"logit equilibrium at precision {precision:g} on the principal branch",
        points=(point,),
        status="complete" if branch.reached else "partial",
        regret=max(game.regret(point), 0.0),
        method="predictor-corrector continuation from uniform play (Turocy 2005)",
        note=note,
    )


def logit_branch(
    game: Game, precision: float = math.inf, *, caps: Sequence[float] | None = None, likeness: float = 0.0
) -> Branch:
    """The principal branch from uniform play up to `precision` (λ ≥ 0, one over payoff units), by default to its limit.

    `caps` holds players back: player i plays with precision min(λ, caps[i]). With `likeness` > 0, in payoff units,
    moves whose worths are that near count as alike and keep equal odds; the branch is then that of a symmetric game
    no further than that from `game`. Raises `InputError` when λ is negative or not a number.
    """
    _require_precision(precision)
    return principal(LogitMap(game, caps), precision, likeness)


def logit_through(game: Game, equilibrium: Mixture, precision: float) -> Mixture | None:
    """The logit equilibrium at `precision` on the branch that leads to a Nash equilibrium as λ grows.

    None when that branch turns back before it comes down to `precision`: then no such play exists there. Raises
    `InputError` when λ is negative or not a number.
    """
    _require_precision(precision)
    return equilibrium if math.isinf(precision) else back_from(LogitMap(game), equilibrium, precision)


def _require_precision(precision: float) -> None:
    if not precision >= 0:
        raise InputError(
            f"The precision is {precision!r}.",
            "λ runs from 0, blind chance, to inf, perfect play.",
            "Give a number of zero or more.",
        )
