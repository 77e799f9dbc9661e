"""Two seats that play a table game for ever and remember the last joint move: what that is worth, exactly.

A seat's scores are `float[1 + A·B, M - 1]`: of its moves but the first, whose score is 0, in the first round (row 0)
and after each joint move (row `1 + a·B + b`); M is the larger number of moves, at least 2. Moves are drawn by softmax.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import NEVER
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Fact, Game
from ..core.world import World
from ..worlds.governed import GovernedWorld
from ..worlds.matrix import MatrixWorld
from ._learner import Array


class Pair(NamedTuple):
    """A game of two as arrays: `payoffs float[A, B, 2]` of one round, and `exists bool[2, M]`, who has which move."""

    payoffs: Array
    exists: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the scores of a seat."""
        return 1 + self.payoffs.shape[0] * self.payoffs.shape[1], self.exists.shape[1] - 1


def game_of(owner: str, world: World) -> Game:
    """The table game of two that a world repeats, institutions included; `InputError` where it is none.

    Rules in several stages, and with chance, become moves and means of the table, as in `game.under(…)`.
    """
    base, rules = (world.base, world.institutions) if isinstance(world, GovernedWorld) else (world, ())
    if not isinstance(base, MatrixWorld) or len(base.players) != 2:
        raise InputError(
            f"{owner} is asked to look through {type(base).__name__} with {len(world.ground.players)} seats.",
            "What play is worth is computed exactly for a table game that two play again and again.",
            "Use MatrixWorld.of(a game of two), bare or under institutions.",
        )
    tables = zip(base.names, np.asarray(base.amounts), strict=True)
    facts = [Fact(name, "", lambda profiles, table=table: _looked_up(table, profiles)) for name, table in tables]
    game = NormalForm(np.asarray(base.payoffs), players=base.players, moves=base.moves, facts=facts)
    return game.under(*rules)


def pair_of(game: Game) -> Pair:
    """The arrays of a game of two."""
    table = game.dense().payoffs
    counts, width = np.array(table.shape[:2]), max(2, *table.shape[:2])  # one score at least, to be differentiated
    return Pair(jnp.asarray(table, dtype=jnp.float32), jnp.asarray(np.arange(width) < counts[:, None]))


def odds(scores: Array, exists: Array) -> Array:
    """Probabilities `[1 + A·B, M]` from the scores of one seat."""
    whole = jnp.concatenate([jnp.zeros_like(scores[:, :1]), scores], -1)
    return jax.nn.softmax(jnp.where(exists, whole, NEVER), -1)


def value(pair: Pair, scores: Array, discount: Array) -> Array:
    """`float[2]`: the discounted sum of what both get, `scores float[2, 1 + A·B, M - 1]`."""
    first, second, _ = pair.payoffs.shape
    mine, theirs = odds(scores[0], pair.exists[0])[:, :first], odds(scores[1], pair.exists[1])[:, :second]
    joint = (mine[:, :, None] * theirs[:, None, :]).reshape(-1, first * second)
    ahead = jnp.eye(first * second) - discount * joint[1:]
    return joint[0] @ jnp.linalg.solve(ahead, pair.payoffs.reshape(-1, 2))


def ceiling(game: Game, seat: int = 0) -> float:
    """The most that one of two can get for ever while the other gets what it can secure by itself.

    Payoffs lie in the convex hull of the table's. Who learns to play as well as it can gets its maximin at least.
    """
    table = game.dense().payoffs
    mine, theirs = (np.moveaxis(table, -1, 0).reshape(2, -1)[one] for one in (seat, 1 - seat))
    least = _secured(table[..., 1 - seat] if seat == 1 else table[..., 1].T)
    best = max((own for own, other in zip(mine, theirs, strict=True) if other >= least - 1e-9), default=-np.inf)
    for a, b in np.argwhere((theirs[:, None] > least) & (theirs[None] < least)):
        share = (least - theirs[b]) / (theirs[a] - theirs[b])
        best = max(best, share * mine[a] + (1 - share) * mine[b])
    return float(best)


def _secured(own: np.ndarray) -> float:
    """The maximin of the row player of `[A, B]` in mixtures."""
    from scipy.optimize import linprog

    rows, columns = own.shape
    bounds = [(0, None)] * rows + [(None, None)]
    done: Any = linprog(
        np.r_[np.zeros(rows), -1.0],
        A_ub=np.c_[-own.T, np.ones(columns)],
        b_ub=np.zeros(columns),
        A_eq=np.r_[np.ones(rows), 0.0][None],
        b_eq=[1.0],
        bounds=bounds,
    )
    return float(-done.fun)


def _looked_up(table: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    return table[tuple(np.moveaxis(np.asarray(profiles), -1, 0))]
