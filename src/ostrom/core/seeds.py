"""Dice that fall alike everywhere: the same seed gives the same faces in NumPy, inside `jit`, and in a replay.

A face is Threefry-2x32 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, 20
rounds) of (seed, round, die), compared as a 24-bit integer with integer thresholds. No hook ever sees a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import InputError

Array = Any
_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA
_ONE = 1 << 24


def threefry(key: tuple[Array, Array], counter: tuple[Array, Array], xp: Any = np) -> tuple[Array, Array]:
    """Threefry-2x32 with 20 rounds: two `uint32` words for each counter; arrays broadcast."""
    k0, k1 = (xp.asarray(word, dtype=xp.uint32).reshape(-1) for word in key)
    x0, x1 = (xp.asarray(word, dtype=xp.uint32) for word in counter)
    keys = (k0, k1, k0 ^ k1 ^ xp.asarray([_PARITY], dtype=xp.uint32))
    x0, x1 = x0 + keys[0], x1 + keys[1]
    for block in range(5):
        for turn in _ROTATIONS[block % 2]:
            x0 = x0 + x1
            x1 = ((x1 << xp.uint32(turn)) | (x1 >> xp.uint32(32 - turn))) ^ x0
        x0 = x0 + keys[(block + 1) % 3]
        x1 = x1 + keys[(block + 2) % 3] + xp.asarray([block + 1], dtype=xp.uint32)
    return x0, x1


def refuse_seed(seed: object) -> None:
    """Raise the `InputError` for what is no seed."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise InputError(
            f"The seed is {seed!r:.60}.", "A seed is a whole number from 0 to 2**64 - 1.", "Give such a number."
        )


def words(seed: int) -> tuple[int, int]:
    """The two 32-bit words of a non-negative seed below 2**64."""
    refuse_seed(seed)
    return int(seed) & 0xFFFFFFFF, int(seed) >> 32


def fold(key: Array, number: Array, purpose: int, xp: Any = np) -> Array:
    """A new key `uint32[2]` from a key, a number (which step) and a purpose (0 to 255), unlike any that dice use."""
    at = xp.asarray(number, dtype=xp.uint32), xp.asarray([0xFFFFFF00 + purpose], dtype=xp.uint32)
    return xp.concatenate(threefry((key[0], key[1]), at, xp))


def thresholds(odds: Array, xp: Any = np) -> Array:
    """Cumulative odds `[R, K]` as 24-bit integers; the last is always 2**24, so that some face falls."""
    parts = xp.round(xp.asarray(odds, dtype=xp.float32) * _ONE).astype(xp.int32)
    edges = xp.cumsum(parts, -1)
    return xp.concatenate([xp.clip(edges[..., :-1], 0, _ONE), xp.full_like(edges[..., -1:], _ONE)], -1)


def roll(
    key: tuple[Array, Array], time: Array, odds: Sequence[Mapping[str, Array]], xp: Any = np
) -> tuple[dict[str, Array], ...]:
    """Faces `int32[R]` of every die of every layer in round `time`; `odds` as `Charter.dice` gives them."""
    luck = []
    for level, dice in enumerate(odds):
        faces = {}
        for number, (name, table) in enumerate(dice.items()):
            edges = thresholds(table, xp)
            rows = xp.arange(edges.shape[0], dtype=xp.uint32) + xp.uint32(level * 65536 + number * 4096)
            times = xp.full(rows.shape, time, dtype=xp.uint32) if xp is np else xp.broadcast_to(time, rows.shape)
            draw, _ = threefry(key, (times, rows), xp)
            faces[name] = ((draw >> xp.uint32(8)).astype(xp.int32)[:, None] >= edges).sum(-1).astype(xp.int32)
        luck.append(faces)
    return tuple(luck)


def check_odds(owner: str, name: str, table: Array) -> np.ndarray:
    """The odds as `float[R, K]`, checked: rows of numbers ≥ 0 that sum to 1."""
    odds = np.asarray(table, float)
    if odds.ndim != 2 or not np.isfinite(odds).all() or (odds < -1e-9).any() or (abs(odds.sum(-1) - 1) > 1e-6).any():
        raise InputError(
            f"{owner} declares odds {np.array2string(odds, threshold=8)} for its dice {name!r}.",
            "Odds are rows of one probability per face, ≥ 0, each row summing to 1.",
            "Return {'name': array of shape [dice, faces]} from dice.",
        )
    return np.maximum(odds, 0)
