"""What is asked of a mechanism as rows of a linear program in its odds and payments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.game import Array
from ..solvers._highs import Sparse
from ._mechanism_asked import Terms


def rows(terms: Terms, values: Sequence[Array]) -> Sparse:
    """All rows `≤ 0`: incentives of each agent, then participation of each, then no deficit; `values` in any unit."""
    asked = [_lies(terms, i, values[i]) for i in range(terms.space.count)]
    if terms.participation:
        asked += [_stays(terms, i, values[i]) for i in range(terms.space.count)]
    if terms.budget and terms.payments:
        asked.append(_deficit(terms))
    return Sparse.stack(asked)


def one_outcome(terms: Terms) -> Sparse:
    """Rows `= 1`: odds sum to one."""
    outcomes = len(terms.space.outcomes)
    places = np.arange(terms.combinations * outcomes)
    return Sparse(np.ones(len(places)), places // outcomes, places, (terms.combinations, terms.columns()))


def _lies(terms: Terms, agent: int, values: Array) -> Sparse:
    """What type t gains by saying s, in the order of t, s and the others' types (or on average over them)."""
    places, size = _places(terms, agent), len(values)
    true, said = np.nonzero(~np.eye(size, dtype=bool))
    row = np.arange(true.size * places.shape[1]).reshape(true.size, places.shape[1])
    weight = np.ones(row.shape)
    if terms.incentives == "bayesian":
        weight = terms.beliefs(agent).reshape(places.shape)[true]
        row = np.broadcast_to(np.arange(true.size)[:, None], row.shape)
    count = int(row.max(initial=-1)) + 1
    lied = _outcomes(terms, row, places[said], weight, values[true])
    told = _outcomes(terms, row, places[true], -weight, values[true])
    parts = [lied, told]
    if terms.payments:
        parts += [_pays(terms, agent, row, places[said], -weight), _pays(terms, agent, row, places[true], weight)]
    return _joined(parts, count, terms.columns())


def _stays(terms: Terms, agent: int, values: Array) -> Sparse:
    """What type t would gain by staying out, which is worth nothing to it."""
    places = _places(terms, agent)
    row, weight = np.arange(places.size).reshape(places.shape), np.ones(places.shape)
    if terms.participation == "interim":
        weight = terms.beliefs(agent).reshape(places.shape)
        row = np.broadcast_to(np.arange(len(places))[:, None], places.shape)
    parts = [_outcomes(terms, row, places, -weight, values)]
    if terms.payments:
        parts.append(_pays(terms, agent, row, places, weight))
    return _joined(parts, int(row.max()) + 1, terms.columns())


def _deficit(terms: Terms) -> Sparse:
    """What is missing in the till at each combination of types."""
    count, first = terms.space.count, terms.combinations * len(terms.space.outcomes)
    row = np.repeat(np.arange(terms.combinations), count)
    return Sparse(-np.ones(len(row)), row, first + np.arange(len(row)), (terms.combinations, terms.columns()))


def _places(terms: Terms, agent: int) -> Array:
    """`int[T_i, others]`: the numbers of combinations of types, the agent's own first."""
    numbered = np.arange(terms.combinations).reshape(terms.space.sizes)
    return np.moveaxis(numbered, agent, 0).reshape(terms.space.sizes[agent], -1)


Part = tuple[Array, Array, Array]
"""Values, rows and columns of entries."""


def _outcomes(terms: Terms, row: Array, place: Array, weight: Array, values: Array) -> Part:
    """Entries `weight · values` on the odds of all outcomes at `place`; `values` by the first axis of `row`."""
    outcomes = np.arange(len(terms.space.outcomes))
    entries = weight[..., None] * values[:, None, :]
    column = place[..., None] * len(outcomes) + outcomes
    kept = entries != 0
    return entries[kept], np.broadcast_to(row[..., None], entries.shape)[kept], column[kept]


def _pays(terms: Terms, agent: int, row: Array, place: Array, weight: Array) -> Part:
    """Entries on the agent's payment at `place`."""
    first = terms.combinations * len(terms.space.outcomes)
    return weight.ravel(), row.ravel(), (first + place * terms.space.count + agent).ravel()


def _joined(parts: list[Part], count: int, columns: int) -> Sparse:
    values, row, column = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return Sparse(values, row, column, (count, columns))
