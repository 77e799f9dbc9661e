"""Whether players can play in a world, asked before anything is compiled."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError, OstromError
from ..core.world import World
from ..worlds._prng import wrap
from ..worlds._seats import all_see
from ._scripted import Scripted
from ._table import Group, Players, act, begin, recall, seat, space_of


def refuse_misfits(world: World, players: Players) -> None:
    """Raise `InputError` where somebody looks for what is not to be seen in this world, or cannot make its moves."""
    for group in seat(world, players):
        try:
            jax.eval_shape(lambda key, group=group: _one_move(world, group, key), np.zeros(2, np.uint32))
        except OstromError:
            raise
        except Exception as error:
            who = group.learner.policy if isinstance(group.learner, Scripted) else group.learner
            seen = ", ".join(space_of(world).seen)
            raise InputError(
                f"{type(who).__name__} cannot play {world.ground.players[group.seats[0]]} here: "
                f"{type(error).__name__}: {' '.join(str(error).split())[:200]}",
                f"A seat of this world sees {seen or 'nothing'}, and chooses {', '.join(world.ground.parts)}.",
                "Name a player that is made for it: one of its bots, or a learner.",
            ) from None


def _one_move(world: World, group: Group, key: Any) -> Any:
    space, state = space_of(world), world.reset(key)
    minds = jax.tree.map(jnp.asarray, begin((group,), wrap(key), space))  # what was trained comes as plain arrays
    memory = recall((group,), minds, space)
    keys = jax.random.split(wrap(key), len(world.ground.players))
    return act((group,), world, keys, minds, memory, all_see(world, state), world.mask(state))
