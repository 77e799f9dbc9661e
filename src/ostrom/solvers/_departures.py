"""Which groups would leave a joint move together, for all joint moves at once, by ranks of payoffs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, amount

Group = tuple[int, ...]

PAIRS = 300_000_000
"""Pairs of joint moves, over all groups, beyond which nothing is compared."""

BLOCK = 4_000_000
"""Pairs compared at a time."""

TOLERANCE = 1e-12
"""Of float payoffs, a difference below this share of a player's largest payoff is rounding, not a gain."""


def ranks(game: NormalForm) -> Array:
    """`int[A_1, …, A_P, P]`: each player's payoffs in order; what is equal (in float64: nearly) has one rank."""
    table = game.payoffs if game.exact is None else game.exact
    return np.stack([_ranked(table[..., i]) for i in range(len(game.players))], axis=-1)


def departures(order: Array, lasting: bool) -> Iterator[tuple[Group, Array, Array]]:
    """For each group, the smaller ones first: who would leave (`bool[A_1, …, A_P]`), and where it may go.

    A group leaves where each of its members gains. It may go anywhere, or, if `lasting`, only where no part of it would
    leave in turn, by the same rule (Bernheim, Peleg and Whinston 1987).
    """
    sizes, players = order.shape[:-1], range(order.shape[-1])
    _refuse_many(sizes)
    parts: dict[Group, Array] = {(): np.ones(sizes, bool)}
    for count in range(1, len(players) + 1):
        stays: dict[Group, Array] = {}
        for group in combinations(players, count):
            open_ = np.ones(sizes, bool)
            if lasting:
                open_ = np.logical_and.reduce([parts[group[:k] + group[k + 1 :]] for k in range(count)])
            leaves = _leaves(order, group, open_)
            stays[group] = open_ & ~leaves
            yield group, leaves, open_
        parts = stays


def reached(order: Array, place: Sequence[int], group: Group, open_: Array) -> tuple[int, ...] | None:
    """Where the group goes from `place`, for the largest least gain in ranks; None when it stays."""
    where = tuple(slice(None) if i in group else k for i, k in enumerate(place))
    gains = (order[where] - order[tuple(place)])[..., list(group)].min(-1)
    gains = np.where(open_[where], gains, -1)
    best = np.unravel_index(int(gains.argmax()), gains.shape)
    if gains[best] <= 0:
        return None
    moves = dict(zip(group, best, strict=True))
    return tuple(int(moves.get(i, k)) for i, k in enumerate(place))


def _ranked(payoffs: Array) -> Array:
    values, where = np.unique(payoffs, return_inverse=True)
    if payoffs.dtype == object:
        return where.reshape(payoffs.shape)
    apart = np.diff(values) > TOLERANCE * np.abs(values).max()
    return np.concatenate([[0], np.cumsum(apart)])[where].reshape(payoffs.shape)


def _leaves(order: Array, group: Group, open_: Array) -> Array:
    """`bool[A_1, …, A_P]`: from where each of the group gains by going somewhere `open_`."""
    sizes = order.shape[:-1]
    others = [i for i in range(len(sizes)) if i not in group]
    axes, own = (*others, *group), math.prod(sizes[i] for i in group)
    ranked = [order[..., i].transpose(axes).reshape(-1, own) for i in group]
    free = open_.transpose(axes).reshape(-1, own)
    left = np.empty_like(free)
    step = max(1, BLOCK // free.size)
    for first in range(0, own, step):
        gains = np.repeat(free[:, None, :], min(step, own - first), axis=1)
        for rank in ranked:
            gains &= rank[:, None, :] > rank[:, first : first + step, None]
        left[:, first : first + step] = gains.any(-1)
    return left.reshape([sizes[i] for i in axes]).transpose(np.argsort(axes))


def _refuse_many(sizes: Sequence[int]) -> None:
    pairs = math.prod(size + size**2 for size in sizes)
    if pairs > PAIRS:
        raise TooLarge(
            f"Groups of {len(sizes)} players compare {amount(pairs)} pairs of joint moves.",
            f"More than {PAIRS:,} take too long.",
            "Ask the audit `coalitions` about one joint move, or about groups up to some size.",
        )
