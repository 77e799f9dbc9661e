"""Whoever stands highest on average."""

from __future__ import annotations

import numpy as np

from ..core.forms.ballots import Ballots
from ._counted import in_votes, pairs_of, require_ballots
from ._decision import Decision, scored
from ._tally import borda as tally


def borda(ballots: Ballots) -> Decision:
    """The alternatives with the most points: on each ballot one for every alternative that stands behind (Borda 1781).

    Parameters
    ----------
    ballots : half a point for every alternative in the same place, so that tied ones get the mean of their places.
        What a ballot does not mention is tied behind what it does.

    Returns
    -------
    The decision, with points as scores, whole or halves; ties are found in whole half points.

    Examples
    --------
    >>> borda(Ballots.of({"a > b > c": 3, "b > c > a": 2})).scores
    (6, 7, 2)
    """
    require_ballots(ballots)
    size, pairs = len(ballots.alternatives), pairs_of(ballots)
    doubled = tally(np, pairs) + (size - 1) * ballots.voters
    return scored("Borda", ballots.alternatives, doubled.tolist(), in_votes(doubled, 2), "points")
