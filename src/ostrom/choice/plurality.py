"""Whoever has the most first places."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..core.forms.ballots import Ballots
from ._counted import in_votes, places_of, require_ballots, shared
from ._decision import Decision, scored
from ._tally import plurality as tally


def plurality(ballots: Ballots, *, tied: Literal["split", "all"] = "split") -> Decision:
    """The alternatives with the most first places.

    Parameters
    ----------
    ballots : only the best place of each counts; one that mentions nothing counts for nobody.
    tied : k that are tied for the first place get 1 / k of the vote each ("split"), or a whole vote each ("all").

    Returns
    -------
    The decision, with first places as scores, in votes; ties are found in whole parts of a vote.

    Examples
    --------
    >>> plurality(Ballots.of({"a > b": 2, "b > a": 1})).winner
    'a'
    """
    require_ballots(ballots)
    weights, each, parts = shared(ballots, tied)
    votes = tally(np, places_of(ballots), weights, each)
    return scored("plurality", ballots.alternatives, votes.tolist(), in_votes(votes, parts), "votes")
