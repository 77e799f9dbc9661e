"""Meta-solvers: from a table of payoffs among policies to a mixture for each player."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..core.errors import UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ._alpha import many_populations
from ._branch import LogitMap, principal
from ._minimax import minimax

Meta = Callable[[NormalForm], Mixture]

POPULATION = 50
"""Of α-Rank."""

FLOOR = 1e-6
"""Odds that projected replicator dynamics leave every policy, so that none is lost for good."""

STEP, STEPS = 0.05, 4000
"""Of projected replicator dynamics: a step, over the range of payoffs, and how many are averaged."""


def nash(game: NormalForm) -> Mixture:
    """One equilibrium: maximin mixtures where payoffs of two add up to a constant, else where the logit branch ends."""
    sums = game.payoffs.sum(-1)
    if len(game.players) == 2 and np.ptp(sums) <= 1e-9 * np.abs(game.payoffs).max():
        found = minimax(game.payoffs[..., 0])
        if found is not None:
            return found.x, found.y
    return principal(LogitMap(game), math.inf).at(math.inf)


def uniform(game: NormalForm) -> Mixture:
    """All policies equally often."""
    return game.uniform()


def alpha_rank(game: NormalForm) -> Mixture:
    """How often α-Rank, in the limit, has each player's population at each policy (marginals of its distribution)."""
    joint = many_populations(game, True, POPULATION).masses(math.inf, POPULATION).reshape(game.sizes)
    seats = range(len(game.players))
    return tuple(joint.sum(tuple(k for k in seats if k != i)) for i in seats)


def projected_replicator(game: NormalForm) -> Mixture:
    """The average over time of projected replicator dynamics from uniform play (Lanctot et al. 2017)."""
    mixture, step = game.uniform(), STEP / (float(np.ptp(game.payoffs)) or 1.0)
    total = [np.zeros(size) for size in game.sizes]
    for _ in range(STEPS):
        mixture = projected_step(game, mixture, step, FLOOR)
        for k, x in enumerate(mixture):
            total[k] += x
    return tuple(x / x.sum() for x in total)


def projected_step(game: Game, mixture: Mixture, step: float, floor: float) -> Mixture:
    """One Euler step of the replicator equation, then the nearest mixtures with no odds below `floor`."""
    pairs = zip(mixture, game.deviation_payoffs(mixture), strict=True)
    return tuple(_nearest(x + step * x * (worth - x @ worth), floor) for x, worth in pairs)


METAS: dict[str, Meta] = {
    "nash": nash,
    "uniform": uniform,
    "alpha rank": alpha_rank,
    "projected replicator": projected_replicator,
}


def meta_solver(meta: str | Meta) -> Meta:
    """The meta-solver of this name, or the function itself."""
    if callable(meta):
        return meta
    if meta not in METAS:
        raise UnknownName("meta-solver", str(meta), METAS)
    return METAS[meta]


def _nearest(point: Array, floor: float) -> Array:
    """The mixture with odds from `floor` nearest to `point` (Michelot 1986)."""
    room = 1.0 - floor * len(point)
    over = np.sort(point - floor)[::-1]
    height = (np.cumsum(over) - room) / np.arange(1, len(point) + 1)
    return np.maximum(point - floor - height[np.flatnonzero(over > height)[-1]], 0.0) + floor
