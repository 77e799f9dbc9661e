"""The least welfare that players without regret may end in, among players who are alike: one small linear program."""

from __future__ import annotations

import numpy as np

from ..core.forms.symmetric import Symmetric
from ..core.game import Array
from ..diagnosis._large_spreads import _envelope, _others_of
from ..solvers._highs import Sparse, solve_lp

ENTRIES = 1_000_000
"""Numbers in the program beyond which it is not built."""


def worst_without_regret(governed: Symmetric, base: Symmetric, seconds: float = 10.0) -> float | None:
    """A bound below the welfare of every coarse correlated equilibrium of `governed`; None where it was not found.

    Welfare is the mean over all principals in `base`, whose moves `governed` has, before payments. What nobody regrets
    on average is a distribution over the ways in which players spread over the moves, as seats can be shuffled. Where
    only a total matters, shares of players stand for whole ones, which can only lower the bound. It is computed again
    from the prices that the program finds, in float64, as weak duality allows.
    """
    count, principals = len(governed.players), len(governed.principals)
    rows, valid = _others_of(governed)
    if valid.sum() * rows.shape[1] > ENTRIES:
        return None
    own = np.arange(rows.shape[1])
    gain = governed.payoffs[:, rows].transpose(1, 2, 0) - governed.payoffs[own, rows][..., None]
    worth = _before(governed, base)[own, rows] * count / principals
    rest = governed.bystander_payoffs.sum(1) / principals
    if governed.amounts is None:
        shares = governed.totals / count
        return _by_counts((worth * shares).sum(1) + rest, np.einsum("tkj,tk->tj", gain, shares), seconds)
    return _by_total(worth, gain, rest, valid, governed.amounts, governed.totals / count, seconds)


def _before(governed: Symmetric, base: Symmetric) -> Array:
    """What each move pays in `base` in every state of the others, `[A, C]` of `governed`."""
    names = np.array([base.moves[0].index(label) for label in governed.moves[0]])
    places = names[governed.representatives]
    return base.payoffs[places[..., 0], base.others_at(places)[..., 0]]


def _by_counts(worth: Array, gain: Array, seconds: float) -> float | None:
    """One variable for every way to spread: the odds of it."""
    found = solve_lp(worth, gain.T, np.zeros(gain.shape[1]), np.ones((1, len(worth))), np.ones(1), time_limit=seconds)
    if found.status != "optimal" or found.duals_ub is None:
        return None
    return float((worth + gain @ np.maximum(-found.duals_ub, 0.0)).min())


def _by_total(
    worth: Array, gain: Array, rest: Array, valid: Array, amounts: Array, means: Array, seconds: float
) -> float | None:
    """One variable for every total and move: the odds of that total, times the share of players who make the move."""
    state, move = np.nonzero(valid)
    c = worth[state, move] + rest[state]
    balance = Sparse(amounts[move] - means[state], state, np.arange(len(state)), (len(rest), len(state)))
    once = Sparse.of(np.ones((1, len(state))), len(state))
    right = np.append(np.zeros(len(rest)), 1.0)
    found = solve_lp(
        c, gain[state, move].T, np.zeros(gain.shape[2]), Sparse.stack([balance, once]), right, time_limit=seconds
    )
    if found.status != "optimal" or found.duals_ub is None:
        return None
    priced = worth + gain @ np.maximum(-found.duals_ub, 0.0)
    return float((rest - _envelope(np.where(valid, -priced, -np.inf), amounts, means)).min())
