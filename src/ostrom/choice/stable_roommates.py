"""Pairs within one group: a stable matching, or the odd party that leaves none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.errors import InputError
from ._irving import stable_partition
from ._matching import Matching
from ._sides import market_of


@dataclass(frozen=True)
class Roommates:
    """An answer to who lives with whom.

    Attributes
    ----------
    matching : a stable one, or None where there is none.
    parties : the stable partition by name: singles, pairs, and odd parties of three or more in which each likes the
        next better than the one before. One of these proves that no matching is stable.
    method : how it was found. ties : how many groups of equally ranked were put in the declared order; with ties, None
        speaks of that order only.
    """

    matching: Matching | None
    parties: tuple[tuple[str, ...], ...]
    method: str
    ties: int

    @property
    def witness(self) -> tuple[str, ...]:
        """An odd party of three or more, empty where a matching is stable."""
        return next((party for party in self.parties if len(party) > 2), ())

    def why(self, agent: Any = None) -> str:
        """Why an agent has not whom it prefers; without a matching, why there is none."""
        if self.matching is None:
            ring = " → ".join((*self.witness, self.witness[0]))
            return (
                f"No matching is stable: in {ring} each likes the next better than the one before, and whoever of "
                f"these {len(self.witness)} is left over can lure one of them away."
            )
        return self.matching.why(agent)


def stable_roommates(agents: Any, *, ties: Any = None) -> Roommates:
    """A matching of one group in which no two would rather be together (Irving 1985), or the proof that there is none.

    The proof is a stable partition (Tan 1991), found by going on where Irving's algorithm stops: its parties of odd
    length three or more are the same in every one.

    Parameters
    ----------
    agents : ranks `[N, N]`, 0 the best, -1 not acceptable (the diagonal is not looked at), or a mapping from names to
        lists of names. Lists may be incomplete. ties : the order in which equally ranked ones are put; with ties kept,
        deciding is hard (Ronn 1990).

    Raises
    ------
    InputError, UnknownName, TooLarge : as `deferred_acceptance`, and for a table that is not square.

    Examples
    --------
    >>> wants = {"a": ["b", "c", "d"], "b": ["c", "a", "d"], "c": ["a", "b", "d"], "d": ["a", "b", "c"]}
    >>> stable_roommates(wants).witness
    ('a', 'b', 'c')
    """
    market = market_of(agents, agents, 1, None if ties is None else (ties, ties), ("agent", "agent"))
    if len(market.agents) != len(market.things):
        raise InputError(f"Preferences of shape {market.ranks.shape}.", do="Give ranks[agent, agent].")
    ranks = np.where(np.eye(len(market.agents), dtype=bool), -1, market.ranks)
    market = replace(market, ranks=ranks, priorities=ranks)
    lists, accepts = market.lists
    lines = [row[:many].tolist() for row, many in zip(lists, accepts.tolist(), strict=True)]
    parties, steps = stable_partition(lines)
    names = tuple(tuple(market.agents[i] for i in party) for party in parties)
    method, matching = "Irving's algorithm, with Tan's stable partition", None
    if max(map(len, parties)) < 3:
        partners = [-1] * len(lines)
        for i, k in (party for party in parties if len(party) == 2):
            partners[i], partners[k] = k, i
        matching = Matching(tuple(partners), method, steps, market)
    return Roommates(matching, names, method, market.ties // 2)
