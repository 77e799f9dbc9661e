"""How nearly an efficient choice with dominant truth can balance its budget at every combination of types.

A linear program over odds of outcomes and payments; its multipliers, repaired in fractions, prove the least imbalance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._impossible_rows import Rows, as_fraction, best_allowed


@dataclass(frozen=True)
class Balance:
    """The least largest imbalance, a mechanism that has it, and for each agent the multipliers of its lies,
    `Fraction[T_i, T_i, others' types]` (type, report)."""

    value: float
    mechanism: DirectMechanism
    lies: tuple[Array, ...]


def best_balance(space: TypeSpace, allowed: Array) -> Balance | None:
    """The mechanism over allowed outcomes with dominant truth and the least imbalance; None where the solver fails."""
    unit = max(max(float(np.abs(own).max()) for own in space.values), 1e-300)
    rows = Rows()
    x = np.full((*space.sizes, len(space.outcomes)), -1)
    x[allowed] = rows.variables(int(allowed.sum()), 0.0)
    paid = rows.variables(x[..., 0].size * space.count, -np.inf).reshape(*space.sizes, -1)
    (most,) = rows.variables(1, 0.0)
    for own in x.reshape(-1, x.shape[-1]):
        rows.equal({int(k): 1.0 for k in own if k >= 0}, 1.0)
    for own in paid.reshape(-1, space.count):
        for sign in (1.0, -1.0):
            rows.at_most({int(k): sign for k in own} | {int(most): -1.0}, 0.0)
    lies = [_truth(rows, space.values[i] / unit, x, paid[..., i], i) for i in range(space.count)]
    found = rows.solved({int(most): 1.0}, maximise=False)
    if found.x is None or found.value is None or found.duals_ub is None:
        return None
    chosen = np.where(allowed, np.maximum(found.x[x], 0.0), 0.0)
    mechanism = DirectMechanism(space, chosen / chosen.sum(-1, keepdims=True), found.x[paid] * unit, name="efficient")
    duals = -found.duals_ub
    given = [np.where(own >= 0, duals[own], 0.0) for own in lies]
    exact = [np.vectorize(as_fraction, otypes=[object])(own) for own in given]
    return Balance(found.value * unit, mechanism, tuple(repaired(exact, space.sizes)))


def imbalance_bound(values: Sequence[Array], allowed: Array, lies: Sequence[Array]) -> Fraction:
    """The imbalance that every such mechanism has somewhere at the least, by non-negative multipliers of lies.

    Rows "type t does not gain by the report r", weighted so that every agent's payment at a combination of types gets
    the same weight y, leave y times what all pay there: at most what outcomes score. All in fractions; 0 where it says
    nothing. Raises `ValueError` for multipliers by which weights differ.
    """
    sizes: tuple[int, ...] = allowed.shape[:-1]
    weight, scores = np.zeros(sizes, object), np.zeros(allowed.shape, object) + Fraction(0)
    for i, own in enumerate(values):
        flow = lies[i]
        net = np.moveaxis((flow.sum(1) - flow.sum(0)).reshape(_turned(sizes, i)), 0, i)
        if i and (net != weight).any():
            raise ValueError("The multipliers weigh payments of agents differently.")
        weight = net
        gain = flow.sum(1)[..., None] * own[:, None, :] - np.tensordot(flow.T, own, axes=(2, 0)).swapaxes(0, 1)
        scores = scores + np.moveaxis(gain.reshape(*_turned(sizes, i), -1), 0, i)
    whole = np.abs(weight).sum()
    return max(-best_allowed(scores, allowed) / whole, Fraction(0)) if whole else Fraction(0)


def repaired(lies: Sequence[Array], sizes: Sequence[int]) -> list[Array]:
    """Multipliers by which all agents' payments get the same weight, exactly, by as little more as is needed."""
    first = lies[0].sum(1) - lies[0].sum(0)
    weight = first.reshape(_turned(sizes, 0))
    for axis, size in enumerate(sizes):
        weight = weight - weight.sum(axis, keepdims=True) / Fraction(size)
    found = []
    for i, given in enumerate(lies):
        flow = given.copy()
        wanted = np.moveaxis(weight, i, 0).reshape(sizes[i], -1)
        for line in range(wanted.shape[1]):
            lacks = list(wanted[:, line] - (flow[..., line].sum(1) - flow[..., line].sum(0)))
            gives, takes = ([t for t, lack in enumerate(lacks) if sign * lack > 0] for sign in (1, -1))
            while gives and takes:
                t, r = gives[-1], takes[-1]
                more = min(lacks[t], -lacks[r])
                flow[t, r, line] += more
                lacks[t] -= more
                lacks[r] += more
                gives = gives[:-1] if lacks[t] == 0 else gives
                takes = takes[:-1] if lacks[r] == 0 else takes
        found.append(flow)
    return found


def _truth(rows: Rows, values: Array, x: Array, paid: Array, agent: int) -> Array:
    """`[T, T, others]`: the rows by which a type does not gain by a report; -1 for its own."""
    size = len(values)
    choices = np.moveaxis(x, agent, 0).reshape(size, -1, x.shape[-1])
    pays = np.moveaxis(paid, agent, 0).reshape(size, -1)
    found = np.full((size, size, pays.shape[1]), -1)
    for t, r in np.argwhere(~np.eye(size, dtype=bool)):
        for line in range(pays.shape[1]):
            row = {int(pays[t, line]): 1.0, int(pays[r, line]): -1.0}
            row |= {int(k): -value for k, value in zip(choices[t, line], values[t], strict=True) if k >= 0}
            row |= {int(k): value for k, value in zip(choices[r, line], values[t], strict=True) if k >= 0}
            found[t, r, line] = rows.at_most(row, 0.0)
    return found


def _turned(sizes: Sequence[int], agent: int) -> tuple[int, ...]:
    return (sizes[agent], *(size for j, size in enumerate(sizes) if j != agent))
