"""Q-learning with a table: each seat keeps a value for every move in every state, and learns from what it gets."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.agent import NEVER, Sight
from ..core.errors import TooLarge
from ..core.record import Interval
from . import _explore, _joint, _states
from ._learner import Array, Learner, Memory, Mind, Space, Track


class Table(NamedTuple):
    """A mind: how states are counted, `values float[S, A]`, and the odds to explore."""

    code: _states.Code
    values: Array
    explores: Array


class QLearning(Learner):
    """Independent Q-learners (Watkins, 1989; Tan, 1993): `Q[s, a] += rate (payoff + discount max Q[s', .] - Q[s, a])`.

    The state is what a seat sees, in whole numbers whose range the world declares. A move is one label of every part.
    Of equally good moves one is drawn evenly. The horizon cuts an episode and does not end it: what follows is valued.

    Parameters
    ----------
    state : the views by which states are told apart, `("last",)`; () is one state for all; None is everything seen.
    rate : how far a value moves towards what was met.
    discount : of payoffs, per step.
    explore, least : the odds to try any permitted move as the training begins and as it ends; geometric between.
    start : the first values.
    length, copies : steps between two updates, and episodes side by side; what happened is learned in the order of
        time. `length=1` learns after every step.
    shared : whether all seats of this learner have one table.
    """

    state: tuple[str, ...] | None = None
    rate: Annotated[float, Interval(ge=0, le=1)] = 0.1
    discount: Annotated[float, Interval(ge=0, le=1)] = 0.95
    explore: Annotated[float, Interval(ge=0, le=1)] = 1.0
    least: Annotated[float, Interval(ge=0, le=1)] = 0.01
    start: float = 0.0
    length: Annotated[int, Interval(ge=1)] = 16  # type: ignore[misc]
    copies: Annotated[int, Interval(ge=1)] = 1  # type: ignore[misc]
    shared: bool = False  # type: ignore[misc]

    def begin(self, key: Array, space: Space) -> Mind:
        """A table of first values; raises `InputError` where what is seen cannot be counted."""
        moves = _joint.count(type(self).__name__, space)
        counted, rows = _states.code(type(self).__name__, space, self.state)
        if rows * moves > _states.LARGEST:
            raise TooLarge(
                f"A table of {rows:,} states and {moves:,} moves is asked for.",
                f"At most {_states.LARGEST:,} numbers are kept.",
                "Name fewer views, or use a learner with a network.",
            )
        values = jnp.full((rows, moves), jnp.asarray(self.start, dtype=jnp.float32))
        return Table(counted, values, jnp.asarray(self.explore, dtype=jnp.float32))

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """Mostly the best permitted move, sometimes any."""
        values = mind.values[_states.row(mind.code, sight.seen, self.state)]
        chosen = _explore.draw(key, values, _joint.permitted(sight.mask), mind.explores)
        return _joint.moves(chosen, sight.mask), memory, {}

    def update(self, key: Array, mind: Mind, track: Track, done: Array) -> tuple[Mind, dict[str, Array]]:
        """One step for each thing that happened, in the order of time."""
        happened = jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:]), track._replace(memory=(), later=()))
        values, surprise = jax.lax.scan(partial(self._step, mind.code), mind.values, happened)
        explores = _explore.faded(self.explore, self.least, done)
        met = jnp.abs(surprise).sum() / jnp.maximum(happened.present.sum(), 1)
        return Table(mind.code, values, explores), {"surprise": met, "explores": explores}

    def _step(self, code: _states.Code, values: Array, one: Track) -> tuple[Array, Array]:
        now, after = (_states.row(code, seen, self.state) for seen in (one.seen, one.after))
        move = _joint.number(one.moves, one.mask)
        follows = jnp.where(_joint.permitted(one.then), values[after], NEVER).max()
        wanted = one.payoff + self.discount * jnp.where(one.over, 0.0, follows)
        surprise = jnp.where(one.present, wanted - values[now, move], 0.0)
        return values.at[now, move].add(self.rate * surprise), surprise
