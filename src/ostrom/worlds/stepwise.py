"""A world one step at a time, in the form that is common in the field. Pure: it can be jitted, batched and scanned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from ..core.errors import InputError
from ..core.record import Record
from ..core.world import World
from . import _pytree as _pytree
from ._episode import EpisodeState, advance, begin, on_again, require_state, two_words
from ._outline import require_sound

Array = Any
Stepped = tuple[dict[str, Array], EpisodeState, Array, Array, Array, dict[str, Any]]


class Episodes(Record):
    """Episodes of a world: `obs, state = reset(key)`, then
    `obs, state, reward, terminated, truncated, info = step(key, state, actions)`.

    `obs` is what each seat sees, name -> `[P, …]` (what all see is repeated for each). `reward` is `float[P]`.
    `terminated`: the episode has ended by itself; `truncated`: it has lasted for the world's horizon. `info` holds
    `mask` (what may be chosen next), `facts` (what the step produced), `sights` (what could be measured before it) and
    `present` (who took part), by name.

    Keys are two words, `uint32[2]`, a key of `jax.random`, or a whole number. The object is a pytree whose leaves are
    the parameters of the world and of its institutions, so that a tax rate can be batched and differentiated.

    Parameters
    ----------
    world : bare or under institutions.
    auto_reset : begin again where an episode ended. `obs` and `state` are then those of the new one, and
        `info["terminal_obs"]` is what was seen last, always of the same shape: a value at a time limit needs it.
    """

    world: World
    auto_reset: bool = False

    def reset(self, key: Array) -> tuple[dict[str, Array], EpisodeState]:
        """What the seats see at the start, and the state."""
        require_sound(self.world)
        return begin(self.world, two_words(key))

    def step(self, key: Array, state: EpisodeState, actions: Mapping[str, Array] | Array) -> Stepped:
        """One step; `actions` are part -> `[P]`, or the array alone where there is one part.

        They are made as they are: a bare world is not asked whether its mask permits them. Raises `InputError` for
        another shape or type, or a part that is left out.
        """
        require_state(state)
        key = two_words(key)
        outcome = advance(self.world, key, state, self._moves(actions))
        if self.auto_reset:
            outcome = on_again(self.world, key, outcome)
        return *outcome[:-1], {**outcome.info, "mask": self.mask(outcome.state)}

    def mask(self, state: EpisodeState) -> dict[str, Array]:
        """What may be chosen now: part -> `bool[P, A]`, bounds `float[P, 2]` of a number."""
        return {part: jnp.asarray(permitted) for part, permitted in self.world.mask(state.world).items()}

    @property
    def axes(self) -> EpisodeState:
        """The axes of the state for `jax.vmap`, in and out: copies share one clock where no episode ends early.

        With one clock, a new start is computed once per horizon. A batch of clocks turns the condition into a choice
        between both, and every step pays for a start and a second look.
        """
        return EpisodeState(0, 0 if self.world.ends else None)  # type: ignore[arg-type]

    def _moves(self, actions: Mapping[str, Array] | Array) -> Mapping[str, Array]:
        parts = list(self.world.ground.parts)
        if isinstance(actions, Mapping):
            missing = [part for part in parts if part not in actions]
        else:
            missing, actions = parts[1:], {parts[0]: actions}
        if missing:
            raise InputError(
                f"The actions have no part {missing[0]!r}.",
                f"A move here is made of {', '.join(parts)}, whatever the stage.",
                "Give {part: one number for each seat} with all of them; info['mask'] says what may be chosen.",
            )
        return {part: self._made(part, actions[part]) for part in parts}

    def _made(self, part: str, given: Any) -> Array:
        """The moves in one part, an array of the right shape and type."""
        seats, continuous = len(self.world.ground.players), self.world.ground.parts[part].continuous
        try:
            made = jnp.asarray(given)
        except (TypeError, ValueError, OverflowError):
            made = None
        kinds = jnp.number if continuous else jnp.integer
        if made is None or made.shape != (seats,) or not jnp.issubdtype(made.dtype, kinds):
            what = f"{given!r:.60}" if made is None else f"{made.dtype}{list(made.shape)}"
            raise InputError(
                f"The moves in {part!r} are {what}.",
                f"They are {'numbers' if continuous else 'numbers of labels'}, one for each of {seats} seats.",
                "Give an array of them; info['mask'] says what may be chosen.",
            )
        return made.astype(jnp.float32 if continuous else jnp.int32)
