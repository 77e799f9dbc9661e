"""What a set of forbidden moves has to satisfy so that play cannot settle at something unwanted.

Let σ be odds over joint moves (all on one of them, for a pure equilibrium). It uses the moves S, and it tempts to the
moves T: whoever always plays one of them gains against σ. Where moves R are removed, σ is left as a coarse correlated
equilibrium unless R takes one of S away, or leaves one of T open. That is one clause: R ∩ S ≠ ∅ or T ⊄ R.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, amount
from ._remedy import ROUNDING

Move = tuple[int, int]
"""A player and one of its moves, by number."""

Removals = frozenset[Move]

ENTRIES = 20_000_000
"""Payoffs beyond which a restriction is not looked for."""

AT_ONCE = 500
"""Broken clauses that one set of removals is answered with at most."""


@dataclass(frozen=True)
class Clause:
    """Of `support` one move has to be removed, or of `profitable` one has to be left."""

    support: frozenset[Move]
    profitable: frozenset[Move]

    def broken(self, removed: Removals) -> bool:
        """Whether what is unwanted is stable without these moves."""
        return self.profitable <= removed and not self.support & removed


class Clauses(Protocol):
    """Something that knows when a set of removals leaves something unwanted stable."""

    def broken(self, removed: Removals, seconds: float) -> list[Clause] | None:
        """Clauses that it breaks: empty when there are none, None when that was not settled in time."""
        ...


@dataclass(frozen=True)
class Listed:
    """Clauses that were written down."""

    clauses: tuple[Clause, ...]

    def broken(self, removed: Removals, seconds: float = 0.0) -> list[Clause]:
        """Those that the removals break."""
        return [clause for clause in self.clauses if clause.broken(removed)]


class PureClauses:
    """Joint moves that must not be left as pure equilibria, each looked at only where it is one.

    Parameters
    ----------
    payoffs : `float[A_1, …, A_P, P]`, what the players pursue.
    unwanted : `bool[A_1, …, A_P]`.

    A gain counts when it exceeds `slack`: a 1e-9 share of the player's range, or 0 where all of its payoffs are whole
    numbers. Raises `TooLarge` beyond `ENTRIES` payoffs.
    """

    def __init__(self, payoffs: Array, unwanted: Array) -> None:
        if payoffs.size > ENTRIES:
            raise TooLarge(
                f"The game has {amount(unwanted.size)} joint moves and {payoffs.shape[-1]} players.",
                f"Looking for a restriction of a table of more than {ENTRIES:,} payoffs takes too long.",
                "Use fewer players or moves.",
            )
        self.sizes, self.unwanted = payoffs.shape[:-1], unwanted
        self.own = [np.ascontiguousarray(payoffs[..., i]) for i in range(payoffs.shape[-1])]
        self.slack = [slack(own) for own in self.own]

    def broken(self, removed: Removals, seconds: float = 0.0) -> list[Clause]:
        """The clauses of unwanted pure equilibria that the removals leave, at most `AT_ONCE` spread over all."""
        kept = kept_moves(self.sizes, removed)
        left = np.ix_(*kept)
        stable = self.unwanted[left].copy()
        for i, own in enumerate(self.own):
            part = own[left]
            stable &= part >= part.max(axis=i, keepdims=True) - self.slack[i]
        places = np.argwhere(stable)
        step = max(1, len(places) // AT_ONCE)
        return self.of(np.stack([np.asarray(own)[k] for own, k in zip(kept, places[::step].T, strict=True)], axis=-1))

    def of(self, places: Array) -> list[Clause]:
        """The clauses of joint moves `int[N, P]`."""
        tempting: list[set[Move]] = [set() for _ in places]
        for i, own in enumerate(self.own):
            worth = np.moveaxis(own, i, 0)[(slice(None), *np.delete(places.T, i, axis=0))]
            gains = worth - own[tuple(places.T)]
            for move, k in np.argwhere(gains > self.slack[i]).tolist():
                tempting[k].add((i, move))
        pairs = zip(places.tolist(), tempting, strict=True)
        return [Clause(frozenset(enumerate(place)), frozenset(tempts)) for place, tempts in pairs]


def slack(own: Array) -> float:
    """What a player may gain without that it counts: rounding, where payoffs are no whole numbers."""
    whole = bool((own == np.rint(own)).all()) and float(np.abs(own).max()) < 2**53
    return 0.0 if whole else ROUNDING * float(np.ptp(own))


def kept_moves(sizes: Iterable[int], removed: Collection[Move]) -> tuple[tuple[int, ...], ...]:
    """The moves of each player that are not removed, by number."""
    return tuple(tuple(move for move in range(size) if (i, move) not in removed) for i, size in enumerate(sizes))
