"""Giving the money back without spoiling the truth: Cavallo's rebates, and the best linear ones for like units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ..core._numbers import count
from ..core.errors import InputError, TooLarge
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ..solvers._highs import solve_lp
from ._groves import pivot
from ._item_values import labels, value_lists

AGENTS = 60
"""Agents up to which rebates are computed: the coefficients grow like binomials, and floats with them."""


SERVED = 5_000
"""Sets of agents who may be served, beyond which no table is made."""


@dataclass(frozen=True)
class Rebates:
    """Linear rebates for like units, each agent wanting one.

    Attributes
    ----------
    coefficients : `float64[n]`, c_0, …, c_{n−1}: each gets c_0 plus c_j times the j-th highest of the others' values.
    fraction : of what the pivot mechanism collects, the share that is given back at the least, in [0, 1].
    agents, units : how many.
    """

    coefficients: Array
    fraction: float
    agents: int
    units: int


def cavallo(space: TypeSpace) -> DirectMechanism:
    """Clarke's mechanism, and each gets back an n-th of what would be collected at the least, whatever it said.

    A rebate does not depend on one's own report, so truth stays dominant; all rebates together are at most what is
    collected. Worst and best cases are over the types in `space`.

    Source: Cavallo (2006); Bailey (1997).

    Examples
    --------
    >>> bids = [[[0, 4, 0, 0]], [[0, 0, 3, 0]], [[0, 0, 0, 2]]]
    >>> cavallo(TypeSpace(bids)).paid.round(6).tolist()
    [[[[2.0, -1.0, -1.0]]]]
    """
    clarke = pivot(space)
    collected = clarke.revenue
    least = [np.broadcast_to(collected.min(i, keepdims=True), space.sizes) for i in range(space.count)]
    paid = clarke.paid - np.stack(least, -1) / space.count
    return DirectMechanism(space, clarke.odds, paid, name="Cavallo")


def worst_case_rebates(agents: int, units: int) -> Rebates:
    """The linear rebates that give back the largest share of what is collected in the worst case.

    By a linear program over the values 1, …, 1, 0, …, 0, whose combinations all falling lists of values are. Nobody
    loses by taking part, and nothing has to be added.

    Parameters
    ----------
    agents, units : at least one unit, and fewer units than agents, at most `AGENTS`.

    Raises `InputError` for others, `TooLarge` beyond.

    Source: Guo and Conitzer (2009): 1 − C(n−1, k) / Σ_{j ≥ k} C(n−1, j) can be given back and no more, linearly or not.

    Examples
    --------
    >>> round(worst_case_rebates(5, 1).fraction, 6)
    0.733333
    """
    agents, units = count(agents, "number of agents"), count(units, "number of units")
    if units >= agents:
        raise InputError(f"{units} units for {agents} agents.", do="Give at least one unit, and fewer than agents.")
    if agents > AGENTS:
        raise TooLarge(f"{agents} agents.", f"Rebates are computed for up to {AGENTS}.", "Take fewer agents.")
    heads = np.tril(np.ones((agents, agents)))  # the rebate where m of the others have 1: c_0 + … + c_m
    ones = np.arange(agents + 1)[:, None]
    back = ones * heads[np.maximum(ones[:, 0] - 1, 0)] + (agents - ones) * heads[np.minimum(ones[:, 0], agents - 1)]
    collected = units * (ones > units)
    rows = np.block([[-back, collected], [back, np.zeros_like(collected)], [-heads, np.zeros((agents, 1))]])
    right = np.concatenate([np.zeros(agents + 1), collected[:, 0], np.zeros(agents)])
    found = solve_lp(np.eye(agents + 1)[agents], rows, right, lower=-np.inf, maximise=True)
    if found.x is None:
        raise TooLarge(f"The program for {agents} agents and {units} units came out {found.status}.", do="Take fewer.")
    return Rebates(found.x[:agents], float(found.x[agents]), agents, units)


def guo_conitzer(values: Sequence[Any], units: int = 1, prior: Any = None) -> DirectMechanism:
    """Like units for agents who want one each, by Clarke's mechanism with the rebates of `worst_case_rebates`.

    Parameters
    ----------
    values : for each agent what a unit is worth to each of its types, at least 0.
    units : how many; fewer than agents. prior : as for `TypeSpace`.

    Raises `InputError` for values below 0, and as `worst_case_rebates`.

    Examples
    --------
    >>> guo_conitzer([[6], [4], [2]]).revenue.round(6).tolist()
    [[[1.333333]]]
    """
    tables = value_lists(values)
    if any((own < 0).any() for own in tables):
        raise InputError("Some value of a unit is below 0.", do="Give values from 0 up.")
    rebates, many = worst_case_rebates(len(tables), units), len(tables)
    if comb(many, units) > SERVED:
        raise TooLarge(f"{units} units for {many} agents.", f"More than {SERVED:,} sets of them.", "Give fewer.")
    served = np.array([[i in some for some in combinations(range(many), units)] for i in range(many)], float)
    names = ["+".join(str(i + 1) for i in some) for some in combinations(range(many), units)]
    space = TypeSpace(
        [np.outer(own, gets) for own, gets in zip(tables, served, strict=True)],
        prior,
        outcomes=names,
        types=[labels(own) for own in tables],
        name="units",
    )
    clarke = pivot(space)
    grid = np.stack(np.meshgrid(*tables, indexing="ij"), -1)
    back = [_rebate(np.delete(grid, i, -1), rebates.coefficients) for i in range(many)]
    return DirectMechanism(space, clarke.odds, clarke.paid - np.stack(back, -1), name="Guo–Conitzer")


def returned(mechanism: DirectMechanism) -> float:
    """The least share of what Clarke's mechanism would collect that a mechanism leaves with the agents; 1 where it
    would collect nothing at any types. Below 0 where it collects more."""
    would, collects = pivot(mechanism.space).revenue, mechanism.revenue
    some = would > 1e-12 * max(float(np.abs(mechanism.paid).max(initial=0.0)), float(would.max(initial=0.0)))
    return float((1 - collects[some] / would[some]).min(initial=1.0))


def _rebate(others: Array, coefficients: Array) -> Array:
    return coefficients[0] + -np.sort(-others, -1) @ coefficients[1:]
