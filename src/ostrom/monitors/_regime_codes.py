"""What was seen and done as codes: equal things, equal numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError

SEEN = 256
"""Distinct things seen beyond which nothing is matched."""

KINDS = 8
"""Kinds of moves beyond which numbers are cut at their quantiles."""


COMMON = 15
"""Kinds of moves that are told apart; rarer ones count as one."""


def codes(values: Any, what: str, *, cut: bool) -> np.ndarray:
    """Codes `int[N]` from 0 of values `[N]` or rows `[N, k]`; equal values, equal codes.

    What is done is `cut`: numbers of more than `KINDS` kinds at their quantiles, other things to the common ones. Of
    what is seen there are at most `SEEN` kinds; more raise `InputError`.
    """
    array = np.asarray(values)
    if array.dtype.kind == "O":
        array = np.array([repr(one) for one in array.tolist()])
    if array.dtype.kind in "fc" and not np.isfinite(array).all():
        raise InputError(f"{what} holds numbers that are not finite.", do="Give finite numbers, or names.")
    if array.ndim > 1:
        columns = [codes(column, what, cut=cut) for column in array.reshape(len(array), -1).T]
        return _few(_paired(columns, len(array)), what, cut=cut)
    kinds, found = np.unique(array, return_inverse=True)
    if cut and len(kinds) > KINDS and array.dtype.kind in "iuf":
        found = np.searchsorted(np.unique(np.quantile(array, np.arange(1, KINDS) / KINDS)), array, side="right")
        return np.unique(found, return_inverse=True)[1].astype(np.int64)
    return _few(found.reshape(-1), what, cut=cut)


def common(found: np.ndarray) -> np.ndarray:
    """Codes `int[N]` of which only the `COMMON` most frequent are kept apart."""
    count = np.bincount(found)
    table = np.full(len(count), min(COMMON, len(count)))
    most = np.argsort(-count, kind="stable")[:COMMON]
    table[most] = np.arange(len(most))
    return table[found]


def _few(found: np.ndarray, what: str, *, cut: bool) -> np.ndarray:
    kinds = int(found.max(initial=-1)) + 1
    if cut and kinds > COMMON + 1:
        return common(found)
    if not cut and kinds > SEEN:
        raise InputError(
            f"{what} holds {kinds:,} different values.",
            f"What is seen is matched where it is the same; of more than {SEEN} kinds too little would be.",
            "Round it, or give what matters of it.",
        )
    return found.astype(np.int64)


def _paired(columns: Sequence[np.ndarray], count: int) -> np.ndarray:
    whole = np.zeros(count, np.int64)
    for column in columns:
        whole = np.unique(whole * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1].reshape(-1)
    return whole
