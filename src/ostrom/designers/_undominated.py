"""Moves that no other dominates, and payments that keep moves from dominating one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.game import Array

NOISE = 1e-9
"""Share of the range of payoffs below which a difference counts as none."""


def sides(wanted: Array) -> tuple[tuple[int, ...], ...]:
    """Per player the moves that are part of anything wanted: the smallest rectangle round it."""
    axes = range(wanted.ndim)
    return tuple(tuple(map(int, np.flatnonzero(wanted.any(axis=tuple(k for k in axes if k != i))))) for i in axes)


def dominated(rows: Array, kept: Sequence[int], noise: float) -> Iterator[tuple[int, int]]:
    """`(move, by)` for every kept move that another kept one dominates weakly, by rows `[A, others]`."""
    for move in kept:
        for other in kept:
            lead = rows[other] - rows[move]
            if lead.min() >= -noise and lead.max() > noise:
                yield move, other


def parted(payoffs: Array, paid: Array, kept: tuple[tuple[int, ...], ...], lead: float) -> Array:
    """The payments, with more against one joint move of the others that is not kept, so that no kept move is dominated.

    There, whoever has less in total elsewhere gets more, by the lead: who dominates elsewhere does not there.
    """
    paid, noise = paid.copy(), NOISE * (float(np.ptp(payoffs)) or 1.0)
    for i, own in enumerate(kept):
        rows = rows_of(payoffs, i) + rows_of(paid, i)
        on_path = np.zeros([size for k, size in enumerate(payoffs.shape[:-1]) if k != i], bool)
        on_path[np.ix_(*(kept[k] for k in range(len(kept)) if k != i))] = True
        if on_path.all() or not any(dominated(rows, own, noise)):
            continue
        never = int(np.argmin(on_path.ravel()))
        elsewhere = np.delete(rows, never, axis=1).sum(1)
        level, before = -np.inf, np.inf
        for move in sorted(own, key=lambda m: -elsewhere[m]):
            if before - elsewhere[move] > noise:  # less elsewhere than those before
                alike = [m for m in own if abs(elsewhere[m] - elsewhere[move]) <= noise]
                level, before = max(level + lead, float(rows[alike, never].max())), elsewhere[move]
            pay(paid, i, move, never, level - rows_of(payoffs, i)[move, never])
    return paid


def rows_of(table: Array, i: int) -> Array:
    """Player i's part of a table as `[A_i, others]`."""
    return np.moveaxis(table[..., i], i, 0).reshape(table.shape[i], -1)


def pay(paid: Array, i: int, move: int, column: int, amount: float) -> None:
    """Set a payment of player i, by own move and number of the others' joint move."""
    own = np.moveaxis(paid[..., i], i, 0)
    own[(move, *np.unravel_index(column, own.shape[1:]))] = amount
