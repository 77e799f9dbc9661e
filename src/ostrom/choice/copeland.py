"""Whoever wins the most duels."""

from __future__ import annotations

import numpy as np

from ..core.forms.ballots import Ballots
from ._counted import pairs_of, require_ballots
from ._decision import Decision, scored
from ._tally import copeland as tally


def copeland(ballots: Ballots) -> Decision:
    """The alternatives with the most duels won less duels lost (Copeland 1951; Llull 1299 had the like).

    A duel is won by whichever of two more voters put before the other; a drawn one counts for neither, which ranks as
    half a win for each does. Who puts two in the same place, or mentions neither, is in neither's number; what a ballot
    mentions stands before what it does not. A Condorcet winner wins alone.

    Examples
    --------
    >>> copeland(Ballots.of({"a > b > c": 2, "b > c > a": 1, "c > a > b": 1})).scores
    (1, 0, -1)
    """
    require_ballots(ballots)
    score = tally(np, pairs_of(ballots)).tolist()
    return scored("Copeland", ballots.alternatives, score, score, "duels won less lost")
