"""Who rates whom how much."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array


def entries(ratings: Any) -> tuple[int, Array, Array, Array]:
    """How many are rated, and who `int[E]` rates whom `int[E]` how much `float[E]`: no zeros, nobody itself.

    Raises `InputError` for what is no square matrix of finite amounts from 0.
    """
    try:
        if hasattr(ratings, "tocoo"):
            listed, shape = ratings.tocsr().tocoo(), ratings.shape  # what stands twice at a place is added up
            row, column, amount = listed.row, listed.col, np.asarray(listed.data, float)
        else:
            table = np.asarray(ratings, float)
            shape, (row, column) = table.shape, np.nonzero(np.atleast_2d(table))[:2]
            amount = np.atleast_2d(table)[row, column]
    except (TypeError, ValueError) as error:
        raise _none(f"The ratings are {ratings!r:.80}.") from error
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
        raise _none(f"The ratings have shape {tuple(shape)}.")
    if not (np.isfinite(amount) & (amount >= 0)).all():
        raise _none(f"One of the ratings is {amount[~(np.isfinite(amount) & (amount >= 0))][0]:g}.")
    kept = (row != column) & (amount > 0)
    return int(shape[0]), row[kept].astype(int), column[kept].astype(int), amount[kept]


def named(seeds: Iterable[int] | None, count: int) -> Array:
    """The numbers of some, `int[S]`, each once; None is all. Raises `InputError` for none, and who is not there."""
    try:
        found = range(count) if seeds is None else sorted({index(one) for one in seeds})
    except TypeError:
        found = []
    if not found or found[0] < 0 or found[-1] >= count:
        raise InputError(
            f"{seeds!r:.80} is to be trusted to begin with.",
            f"Those are numbers from 0 to {count - 1}, one at least.",
            "Name some.",
        )
    return np.array(found)


def _none(said: str) -> InputError:
    return InputError(
        said,
        "Ratings are a square matrix of finite amounts, at least 0: by row what each had of each of two or more.",
        "Count good experiences only, or take bad ones off and leave what is below 0 at 0.",
    )
