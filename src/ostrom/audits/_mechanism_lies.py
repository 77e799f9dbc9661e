"""What agents gain by lying, alone or together: every lie at every combination of reports, or a sample of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ..core.game import Array
from ._mechanism_tables import Tables, flat, most

ENUMERATED = 200_000_000
"""Gains (lies times reports of the others) up to which all are looked at."""


@dataclass(frozen=True)
class Lie:
    """Agents of these types who make these reports where the others make theirs (`others`: one type for each agent, or
    None: as the prior has it), and what each of them gains."""

    agents: tuple[int, ...]
    types: tuple[int, ...]
    reports: tuple[int, ...]
    others: tuple[int, ...] | None
    gains: tuple[Any, ...]

    def witness(self, tables: Tables) -> dict[str, Any]:
        """The lie by names, as `replay_lie` reads it."""
        names = tables.mechanism.space.agents
        told = {
            "agents": [names[i] for i in self.agents],
            "types": [tables.label(i, k) for i, k in zip(self.agents, self.types, strict=True)],
            "reports": [tables.label(i, k) for i, k in zip(self.agents, self.reports, strict=True)],
        }
        others = {} if self.others is None else {"others": tables.profile(self.others, self.agents)}
        return {**told, **others, "gains": [float(gain) for gain in self.gains]}


Best = dict[str, tuple[Any, Lie]]
"""By kind, the most that is gained, and the lie that does it.

A coalition's lie counts where each member gains ("each"), where some do and none loses ("some"), or by the sum of gains
("together"). Empty where nobody can lie.
"""


def looks(sizes: Sequence[int], group: int) -> int:
    """How many gains there are to look at for coalitions of one size."""
    return sum(
        math.prod(sizes[i] for i in some) * math.prod(sizes) * group for some in combinations(range(len(sizes)), group)
    )


def every_lie(tables: Tables, group: int) -> Best:
    """The most that a coalition of this size gains, over every lie at every combination of types and reports."""
    found: Best = {}
    for some in combinations(range(tables.count), group):
        for types in np.ndindex(*(len(tables.values[i]) for i in some)):
            gains = _gains(tables, some, types)
            for kind, scores in _scores(gains, tables.slack):
                if scores.size:
                    best, place = most(scores)
                    if kind not in found or best > found[kind][0]:
                        found[kind] = best, _named(tables, some, types, place, gains)
    return found


def sampled_lies(tables: Tables, group: int, samples: int, seed: int) -> Best:
    """The same over lies drawn at random: the coalition, its types and reports, and the others' reports."""
    rng = np.random.default_rng(seed)
    sizes = tables.mechanism.space.sizes
    found: Best = {}
    coalitions = list(combinations(range(tables.count), group))
    for place, some in enumerate(coalitions):
        many = samples // len(coalitions) + (place < samples % len(coalitions))
        reports = np.stack([rng.integers(0, size, many) for size in sizes], -1)
        types = np.stack([rng.integers(0, sizes[i], many) for i in some], -1)
        truth = reports.copy()
        truth[:, list(some)] = types
        gains = np.stack(
            [_at(tables, i, types[:, k], reports) - _at(tables, i, types[:, k], truth) for k, i in enumerate(some)]
        )
        for kind, scores in _scores(gains, tables.slack):
            if scores.size:
                best, (k,) = most(scores)
                if kind not in found or best > found[kind][0]:
                    row = tuple(reports[k].tolist())
                    said = tuple(row[i] for i in some)
                    found[kind] = best, Lie(some, tuple(types[k].tolist()), said, row, tuple(gains[:, k]))
    return found


def mean_lies(tables: Tables) -> tuple[Any, Lie] | None:
    """The most that a type expects to gain by a lie where the others tell the truth; None where nobody can lie."""
    found: tuple[Any, Lie] | None = None
    for i, own in enumerate(tables.values):
        for kind in range(len(own)):
            odds = tables.believed(i, kind)
            if odds is None or len(own) == 1:
                continue
            got = flat(tables.got(i, kind), i).dot(odds)
            best, (k,) = most(np.delete(got - got[kind], kind))
            if found is None or best > found[0]:
                found = best, Lie((i,), (kind,), (k + (k >= kind),), None, (best,))
    return found


def _gains(tables: Tables, some: Sequence[int], types: Sequence[int]) -> Array:
    """`[agent, lie, others' reports]`: what each of a coalition gains; the truth is left out of the lies."""
    sizes = [len(tables.values[i]) for i in some]
    truth, rows = int(np.ravel_multi_index(tuple(types), sizes)), []
    for i, kind in zip(some, types, strict=True):
        got = np.moveaxis(tables.got(i, kind), some, range(len(some))).reshape(math.prod(sizes), -1)
        rows.append(np.delete(got - got[truth], truth, 0))
    return np.stack(rows)


def _scores(gains: Array, slack: float) -> Iterator[tuple[str, Array]]:
    least, whole = gains.min(0), gains.sum(0)
    yield "each", least
    if len(gains) > 1:
        yield "some", np.where(least >= -slack, whole, least)
        yield "together", whole


def _named(tables: Tables, some: tuple[int, ...], types: Sequence[int], place: Sequence[int], gains: Array) -> Lie:
    sizes = tables.mechanism.space.sizes
    own, rest = [sizes[i] for i in some], [i for i in range(len(sizes)) if i not in some]
    lie, others = place
    truth = int(np.ravel_multi_index(tuple(types), own))
    reports = tuple(int(k) for k in np.unravel_index(lie + (lie >= truth), own))
    said = np.unravel_index(others, [sizes[j] for j in rest]) if rest else ()
    whole = dict(zip((*some, *rest), (*reports, *(int(k) for k in said)), strict=True))
    row = tuple(whole[i] for i in range(len(sizes)))
    return Lie(some, tuple(int(k) for k in types), reports, row, tuple(gains[:, lie, others]))


def _at(tables: Tables, agent: int, kinds: Array, reports: Array) -> Array:
    place = tuple(reports.T)
    return (tables.values[agent][kinds] * tables.odds[place]).sum(-1) - tables.paid[(*place, agent)]
