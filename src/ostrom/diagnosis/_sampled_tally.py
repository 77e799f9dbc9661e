"""Means and covariances of what every joint move paid, kept while samples come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ._log_intervals import t_quantile

PROFILES = 20_000
"""Joint moves that are sampled at most."""
LARGEST = 1e100
"""Payoffs beyond this have no squares."""
FREEDOM = 1000
"""Degrees of freedom beyond which Student's t is not told from that of so many."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Of each joint move `counts int[A_1, …, A_P]`, `means float[..., P]`, and sums of products about them.

    Arrays are filled in place, by Welford's updates: payoffs may be far from zero.
    """

    counts: Array
    means: Array
    products: Array

    @staticmethod
    def empty(sizes: Sequence[int]) -> Tally:
        """Before the first sample."""
        players = len(sizes)
        return Tally(np.zeros(sizes, int), np.zeros((*sizes, players)), np.zeros((*sizes, players, players)))

    def add(self, at: tuple[int, ...], paid: Any) -> None:
        """One sample of one joint move; `InputError` for what are no finite payoffs."""
        players = self.means.shape[-1]
        try:
            value = np.asarray(paid, float)
        except (TypeError, ValueError):
            value = np.array(math.nan)
        if value.shape != (players,) or not (np.abs(value) <= LARGEST).all():
            raise InputError(
                f"The joint move {at} paid {paid!r:.60}.",
                f"A sample is one payoff for each of {players} players.",
                f"Let the simulator return {players} finite numbers, up to {LARGEST:g}.",
            )
        self.counts[at] += 1
        away = value - self.means[at]
        self.means[at] += away / self.counts[at]
        self.products[at] += np.outer(away, value - self.means[at])

    @property
    def covariances(self) -> Array:
        """`float[..., P, P]` of single samples."""
        return self.products / np.maximum(self.counts - 1, 1)[..., None, None]

    @property
    def margins(self) -> Array:
        """`float[..., P]`: half the width of the 95 % interval of each mean (Student 1908)."""
        spread = np.sqrt(np.diagonal(self.covariances, axis1=-2, axis2=-1) / self.counts[..., None])
        known, place = np.unique(np.minimum(self.counts - 1, FREEDOM), return_inverse=True)
        factor = np.array([_factor(int(freedom)) for freedom in known])[place].reshape(self.counts.shape)
        return spread * factor[..., None]


def begun(moves: Sequence[Sequence[str]], slack: float, confidence: float) -> Tally:
    """Before the first sample of a game with these moves; refuses what is no question about one."""
    sizes = tuple(len(own) for own in moves)
    if not sizes or 0 in sizes or not slack >= 0 or not math.isfinite(slack) or not 0.5 < confidence < 1:
        raise InputError(
            f"Moves {sizes}, slack {slack}, confidence {confidence}.",
            "Every player has a move, slack is not negative, confidence between one half and one.",
            "Give such values.",
        )
    if math.prod(sizes) > PROFILES:
        raise TooLarge(
            f"The game has {math.prod(sizes):,} joint moves.", f"At most {PROFILES:,} are sampled.", "Give fewer moves."
        )
    return Tally.empty(sizes)


@cache
def _factor(freedom: int) -> float:
    return t_quantile(0.975, freedom)
