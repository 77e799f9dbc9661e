"""A rule at every profile of strict lists, and who gains by lying at any of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ._misreported import answer, orders

PROFILES = 1_000_000
"""Profiles beyond which a rule is not asked about all of them."""


class Gain(NamedTuple):
    """A lie that pays: who, the numbers of the lists that are true, those that are said, and what each gains."""

    group: tuple[int, ...]
    truth: tuple[int, ...]
    said: tuple[int, ...]
    gains: tuple[int, ...]


def few_enough(agents: int, things: int, shorter: bool) -> None:
    """Raises `TooLarge` where there are too many profiles, without making any list."""
    lists = orders(min(things, 12), shorter)
    if things > 12 or (lists > 1 and agents > 20) or agents > 60 or lists**agents > PROFILES:
        raise TooLarge(
            f"All lists of {things} things of each of {agents} agents.",
            f"More than {PROFILES:,} profiles are not gone through.",
            "Ask about fewer agents or things, or about profiles of your choice.",
        )


def outcomes(rule: Callable[[Array], Any], rows: list[Array], agents: int) -> Array:
    """`int[L, …, L, N]`: what each agent gets at every profile of lists; -1 for nothing. Raises `InputError`."""
    table = np.empty((*[len(rows)] * agents, agents), np.int64)
    for profile in product(range(len(rows)), repeat=agents):
        found = answer(rule, np.array([rows[k] for k in profile]))
        table[profile] = _partners(getattr(found, "partners", found), agents, len(rows[0]))
    return table


def _partners(given: Any, agents: int, things: int) -> Array:
    try:
        got = np.asarray(given)
        fits = got.shape == (agents,) and got.dtype.kind in "iu" and bool(((got >= -1) & (got < things)).all())
    except ValueError:
        fits, got = False, np.zeros(0)
    if not fits:
        raise InputError(
            f"The rule answers {given!r:.120}.",
            f"Each of {agents} agents gets the number of one of {things} things, or -1 for nothing.",
            "Return that for each row.",
        )
    return got


def best_gain(table: Array, rows: list[Array], size: int, weak: bool) -> Gain | None:
    """The largest gain (of a pair: of who gains less) by a lie of a group of one or two at any profile."""
    ranks = np.array([[*np.where(row < 0, row.max() + 2, row), row.max() + 1] for row in rows])  # last: nothing
    best, value = None, (0, 0)
    for group in combinations(range(table.shape[-1]), size):
        got = [np.moveaxis(table[..., i], group, range(size)) for i in group]
        for truth in product(range(len(rows)), repeat=size):
            gains = np.stack([ranks[k][one[truth]] - ranks[k][one] for k, one in zip(truth, got, strict=True)])
            least, most = gains.min(0), gains.max(0)
            score = least * (most.max() + 1) + most if weak else least
            at = np.unravel_index(int(score.argmax()), score.shape)
            new = int(least[at]), int(most[at])
            if new > value and (new[0] > 0 or (weak and new[0] == 0 and new[1] > 0)):
                value, others = (
                    new,
                    dict(zip([i for i in range(table.shape[-1]) if i not in group], at[size:], strict=True)),
                )
                whole = {**others, **dict(zip(group, truth, strict=True))}
                lie = {**others, **dict(zip(group, at[:size], strict=True))}
                told = [tuple(int(one[i]) for i in range(table.shape[-1])) for one in (whole, lie)]
                best = Gain(group, told[0], told[1], tuple(int(one) for one in gains[(slice(None), *at)]))
    return best
