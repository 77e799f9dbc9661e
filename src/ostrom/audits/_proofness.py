"""Coalition-proofness in float64: who would leave together and stay, for all joint moves at once."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, amount

Group = tuple[int, ...]

PAIRS = 300_000_000
"""Pairs of joint moves, over all groups, beyond which nothing is compared."""

BLOCK = 4_000_000
"""Pairs compared at a time."""


def credible(
    payoffs: Array, place: Sequence[int], up_to: int, slack: float, seconds: float
) -> tuple[Group, tuple[int, ...]] | None:
    """The smallest group that leaves a joint move and stays where it goes, and where; None when there is none.

    From the smallest groups to the largest, each knows at which joint moves it stays (Bernheim, Peleg and Whinston
    1987): those at which all of its parts stay, and from which it gains (more than `slack` for each) by going to none
    of that kind. Raises `TooLarge` when there is too much to compare, `TimeoutError` past `seconds`.
    """
    sizes, players = payoffs.shape[:-1], range(payoffs.shape[-1])
    end = time.monotonic() + seconds
    parts: dict[Group, Array] = {(): np.ones(sizes, bool)}
    for count in range(1, up_to + 1):
        refuse_many(sizes, count)
        stays: dict[Group, Array] = {}
        for group in combinations(players, count):
            steady = np.logical_and.reduce([parts[group[:k] + group[k + 1 :]] for k in range(count)])
            if (reached := _from(payoffs, place, group, steady, slack)) is not None:
                return group, reached
            stays[group] = steady & ~_leaves(payoffs, group, steady, slack) if count < up_to else steady
            if time.monotonic() > end:
                raise TimeoutError
        parts = stays
    return None


def refuse_many(sizes: Sequence[int], up_to: int) -> None:
    """Raise `TooLarge` when groups of up to so many players have too many pairs of joint moves to compare."""
    ways = np.zeros(up_to + 1)
    ways[0] = 1.0
    for size in sizes:
        ways[1:] = ways[1:] * size + ways[:-1] * size**2
        ways[0] *= size
    if ways.sum() > PAIRS:
        raise TooLarge(
            f"Groups of up to {up_to} of {len(sizes)} players compare {amount(math.ceil(ways.sum()))} joint moves.",
            f"More than {PAIRS:,} take too long.",
            "Ask about smaller groups.",
        )


def _from(payoffs: Array, place: Sequence[int], group: Group, steady: Array, slack: float) -> tuple[int, ...] | None:
    """Where the group goes from `place`, for the largest least gain; None when it stays."""
    where = tuple(slice(None) if i in group else k for i, k in enumerate(place))
    gains = (payoffs[where] - payoffs[tuple(place)])[..., group].min(-1)
    gains = np.where(steady[where], gains, -np.inf)
    best = np.unravel_index(int(gains.argmax()), gains.shape)
    if gains[best] <= slack:
        return None
    moves = dict(zip(group, best, strict=True))
    return tuple(int(moves.get(i, k)) for i, k in enumerate(place))


def _leaves(payoffs: Array, group: Group, steady: Array, slack: float) -> Array:
    """`bool[A_1, …, A_P]`: from where each of the group gains by going somewhere `steady`."""
    others = [i for i in range(payoffs.shape[-1]) if i not in group]
    order, sizes = (*others, *group), payoffs.shape[:-1]
    own = math.prod(sizes[i] for i in group)
    pay = [payoffs[..., i].transpose(order).reshape(-1, own) for i in group]
    held = steady.transpose(order).reshape(-1, own)
    left = np.empty_like(held)
    step = max(1, BLOCK // held.size)
    for first in range(0, own, step):
        gains = np.repeat(held[:, None, :], min(step, own - first), axis=1)
        for worth in pay:
            gains &= worth[:, None, :] - worth[:, first : first + step, None] > slack
        left[:, first : first + step] = gains.any(-1)
    return left.reshape([sizes[i] for i in order]).transpose(np.argsort(order))
