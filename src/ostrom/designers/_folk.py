"""What patience it takes at least for anything that only remembers to keep a joint move."""

from __future__ import annotations

import numpy as np

from ..core.game import Array
from ..solvers._highs import solve_lp
from ._remedy import Profile


def no_rule(rewards: Array, place: Profile) -> float:
    """Below this discount factor no equilibrium plays a joint move in every round; 1 where none is enough.

    Leaving once has to cost more later than it brings: (1 - δ) best + δ v ≤ u, where v is what a player can be held
    down to by the others together (minimax, correlated; Fudenberg and Maskin, 1986). `rewards` is `[A_1, …, A_P, P]`.
    """
    return max(_needed(np.moveaxis(rewards[..., i], i, 0), place, i) for i in range(len(place)))


def _needed(own: Array, place: Profile, i: int) -> float:
    """The discount factor that one player needs, from its payoffs with its own moves first."""
    others = tuple(part for k, part in enumerate(place) if k != i)
    at, best = float(own[(place[i], *others)]), float(own[(slice(None), *others)].max())
    table = own.reshape(len(own), -1)
    count = table.shape[1]
    answer = solve_lp(
        np.append(np.zeros(count), 1.0),
        np.column_stack([table, -np.ones(len(table))]),
        np.zeros(len(table)),
        np.append(np.ones(count), 0.0)[None],
        np.ones(1),
        np.append(np.zeros(count), -np.inf),
    )
    held = float(table.min()) if answer.value is None else float(answer.value)
    return 0.0 if best <= at else min(1.0, (best - at) / (best - held)) if best > held else 1.0
