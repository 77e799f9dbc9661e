"""DQN: Q-learning with a network, from what is kept of the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ..core.agent import NEVER, Sight
from ..core.errors import InputError
from ..core.record import Interval
from . import _explore, _joint
from ._learner import Array, Learner, Memory, Mind, Space, Track
from ._nets import Net


class Kept(NamedTuple):
    """What happened, one row for each step: what was seen, the move, what it paid, and what followed."""

    seen: Mapping[str, Array]
    move: Array
    payoff: Array
    after: Mapping[str, Array]
    then: Array
    over: Array
    present: Array


class Value(NamedTuple):
    """A mind: the network, the one that lags behind it, the optimiser, what is kept, how much came in, exploration."""

    parameters: Any
    target: Any
    optimiser: Any
    kept: Kept
    count: Array
    explores: Array


class DQN(Learner):
    """A network that values moves, learning from the past (Mnih et al., 2015; double: van Hasselt et al., 2016).

    The horizon cuts an episode and does not end it: what follows is valued. Absent seats learn nothing.

    Parameters
    ----------
    rate : learning rate of Adam; `clip` : the largest norm of a gradient.
    discount : of payoffs, per step.
    explore, least : the odds to try any permitted move as the training begins and as it ends; geometric between.
    keeps : steps that are kept, in every mind; `batch` : steps drawn from them for a gradient.
    times : gradients between two updates; `follow` : how far the lagging network moves towards the other with each.
    length, copies : steps between two updates, and episodes side by side.
    shared : whether all seats of this learner have one mind.
    net : the network, without a memory.
    """

    rate: Annotated[float, Interval(ge=0)] = 1e-3
    clip: Annotated[float, Interval(ge=0)] = 10.0
    discount: Annotated[float, Interval(ge=0, le=1)] = 0.99
    explore: Annotated[float, Interval(ge=0, le=1)] = 1.0
    least: Annotated[float, Interval(ge=0, le=1)] = 0.02
    keeps: Annotated[int, Interval(ge=1, le=10_000_000)] = 10_000
    batch: Annotated[int, Interval(ge=1, le=100_000)] = 64
    times: Annotated[int, Interval(ge=1, le=10_000)] = 4
    follow: Annotated[float, Interval(ge=0, le=1)] = 0.02
    length: Annotated[int, Interval(ge=1)] = 8  # type: ignore[misc]
    copies: Annotated[int, Interval(ge=1)] = 8  # type: ignore[misc]
    shared: bool = False  # type: ignore[misc]
    net: Net = Net()

    def begin(self, key: Array, space: Space) -> Mind:
        """A fresh network and nothing kept; raises `InputError` for a network with a memory."""
        if self.net.units:
            raise InputError(
                f"DQN is given a network with a memory of {self.net.units} units.",
                "It learns from single steps, out of their order.",
                "Give net=(net:units=0), or use IPPO for play that remembers.",
            )
        moves = _joint.count("DQN", space)
        parameters = self.net.begin(key, space, moves)
        explores = jnp.asarray(self.explore, dtype=jnp.float32)
        kept = self._nothing(space, moves)
        return Value(parameters, parameters, self._adam().init(parameters), kept, jnp.int32(0), explores)

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Mostly the move that is valued most, sometimes any."""
        values = self._values(mind.parameters, sight.seen)
        chosen = _explore.draw(key, values, _joint.permitted(sight.mask), mind.explores)
        return _joint.moves(chosen, sight.mask), memory, {}

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """Keep what happened, and go down the loss on some of what is kept, a few times."""
        new = jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:]), _kept(track))
        mind = self._with(mind, new)
        held = jnp.minimum(mind.count, self.keeps)

        def step(now: Value, one: Array) -> tuple[Value, tuple[Array, Array]]:
            rows = jax.random.randint(one, (self.batch,), 0, held)
            some = jax.tree.map(lambda leaf: leaf[rows], now.kept)
            (loss, value), gradient = jax.value_and_grad(self._loss, has_aux=True)(now.parameters, now.target, some)
            moves, optimiser = self._adam().update(gradient, now.optimiser)
            parameters = optax.apply_updates(now.parameters, moves)
            target = optax.incremental_update(parameters, now.target, self.follow)
            return now._replace(parameters=parameters, target=target, optimiser=optimiser), (loss, value)

        mind, (loss, value) = jax.lax.scan(step, mind, jax.random.split(key, self.times))
        explores = _explore.faded(self.explore, self.least, done)
        told = {"loss": loss.mean(), "value": value.mean(), "explores": explores}
        return mind._replace(explores=explores), told

    def _loss(self, parameters: Any, target: Any, some: Kept) -> tuple[Array, Array]:
        """Huber's loss of the values of the moves made, and their mean."""

        def one(row: Kept) -> tuple[Array, Array]:
            value = self._values(parameters, row.seen)[row.move]
            best = jnp.where(row.then, self._values(parameters, row.after), NEVER).argmax()
            follows = jnp.where(row.over, 0.0, self._values(target, row.after)[best])
            wanted = jax.lax.stop_gradient(row.payoff + self.discount * follows)
            return jnp.where(row.present, optax.losses.huber_loss(value, wanted), 0.0), value

        losses, values = jax.vmap(one)(some)
        return losses.mean(), values.mean()

    def _values(self, parameters: Any, seen: Mapping[str, Array]) -> Array:
        return self.net.apply(parameters, self.net.recall(), seen)[0]

    def _with(self, mind: Value, new: Kept) -> Value:
        """The mind with new steps in the place of the oldest."""
        size = new.move.shape[0]
        if size > self.keeps:
            raise InputError(
                f"DQN lives through {size} steps between two updates and keeps {self.keeps}.",
                "What comes in at once has to fit into what is kept.",
                f"Give keeps={size} or more, or a smaller length or fewer copies.",
            )
        places = (mind.count + jnp.arange(size)) % self.keeps
        kept = jax.tree.map(lambda old, row: old.at[places].set(row), mind.kept, new)
        # Counted on from a multiple, so that the number never becomes too large.
        count = jnp.where(mind.count >= 2 * self.keeps, mind.count - self.keeps, mind.count) + size
        return mind._replace(kept=kept, count=count)

    def _nothing(self, space: Space, moves: int) -> Kept:
        seen = {name: jnp.zeros((self.keeps, *shape), _TYPES[space.kinds[name]]) for name, shape in space.seen.items()}
        flag, number = jnp.zeros(self.keeps, bool), jnp.zeros(self.keeps)
        then = jnp.zeros((self.keeps, moves), bool)
        return Kept(seen, number.astype(jnp.int32), number, seen, then, flag, flag)

    def _adam(self) -> optax.GradientTransformation:
        return optax.chain(optax.clip_by_global_norm(self.clip), optax.adam(self.rate))


_TYPES = {"b": jnp.bool_, "i": jnp.int32, "u": jnp.uint32, "f": jnp.float32}
"""The type in which a view is kept, by NumPy's letter of its kind."""


def _kept(track: Track) -> Kept:
    """`[T, E]` rows of a track."""
    twice = lambda function: jax.vmap(jax.vmap(function))  # noqa: E731
    move, then = twice(_joint.number)(track.moves, track.mask), twice(_joint.permitted)(track.then)
    return Kept(track.seen, move, track.payoff, track.after, then, track.over, track.present)
