"""Where a game of incomplete information settles, valued by what is true."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..core.forms.bayesian import Bayesian
from ..core.game import Mixture
from ..solvers.logit import logit
from ..solvers.pure_equilibria import pure_equilibria

LISTED = 200_000
"""Joint moves of all signals up to which every one is looked at for the best plan and pure equilibria."""


@dataclass(frozen=True, eq=False)
class Settled:
    """Where a Bayesian game settles, valued by what is true.

    Attributes
    ----------
    behaviour : the odds at each signal: the limit of the logit branch.
    payoffs : what each player gets there in truth. welfare : their mean.
    worst, best : mean payoffs at the worst and best equilibrium found (pure ones, and this one).
    complete : whether all pure equilibria were looked at.
    """

    behaviour: Mixture = field(repr=False)
    payoffs: tuple[float, ...]
    welfare: float
    worst: float
    best: float
    complete: bool


def settled(game: Bayesian) -> Settled:
    """The limit of the logit branch of the agent form, and how good or bad other equilibria are."""
    form, true = game.agent_form, game.believing(None)
    point = logit(form).points[0]
    payoffs = true.value(point)
    worth = [float(payoffs.mean())]
    small = math.prod(form.sizes) <= LISTED and len(form.sizes) <= 30
    if small:
        worth += [float(true.value(pure).mean()) for pure in pure_equilibria(form).points]
    return Settled(point, tuple(payoffs.tolist()), worth[0], min(worth), max(worth), small)
