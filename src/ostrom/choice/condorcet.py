"""Who wins every duel, who loses every one, and the smallest set that beats all outside it."""

from __future__ import annotations

import numpy as np

from ..core.forms.ballots import Ballots
from ._counted import pairs_of, require_ballots
from ._decision import Decision, listed
from ._duels import reached
from ._tally import margins


def condorcet_winner(ballots: Ballots) -> str | None:
    """The alternative that beats every other in a duel; None where there is none (Condorcet 1785).

    Who puts two in the same place, or mentions neither, is in neither's number; what a ballot mentions stands before
    what it does not.

    Examples
    --------
    >>> condorcet_winner(Ballots.of({"a > b > c": 2, "b > c > a": 2, "c > a > b": 1}))
    """
    return _one_of(ballots, _wins(ballots))


def condorcet_loser(ballots: Ballots) -> str | None:
    """The alternative that every other beats in a duel; None where there is none. Ballots are read as for the winner.

    Examples
    --------
    >>> condorcet_loser(Ballots.of({"a > b > c": 3, "b > a > c": 2}))
    'c'
    """
    return _one_of(ballots, _wins(ballots).T)


def smith_set(ballots: Ballots) -> Decision:
    """The smallest set of alternatives each of which beats every one outside it (Good 1971; Smith 1973).

    Ballots are read as for `condorcet_winner`, who is the whole set where there is one.

    Returns
    -------
    The decision. `ranking` has the set, then the set of those left when it is taken away, and so on; a score is the
    number of alternatives in lower tiers.

    Examples
    --------
    >>> smith_set(Ballots.of({"a > b > c > d": 1, "b > c > a > d": 1, "c > a > b > d": 1})).ranking
    (('a', 'b', 'c'), ('d',))
    """
    require_ballots(ballots)
    names, wins = ballots.alternatives, _wins(ballots)
    below = (~reached(~wins.T & ~np.eye(len(names), dtype=bool))).sum(0)  # not reached: beaten by all it might reach
    ranking = tuple(
        tuple(name for name, score in zip(names, below.tolist(), strict=True) if score == level)
        for level in sorted(set(below.tolist()), reverse=True)
    )
    told = [f"{listed(tier)} {'each beat' if tier[1:] else 'beats'} all of a lower tier." for tier in ranking[:-1]]
    told.append(f"{listed(ranking[-1])} {'are' if ranking[-1][1:] else 'is'} the last tier.")
    return Decision("Smith set", names, ranking[0], tuple(below.tolist()), ranking, tuple(told), 0)


def _wins(ballots: Ballots) -> np.ndarray:
    require_ballots(ballots)
    return (margins(np, pairs_of(ballots)) > 0).astype(bool)


def _one_of(ballots: Ballots, beats: np.ndarray) -> str | None:
    full = np.flatnonzero(beats.sum(1) == len(beats) - 1)
    return ballots.alternatives[int(full[0])] if len(full) else None
