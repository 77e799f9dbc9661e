"""What an efficient choice leaves over at the most, where truth is best on average and every type takes part freely.

A linear program over odds of outcomes, what types expect of them, and what they expect to pay. Its dual multipliers,
turned into fractions, bound the surplus of every such mechanism; whoever doubts it adds up, without a solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np

from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._impossible_rows import Rows, as_fraction, best_allowed, exact_margins, own_axis


@dataclass(frozen=True)
class Interim:
    """What a program over interim payments came to: its optimum, a mechanism that has it, and for each agent the
    multipliers of its lies, `Fraction[T_i, T_i]` (type, report)."""

    value: float
    mechanism: DirectMechanism
    lies: tuple[Array, ...]


def best_interim(space: TypeSpace, outside: Sequence[Array], allowed: Array, *, most_welfare: bool) -> Interim | None:
    """The best mechanism over allowed outcomes that is truthful on average and by which no type expects to lose.

    `most_welfare`: the highest expected welfare where nobody adds money; else the most money left over. None where the
    solver fails.
    """
    odds = [own.astype(float) for own in exact_margins(space)]
    unit = max(max(float(np.abs(own).max()) for own in space.values), 1e-300)
    values, away = [own / unit for own in space.values], [own / unit for own in outside]
    rows = Rows()
    x = np.full((*space.sizes, len(space.outcomes)), -1)
    x[allowed] = rows.variables(int(allowed.sum()), 0.0)
    means = [rows.variables(own.size, 0.0).reshape(own.shape) for own in values]
    pays = [rows.variables(size, -np.inf) for size in space.sizes]
    _choices(rows, x)
    lies = []
    for i, (own, q, p) in enumerate(zip(values, means, pays, strict=True)):
        _expect(rows, x, q, i, reduce(np.multiply.outer, [odds[j] for j in range(space.count) if j != i], np.ones(())))
        lies.append(_truth(rows, own, q, p))
        for t, row in enumerate(own):
            rows.at_most({int(p[t]): 1.0} | dict(zip(q[t].tolist(), -row, strict=True)), -away[i][t])
    money = {int(pay): share for p, own in zip(pays, odds, strict=True) for pay, share in zip(p, own, strict=True)}
    if most_welfare:
        rows.at_most({pay: -share for pay, share in money.items()}, 0.0)
        worth = space.welfare / unit * reduce(np.multiply.outer, odds)[..., None]
        money = dict(zip(x[allowed].tolist(), worth[allowed].tolist(), strict=True))
    found = rows.solved(money, maximise=True)
    if found.x is None or found.value is None or found.duals_ub is None:
        return None
    chosen = np.where(allowed, np.maximum(found.x[x], 0.0), 0.0)
    paid = _payments(odds, [found.x[p] * unit for p in pays])
    name = "second best" if most_welfare else "efficient"
    mechanism = DirectMechanism(space, chosen / chosen.sum(-1, keepdims=True), paid, name=name)
    duals = found.duals_ub
    return Interim(found.value * unit, mechanism, tuple(_multipliers(duals, own) for own in lies))


def surplus_bound(
    values: Sequence[Array], odds: Sequence[Array], outside: Sequence[Array], allowed: Array, lies: Sequence[Array]
) -> Fraction:
    """What every such mechanism leaves over at the most on average, by non-negative multipliers of lies `[T_i, T_i]`.

    The rows "type t does not gain by the report r" and "type t does not lose", weighted so that expected payments come
    out, leave a sum over combinations of types of what the outcome there scores: at most its best allowed one. All in
    fractions. Multipliers too large for any weights of taking part are scaled down first.
    """
    count, bound, scores = len(values), Fraction(0), np.zeros(allowed.shape, object) + Fraction(0)
    for i, (own, share) in enumerate(zip(values, odds, strict=True)):
        net = lies[i].sum(1) - lies[i].sum(0)
        scale = min([Fraction(1), *(share[t] / net[t] for t in range(len(own)) if net[t] > share[t])])
        flow = lies[i] * scale
        bound -= (share - net * scale).dot(outside[i])
        virtual = own * (share + flow.sum(0))[:, None] - flow.T.dot(own)
        others = [own_axis(odds[j], j, count) for j in range(count) if j != i]
        weight = reduce(np.multiply, others, np.array(Fraction(1), object))
        scores = scores + own_axis(virtual, i, count) * np.asarray(weight, object)[..., None]
    return bound + best_allowed(scores, allowed)


def _choices(rows: Rows, x: Array) -> None:
    for own in x.reshape(-1, x.shape[-1]):
        rows.equal({int(k): 1.0 for k in own if k >= 0}, 1.0)


def _expect(rows: Rows, x: Array, q: Array, agent: int, odds: Array) -> None:
    """q(report, outcome) is how likely an agent that reports so expects the outcome to be."""
    others = np.asarray(odds).ravel()
    for report, places in enumerate(np.moveaxis(x, agent, 0).reshape(x.shape[agent], -1, x.shape[-1])):
        for outcome in range(x.shape[-1]):
            some = places[:, outcome]
            row = {int(k): share for k, share in zip(some, others, strict=True) if k >= 0}
            rows.equal(row | {int(q[report, outcome]): -1.0}, 0.0)


def _truth(rows: Rows, values: Array, q: Array, p: Array) -> Array:
    """`[T, T]`: the rows by which a type does not gain by a report; -1 for its own."""
    found = np.full((len(p), len(p)), -1)
    for t, r in np.argwhere(~np.eye(len(p), dtype=bool)):
        row = {int(p[t]): 1.0, int(p[r]): -1.0}
        row |= dict(zip(q[t].tolist(), -values[t], strict=True)) | dict(zip(q[r].tolist(), values[t], strict=True))
        found[t, r] = rows.at_most(row, 0.0)
    return found


def _multipliers(duals: Array, rows: Array) -> Array:
    given = np.where(rows >= 0, duals[rows], 0.0)
    return np.vectorize(as_fraction, otypes=[object])(given)


def _payments(odds: Sequence[Array], expected: Sequence[Array]) -> Array:
    """Payments with these means by type; the sum of two or more is the same everywhere, and handed back if above 0."""
    count, means = len(odds), [own @ share for own, share in zip(expected, odds, strict=True)]
    if count == 1:
        return expected[0][:, None]
    apart = [own_axis(own - mean, i, count) for i, (own, mean) in enumerate(zip(expected, means, strict=True))]
    whole = sum(apart)
    left = max(float(sum(means)), 0.0) / count
    shape = tuple(len(own) for own in odds)
    paid = [mean + own - (whole - own) / (count - 1) - left for mean, own in zip(means, apart, strict=True)]
    return np.stack([np.broadcast_to(own, shape) for own in paid], -1)
