"""Players as they are given, made into something that can be replayed, and checked against the game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ._ring_play import Array, Replay, Script, Seated, Tables


@dataclass(frozen=True, eq=False)
class Checked:
    """Replays as `inner` does, and refuses moves that the game has not."""

    inner: Replay
    sizes: tuple[int, ...]

    @property
    def talks(self) -> bool:
        """Whether anybody may speak."""
        return getattr(self.inner, "talks", True)

    def __call__(self, script: Script) -> Array:
        """The moves of a run."""
        moves = np.asarray(self.inner(script))
        wanted = (script.rounds, len(self.sizes))
        fits = moves.ndim == 3 and moves.shape[1:] == wanted and np.issubdtype(moves.dtype, np.integer)
        if not fits or not len(moves) or moves.min() < 0 or (moves >= self.sizes).any():
            raise InputError(
                f"A replay gave moves of shape {moves.shape}, of type {moves.dtype}, or moves that there are not.",
                f"For this script it gives whole numbers [sessions, {wanted[0]}, {wanted[1]}] below {self.sizes}.",
                "Number the moves of each player from 0, in the order of the game.",
            )
        return moves


def as_replay(players: Replay | Sequence[Any], sizes: tuple[int, ...]) -> Replay:
    """What replays the players given: a replay as it is, tables of moves, or lists of functions.

    Raises `InputError` where they fit no game of these sizes.
    """
    if callable(players):
        return Checked(players, sizes)
    given = list(players)
    if given and not isinstance(given[0], np.ndarray):
        if any(len(seats) != len(sizes) for seats in given):
            raise InputError("A session has another number of players than the game.", do=f"Give {len(sizes)} each.")
        return Checked(Seated(given), sizes)
    fits = len(given) == len(sizes) and all(
        _fits(own, size, sizes, given[0]) for own, size in zip(given, sizes, strict=True)
    )
    if not fits:
        raise InputError(
            f"The tables have shapes {[np.shape(own) for own in given]}.",
            f"The game has moves {sizes}: each player needs whole numbers [S, {', '.join(map(str, sizes))}], or [S].",
            "Give `q_learning(game, memory=1).greedy`, or functions that choose a move.",
        )
    return Tables(tuple(given), sizes)


def _fits(own: Array, size: int, sizes: tuple[int, ...], first: Array) -> bool:
    shaped = own.ndim and own.shape[1:] in ((), sizes) and len(own) == len(first) > 0
    return bool(shaped and np.issubdtype(own.dtype, np.integer) and own.min() >= 0 and own.max() < size)
