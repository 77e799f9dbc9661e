"""Whoever has paths of defeats to all others that are as strong as theirs back."""

from __future__ import annotations

import numpy as np

from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._counted import pairs_of, require_ballots
from ._decision import Decision, listed
from ._duels import layers, measured
from ._tally import Measure, strengths


def schulze(ballots: Ballots, *, measure: Measure = "margins") -> Decision:
    """The alternatives to which none has a stronger path of defeats than they have to it (Schulze 2011).

    A path leads from who wins a duel to who loses it, and on; it is as strong as its lightest defeat.

    Parameters
    ----------
    ballots : ties and what is not mentioned are in neither's number; what a ballot mentions stands before what it does
        not.
    measure : what a defeat weighs: the difference of votes ("margins") or how many the winner had ("winning"). The two
        agree where every ballot ranks everything without ties.

    Returns
    -------
    The decision. The order by paths is partial; `ranking` holds its layers: the winners, those to whom only winners
    have a stronger path, and so on. `rounds` hold the strengths of paths between winners and those of the next layer.

    Raises
    ------
    UnknownName : another measure.

    Examples
    --------
    >>> schulze(Ballots.of({"a > b > c": 4, "b > c > a": 3, "c > a > b": 2})).ranking
    (('a',), ('b',), ('c',))
    """
    require_ballots(ballots)
    names = ballots.alternatives
    paths = strengths(np, pairs_of(ballots), measured(measure))
    ranking = layers(names, (paths > paths.T).astype(bool))
    told = [
        _compared(names, paths, winner, (*ranking[0], *(ranking[1] if ranking[1:] else ()))) for winner in ranking[0]
    ]
    return Decision("Schulze", names, ranking[0], (), ranking, tuple(told), int(len(ranking[0]) > 1))


def _compared(names: tuple[str, ...], paths: Array, winner: str, others: tuple[str, ...]) -> str:
    one = names.index(winner)
    against = [(other, paths[one, names.index(other)], paths[names.index(other), one]) for other in others]
    told = listed(f"{there:,} against {back:,} to {other}" for other, there, back in against if other != winner)
    return f"No path to {winner} is stronger than the path back" + (f": {told}." if told else ".")
