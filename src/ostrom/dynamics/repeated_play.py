"""What automata get when they play a game again and again, exactly: in the long run, or discounted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..core.automaton import Automaton, trembled
from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game
from ._markov_chain import batch_of_limits, limiting_matrix
from ._named import automaton
from ._products import Meeting, checked_discount

PLAY_LIMIT = 100_000
"""Meetings of strategies in one table of payoffs."""


@dataclass(frozen=True)
class RepeatedPlay:
    """How automata play one another for ever.

    Attributes
    ----------
    payoffs : `float[P]`, per round.
    moves : for each player `float[A_i]`, how often it makes each move; of two moves, the first is its cooperation.
    joint : `float[A_1, …, A_P]`, how often each joint move is made.
    states : how many joint states they can be in.
    method : in words.
    """

    payoffs: Array
    moves: tuple[Array, ...]
    joint: Array
    states: int
    method: str


def repeated_play(
    game: Game, strategies: Sequence[str | Automaton], *, noise: float = 0.0, discount: float | None = None
) -> RepeatedPlay:
    """What each player gets per round when these automata play `game` for ever, exactly (float64).

    Parameters
    ----------
    game : the stage game, of any number of players.
    strategies : one automaton per seat, or its name (`strategies()`).
    noise : odds, 0 to 1, that a move slips to another one.
    discount : δ in [0, 1) for payoffs `(1 - δ) Σ δ^t u_t`; None for the limit of means. There, play that can end in
        several ways is averaged over how likely each is from the first round.

    Raises
    ------
    InputError : strategies that do not fit the seats or are no automata, a δ out of range; UnknownName;
    TooLarge : more joint states than are held.
    """
    met = Meeting(game, strategies, noise)
    joint = _time_in(met, discount) @ met.joint()
    joint = (joint / joint.sum()).reshape(game.sizes)
    axes = range(joint.ndim)
    shares = tuple(joint.sum(tuple(other for other in axes if other != seat)) for seat in axes)
    method = "product chain, " + ("limit of means" if discount is None else f"discount {discount:g}")
    return RepeatedPlay(joint.ravel() @ met.payoffs, shares, joint, len(met.states), method)


def payoff_matrix(
    strategies: Sequence[str | Automaton], game: Game, *, noise: float = 0.0, discount: float | None = None
) -> Array:
    """`float[K, …, K, P]`: what each player gets per round when the seats choose among these K automata (or names).

    As `NormalForm(payoff_matrix(…))` it is a game whose moves are strategies, for all that is done with games. Pairs of
    memory-one strategies are computed all at once. Raises as `repeated_play`; `TooLarge` for too many meetings.
    """
    count, players = len(strategies), len(game.players)
    if count**players > PLAY_LIMIT:
        raise TooLarge(f"{count} strategies of {players} players.", f"{PLAY_LIMIT:,} meetings are held.", "Give fewer.")
    entered = tuple(map(automaton, strategies))
    odds = [one.memory_one_odds() for one in entered]
    if game.sizes == (2, 2) and all(own is not None for own in odds):
        own, first = np.array(odds, float), np.array([one.odds[one.start, 0] for one in entered])
        pairs = np.indices((count, count)).reshape(2, -1)
        joint = memory_one_play(own[pairs[0]], own[pairs[1]], noise=noise, discount=discount, first=first[pairs].T)
        return (joint @ game.dense().payoffs.reshape(4, 2)).reshape(count, count, 2)
    table = np.empty((count,) * players + (players,))
    for cell in product(range(count), repeat=players):
        chosen = [entered[k] for k in cell]
        table[cell] = repeated_play(game, chosen, noise=noise, discount=discount).payoffs
    return table


def memory_one_play(
    p: Any, q: Any, *, noise: float = 0.0, discount: float | None = None, first: Any = (1.0, 1.0)
) -> Array:
    """How often pairs of memory-one strategies play CC, CD, DC and DD: `float[N, 4]`, a million pairs in seconds.

    Parameters
    ----------
    p, q : `float[N, 4]` (or `[4]`), the odds of C after CC, CD, DC, DD, each with its own move first.
    noise, discount : as in `repeated_play`.
    first : `float[N, 2]` (or `[2]`), the odds of C of both in the first round. They count where δ is given, and where
        play can end in more than one way.

    Raises `InputError` for numbers that are no odds. Payoffs of a game are `memory_one_play(p, q) @ payoffs`.
    """
    p, q = np.broadcast_arrays(np.atleast_2d(np.asarray(p, float)), np.atleast_2d(np.asarray(q, float)))
    first = np.broadcast_to(np.asarray(first, float), (len(p), 2))
    for odds, width in ((p, 4), (q, 4), (first, 2)):
        if odds.shape != (len(p), width) or not ((odds >= 0) & (odds <= 1)).all():
            raise InputError(
                f"Memory-one odds of shape {odds.shape}, from {odds.min(initial=1):g} to {odds.max(initial=0):g}.",
                "They are odds of C after CC, CD, DC and DD, and in the first round of both.",
                "Give p[N, 4], q[N, 4] and first[N, 2] with numbers from 0 to 1.",
            )
    chain = _both(p, q[:, [0, 2, 1, 3]], noise)
    start = _both(first[:, :1], first[:, 1:], noise)[:, 0]
    if discount is None:
        return batch_of_limits(chain, start)
    ahead = np.eye(4) - checked_discount(discount) * np.swapaxes(chain, -1, -2)
    return (1 - discount) * np.linalg.solve(ahead, start[..., None])[..., 0]


def _both(p: Array, q: Array, noise: float) -> Array:
    """The odds `float[N, K, 4]` of the joint moves of two who have these odds `float[N, K]` of C."""
    own, other = (trembled(np.stack([odds, 1 - odds], -1), noise) for odds in (p, q))
    return (own[..., :, None] * other[..., None, :]).reshape(*p.shape, 4)


def _time_in(met: Meeting, discount: float | None) -> Array:
    """The share of time `float[K]` in each joint state."""
    chain = met.chain()
    if discount is None:
        return limiting_matrix(chain)[0]
    first = np.eye(len(chain))[0]
    return (1 - checked_discount(discount)) * np.linalg.solve(np.eye(len(chain)) - discount * chain.T, first)
