"""Tables of ranks and counts: whole numbers, ranks without gaps, codes to sort by, and what is wrong with them."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from ..errors import InputError
from ..game import Array

UNRANKED = -1
"""The rank of an alternative that a ballot does not mention."""


def codes(ranks: Array) -> Array:
    """A code for each row, in lexicographic order: one whole number where it fits, which sorts far faster, or bytes."""
    size = ranks.shape[1]
    if (size + 1) ** size < 2**63:
        return (ranks + 1) @ (size + 1) ** np.arange(size - 1, -1, -1)
    wide = np.ascontiguousarray((ranks + 1).astype(f">u{np.min_scalar_type(size).itemsize}"))
    return wide.view(f"V{wide.dtype.itemsize * size}").ravel()


def dense(table: Array) -> Array:
    """Ranks without gaps: on each ballot the distinct ranks become 0, 1, 2, …"""
    if table.shape[1] <= 60 and table.max() < table.shape[1]:
        said = np.bitwise_or.reduce(np.int64(1) << (table + 1), axis=1) >> 1
        if not (said & (said + 1)).any():  # each ballot's ranks are 0, 1, … already, which is told by one pass
            return table
    order = np.argsort(table, axis=1, kind="stable")
    sorted_ = np.take_along_axis(table, order, 1)
    steps = (np.diff(sorted_, axis=1) > 0) & (sorted_[:, :-1] >= 0)
    climbed = np.concatenate([np.zeros((len(table), 1), np.int64), np.cumsum(steps, 1)], 1)
    dense = np.empty_like(table)
    np.put_along_axis(dense, order, np.where(sorted_ < 0, UNRANKED, climbed), 1)
    return dense


def whole_numbers(values: Any, what: str, do: str = "Give whole numbers in a rectangular table.") -> Array:
    """The values as `int64`; `InputError` for what are no whole numbers in a rectangular table."""
    try:
        given = np.asarray(values)
        with np.errstate(invalid="ignore"):  # what is no whole number is found below
            whole = given.astype(np.int64)
        fits = given.dtype.kind in "ib" or bool((whole == given).all() and (given < 2**63).all())
    except (TypeError, ValueError, OverflowError, RuntimeWarning):
        fits, whole = False, np.zeros(0, np.int64)
    if not fits:
        raise _not_whole(values, what, do)
    return whole


def _not_whole(values: Any, what: str, do: str) -> InputError:
    """What is wrong with numbers that are no `int64`: each kind of mistake has its own way out."""
    try:
        given: list[Any] = [one for one in np.asarray(values, object).ravel() if isinstance(one, Real)]
    except ValueError:  # rows of different lengths
        given = []
    if missing := [one for one in given if not -math.inf < one < math.inf]:
        return InputError(
            f"The {what} hold {missing[0]}.", "That is no number of anything.", "Give a whole number there."
        )
    if large := [one for one in given if abs(one) >= 2**63]:
        told = f"The {what} hold {large[0]!r:.40}."
        return InputError(told, "Whole numbers are kept in 64 bits, below 2**63.", "Divide all of them by one number.")
    return InputError(f"The {what} are not whole numbers.", do=do)


def refuse_counts(many: Array, ballots: int) -> None:
    if many.shape != (ballots,):
        raise InputError(f"Counts of shape {many.shape} for {ballots} ballots.", do="Give each ballot one count.")
    if many.min() < 0:
        raise InputError(f"A ballot is cast by {many.min()} voters.", do="Give counts of 0 or more.")
    if not 0 < (voters := sum(many.tolist())) < 2**62:
        raise InputError(
            f"{voters:,} voters in all.",
            "Somebody votes, and votes are added up in 64 bits, below 2**62.",
            "Give some ballot a count above 0; divide counts that are too large by one number.",
        )
