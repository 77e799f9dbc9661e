"""Agents: whoever takes a seat. `init → act → learn`; a policy is an agent that never learns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
