"""The trial of a private field: what its units carry is held against the secret, and against secrets that chance gives.

Where secrets are exchanged only between messages with the same public context, or drawn again with declared odds, what
is public can lend the secret nothing. Where it changes within the units that are exchanged, it is taken off on both
sides first, off what is carried and off the secret, so that neither side alone has to be got right (Freedman and Lane
1983, "A nonstochastic interpretation of reported significance levels"; Robinson 1988 for both sides).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ._canary import Odds
from ._carriers import Carried
from ._channel_chance import CONTEXTS, Columns, Statistics, Tested, laid_out, weighed
from ._channel_context import Context, ridge
from ._channel_law import Variation
from ._channel_plan import Plan, levelled, sums
from ._channel_secret import Secret

LEFT = 0.01
"""Share of a column that has to be left when what is public is taken off: of less, nothing is left but rounding."""


@dataclass(eq=False)
class Trial:
    """A secret, what the messages carry, and how secrets are exchanged, message by message.

    Attributes
    ----------
    odds : `float[N, J]` where they are declared and used. folds : `int64[N]`, parts of the messages.
    """

    carried: Carried
    secret: Secret
    context: Context
    plan: Plan
    odds: np.ndarray | None
    folds: np.ndarray
    rng: np.random.Generator

    def made(self, rounds: int) -> Tested:
        """Make the test, with so many draws at most."""
        statistics, codes = self._statistics
        half, learn = self._block % 2, self.plan.kind == "runs"
        return weighed(statistics, codes, self._drawer(codes), half, rounds, learn, self._free)

    def seen(self) -> tuple[list[tuple[str, str]], np.ndarray]:
        """The names of the statistics, and the decades of evidence of each by its law alone, without draws."""
        statistics, codes = self._statistics
        return statistics.names, statistics.law.evidence(statistics.of(codes[None]))[:, 0] / np.log(10)

    @cached_property
    def _statistics(self) -> tuple[Statistics, np.ndarray]:
        """The statistics, and the secret as they take it."""
        table, share, runs = laid_out(self.carried)
        fragments, folds = self._by_unit(self.carried.fragments), self.folds[self._first]
        columns = Columns(self._by_unit(table), share, runs, fragments, folds)
        codes, views = self.secret.codes[self._first], self.secret.views
        if self.taken_off:
            views = {name: self._outside(view[codes].astype(float)).astype(np.float32) for name, view in views.items()}
            codes = np.arange(len(codes))
        varies = {name: self._varies(view.astype(float), codes) for name, view in views.items()}
        # a view that what is public settles leaves nothing to exchange but rounding
        views = {name: view for name, view in views.items() if varies[name].each.mean() > 1e-6}
        expected = None if self.odds is None or not views else np.column_stack([self._odds @ v for v in views.values()])
        return Statistics(columns, views, expected, self._contexts(), varies), codes

    @cached_property
    def taken_off(self) -> bool:
        """Whether what is public differs within the units whose secrets are exchanged, or more is to be taken off."""
        if self.odds is not None or self.plan.kind == "each":
            return self.odds is None and self.context.more
        within = self.context.history != self.context.history[self._first][self.plan.units]
        return self.plan.kind == "runs" or self.context.fine or self.context.more or bool(within.any())

    @cached_property
    def _first(self) -> np.ndarray:
        """The first message of each unit that has one secret; every message where each has one, or runs go together."""
        if self.plan.kind != "episode":
            return np.arange(len(self.secret.codes))
        return np.unique(self.plan.units, return_index=True)[1]

    @property
    def _block(self) -> np.ndarray:
        return self.plan.block[self.plan.units] if self.plan.kind == "runs" else self.plan.block

    @property
    def _odds(self) -> np.ndarray:
        assert self.odds is not None
        return self.odds[self._first]

    def _varies(self, view: np.ndarray, codes: np.ndarray) -> Variation:
        if self.odds is not None:
            return Variation.drawn(self._odds, view)
        return Variation.exchanged(view[codes], self._block)

    def _by_unit(self, table: np.ndarray) -> np.ndarray:
        """Columns of messages as columns of units, without what is public and without what their block has anyway."""
        if self.taken_off:
            rest = self._outside(levelled(self._summed(table.astype(float)), self._block))
        else:
            rest = self._summed(self.context.explained_away(table))
            rest = rest - rest.mean(0) if self.odds is not None else levelled(rest, self._block)
        return np.ascontiguousarray(rest, np.float32)

    def _summed(self, table: np.ndarray) -> np.ndarray:
        if self.plan.kind != "episode":
            return table
        order = np.argsort(self.plan.units, kind="stable")
        return sums(table[order], self.plan.units[order], self.plan.count)

    @cached_property
    def _public(self) -> np.ndarray:
        return levelled(self._summed(self.context.features), self._block)

    def _outside(self, table: np.ndarray) -> np.ndarray:
        """What a regression on what is public leaves of columns of units; nothing of those that it gives entirely."""
        rest = table - self._public @ ridge(self._public, table)
        left, whole = (rest**2).sum(0), (table**2).sum(0)
        return np.where(left > LEFT * whole, rest, 0.0)

    @cached_property
    def _free(self) -> float:
        """The share of degrees of freedom that the regression leaves the secret, and not its draws."""
        if not self.taken_off:
            return 1.0
        spent = float((self._public * ridge(self._public, np.eye(len(self._public))).T).sum())
        return max(0.0, 1 - spent / len(self._first))

    def _drawer(self, codes: np.ndarray) -> Callable[[int], np.ndarray]:
        if self.odds is not None:
            redrawn = Odds(self._odds)
            return lambda count: redrawn.draw(self.rng, count)
        return lambda count: self.plan.draw(codes, self.rng, count)

    def _contexts(self) -> list[np.ndarray]:
        """The units of each of the most frequent contexts, where there are a few of some size."""
        if self.context.fine or self.taken_off:  # draws would carry secrets from one context into another
            return []
        groups = self.context.groups[self._first]
        times = np.bincount(groups)
        common = [k for k in np.argsort(-times, kind="stable")[:CONTEXTS] if times[k] >= 20]
        return [np.flatnonzero(groups == k) for k in common]
