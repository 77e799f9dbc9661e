"""The disagreement point of a bargain: what each player has when nothing is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..solvers._highs import solve_lp
from ..solvers.pure_equilibria import pure_equilibria
from ._remedy import Problem

Disagreement = Literal["now", "equilibrium", "minmax"]


def without_one(problem: Problem, disagreement: Disagreement | Sequence[float]) -> Array | None:
    """What each player has without a contract, `[P]`; None where that is an equilibrium and there is none."""
    rewards, count = np.asarray(problem.delegation.rewards, float), len(problem.game.players)
    if isinstance(disagreement, str):
        if disagreement == "now":
            return np.tensordot(problem.now, rewards, axes=count)
        if disagreement == "equilibrium":
            found = pure_equilibria(problem.agents).profiles
            return np.min([rewards[place] for place in found], axis=0) if found else None
        if disagreement == "minmax":
            return np.array([_held_down(np.moveaxis(rewards[..., i], i, 0)) for i in range(count)])
    else:
        own = np.asarray(disagreement, float)
        if own.shape == (count,) and np.isfinite(own).all():
            return own
    raise InputError(
        f"The disagreement point is {disagreement!r}.",
        f"It is now, equilibrium, minmax, or a payoff for each of {count} players.",
        "Give for example disagreement='minmax'.",
    )


def _held_down(own: Array) -> float:
    """The least that the others together can leave a player, by payoffs `[A_i, others…]`: its correlated minmax."""
    rows = own.reshape(len(own), -1)
    columns = rows.shape[1]
    answer = solve_lp(
        np.append(np.zeros(columns), 1.0),
        np.column_stack([rows, -np.ones(len(rows))]),
        np.zeros(len(rows)),
        np.append(np.ones(columns), 0.0)[None],
        np.ones(1),
        np.append(np.zeros(columns), -np.inf),
    )
    return float(rows.max(0).min()) if answer.value is None else float(answer.value)
