"""Who can sit where in a world; no array library but NumPy, so that nothing is compiled to ask."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import UnknownName
from ..core.world import World


def named(world: World, player: Any) -> Any:
    """A player, or the world's bot of that name. Raises `UnknownName`."""
    if not isinstance(player, str):
        return player
    bots = world.bots()
    if player not in bots:
        raise UnknownName(f"bot of {type(world).__name__}", player, bots)
    return bots[player]


def alike(world: World) -> bool:
    """Whether the world says that all its seats are alike."""
    order = np.arange(len(world.ground.players))[::-1]
    return world.reseated(world.reset(np.zeros(2, np.uint32)), order) is not None


def name_of(world: World) -> str:
    """The name of a world, and of the rules laid round it."""
    base, rules = getattr(world, "base", world), getattr(world, "institutions", ())
    under = " and ".join(type(rule).__name__ for rule in rules)
    return getattr(base, "called", type(base).__name__) + (f" under {under}" if under else "")
