"""The course of an episode step by step: what is seen, paid and known, and a new start where one has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.seeds import fold, words
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


def two_words(key: Any) -> Array:
    """A key as two words, of such words, a key of `jax.random`, or a whole number; `InputError` for what is none."""
    if isinstance(key, int | np.integer) and not isinstance(key, bool):
        return jnp.array(words(int(key)), jnp.uint32)
    kind = getattr(key, "dtype", None)
    if kind is not None and jnp.issubdtype(kind, jax.dtypes.prng_key):
        return jax.random.key_data(key)
    if kind is None or jnp.shape(key) != (2,) or not jnp.issubdtype(kind, jnp.integer):
        what = f"{kind}{list(jnp.shape(key))}" if kind is not None else f"{key!r:.40}"
        raise InputError(
            f"{what} is no key.", "Chance is drawn by two words.", "Give jax.random.key(0), or a whole number."
        )
    return jnp.asarray(key, dtype=jnp.uint32)


def begin(world: World, key: Array) -> tuple[dict[str, Array], EpisodeState]:
    """What is seen and where things stand as an episode begins; `key` is `uint32[2]`."""
    state = world.reset(key)
    return all_see(world, state), EpisodeState(state, jnp.int32(0))


def require_state(state: Any) -> None:
    """Raise `InputError` for what is not where an episode stands."""
    if not isinstance(state, EpisodeState):
        what = f"The state is a {type(state).__name__}."
        raise InputError(what, "", "Give the state that reset or the step before gave.")


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
