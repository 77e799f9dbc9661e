"""How tabular Q-learners see, remember and learn: what is compiled in, and the numbers of the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax.numpy as jnp

from ..core.institution import View
from ..core.world import World
from . import _states
from ._table import space_of

Array = Any


@dataclass(frozen=True)
class Habit:
    """How Q-learners look and remember; structure, compiled in.

    Attributes
    ----------
    code : view -> `int32[P]`, the number of the state that each seat is in, below `states`.
    follows : (view, next view) -> `int32[P]`, the state that followed; by default the code of the next view.
    replay : 0 to learn from what just happened; otherwise each seat keeps what happened to it, forgets everything every
        `replay` steps, and learns at each step it takes part in from one thing drawn evenly from that, once it has two.
    inward : view -> `int32[P]`, the state in which a seat would meet itself; for `Rule.weight`.
    patience : sessions in which no greedy move changes for so many steps stand still from then on; 0 never.
    """

    code: Callable[[View], Array]
    states: int
    follows: Callable[[View, View], Array] | None = None
    replay: int = 0
    inward: Callable[[View], Array] | None = None
    patience: int = 0


@dataclass(frozen=True)
class Counted:
    """A code that counts through whole numbers: of views of these names, for each number its least, size, stride."""

    names: tuple[str, ...]
    low: tuple[int, ...]
    size: tuple[int, ...]
    stride: tuple[int, ...]
    players: int

    def __call__(self, view: View) -> Array:
        """The number of the state of each seat, `int32[P]`."""
        shown = [view.seat.get(name, view.public.get(name)) for name in self.names]
        rows = [
            jnp.broadcast_to(jnp.ravel(seen), (self.players, jnp.size(seen)))
            if name in view.public
            else jnp.reshape(seen, (self.players, -1))
            for name, seen in zip(self.names, map(jnp.asarray, shown), strict=True)
        ]
        none = jnp.zeros((self.players, 0), jnp.int32)
        flat = jnp.concatenate([none, *(row.astype(jnp.int32) for row in rows)], -1)
        low, size, stride = (jnp.array(row, jnp.int32) for row in (self.low, self.size, self.stride))
        return (jnp.clip(flat - low, 0, size - 1) * stride).sum(-1)


def counted(world: World, *names: str) -> tuple[Counted, int]:
    """`(code, states)` by the views of these names; `InputError` where one of them cannot be counted."""
    code, states = _states.code("counted", space_of(world), names)
    low, size, stride = (tuple(map(int, row)) for row in code)
    return Counted(tuple(sorted(names)), low, size, stride, len(world.ground.players)), states


class Rule(NamedTuple):
    """The numbers of the learning rule, each a number or an array that broadcasts to `[L, P]`.

    `Q[s, a] += alpha * (payoff + discount * max Q[s', .] - Q[s, a])`. A move is drawn evenly with odds
    `epsilon * exp(-decay * t)` in step t = 0, 1, …, otherwise the first of the best is made. Payoffs count
    `1 - weight`, and `weight` what one's own move, made where one meets oneself, would bring against itself: `worth`,
    a number for each move.
    """

    alpha: Array = 0.1
    discount: Array = 0.9
    epsilon: Array = 0.1
    decay: Array = 0.0
    weight: Array = 0.0
    worth: Array = 0.0
