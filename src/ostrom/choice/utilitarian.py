"""The best by utilities: the largest sum, or the best for whoever has it worst."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._decision import Decision, listed

NEAR = 1e-9
"""Shares of the largest utility by which two may differ and still count as tied."""


def utilitarian(utilities: Any, alternatives: Sequence[str] | None = None, *, weights: Any = None) -> Decision:
    """The alternatives with the largest sum of utilities (Bentham); utilities have to be comparable.

    Parameters
    ----------
    utilities : finite numbers `[n, m]`, voters by alternatives. weights : at least 0 `[n]`; 1 by default.
    alternatives : names; "a", "b", … by default.

    Returns
    -------
    The decision, with sums as scores, correctly rounded. Sums that differ by less than `NEAR` of the largest weighted
    utility, times n, count as tied.

    Raises
    ------
    InputError : what is no table of finite numbers, or weights that do not fit it.

    Examples
    --------
    >>> utilitarian([[3, 0], [0, 1], [0, 1]]).winner
    'a'
    """
    table, names = _table(utilities, alternatives)
    weight = _weights(weights, len(table))
    worth = table * weight[:, None]
    sums = [math.fsum(column) for column in worth.T.tolist()]
    return _ranked("utilitarian", names, np.array(sums)[:, None], len(table) * float(np.abs(worth).max()), "a sum of")


def maximin(utilities: Any, alternatives: Sequence[str] | None = None, *, lexical: bool = False) -> Decision:
    """The alternatives by which whoever has it worst has the most (Rawls 1971); utilities have to be comparable.

    Parameters
    ----------
    utilities, alternatives : as for `utilitarian`.
    lexical : among those tied, what the second worst-off has decides, then the third, and so on (leximin, Sen 1970).

    Returns
    -------
    The decision, with what the worst-off has as scores. What differs by less than `NEAR` of the largest utility counts
    as tied.

    Raises
    ------
    InputError : what is no table of finite numbers.

    Examples
    --------
    >>> maximin([[3, 1], [0, 1], [0, 1]]).winner
    'b'
    """
    table, names = _table(utilities, alternatives)
    worst = np.sort(table, axis=0).T
    rule = "leximin" if lexical else "maximin"
    return _ranked(rule, names, worst if lexical else worst[:, :1], float(np.abs(table).max()), "a least utility of")


def _ranked(rule: str, names: tuple[str, ...], keys: Array, scale: float, unit: str) -> Decision:
    """The decision by keys `[m, k]`, compared from the first on, up to `NEAR` of a scale."""
    left, ranking = list(range(len(names))), []
    while left:
        tier = left
        for column in keys.T:
            most = max(column[k] for k in tier)
            tier = [k for k in tier if column[k] >= most - NEAR * scale]
        ranking.append(tuple(names[k] for k in tier))
        left = [k for k in left if k not in tier]
    score = dict(zip(names, keys[:, 0].tolist(), strict=True))
    verb = "tie" if ranking[0][1:] else "is best"
    told = [f"{listed(ranking[0])} {verb}, with {unit} {score[ranking[0][0]]:g}."]
    if ranking[1:]:
        told.append(f"Next: {listed(ranking[1])}, with {score[ranking[1][0]]:g}.")
    scores = tuple(score.values())
    return Decision(rule, names, ranking[0], scores, tuple(ranking), tuple(told), int(len(ranking[0]) > 1))


def _table(utilities: Any, alternatives: Sequence[str] | None) -> tuple[Array, tuple[str, ...]]:
    """The utilities and names, checked as the nouns of an election are."""
    names = Ballots.from_utilities(utilities, None, alternatives).alternatives
    return np.asarray(utilities, float), names


def _weights(weights: Any, count: int) -> Array:
    try:
        given = np.ones(count) if weights is None else np.asarray(weights, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"Weights are no numbers: {error}.", do="Give weights[voter].") from None
    if given.shape != (count,) or not np.isfinite(given).all() or (given < 0).any() or not given.any():
        raise InputError(
            f"Weights of shape {given.shape} for {count} voters, or below 0, or all 0.",
            do="Give each voter a finite weight of at least 0.",
        )
    return given
