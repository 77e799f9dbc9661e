"""A world as a PettingZoo environment, all seats at once. Needs pettingzoo: `pip install 'ostrom[environments]'`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pettingzoo import ParallelEnv

from ..core.errors import InputError, UnknownName
from ..core.world import World
from ._outline import require_sound
from ._spaces import Choices, Space, known_mode, observation_space
from ._stepping import Stepping, next_seed

Infos = dict[str, dict[str, Any]]


class ParallelWorld(ParallelEnv):
    """A world through PettingZoo's Parallel API; the seats are the agents, from the first step to the last.

    An agent sees a row of numbers (`Box`, float32). It chooses the number of a label (`Discrete`; `MultiDiscrete`
    where a move has several parts, as under institutions that ask for a signature or a vote), or a number (`Box`). Its
    info holds `action_mask`, what it may choose next, and the facts of the step by name. A move that is not permitted
    counts as the first that is. Who is absent stays an agent, with one move and no reward.

    Without a seed, the first `reset` begins the episode of seed 0, and later ones go on from there.

    Parameters
    ----------
    world : bare or under institutions.
    named : let agents see a `Dict` by name instead, each thing in its own shape.
    render_mode : "ansi" lets `render` say the state in words.
    """

    def __init__(self, world: World, *, named: bool = False, render_mode: str | None = None) -> None:
        require_sound(world)
        self.world, self.render_mode = world, known_mode(render_mode)
        self.metadata = {"name": type(world).__name__, "render_modes": ["ansi"], "render_fps": 4}
        self.possible_agents, self.agents = list(world.ground.players), []
        self._stepping, self._choices = Stepping(world, named), Choices(world.ground)
        sees = observation_space(self._stepping.shapes, world.ranges, named)
        self.observation_spaces = dict.fromkeys(self.possible_agents, sees)
        self.action_spaces = dict(zip(self.possible_agents, self._choices.spaces, strict=True))
        self._see = by_agent(list(self._stepping.shapes)) if named else _single
        self._know = by_agent(["action_mask", *world.ground.facts])
        self._next_seed, self._at = 0, None

    def observation_space(self, agent: str) -> Space:
        """What the agent sees."""
        return self._space_of(agent, self.observation_spaces)

    def action_space(self, agent: str) -> Space:
        """What the agent chooses from."""
        return self._space_of(agent, self.action_spaces)

    def reset(self, seed: int | None = None, options: Any = None) -> tuple[dict[str, Any], Infos]:
        """Begin an episode: what each agent sees, and what is known."""
        seed = self._next_seed if seed is None else seed
        self._at, told = self._stepping.start(seed)
        self._next_seed, self.agents = next_seed(seed), self.possible_agents[:]
        masks = self._choices.masks(told.mask)
        infos = {agent: {"action_mask": mask} for agent, mask in zip(self.agents, masks, strict=True)}
        return self._see(self.agents, *told.seen), infos

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """All agents move: what each sees, rewards, who has ended and who was cut off, and what is known."""
        agents = self.possible_agents
        if self._at is None or not self.agents:
            raise InputError("There is no episode to step.", "None has begun, or it is over.", "Call reset() first.")
        try:
            chosen = [actions[agent] for agent in agents]
            known = len(actions) == len(agents)
        except (KeyError, TypeError):
            known = False
        if not known:
            raise _refused(agents, actions)
        self._at, told = self._stepping.step(self._at, self._choices.numbers(chosen))
        rewards, over, cut, *facts = told.numbers.tolist()
        ended, stopped = over[0] > 0, cut[0] > 0
        if ended or stopped:
            self.agents = []
        return (
            self._see(agents, *told.seen),
            dict(zip(agents, rewards, strict=True)),
            dict.fromkeys(agents, ended),
            dict.fromkeys(agents, stopped),
            self._know(agents, self._choices.masks(told.mask), *facts),
        )

    def _space_of(self, agent: str, spaces: Mapping[str, Space]) -> Space:
        if agent not in spaces:
            raise UnknownName("agent", str(agent), spaces)
        return spaces[agent]

    def render(self) -> str | None:
        """The state in words, in the render mode "ansi"."""
        return self.world.words(self._at.state) if self.render_mode == "ansi" and self._at is not None else None


def by_agent(names: Sequence[str]) -> Callable[..., dict[str, dict[str, Any]]]:
    """A function of `(agents, one column for each name)` that gives agent -> {name: what stands in its row}.

    It is written out for these names: a dict display takes half the time of `dict(zip(names, row))`.
    """
    columns = ", ".join(f"column{number}" for number in range(len(names)))
    values = ", ".join(f"value{number}" for number in range(len(names)))
    row = ", ".join(f"{name!r}: value{number}" for number, name in enumerate(names))
    return eval(f"lambda agents, {columns}: {{agent: {{{row}}} for agent, {values} in zip(agents, {columns})}}")


def _single(agents: Sequence[str], rows: Any) -> dict[str, Any]:
    return dict(zip(agents, rows, strict=True))


def _refused(agents: Sequence[str], actions: Any) -> InputError:
    if not isinstance(actions, Mapping):
        what = f"The actions are a {type(actions).__name__}."
    elif missing := [agent for agent in agents if agent not in actions]:
        what = f"There are actions for {', '.join(map(str, actions)) or 'nobody'}, and none for {', '.join(missing)}."
    else:
        more = [str(agent) for agent in actions if agent not in agents]
        what = f"There is an action for {', '.join(more)}, and the agents are {', '.join(agents)}."
    return InputError(
        what,
        "All agents move at once.",
        "Give {agent: action} for all of env.agents.",
    )
