"""Goods that cannot be cut, divided at best: the largest product of utilities, or the best lot for the worst off."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..core.solution import Status
from ._division_programs import Budget, logarithms, lowest, served
from ._goods import Division, values_of, whole

GAP = 1e-6
"""What the logarithm of the product, or a share of the whole, may lack of the best: the tolerance of HiGHS."""

RANGE = 1e-6
"""The least share of its best good that a good may be worth to somebody, if anything."""


def max_nash_welfare(values: Any, *, seconds: float = 30.0) -> Division:
    """The division with the largest product of utilities: EF1 and Pareto efficient at once (Caragiannis et al. 2019).

    Integer programs in which each logarithm lies below its tangents; more are added where the last answer was, until
    the bound is met. Where not everybody can have something, the product is over the largest group that can, earlier
    agents before later ones.

    Parameters
    ----------
    values : `[N, M]`, what each agent makes of each good, at least 0; values add up, and their scale does not matter.
    seconds : time budget, above 0; past it the best so far, with status "timed out".

    Returns a `Division`; its `gap` bounds what the logarithm of the product lacks, and it is "complete" up to 1e-6.

    Raises
    ------
    InputError : what is no table of finite values of at least 0, no time, or values of one agent that differ by more
        than a factor of a million. TooLarge : more than an integer program can hold.

    Examples
    --------
    >>> max_nash_welfare([[5, 4, 1], [5, 1, 1]]).bundles
    ((1, 2), (0,))
    """
    table, budget = values_of(values), Budget(seconds)
    group = served(table > 0)
    method = "integer programs with tangents of logarithms"
    if not group:
        return Division((0,) * table.shape[1], method, table)
    scaled = table[group] / table[group].max(1, keepdims=True)
    if scaled[scaled > 0].min() < RANGE:
        raise InputError(
            f"Values of one agent differ by a factor of {1 / scaled[scaled > 0].min():.3g}.",
            f"Integer programs tell apart what differs by up to {1 / RANGE:g}.",
            "Give 0 for what is worth next to nothing.",
        )
    points = [np.geomspace(row[row > 0].min(), row.sum(), 8) for row in scaled]
    best, bound, ended = np.zeros(0, int), np.inf, False
    while not ended:
        found = logarithms(scaled, points, budget)
        bound = min(bound, found.bound)
        if found.owners is not None:
            if not len(best) or _log(scaled, found.owners) > _log(scaled, best):
                best = found.owners
            got = _utilities(scaled, found.owners)
            fresh = [new > 0 and (new != old).all() for old, new in zip(points, got, strict=True)]
            points = [np.append(p, new) if add else p for p, new, add in zip(points, got, fresh, strict=True)]
        ended = found.outcome != "optimal" or budget.over or bound - _log(scaled, best) <= GAP or not any(fresh)
    if not len(best):
        best = np.zeros(table.shape[1], int)
    gap = max(0.0, float(bound - _log(scaled, best)))
    status: Status = "complete" if gap <= GAP else "timed out"
    return Division(tuple(group[i] for i in best.tolist()), method, table, status, gap)


def leximin(values: Any, *, seconds: float = 30.0) -> Division:
    """The division by which the worst off has most, then the second worst off, and so on.

    One integer program after another for the most that the k worst off can have together, given what fewer have
    (Ogryczak and Śliwiński 2006). Utilities are compared between agents as they are given.

    Parameters
    ----------
    values, seconds : as for `max_nash_welfare`.

    Returns a `Division`: exact where values are whole and sum up to a million at most; else its `gap` is the tolerance
    within which sums of utilities counted as equal, in units of value.

    Raises as `max_nash_welfare`.

    Examples
    --------
    >>> leximin([[5, 4, 1], [5, 1, 1]]).utilities
    (5.0, 5.0)
    """
    table, budget = values_of(values), Budget(seconds)
    exact = whole(table)
    unit = 1.0 if exact else float(table.sum(1).max())
    slack = 0.5 if exact else GAP
    owners, reached = np.zeros(table.shape[1], int), list[float]()
    status: Status = "complete"
    while status == "complete" and len(reached) < len(table):
        found = lowest(table / unit, reached, slack, budget)
        if found.owners is not None:
            owners = found.owners
        got = np.sort(_utilities(table / unit, owners))
        reached.append(float(got[: len(reached) + 1].sum()))
        status = "complete" if found.outcome == "optimal" else "timed out"
    method = "integer programs for the sums of the lowest utilities"
    return Division(tuple(owners.tolist()), method, table, status, 0.0 if exact else slack * unit)


def _utilities(values: Array, owners: Array) -> Array:
    return np.array([values[i, owners == i].sum() for i in range(len(values))])


def _log(values: Array, owners: Array) -> float:
    """The logarithm of the product of utilities; -inf where somebody has nothing."""
    got = _utilities(values, owners)
    return float(np.log(got).sum()) if len(owners) and (got > 0).all() else -np.inf
