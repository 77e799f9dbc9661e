"""Ballots as the kernels of `_tally` count them: small tables, whole numbers that do not overflow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.forms.ballots import Ballots
from ..core.game import Array

LARGE = 2**62
"""Sums from here on are counted with Python's whole numbers."""


def require_ballots(given: Any) -> None:
    """Refuse what is no election: a table of ranks alone does not say who is ranked, and how many think so."""
    if not isinstance(given, Ballots):
        raise InputError(
            f"The ballots are {given!r:.80}.",
            "A rule is asked about an election: alternatives, ballots, and how many cast each.",
            'Give Ballots: Ballots([[0, 1]]) of ranks, Ballots.of({"a > b": 3}) as they are written.',
        )


def places_of(ballots: Ballots) -> Array:
    """`[B, m]`, with the number of alternatives for what a ballot does not mention; in the least bytes that hold it."""
    size = ballots.ranks.shape[1]
    small = ballots.ranks.astype(np.min_scalar_type(-size - 1))
    small[small < 0] = size
    return small


def pairs_of(ballots: Ballots) -> Array:
    """`Ballots.pairwise`, as Python's whole numbers where sums of it could overflow."""
    pairs = ballots.pairwise
    return pairs if ballots.voters * 2 * len(pairs) < LARGE else pairs.astype(object)


def shared(ballots: Ballots, tied: str) -> tuple[Array, Array, int]:
    """`(weights[B], each[m + 1], parts)`: what each of k that are tied gets of a vote that has so many parts.

    With `tied="all"` each gets the whole vote; anything but that and "split" is an `UnknownName`.
    """
    if tied not in ("split", "all"):
        raise UnknownName("way to read ties on a ballot", str(tied), ("split", "all"))
    size = ballots.ranks.shape[1]
    most = 1 if tied == "all" or ballots.strict else _widest(ballots)
    parts = math.lcm(*range(1, most + 1))
    each = [0, *(parts // min(k, most) for k in range(1, size + 1))]
    kind = np.int64 if parts * ballots.voters < LARGE else object
    return ballots.counts.astype(kind), np.array(each, kind), parts


def _widest(ballots: Ballots) -> int:
    """How many are tied at most in one place of a ballot."""
    return max(
        int((ballots.ranks == place).sum(1).max()) for place in range(int(ballots.ranks.max()) + 1)
    )  # fmt: skip


def in_votes(scores: Array, parts: int) -> tuple[float, ...]:
    """Scores in parts of a vote as votes: whole numbers where they are whole."""
    return tuple(whole // parts if whole % parts == 0 else whole / parts for whole in scores.tolist())
