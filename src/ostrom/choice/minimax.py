"""Whoever's heaviest defeat is the lightest."""

from __future__ import annotations

import numpy as np

from ..core.forms.ballots import Ballots
from ._counted import pairs_of, require_ballots
from ._decision import Decision, listed, tiers
from ._duels import measured
from ._tally import Measure, defeats
from ._tally import minimax as tally


def minimax(ballots: Ballots, *, measure: Measure = "margins") -> Decision:
    """The alternatives whose heaviest defeat in a duel is the lightest (Simpson 1969; Kramer 1977).

    Parameters
    ----------
    ballots : ties and what is not mentioned are in neither's number; what a ballot mentions stands before what it does
        not.
    measure : what a defeat weighs: the difference of votes ("margins") or how many the winner had ("winning"). The two
        agree where every ballot ranks everything without ties.

    Returns
    -------
    The decision; a score is less the heaviest defeat, 0 for what nothing beats. A Condorcet winner wins alone.

    Raises
    ------
    UnknownName : another measure.

    Examples
    --------
    >>> minimax(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2})).winner
    'a'
    """
    require_ballots(ballots)
    pairs, names = pairs_of(ballots), ballots.alternatives
    weights = defeats(np, pairs, measured(measure))
    scores = tally(np, pairs, measure).tolist()
    ranking, told = tiers(names, scores), []
    for winner in ranking[0]:
        column = weights[:, names.index(winner)].tolist()
        by = [name for name, weight in zip(names, column, strict=True) if weight and weight == max(column)]
        beaten = f"{winner}'s heaviest defeat, by {listed(by)}, weighs {max(column):,}"
        told.append(f"{beaten}; no other's is lighter." if by else f"Nothing beats {winner}.")
    return Decision("minimax", names, ranking[0], tuple(scores), ranking, tuple(told), int(len(ranking[0]) > 1))
