"""The signalling game: one seat sees what is the case, the other acts, and all that passes between them is a signal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from . import _pytree as _pytree
from ._effort import Effort
from ._noise import uniform
from ._talkers import RECEIVER, SENDER, SignalBot

Array = Any


class State(NamedTuple):
    """`case int32`, what is the case; `message int32`, what was sent this round, -1: nothing yet."""

    case: Array
    message: Array


class Signalling(World):
    """Lewis's game (*Convention*, 1969): a sender, who knows the state, sends a message; a receiver acts on it.

    A round takes two steps. In the first the sender sees the state, drawn with equal odds, and sends one of `messages`;
    in the second the receiver sees the message, and acts. Act k fits state k (states beyond the acts begin again at
    the first). The receiver is paid 1 for an act that fits. The sender is paid `1 - bias` for it, and `bias` for the
    act after it: at 0 they want the same; beyond ½ the sender gains by misleading whoever believes it.

    The sender sees `state`, 1 … S, and the receiver `message`, 1 … M; 0 is nothing.

    Parameters
    ----------
    states, messages, acts : how many there are. rounds : two steps each.
    bias : how far the sender wants something else, 0 to 1.
    """

    states: Annotated[int, Interval(ge=2, le=10_000)] = 3
    messages: Annotated[int, Interval(ge=1, le=10_000)] = 3
    acts: Annotated[int, Interval(ge=2, le=10_000)] = 3
    rounds: Annotated[int, Interval(ge=1)] = 25
    bias: Annotated[float, Interval(ge=0, le=1)] = 0.0
    effort: ClassVar[Effort] = Effort(60_000, 20, 25)
    measures: ClassVar[Mapping[str, str]] = {"success": "acts that fit"}

    @classmethod
    def small(cls) -> Signalling:
        """Two states, two messages, two acts."""
        return cls(2, 2, 2, rounds=10)

    @property
    def ground(self) -> Ground:
        """Messages for the sender, acts for the receiver; who is not asked rests."""
        sent = tuple(f"message {k + 1}" for k in range(self.messages))
        done = tuple(f"act {k + 1}" for k in range(self.acts))
        part = Part("act", (("rest", *sent), ("rest", *done)))
        return Ground(("sender", "receiver"), play=((part,),), facts=tuple(self.measures))

    @property
    def horizon(self) -> int:
        """Two steps a round."""
        return 2 * self.rounds

    def reset(self, key: Array) -> State:
        """Something is the case, and nothing has been said."""
        return State(self._drawn(key, 0), jnp.int32(-1))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """The message is sent; or the act is paid, and something else is the case."""
        act, acting = jnp.asarray(moves["act"]), self._acting(state)
        fits, next_ = (act[RECEIVER] == self._fitting(state.case + k) for k in (0, 1))
        sender = jnp.where(fits, 1 - self.bias, 0.0) + jnp.where(next_, self.bias, 0.0)
        paid = jnp.stack([sender, jnp.where(fits, 1.0, 0.0)])
        case = jnp.where(acting, self._drawn(key, 1), state.case)
        message = jnp.where(acting, -1, act[SENDER] - 1).astype(jnp.int32)
        return State(case, message), jnp.where(acting, paid, 0.0)

    def observe(self, state: State) -> View:
        """The state for the sender, the message for the receiver, and nothing for all."""
        none = jnp.int32(0)
        return View(seat={"state": jnp.stack([state.case + 1, none]), "message": jnp.stack([none, state.message + 1])})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Numbers of states and messages; 0 is nothing."""
        return {"state": (0, self.states), "message": (0, self.messages)}

    def mask(self, state: State) -> dict[str, Array]:
        """A message or an act for whose turn it is, rest for the other."""
        turn = jnp.arange(2) == self._acting(state)
        number, count = np.arange(1 + max(self.messages, self.acts)), np.array([[self.messages], [self.acts]])
        return {"act": jnp.where(turn[:, None], (number > 0) & (number <= count), number == 0)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """Whether the act fitted; both have a share in it."""
        fits = self._acting(before) & (jnp.asarray(moves["act"])[RECEIVER] == self._fitting(before.case))
        return {"success": jnp.broadcast_to(fits, (2,)).astype(jnp.float32)}

    def prospects(self, state: State) -> dict[str, Array]:
        """Success as the receiver's act brings it; for the sender, if the receiver does what fits."""
        number = jnp.arange(1 + max(self.messages, self.acts))
        best = jnp.stack([jnp.ones(len(number), bool), number == self._fitting(state.case)])
        missing = number > jnp.array([[self.messages], [self.acts]])
        return {"success": jnp.where(missing, -jnp.inf, (best & self._acting(state)).astype(jnp.float32))}

    def bots(self) -> dict[str, Policy]:
        """From no sense at all to full success: random, deaf, two states in one message, every state in its own."""
        told = min(self.states, self.messages)
        return {
            "random": Policy(),
            "deaf": SignalBot(told, self.acts, listens=False),
            "pooling": SignalBot(min(told, self.states - 1), self.acts),
            "separating": SignalBot(told, self.acts),
        }

    def scene(self, state: State) -> Scene:
        """What is the case, and what was said about it."""
        said = f"message {int(state.message) + 1} has been sent" if state.message >= 0 else "nothing has been said"
        return Scene(note=f"State {int(state.case) + 1} is the case, and {said}.")

    def _acting(self, state: State) -> Array:
        """Whether it is the receiver's turn."""
        return state.message >= 0

    def _fitting(self, case: Array) -> Array:
        """The number of the move that fits."""
        return 1 + case % self.acts

    def _drawn(self, key: Array, salt: int) -> Array:
        return (uniform(key, (), salt) * self.states).astype(jnp.int32)
