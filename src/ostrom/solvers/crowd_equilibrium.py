"""Wardrop equilibrium of a crowd whose payoffs may come from anything: a network under institutions, say.

The assignment solvers know that a road network is a convex problem. Under an institution it need not be one, and all
that is left is the oracle: what each route is worth at these shares. That is a variational inequality, solved here by
the extragradient method (Korpelevich, 1976) with a step that adapts to the oracle (Khobotov, 1987).
"""

from __future__ import annotations

import numpy as np

from ..core.game import Game, Mixture
from ..core.solution import Solution, Status


def crowd_equilibrium(game: Game, *, gap: float = 1e-9, steps: int = 20_000) -> Solution:
    """One equilibrium of a population game, to a regret of at most `gap` relative to the size of the payoffs.

    Parameters
    ----------
    game : a game whose players are populations (`Network`, `GovernedCrowd`); routes must be few enough to list.
    gap : largest regret, as a share of the largest payoff in absolute value.
    steps : oracle pairs before giving up.

    Returns a `Solution` with one point; "complete" is not claimed (there may be other equilibria): status is "partial",
    or "timed out" when `steps` ran out first, with the regret reached.
    """
    x, rate = game.uniform(), 1.0
    reached, best = np.inf, x
    for step in range(steps):
        worth = game.deviation_payoffs(x)
        scale = max(1e-12, max(float(np.abs(w).max()) for w in worth))
        regret = max(float(w.max() - s @ w) for s, w in zip(x, worth, strict=True))
        if regret < reached:
            reached, best = regret, x
        if regret <= gap * scale:
            return _answer(best, reached, "partial", f"found in {step} steps")
        x, rate = _step(game, x, worth, rate)
    return _answer(best, reached, "timed out", f"the regret wanted was {gap * scale:.3g}")


def _step(game: Game, x: Mixture, worth: Mixture, rate: float) -> tuple[Mixture, float]:
    """One extragradient step; the rate shrinks until the oracle changes less than the shares do."""
    while True:
        ahead = tuple(_onto_simplex(s + rate * w) for s, w in zip(x, worth, strict=True))
        there = game.deviation_payoffs(ahead)
        moved = np.sqrt(sum(float(((a - s) ** 2).sum()) for a, s in zip(ahead, x, strict=True)))
        turned = np.sqrt(sum(float(((t - w) ** 2).sum()) for t, w in zip(there, worth, strict=True)))
        if rate * turned <= 0.7 * moved or moved == 0:
            break
        rate *= max(0.1, min(0.7, 0.6 * moved / (rate * turned)))
    onward = tuple(_onto_simplex(s + rate * t) for s, t in zip(x, there, strict=True))
    return onward, rate * (1.3 if rate * turned < 0.3 * moved else 1.0)


def _onto_simplex(point: np.ndarray) -> np.ndarray:
    """The nearest probability vector (Held, Wolfe and Crowder, 1974)."""
    ordered = np.sort(point)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(point) + 1)
    return np.maximum(point - excess[np.count_nonzero(ordered > excess) - 1], 0)


def _answer(point: Mixture, regret: float, status: Status, note: str) -> Solution:
    return Solution(
        "Wardrop equilibrium",
        (point,),
        status,
        regret,
        "extragradient on route shares",
        note,
    )
