"""The good shepherd: a policy made for others who learn, by going through all that they learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ..core.errors import InputError
from ..core.game import Game
from ..core.seeds import words
from ..core.world import World
from ..worlds._prng import branch, wrap
from . import _memory_one
from ._learner import Array

MADE, MET = 6, 7
"""Purposes of keys: of the pupils the shepherd is made with, and of those it is tried on."""


@dataclass(frozen=True)
class Shepherd:
    """A policy made for naive learners, and how it does with those it was not made with.

    Attributes
    ----------
    game : the table game that is repeated, institutions included; `seat` : the shepherd's, 0 or 1.
    odds : of its moves, `float[1 + A·B, M]`: in the first round (row 0) and after each joint move (1 + a·B + b).
    payoffs : per step, discounted, `float[N, T + 1, 2]`: with N fresh pupils before each of T steps and after the last.
    alone : the same with a naive learner in the shepherd's place, from the same pupils.
    ceiling : the most it could get for ever from somebody who gets what it can secure by itself.
    made : what it was worth while it was made, `float[rounds]`.
    """

    game: Game
    seat: int
    odds: np.ndarray = field(repr=False)
    payoffs: np.ndarray = field(repr=False)
    alone: np.ndarray = field(repr=False)
    ceiling: float
    made: np.ndarray = field(repr=False)

    @property
    def gets(self) -> np.ndarray:
        """What the shepherd gets per step once the pupils have learned, `float[N]`."""
        return self.payoffs[:, -1, self.seat]

    @property
    def leaves(self) -> np.ndarray:
        """What the pupils get per step once they have learned, `float[N]`."""
        return self.payoffs[:, -1, 1 - self.seat]

    @property
    def gains(self) -> np.ndarray:
        """What the shepherd gets more than a naive learner in its place, at the end, `float[N]`."""
        return self.gets - self.alone[:, -1, self.seat]


class _How(NamedTuple):
    """Numbers of a training: discount, the pupils' rate and spread of first scores, the shepherd's rate."""

    discount: Array
    pupil: Array
    spread: Array
    rate: Array


def good_shepherd(
    world: World,
    *,
    seat: int = 0,
    steps: int = 200,
    pupil: float = 1.0,
    discount: float = 0.96,
    rounds: int = 200,
    rate: float = 0.1,
    pupils: int = 16,
    trials: int = 64,
    spread: float = 1.0,
    seed: int = 0,
) -> Shepherd:
    """Make a memory-one policy that is worth most while a naive learner learns against it (Balaguer et al., 2022).

    What it is worth is its mean payoff over all the pupil's steps of learning, differentiated through every one of
    them; pupils begin from scores drawn by chance, new ones in each round. It is then held fixed and met by others.

    Parameters
    ----------
    world : a `MatrixWorld` of two seats, bare or under institutions.
    seat : the shepherd's.
    steps : of the pupil's learning, along its exact gradient with rate `pupil`.
    discount : of payoffs, per round of the game.
    rounds : steps of Adam with rate `rate` in which the shepherd is made, with `pupils` pupils each.
    trials : pupils it is tried on afterwards. spread : standard deviation of first scores.

    Raises `InputError` for another world or seat. A local optimum: another seed may find a better one.
    """
    if seat not in (0, 1):
        raise InputError(f"There is no seat {seat}.", "Two play, in seats 0 and 1.", "Choose one of them.")
    game = _memory_one.game_of("good_shepherd", world)
    pair, key = _memory_one.pair_of(game), np.array(words(seed), np.uint32)
    how = _How(*map(jnp.float32, (discount, pupil, spread, rate)))
    scores, made = _made(pair, how, key, seat, steps, rounds, pupils)
    met = _met(pair, how, key, scores, seat, steps, trials)
    odds, payoffs, alone = (np.asarray(leaf) for leaf in (_memory_one.odds(scores, pair.exists[seat]), *met))
    return Shepherd(game, seat, odds, payoffs, alone, _memory_one.ceiling(game, seat), np.asarray(made))


@partial(jax.jit, static_argnames=("seat", "steps", "rounds", "pupils"))
def _made(
    pair: _memory_one.Pair, how: _How, key: Array, seat: int, steps: int, rounds: int, pupils: int
) -> tuple[Array, Array]:
    """The shepherd's scores, and what they were worth on the way."""
    adam = optax.adam(how.rate)

    def worth(scores: Array, firsts: Array) -> Array:
        taught = jax.vmap(lambda first: _taught(pair, how, scores, first, seat, steps))(firsts)
        return taught[..., seat].mean()

    def step(now: tuple[Array, Any], number: Array) -> tuple[tuple[Array, Any], Array]:
        scores, optimiser = now
        firsts = _firsts(pair, how, branch(key, number, MADE), pupils)
        value, gradient = jax.value_and_grad(worth)(scores, firsts)
        moves, optimiser = adam.update(-gradient, optimiser)
        return (optax.apply_updates(scores, moves), optimiser), value

    scores = jnp.zeros(pair.shape)
    (scores, _), made = jax.lax.scan(step, (scores, adam.init(scores)), jnp.arange(rounds))
    return scores, made


@partial(jax.jit, static_argnames=("seat", "steps", "trials"))
def _met(
    pair: _memory_one.Pair, how: _How, key: Array, scores: Array, seat: int, steps: int, trials: int
) -> tuple[Array, Array]:
    """Payoffs with fresh pupils, and of a naive learner in the shepherd's place."""
    firsts, others = (_firsts(pair, how, branch(key, number, MET), trials) for number in (0, 1))
    taught = jax.vmap(lambda first: _taught(pair, how, scores, first, seat, steps))(firsts)
    alone = jax.vmap(lambda first, other: _taught(pair, how, other, first, seat, steps, True))(firsts, others)
    return taught, alone


def _firsts(pair: _memory_one.Pair, how: _How, key: Array, number: int) -> Array:
    return how.spread * jax.random.normal(wrap(key), (number, *pair.shape))


def _taught(
    pair: _memory_one.Pair, how: _How, scores: Array, first: Array, seat: int, steps: int, both: bool = False
) -> Array:
    """Payoffs per step `[steps + 1, 2]` while the pupil learns; with `both`, whoever has the shepherd's seat too."""

    def worth(mine: Array, theirs: Array) -> Array:
        return _memory_one.value(pair, jnp.stack([mine, theirs] if seat == 0 else [theirs, mine]), how.discount)

    def step(now: tuple[Array, Array], _: Any) -> tuple[tuple[Array, Array], Array]:
        mine, theirs = now
        up = jax.grad(lambda at: worth(mine, at)[1 - seat])(theirs)
        own = jax.grad(lambda at: worth(at, theirs)[seat])(mine) if both else jnp.zeros_like(mine)
        return (mine + how.pupil * own, theirs + how.pupil * up), worth(mine, theirs)

    now, path = jax.lax.scan(step, (scores, first), None, steps)
    return (1 - how.discount) * jnp.concatenate([path, worth(*now)[None]])
