"""A world in the form that JaxMARL's code expects: dicts by agent, compiled through and through. Without JaxMARL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.world import World
from . import _jax_spaces
from ._episode import EpisodeState, Outcome, advance, begin, on_again, require_state, two_words
from ._outline import require_sound
from ._seats import all_see, in_a_row, made

Array = Any
Dict = dict[str, Array]
Stepped = tuple[Dict, EpisodeState, Dict, Dict, Dict]


class JaxMARLWorld:
    """A world as an environment that JaxMARL's training scripts and wrappers can step.

    `obs, state = reset(key)` and `obs, state, rewards, dones, infos = step(key, state, actions)`, all dicts by agent
    (`agent_0`, …), with `dones["__all__"]`; an episode that ended begins again within `step`. What an agent sees is one
    row of numbers, float32, names in alphabetical order. Actions are numbers of labels (`Discrete`; `MultiDiscrete`
    where a move has several parts), or one number (`Box`); one that is not permitted counts as the first that is.
    Infos hold the facts of the step, name -> `float[P]`. Done is who has ended, by itself or at the horizon: that is
    all this form can say, so that values at time limits are taken for 0; `Episodes` tells them apart.

    Parameters
    ----------
    world : bare or under institutions.
    spaces : a module with `Discrete`, `MultiDiscrete` and `Box`; pass `jaxmarl.environments.spaces` to code that asks
        for its classes by name.
    """

    def __init__(self, world: World, spaces: Any = None) -> None:
        require_sound(world)
        self.world, ground, spaces = world, world.ground, spaces or _jax_spaces
        self.num_agents = len(ground.players)
        self.agents = [f"agent_{seat}" for seat in range(self.num_agents)]
        size = jax.eval_shape(lambda key: begin(world, key), np.zeros(2, np.uint32))[0]
        sees = spaces.Box(-jnp.inf, jnp.inf, (sum(int(np.prod(row.shape[1:])) for row in size.values()),))
        self.observation_spaces = dict.fromkeys(self.agents, sees)
        self.action_spaces = {name: _action_space(world, seat, spaces) for seat, name in enumerate(self.agents)}

    @property
    def name(self) -> str:
        """The name of the world's class."""
        return type(self.world).__name__

    @property
    def agent_classes(self) -> dict[str, list[str]]:
        """All agents in one class."""
        return {"agents": self.agents}

    def observation_space(self, agent: str) -> Any:
        """What the agent sees."""
        return self._space_of(agent, self.observation_spaces)

    def action_space(self, agent: str) -> Any:
        """What the agent chooses from."""
        return self._space_of(agent, self.action_spaces)

    @partial(jax.jit, static_argnums=0)
    def reset(self, key: Array) -> tuple[Dict, EpisodeState]:
        """What each agent sees at the start, and the state."""
        seen, state = begin(self.world, two_words(key))
        return self._rows(seen), state

    @partial(jax.jit, static_argnums=0)
    def step(
        self, key: Array, state: EpisodeState, actions: Mapping[str, Array], reset_state: EpisodeState | None = None
    ) -> Stepped:
        """One step, and a new start (or `reset_state`) where the episode has ended."""
        outcome = self._advanced(key, state, actions)
        if reset_state is None:
            return self._told(on_again(self.world, two_words(key), outcome))
        ended = jnp.logical_or(outcome.terminated, outcome.truncated)
        state = jax.tree.map(lambda new, old: jnp.where(ended, new, old), reset_state, outcome.state)
        return self._told(outcome._replace(obs=all_see(self.world, state.world), state=state))

    @partial(jax.jit, static_argnums=0)
    def step_env(self, key: Array, state: EpisodeState, actions: Mapping[str, Array]) -> Stepped:
        """One step, and no new start."""
        return self._told(self._advanced(key, state, actions))

    @partial(jax.jit, static_argnums=0)
    def get_obs(self, state: EpisodeState) -> Dict:
        """What each agent sees."""
        return self._rows(all_see(self.world, state.world))

    @partial(jax.jit, static_argnums=0)
    def get_avail_actions(self, state: EpisodeState) -> Dict:
        """What each agent may choose, labels of all parts side by side: `bool[A]`."""
        masks = self.world.mask(state.world)
        labelled = [jnp.asarray(masks[name]) for name, part in self.world.ground.parts.items() if not part.continuous]
        return {agent: jnp.concatenate([mask[seat] for mask in labelled]) for seat, agent in enumerate(self.agents)}

    def _advanced(self, key: Array, state: EpisodeState, actions: Mapping[str, Array]) -> Outcome:
        require_state(state)
        self._require_actions(actions)
        chosen = jnp.stack([jnp.asarray(actions[agent]).reshape(-1) for agent in self.agents])
        moves = made(self.world.ground, dict(self.world.mask(state.world)), chosen)
        return advance(self.world, two_words(key), state, moves)

    def _space_of(self, agent: str, spaces: Mapping[str, Any]) -> Any:
        if agent not in spaces:
            raise UnknownName("agent", str(agent), spaces)
        return spaces[agent]

    def _require_actions(self, actions: Any) -> None:
        """`InputError` for actions that are not one for each agent, of the numbers that it chooses."""
        parts = self.world.ground.parts.values()
        whole = all(not part.continuous for part in parts)
        if not isinstance(actions, Mapping) or {*actions} != {*self.agents}:
            given = ", ".join(map(str, actions)) if isinstance(actions, Mapping) else f"a {type(actions).__name__}"
            raise InputError(
                f"The actions are {given or 'none'}, and the agents are {', '.join(self.agents)}.",
                "All agents move at once.",
                "Give {agent: action} for all of env.agents.",
            )
        for agent, action in actions.items():
            kind, size = jnp.result_type(action), int(np.prod(jnp.shape(action)))
            if size != len(parts) or (whole and kind.kind not in "iub"):
                raise InputError(
                    f"The action of {agent} is {kind}{list(jnp.shape(action))}.",
                    f"It chooses {len(parts)} {'whole ' if whole else ''}{'number' if len(parts) == 1 else 'numbers'}.",
                    "Give each agent what its action_space could give.",
                )

    def _told(self, outcome: Outcome) -> Stepped:
        ended = jnp.logical_or(outcome.terminated, outcome.truncated)
        rewards = dict(zip(self.agents, outcome.reward, strict=True))
        dones = dict.fromkeys([*self.agents, "__all__"], ended)
        infos = outcome.info["facts"] | outcome.info["sights"]
        return self._rows(outcome.obs), outcome.state, rewards, dones, infos

    def _rows(self, seen: Mapping[str, Array]) -> Dict:
        return dict(zip(self.agents, in_a_row(seen), strict=True))


def _action_space(world: World, seat: int, spaces: Any) -> Any:
    parts = world.ground.parts.values()
    if all(not part.continuous for part in parts):
        sizes = tuple(len(part.labels_of(seat)) if part.has(seat) else 1 for part in parts)
        return spaces.Discrete(sizes[0]) if len(sizes) == 1 else spaces.MultiDiscrete(sizes)
    if len(parts) > 1:
        raise InputError(
            f"A move here is made of {', '.join(part.name for part in parts)}: labels and numbers.",
            "JaxMARL has no space for both.",
            "Use Episodes, or an institution that asks for labels only.",
        )
    return next(spaces.Box(part.low, part.high, (1,)) for part in parts)
