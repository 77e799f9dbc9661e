"""Attacks on trust scores: how somebody splits into several identities, and whom they rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Literal

import numpy as np

from ..core.game import Array

Score = Callable[[Array], Array] | Literal["eigentrust", "max flow"]

SEARCHED = 2_000
"""Attacks that are tried on a score of which nothing is known."""


def attacks(
    score: Score, table: Array, attacker: int, size: int, seeds: Sequence[int] | None, restart: float
) -> Iterator[Array]:
    """The attacks with so many identities among which the best is, where it is known; the ratings as they are too."""
    if callable(score):
        yield from _attacks(table, attacker, size)
        return
    yield _grown(table, size)
    if size > 1:
        yield star(table, attacker, size)
    elif score == "eigentrust":
        yield _pointing(table, attacker, seeds, restart)
    if score == "eigentrust":  # who says nothing trusts the seeds, and may be one
        silent = star(table, attacker, size)
        silent[attacker] = 0.0
        yield silent


def _pointing(table: Array, attacker: int, seeds: Sequence[int] | None, restart: float) -> Array:
    """The attacker rates only the one from whom trust comes back to it soonest."""
    count = len(table)
    start = np.zeros(count)
    start[list(range(count) if seeds is None else set(seeds))] = 1.0
    given = table.sum(1, keepdims=True)
    shares = np.where(given > 0, table / np.where(given > 0, given, 1.0), start / start.sum())
    others = np.delete(np.arange(count), attacker)
    onward = np.eye(count - 1) - (1 - restart) * shares[np.ix_(others, others)]
    back = np.linalg.solve(onward, (1 - restart) * shares[others, attacker])
    pointed = table.copy()
    pointed[attacker] = 0.0
    pointed[attacker, others[int(np.argmax(back))]] = 1.0
    return pointed


def star(table: Array, attacker: int, identities: int) -> Array:
    """All rate the first identity as before; it rates its others, and they rate it."""
    grown = _grown(table, identities)
    if identities > 1:
        most = max(1.0, float(table.sum()))
        grown[attacker] = 0.0
        grown[attacker, len(table) :] = most
        grown[len(table) :, attacker] = most
    return grown


def _grown(table: Array, identities: int) -> Array:
    grown = np.zeros((len(table) + identities - 1,) * 2)
    grown[: len(table), : len(table)] = table
    return grown


def _attacks(table: Array, attacker: int, identities: int) -> Iterator[Array]:
    """Attacks of the usual shapes, then those in which each identity rates one only, up to a number of them."""
    most, count = max(1.0, float(table.sum())), len(table)
    mine = [attacker, *range(count, count + identities - 1)]
    yield _grown(table, identities)
    yield star(table, attacker, identities)
    ring, clique = _grown(table, identities), _grown(table, identities)
    ring[attacker] = clique[attacker] = 0.0
    for one, other in zip(mine, mine[1:] + mine[:1], strict=True):
        ring[one, other] = most * (one != other)
    clique[np.ix_(mine, mine)] = most * ~np.eye(identities, dtype=bool)
    yield from (ring, clique)
    everybody = [*range(count), *mine[1:]]
    choices = ([k for k in everybody if k != one] for one in mine)
    for number, aims in enumerate(product(*choices)):
        if number == SEARCHED:
            return
        pointed = _grown(table, identities)
        pointed[attacker] = 0.0
        pointed[mine, aims] = most
        yield pointed
