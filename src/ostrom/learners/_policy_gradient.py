"""What learners by policy gradient share: a network that gives scores and a value, advantages, and Adam."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ..core.agent import Sight
from ..core.record import Interval
from . import _advantages, _odds
from ._learner import Array, Learner, Memory, Mind, Space, Track
from ._nets import Net


class Head(NamedTuple):
    """A mind: the parameters of the network, and the state of the optimiser."""

    parameters: Any
    optimiser: Any


class PolicyGradient(Learner):
    """The parameters and the network; subclasses say what `update` does with what was lived through.

    Parameters
    ----------
    rate : learning rate of Adam; `fade` : whether it falls to 0 over the training.
    discount : of payoffs, per step; `trace` : λ of generalised advantage estimation (Schulman et al., 2016).
    entropy : weight of the entropy in the loss; `worth` : weight of the error of the value.
    clip : the largest norm of a gradient.
    length, copies : steps between two updates, and episodes side by side.
    shared : whether all seats of this learner have one mind.
    net : the network.

    Class attributes
    ----------------
    heads : how many of the last outputs are values; the first of them is one's own.
    """

    heads: ClassVar[int] = 1

    rate: Annotated[float, Interval(ge=0)] = 1e-3
    fade: bool = False
    discount: Annotated[float, Interval(ge=0, le=1)] = 0.99
    trace: Annotated[float, Interval(ge=0, le=1)] = 0.95
    entropy: Annotated[float, Interval(ge=0)] = 0.01
    worth: Annotated[float, Interval(ge=0)] = 0.5
    clip: Annotated[float, Interval(ge=0)] = 0.5
    length: Annotated[int, Interval(ge=1)] = 64  # type: ignore[misc]
    copies: Annotated[int, Interval(ge=1)] = 16  # type: ignore[misc]
    shared: bool = False  # type: ignore[misc]
    net: Net = Net()

    def begin(self, key: Array, space: Space) -> Mind:
        """A fresh network."""
        parameters = self.net.begin(key, space, _odds.width(space) + self.heads)
        return Head(parameters, self._adam(0.0).init(parameters))

    def recall(self, mind: Mind, space: Space) -> Memory:
        """The empty memory of the network."""
        return self.net.recall()

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Draw from the scores of the network; note the odds and the value."""
        row, memory = self.net.apply(mind.parameters, memory, sight.seen)
        moves, notes = _odds.sample(key, row[: -self.heads], sight.mask)
        return moves, memory, {**notes, **self.noted(row, sight)}

    def noted(self, row: Array, sight: Sight) -> dict[str, Array]:
        """What else to note of a choice: the value."""
        return {"value": row[-self.heads]}

    def stepped(self, mind: Mind, gradient: Any, done: Array) -> Mind:
        """The mind after one step of Adam down `gradient`."""
        moves, optimiser = self._adam(done).update(gradient, mind.optimiser, mind.parameters)
        return Head(optax.apply_updates(mind.parameters, moves), optimiser)

    def advantages(self, mind: Mind, track: Track) -> tuple[Array, Array]:
        """`(advantages, returns)` `[T, E]`; where the horizon cut an episode, what came after has a value."""
        return self.judged(track, track.payoff, track.notes["value"], self.beyond(mind, track)[..., 0])

    def beyond(self, mind: Mind, track: Track) -> Array:
        """The values of what came after each step, `[T, E, heads]`."""
        outputs = twice(lambda memory, seen: self.net.apply(mind.parameters, memory, seen)[0])
        return outputs(track.later, track.after)[..., -self.heads :]

    def judged(self, track: Track, payoff: Array, value: Array, beyond: Array) -> tuple[Array, Array]:
        """`(advantages, returns)` `[T, E]` of any payoffs, from their values before each step and after it."""
        surprise = self.surprise(track, payoff, value, beyond)
        gained = _advantages.traced(surprise, track.cut, self.discount * self.trace)
        return gained, gained + value

    def surprise(self, track: Track, payoff: Array, value: Array, beyond: Array) -> Array:
        """How much better each step was than expected, `[T, E]`."""
        return payoff + self.discount * jnp.where(track.over, 0.0, beyond) - value

    def outputs(self, parameters: Any, track: Track) -> Array:
        """Outputs of the network `[T, E, W]` along the track, its memory carried from the first step."""
        if not self.net.units:
            return jax.vmap(jax.vmap(lambda memory, seen: self.net.apply(parameters, memory, seen)[0]))(
                track.memory, track.seen
            )
        empty = self.net.recall()

        def step(memory: Array, at: tuple[Any, Array]) -> tuple[Array, Array]:
            seen, cut = at
            row, memory = jax.vmap(lambda m, s: self.net.apply(parameters, m, s))(memory, seen)
            return jnp.where(cut[:, None], empty, memory), row

        return jax.lax.scan(step, track.memory[0], (track.seen, track.cut))[1]

    def _adam(self, done: Any) -> optax.GradientTransformation:
        rate = self.rate * (1 - done) if self.fade else self.rate
        return optax.chain(optax.clip_by_global_norm(self.clip), optax.adam(rate, eps=1e-5))


def twice(function: Any) -> Any:
    """Batched over steps and copies."""
    return jax.vmap(jax.vmap(function))
