"""How an agent answers what it was shown: a flexible prediction of its moves, found from its own moves only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._ring_known import Known, before
from ._ring_panel import ALL, Panel, kept
from ._ring_public import CURVES, LEADING, Group, Series, later, series, stepped
from ._ring_ridge import penalties, ridge
from ._ring_seen import WORDS

MOST = 120
"""Columns of an agent, of which there are never more than a third of its rounds; two thirds of them for many agents."""

PARTNER = 10
"""Columns that the past of another agent takes beside that of one, and that are kept free."""

STEPS = 3
"""Steps in what an agent was shown that are looked for, one after another."""


@dataclass(frozen=True, eq=False)
class Answer:
    """How an agent answers what it was shown.

    Attributes
    ----------
    at : `int64[U]`, the place of each round of the panel among the rows of `columns`.
    columns : `float[N, K]`, those with the least penalty first. penalty : `float[K]`.
    fields : places of the fields that were looked at. least : columns below which too much would be missing.
    """

    at: np.ndarray
    columns: np.ndarray
    penalty: np.ndarray
    fields: frozenset[int]
    least: int


def answer(panel: Panel, agent: int) -> Answer | None:
    """How an agent answers what it was shown; None where it moved too seldom to say."""
    if agent not in panel.fits:
        panel.fits[agent] = _answer(panel, agent)
    return panel.fits[agent]


def _answer(panel: Panel, agent: int) -> Answer | None:
    rounds = kept(panel, (agent,))
    moved, fields = series(panel, agent)
    known, count = before(panel, rounds, (agent,)), int(rounds.sum())
    most = MOST if len(panel.agents) <= ALL else MOST * 2 // 3
    more = PARTNER if panel.staged and len(panel.agents) > 2 and not known.strata.any() else 0
    room = min(count // 3 - known.size - more, most)
    if room < 2 or known.size > count / 3:
        return None
    at = np.zeros(len(panel.moves), np.int64)
    at[moved] = np.arange(len(moved))
    y = known.off(panel.moves[rounds, agent] - panel.moves[rounds, agent].mean())
    y = y / max(float(np.sqrt((y**2).mean())), 1e-300)
    search = _Search(fields, at[rounds], known, y, room)
    columns, penalty, used = search.fit()
    order = np.argsort(penalty, kind="stable")
    return Answer(at, columns[:, order].astype(np.float32), penalty[order], used, min(2, len(order)))


@dataclass(frozen=True, eq=False)
class _Search:
    """The search for columns: of `fields`, in the rows `inside`, for what is left `y` beside what is `known`."""

    fields: list[Series]
    inside: np.ndarray
    known: Known
    y: np.ndarray
    room: int

    def fit(self) -> tuple[np.ndarray, np.ndarray, frozenset[int]]:
        """Columns, the penalty of each, and which fields they are of; steps are added while they explain enough."""
        leading = self._leading()
        groups = self._groups(leading)
        for step in range(STEPS + 1):
            columns, penalty, rest = self._fitted(groups)
            more = stepped(self.fields, leading[:LEADING], rest, self.inside) if step < STEPS else None
            if more is None or not len(penalty):
                break
            groups = [more, *groups]
        return columns, penalty, self._used(groups)

    def _fitted(self, groups: list[Group]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Columns of groups, the penalty of each, and what they leave of the moves."""
        columns, group = self._columns(groups)
        x = self.known.off(columns[self.inside])
        if not x.shape[1]:
            return columns, np.zeros(0), self.y
        penalty = penalties(x, self.y, group, self.known.size)
        return columns, penalty, ridge(x, self.y, penalty, self.known.size)[0]

    def _used(self, groups: list[Group]) -> frozenset[int]:
        """The fields of groups that there was room for, and those that were always the same for this agent."""
        size = np.array([one.columns.shape[1] for one in groups], np.int64)
        reached = (np.cumsum(size) - size < self.room).tolist()
        used = {k for one, fits in zip(groups, reached, strict=True) if fits for k in one.fields}
        return frozenset(used | {k for k, one in enumerate(self.fields) if not one.varies})

    def _leading(self) -> list[int]:
        """The fields that explain most, now and before, those that do more first, as many as there is room for."""
        found = {k: [*one.now(4), *one.past()[:1]] for k, one in enumerate(self.fields) if one.varies}
        worth = {
            k: self._worth(np.hstack([part[:, :4] for part in parts]), self.y) for k, parts in found.items() if parts
        }
        return sorted(worth, key=lambda k: -worth[k])[: max(1, self.room // 3)]

    def _groups(self, leading: list[int]) -> list[Group]:
        """All that they are now, and then what explains most of what that leaves: their past, products, and curves."""
        bends = int(np.clip(self.room // (2 * max(len(leading), 1)), 2, CURVES))
        words = int(np.clip(self.room // 3, bends, WORDS))
        groups = [Group(part, (k,)) for k in leading
                  for part in self.fields[k].now(words if self.fields[k].coded else bends)]  # fmt: skip
        more = later(self.fields, leading, bends)
        rest = self._fitted(groups)[2]
        return groups + sorted(more, key=lambda one: -self._worth(one.columns, rest))

    def _columns(self, groups: list[Group]) -> tuple[np.ndarray, np.ndarray]:
        """The columns that there is room for, in units of the spread of the widest of their group; and their groups."""
        size = [one.columns.shape[1] for one in groups]
        group = np.repeat(np.arange(len(groups)), size)[: self.room]
        columns = np.hstack([np.zeros((len(self.fields[0].values), 0)), *(one.columns for one in groups)])
        columns = columns[:, : self.room] - columns[self.inside, : self.room].mean(0)
        widest = np.zeros(len(groups))
        np.maximum.at(widest, group, columns[self.inside].std(0))
        columns = columns / np.maximum(widest[group], 1e-300)
        fine = np.sqrt((self.known.off(columns[self.inside]) ** 2).mean(0)) > 1e-6
        return columns[:, fine], group[fine]

    def _worth(self, columns: np.ndarray, y: np.ndarray) -> float:
        """The share of what is left of the moves that columns explain, less what they would by chance."""
        x = self.known.off((columns - columns.mean(0))[self.inside])
        size = np.sqrt((x**2).mean(0))
        x = x[:, size > 1e-9 * max(1e-300, float(size.max(initial=0.0)))]
        x = x / np.sqrt((x**2).mean(0))
        slope, _, rank, _ = np.linalg.lstsq(x, y, rcond=1e-6)
        rest = float(((y - x @ slope) ** 2).sum()) / max(float((y**2).sum()), 1e-300)
        return 1 - rest * len(y) / max(len(y) - int(rank), 1)
