"""One living PettingZoo environment, told and asked in arrays. Needs gymnasium."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.errors import InputError, OstromError
from ._shown import MASK, Piece, common, pieces, shown

Measure = Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
"""`(environment, actions, infos) -> {name of a fact: one number for each agent, in order or by name}` after a step."""


class Frame(NamedTuple):
    """What an environment tells: `seen` name -> `[P, …]`, `mask bool[P, A]` (bounds `float32[P, 2]` of a number),
    `present bool[P]`, `over bool`, and of the step `payoffs float32[P]` and `facts float32[F, P]`."""

    seen: dict[str, Any]
    mask: Any
    present: Any
    over: Any
    payoffs: Any
    facts: Any


@dataclass(frozen=True)
class Form:
    """What is the same in every episode: the name, the agents, what they choose from and see, the names of facts."""

    called: str
    agents: tuple[str, ...]
    acts: tuple[Any, ...]
    sees: tuple[Any, ...]
    pieces: Mapping[str, Piece]
    names: tuple[str, ...]
    measure: Measure | None
    horizon: int

    @property
    def continuous(self) -> bool:
        """Whether the agents choose numbers."""
        return isinstance(self.acts[0], spaces.Box)

    @property
    def widths(self) -> list[int]:
        """How many labels each agent has; 0 where it chooses a number."""
        return [0 if self.continuous else int(space.n) for space in self.acts]

    def all_moves(self) -> np.ndarray:
        """The mask in which everything is permitted."""
        if self.continuous:
            return np.array([[space.low.min(), space.high.max()] for space in self.acts], np.float32)
        return np.arange(max(self.widths)) < np.array(self.widths)[:, None]


def form_of(env: Any, names: tuple[str, ...], measure: Measure | None, horizon: int) -> Form:
    """The form of an environment. Raises `InputError` where it is not one that can be stepped here."""
    agents: tuple[str, ...] = tuple(getattr(env, "possible_agents", ()))
    if not agents or len({*agents}) < len(agents) or hasattr(env, "agent_iter"):
        raise InputError(
            f"{type(env).__name__} is not a Parallel environment with possible_agents.",
            "The seats of a world are known from the start, each has a name of its own, and all move at once.",
            "Wrap it with pettingzoo.utils.aec_to_parallel, or name all agents that can appear.",
        )
    acts, sees = ([space(agent) for agent in agents] for space in (env.action_space, env.observation_space))
    for agent, space in zip(agents, acts, strict=True):
        if not _is_one_choice(space) or isinstance(space, spaces.Box) != isinstance(acts[0], spaces.Box):
            raise InputError(
                f"{agent} chooses from {space}, {agents[0]} from {acts[0]}.",
                "Seats choose labels (Discrete), or all choose one bounded number (Box).",
                "Wrap the environment so that each agent makes one such choice.",
            )
    known = getattr(env, "metadata", {}).get("name") or type(env).__name__
    every = common([pieces(space) for space in sees])
    return Form(str(known), agents, tuple(acts), tuple(sees), every, names, measure, horizon)


def plain_seed(key: np.ndarray) -> int:
    """The seed for `reset`, below 2**31: that of the key's first word where the second is 0."""
    return (int(key[0]) ^ int(key[1]) * 0x9E3779B1) & 0x7FFFFFFF


class Guest:
    """An environment of this form, somewhere in an episode."""

    def __init__(self, env: Any, form: Form) -> None:
        self.env, self.form, self.time, self.seed = env, form, 0, 0

    def begin(self, key: np.ndarray) -> Frame:
        """Begin the episode of a key."""
        self.time, self.seed = 0, plain_seed(key)
        with self._answering("reset"):
            return self._begun()

    def play(self, moves: np.ndarray) -> Frame:
        """One step; who is not there is not asked."""
        with self._answering("step"):
            return self._played(moves)

    @contextmanager
    def _answering(self, what: str) -> Iterator[None]:
        """Say where an environment went wrong; `InputError` in the place of whatever it raises."""
        try:
            yield
        except OstromError:
            raise
        except (Exception, SystemExit) as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            raise InputError(
                f"{type(self.env).__name__} went wrong in {what} {self.time} of seed {self.seed}: "
                f"{type(error).__name__}: {error!s:.200} (in {place.filename}, line {place.lineno}).",
                "Here it is asked as PettingZoo says, and what it answers is read by its own spaces.",
                "Try it with pettingzoo.test.parallel_api_test, and mend it there.",
            ) from error

    def _begun(self) -> Frame:
        observations, infos = self.env.reset(seed=self.seed)
        agents, names = len(self.form.agents), len(self.form.names)
        there = self._there()
        return self._frame(observations, infos, there, False, np.zeros(agents), np.zeros((names, agents)))

    def _played(self, moves: np.ndarray) -> Frame:
        pairs = zip(self.form.agents, self.form.acts, moves, strict=True)
        there = self._there()
        actions = {agent: _action(space, move) for agent, space, move in pairs if agent in there}
        self.time += 1
        observations, rewards, terminated, truncated, infos = self.env.step(actions)
        ended = {agent for ends in (terminated, truncated) for agent, end in ends.items() if end}
        there = self._there() - ended
        over = not there and (any(terminated.values()) or self.time < self.form.horizon)
        payoffs = np.array([_number(rewards.get(agent, 0)) for agent in self.form.agents])
        return self._frame(observations, infos, there, over, payoffs, self._facts(actions, infos))

    def _there(self) -> set[str]:
        """Who is there; nobody else than the possible agents."""
        there = set(self.env.agents)
        if not there <= {*self.form.agents}:
            more = ", ".join(sorted(map(str, there - {*self.form.agents})))
            raise ValueError(f"there is {more}, and the possible_agents are {', '.join(self.form.agents)}")
        return there

    def _frame(
        self, observations: Mapping[str, Any], infos: Mapping[str, Any], there: set[str], over: bool, *paid: np.ndarray
    ) -> Frame:
        seen = {name: np.zeros((len(self.form.agents), *p.shape), p.kind) for name, p in self.form.pieces.items()}
        mask = self.form.all_moves()
        for seat, (agent, space) in enumerate(zip(self.form.agents, self.form.sees, strict=True)):
            if agent in observations:
                for name, row in shown(space, observations[agent]).items():
                    if row.dtype.kind == "f" and np.isnan(row).any():
                        raise ValueError(f"what {agent} sees as {name!r} is no number: {row.tolist()!s:.80}")
                    seen[name][(seat, *map(slice, row.shape))] = row
            elif agent in there:
                raise ValueError(f"{agent} is there and sees nothing")
            mask[seat] = self._permitted(mask[seat], observations.get(agent), infos.get(agent), agent in there)
        present = np.array([agent in there for agent in self.form.agents])
        payoffs, facts = (np.asarray(number, np.float32) for number in paid)
        if not (np.isfinite(payoffs).all() and np.isfinite(facts).all()):
            raise ValueError(f"rewards are {payoffs.tolist()}, and facts {facts.tolist()}: not all of them are numbers")
        return Frame(seen, mask, present, np.array(over), payoffs, facts)

    def _permitted(self, all_of_it: np.ndarray, seen: Any, info: Any, there: bool) -> np.ndarray:
        """What one agent may choose: all, what its action mask says, or the first where it is not there."""
        if self.form.continuous:
            return all_of_it if there else all_of_it[[0, 0]]
        if not there:
            return np.arange(len(all_of_it)) == 0
        given = next((told[MASK] for told in (seen, info) if isinstance(told, Mapping) and MASK in told), None)
        if given is None:
            return all_of_it
        allowed = np.zeros_like(all_of_it)
        allowed[: len(given)] = np.asarray(given, bool)
        if not allowed.any():
            raise InputError(f"{type(self.env).__name__} leaves an agent without a move.", do="Keep one move legal.")
        return allowed

    def _facts(self, actions: Mapping[str, Any], infos: Mapping[str, Any]) -> np.ndarray:
        """The facts by the user's measure, or numbers of these names in the infos."""
        agents, names = self.form.agents, self.form.names
        if self.form.measure is None:
            return np.array(
                [[_number(infos.get(agent, {}).get(name, 0)) for agent in agents] for name in names]
            ).reshape(len(names), len(agents))
        told = self.form.measure(self.env, actions, infos)
        if set(told) != set(names):
            raise InputError(
                f"The measure gives {', '.join(told) or 'nothing'}; the facts are {', '.join(names) or 'none'}.",
                "Rules have to know what they can read before anything is played.",
                "Name exactly what the measure gives in names=(…).",
            )
        return np.array([_in_order(told[name], agents) for name in names]).reshape(len(names), len(agents))


def _number(amount: Any) -> Any:
    """A number, also where it stands alone in an array."""
    return amount if isinstance(amount, int | float) else np.asarray(amount).item()


def _is_one_choice(space: Any) -> bool:
    number = isinstance(space, spaces.Box) and np.prod(space.shape) == 1 and space.is_bounded()
    return number or isinstance(space, spaces.Discrete)


def _in_order(amounts: Any, agents: tuple[str, ...]) -> list[Any]:
    return [amounts.get(agent, 0) for agent in agents] if isinstance(amounts, Mapping) else list(amounts)


def _action(space: Any, move: Any) -> Any:
    if isinstance(space, spaces.Box):
        return np.full(space.shape, np.clip(move, space.low.min(), space.high.max()), space.dtype)
    return int(space.start) + int(move)
