"""What leaving a joint move gains each player."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._payments import Concept, lacking
from ._remedy import Problem, Profile


class Tempted(NamedTuple):
    """A player, what each of its moves gains over its part `[A_i]` (-inf at its part), and the one that gains most."""

    player: str
    gains: Array
    move: str
    gain: float


def tempted(problem: Problem, place: Profile, concept: Concept) -> list[Tempted]:
    """What leaving the target gains each player there, or at most whatever the others do ("dominant")."""
    rewards, found = np.asarray(problem.delegation.rewards, float), []
    for i, (player, own) in enumerate(zip(problem.game.players, problem.game.moves, strict=True)):
        lack = lacking(rewards, place, i)
        gains = alone(lack, place, i) if concept == "equilibrium" else lack.reshape(len(lack), -1).max(1)
        gains = np.where(np.arange(len(gains)) == place[i], -np.inf, gains)
        best = int(np.argmax(gains))
        found.append(Tempted(player, gains, own[best], float(gains[best])))
    return found


def alone(lack: Array, place: Profile, i: int) -> Array:
    """Of gains `[A_i, others…]`, those where the others play their parts."""
    return lack[(slice(None), *(part for k, part in enumerate(place) if k != i))]
