"""Trust scores: whom to trust, from who had how much good experience with whom.

Two families. EigenTrust spreads trust like a walk that follows ratings and starts again at some seeds; a flow score
asks how much trust can be carried from a source to somebody, each rating carrying no more than itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._flows import max_flow
from ._ratings import entries, named

STEPS = 1_000_000


def eigentrust(
    ratings: Any, seeds: Sequence[int] | None = None, *, restart: float = 0.15, tolerance: float = 1e-12
) -> Array:
    """The EigenTrust score of everybody, `float[N]`, all at least 0 and together 1.

    The score t solves t = (1 - restart) Cᵀt + restart · p: C holds ratings as shares of all that one gives, p is even
    among the seeds. Who rates nobody trusts the seeds. Power iteration (Kamvar, Schlosser and Garcia-Molina, 2003), a
    pass over the ratings each step; the error halves at least every 0.7 / restart steps.

    Parameters
    ----------
    ratings : `[N, N]` at least 0, by row what each had of good experience with each; a NumPy array, or anything with
        `tocoo()` like a SciPy sparse matrix. What one says of oneself does not count.
    seeds : numbers of those who are trusted to begin with; None is everybody, which makes the score symmetric.
    restart : odds of beginning again at a seed, above 0 to 1.
    tolerance : the most that the scores may be off, summed over all.

    Raises `InputError` for what is no such matrix, for no seeds and those that are not there, and for other odds.
    """
    count, row, column, amount = entries(ratings)
    if not 0 < restart <= 1:
        raise InputError(
            f"The odds of beginning again are {restart!r}.",
            "Without any the score need not be unique.",
            "Give a number above 0, up to 1, like 0.15.",
        )
    start = np.bincount(named(seeds, count), minlength=count).astype(float)
    start /= start.sum()
    given = np.bincount(row, amount, count)
    share, silent = amount / given[row], given == 0
    score = start
    for _ in range(STEPS):
        spread = np.bincount(column, share * score[row], count) + score[silent].sum() * start
        last, score = score, (1 - restart) * spread + restart * start
        if np.abs(score - last).sum() * (1 - restart) <= restart * tolerance or np.array_equal(score, last):
            break
    return score / score.sum()


def max_flow_trust(ratings: Any, source: int, *, hops: Literal[2] | None = None) -> Array:
    """How much trust can flow from a source to everybody, `float[N]`; infinite to the source itself.

    Ratings are capacities (Cheng and Friedman, 2005). Where they are whole numbers the flows are exact.

    Parameters
    ----------
    ratings : as for `eigentrust`; kept as a full matrix.
    source : the number of whose trust it is.
    hops : 2 to let trust pass one other only, as BarterCast does (Meulpolder, Pouwelse, Epema and Sips, 2009).

    Raises `InputError` for what is no such matrix, a source that is not there, and another number of hops.
    """
    count, row, column, amount = entries(ratings)
    (source,) = named([source], count)
    if hops not in (2, None):
        raise InputError(f"hops={hops!r} is not there.", do="Give 2, or None for as many as it takes.")
    capacity = np.zeros((count, count))
    capacity[row, column] = amount
    if hops == 2:
        through = np.minimum(capacity[source][:, None], capacity)
        score = capacity[source] + through.sum(0)
    else:
        flows = (0.0 if sink == source else max_flow(capacity, source, sink) for sink in range(count))
        score = np.fromiter(flows, float, count)
    score[source] = np.inf
    return score
