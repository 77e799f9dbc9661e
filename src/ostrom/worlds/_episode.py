"""The course of an episode step by step: what is seen, paid and known, and a new start where one has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.seeds import fold
from ..core.world import World
from ._seats import all_see

Array = Any
START = 3
"""Purpose of keys: of the start of an episode."""


class EpisodeState(NamedTuple):
    """Where an episode stands: the state of the `world`, and the `time`, steps since it began."""

    world: Any
    time: Array


class Outcome(NamedTuple):
    """What a step led to: what is seen (`obs`), the state, `reward float[P]`, two `bool`, and what is known besides."""

    obs: dict[str, Array]
    state: EpisodeState
    reward: Array
    terminated: Array
    truncated: Array
    info: dict[str, Any]


def begin(world: World, key: Array) -> tuple[dict[str, Array], EpisodeState]:
    """What is seen and where things stand as an episode begins; `key` is `uint32[2]`."""
    state = world.reset(key)
    return all_see(world, state), EpisodeState(state, jnp.int32(0))


def advance(world: World, key: Array, at: EpisodeState, moves: Mapping[str, Array]) -> Outcome:
    """One step of the world."""
    after, payoffs = world.step(key, at.world, moves)
    time = at.time + 1
    info = {
        "facts": dict(world.facts(at.world, moves, after)),
        "sights": dict(world.sights(at.world)),
        "present": jnp.asarray(world.present(at.world)),
    }
    over, cut = jnp.asarray(world.over(after)), time >= world.horizon
    return Outcome(all_see(world, after), EpisodeState(after, time), payoffs, over, cut, info)


def on_again(world: World, key: Array, outcome: Outcome) -> Outcome:
    """The same outcome, at a new start where the episode has ended; what was seen last is `info["terminal_obs"]`.

    The new start is one branch of a condition on one truth value: it is computed, and looked at, when it is needed.
    """
    ended = outcome.terminated | outcome.truncated if world.ends else outcome.truncated
    info = {**outcome.info, "terminal_obs": outcome.obs}
    obs, state = jax.lax.cond(
        ended,
        lambda: begin(world, fold(key, 0, START, jnp)),
        lambda: (outcome.obs, outcome.state),
    )
    return outcome._replace(obs=obs, state=state, info=info)
