"""Agents: whoever takes a seat. `init → act → learn`; a policy is an agent that never learns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .ground import Ground
from .record import Record

Array = Any
Choice = Mapping[str, Any]
"""Part -> label, number, or `{label: probability}`."""


@dataclass(frozen=True)
class Look:
    """What one seat sees when it has to choose; the same on a table, in a repeated game and in a live session.

    Attributes
    ----------
    seat, player : who looks.
    stage : the number of the stage within the round (openings included), 0 first.
    choices : the parts to choose now: part -> allowed labels, or `(low, high)` of a continuous part.
    sees : everything known: moves of closed stages as tuples of labels (one per seat; own only where hidden), and what
        institutions show or tell, as plain numbers or lists.
    time : the number of the round, 0 first; None where the round does not matter.
    """

    seat: int
    player: str
    stage: int
    choices: Mapping[str, tuple[Any, ...]]
    sees: Mapping[str, Any]
    time: int | None = None


Strategy = Callable[[Look], Choice]
"""What to choose, from what is seen. Deterministic, or a distribution over labels."""


class Agent:
    """An agent with a state: override what it does. The default never learns.

    A plain function of a `Look` is a policy: `Agent.of(function)`.
    """

    def init(self, seed: int) -> Any:
        """The agent's state before the first round; any value."""
        return None

    def act(self, state: Any, look: Look) -> Choice:
        """What it chooses at each part it is asked for."""
        raise TypeError(f"{type(self).__name__} does not say how it acts: override act(state, look).")

    def learn(self, state: Any, look: Look, choice: Choice, payoff: float) -> Any:
        """The state after a round that paid `payoff`."""
        return state

    @staticmethod
    def of(strategy: Strategy) -> Agent:
        """The agent that plays a fixed strategy."""
        return _Policy(strategy)


class _Policy(Agent):
    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy

    def act(self, state: Any, look: Look) -> Choice:
        return self.strategy(look)


NEVER = -1e9
"""The score of a move that is never made: a number, so that sums and means of scores stay finite."""


@dataclass(frozen=True)
class Sight:
    """What one seat sees in a world when it has to choose, as arrays.

    Attributes
    ----------
    seat : `int32`, its number; an array in a compiled world.
    ground : the seats, parts and labels.
    seen : what all see and what this seat alone is told, by name; rows of `view.seat` are this seat's.
    mask : part -> `bool[A]`, the labels it may choose now; `float[2]`, the bounds, of a continuous part.
    xp : the array library, `numpy` or `jax.numpy`.
    """

    seat: Array
    ground: Ground
    seen: Mapping[str, Array]
    mask: Mapping[str, Array]
    xp: Any = np

    def only(self, part: str, *labels: str) -> Array:
        """Scores `float[A]` that choose among these labels with equal odds, and never another."""
        chosen = [self.ground.index(part, label) for label in labels]
        return self.scores(part, chosen)

    def scores(self, part: str, numbers: Any) -> Array:
        """Scores `float[A]` that choose among the moves of these numbers (or this number, which may be traced)."""
        width = self.mask[part].shape[-1]
        wanted = (self.xp.arange(width)[:, None] == self.xp.atleast_1d(self.xp.asarray(numbers))).any(-1)
        return self.xp.where(wanted, 0.0, NEVER)


class Policy(Record):
    """A way to play that never learns, written once with `sight.xp` for compiled worlds and live sessions.

    Its scores are log-odds over the labels of each part (softmax; what is not permitted has no odds), or a number for
    a continuous part. A part that is left out is chosen evenly.
    """

    def begin(self) -> Mapping[str, Array]:
        """What it keeps in mind at the start of an episode: arrays by name, of the same shapes and types ever after."""
        return {}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[Mapping[str, Array], Mapping[str, Array]]:
        """`(part -> scores float[A] or a number, memory)`. The default chooses evenly among what is permitted."""
        return {}, memory
