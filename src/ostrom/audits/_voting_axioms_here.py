"""Axioms of voting rules that one election decides: majority, Condorcet, Pareto, a single winner."""

from __future__ import annotations

import numpy as np

from ._voting_profile import Failure, Looked, Profile


def majority(one: Profile) -> Looked:
    """What more than half put first is the only winner."""
    for k in range(one.size):
        if 2 * sum(many for row, many in one.parts if row[k] == 0) > one.voters and one.winners != (k,):
            return _here(f"More than half put {one.names[k]} first.")
    return Looked(None)


def majority_loser(one: Profile) -> Looked:
    """What more than half put last does not win."""
    for k in one.winners:
        if 2 * sum(many for row, many in one.parts if row[k] == one.size - 1) > one.voters and one.size > 1:
            return _here(f"More than half put {one.names[k]} last.")
    return Looked(None)


def condorcet_winner(one: Profile) -> Looked:
    """What beats every other in a duel is the only winner (Condorcet 1785)."""
    best = np.flatnonzero((one.margins > 0).sum(1) == one.size - 1)
    if len(best) and one.winners != (int(best[0]),):
        return _here(f"{one.names[best[0]]} beats every other in a duel.")
    return Looked(None)


def condorcet_loser(one: Profile) -> Looked:
    """What every other beats in a duel does not win."""
    worst = np.flatnonzero((one.margins < 0).sum(1) == one.size - 1)
    if len(worst) and one.size > 1 and int(worst[0]) in one.winners:
        return _here(f"Every other beats {one.names[worst[0]]} in a duel.")
    return Looked(None)


def pareto(one: Profile) -> Looked:
    """Nothing wins that all put behind the same other."""
    for k in one.winners:
        better = np.flatnonzero(one.margins[:, k] == one.voters)
        if len(better):
            return _here(f"All put {one.names[better[0]]} before {one.names[k]}.")
    return Looked(None)


def resoluteness(one: Profile) -> Looked:
    """There is one winner."""
    return Looked(None) if len(one.winners) == 1 else _here(f"{one.say(one.winners)} are tied.")


def _here(why: str) -> Looked:
    return Looked(Failure(why, {}))
