"""Whoever is approved of by the most."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ._counted import places_of, require_ballots, shared
from ._decision import Decision, scored
from ._tally import approval as tally


def approval(ballots: Ballots, *, within: int = 1) -> Decision:
    """The alternatives that the most voters approve of (Brams and Fishburn 1978).

    Parameters
    ----------
    ballots : an approval ballot has 0 for what it approves and -1 for the rest. On ranked ballots, the best `within`
        places are approved, with all that are tied there; what is not mentioned is not approved.
    within : at least 1.

    Raises
    ------
    InputError : `within` below 1.

    Examples
    --------
    >>> approval(Ballots([[0, 0, -1], [-1, 0, 0]])).winner
    'b'
    """
    if within < 1:
        raise InputError(f"The best {within} places are to be approved.", do="Give within=1 or more.")
    require_ballots(ballots)
    weights, _, _ = shared(ballots, "all")
    votes = tally(np, places_of(ballots), weights, within).tolist()
    return scored("approval", ballots.alternatives, votes, votes, "approvals")
