"""Payments to reporters that depend on nothing but their reports, and what they come to on average."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._signals import Signals

CELLS = 5_000_000
"""Payments that one question may compute."""


@dataclass(frozen=True, eq=False)
class PeerPayments:
    """Payments to reporters that depend on all their reports and on nothing else.

    Attributes
    ----------
    name, source : of the rule.
    signals : what reporters see. reporters, tasks : how many of each the analysis is about.
    options : what can be reported. truth : the number of the report that is true, by signal.
    pay : reports `int[..., T, n]` -> payments `float[..., n]`, for all tasks together.
    fewest : reporters that it needs.
    """

    name: str
    signals: Signals
    reporters: int
    tasks: int
    options: tuple[str, ...]
    truth: tuple[int, ...]
    pay: Callable[[Array], Array]
    source: str = ""
    fewest: int = 2

    def __call__(self, reports: Any) -> Array:
        """What each is paid, `float[n]`, for reports by label or number, `[n]` for one task or `[T, n]`.

        Raises `InputError` for another shape, fewer tasks or reporters than the rule needs; `UnknownName` for a report
        that there is not.
        """
        given = np.asarray(reports)
        table = given[None] if given.ndim == 1 else given
        if table.ndim != 2 or len(table) < self.tasks or table.shape[1] < self.fewest:
            raise InputError(
                f"Reports of shape {given.shape}.",
                f"{self.name} needs reports of at least {self.fewest} on at least {self.tasks} tasks.",
                "Give reports[task, reporter].",
            )
        return self.pay(np.array([[self._number(one) for one in row] for row in table.tolist()]))

    def expected(self, strategies: Sequence[Any]) -> Array:
        """What each is paid on average, `float[n]`, by strategies that map signals to reports in every task alike.

        A strategy is a list of X reports by number, or odds `[X, R]`; one for each reporter.
        """
        table = self._table
        for _ in range(self.tasks):
            table = np.tensordot(self._reported(strategies).ravel(), table, axes=1)
        return table

    @property
    def honest(self) -> Array:
        """What each is paid on average where all tell the truth, `float[n]`."""
        return self.expected([self.truth] * self.reporters)

    def game(self) -> NormalForm:
        """The game of strategies that map signals to reports in every task alike; `TooLarge` where they are many.

        A move is named by its reports: "h,l" reports h for the first signal and l for the second.
        """
        size, count = len(self.options) ** len(self.truth), self.reporters
        if size**count * count > 200_000:
            raise TooLarge(f"{size} strategies of {count} reporters.", do="Give fewer reporters or signals.")
        maps = list(product(range(len(self.options)), repeat=len(self.truth)))
        payoffs = np.empty((size,) * count + (count,))
        for place in product(range(size), repeat=count):
            payoffs[place] = self.expected([maps[k] for k in place])
        moves = [",".join(self.options[k] for k in one) for one in maps]
        players = [f"reporter {k + 1}" for k in range(count)]
        return NormalForm(payoffs, players=players, moves=moves, name=self.name)

    def worth(self, group: Sequence[int]) -> tuple[Array, Array]:
        """Odds `[X^(T·k)]` of what a group sees in all tasks, and what its reports `[X^(T·k), R^(T·k)]` bring it then.

        Summed over the group, while all others tell the truth; signals and reports task by task, in each in the order
        of the group. Raises `TooLarge` where they are too many.
        """
        here, size, tasks = list(group), len(self.truth), self.tasks
        others = [i for i in range(self.reporters) if i not in here]
        reports = grid(len(self.options), tasks, len(here))
        seen = np.array(self.truth)[grid(size, tasks, len(others))]
        refuse_many(len(reports) * len(seen) * tasks * self.reporters)
        table = np.empty((len(reports), len(seen), tasks, self.reporters), int)
        table[..., here] = reports[:, None]
        table[..., others] = seen[None]
        paid = self.pay(table)[..., here].sum(-1)
        once = np.moveaxis(self.signals.joint(self.reporters), here, range(len(here)))
        odds = reduce(np.kron, [once.reshape(size ** len(here), -1)] * tasks)
        whole = odds.sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            beliefs = np.where(whole[:, None] > 0, odds / whole[:, None], 0.0)
        return whole, beliefs @ paid.T

    @cached_property
    def _table(self) -> Array:
        """Payments by all joint reports, `[R^n, …, R^n, n]`, one axis for each task."""
        size, count = len(self.options) ** self.reporters, self.reporters
        refuse_many(size**self.tasks * self.tasks * count)
        reports = grid(len(self.options), self.tasks, count)
        return self.pay(reports).reshape(*[size] * self.tasks, count)

    def _reported(self, strategies: Sequence[Any]) -> Array:
        """Odds of joint reports in one task, `[R, …]`."""
        if len(strategies) != self.reporters:
            raise InputError(f"{len(strategies)} strategies for {self.reporters} reporters.", do="Give one for each.")
        odds = self.signals.joint(self.reporters)
        for given in strategies:
            mixed = np.asarray(given, float)
            if mixed.shape == (len(self.truth),):
                mixed = np.eye(len(self.options))[np.asarray(given, int)]
            if mixed.shape != (len(self.truth), len(self.options)):
                raise InputError(f"A strategy of shape {mixed.shape}.", do="Give a report for each signal.")
            odds = np.tensordot(odds, mixed, axes=(0, 0))  # the next reporter's axis comes to the front
        return odds

    def _number(self, report: Any) -> int:
        if isinstance(report, str):
            if report not in self.options:
                raise UnknownName("report", report, self.options)
            return self.options.index(report)
        if not 0 <= report < len(self.options):
            raise UnknownName("report", str(report), self.options)
        return int(report)

    def __repr__(self) -> str:
        return f"PeerPayments({self.name!r}: {self.reporters} reporters, {self.tasks} tasks)"


def grid(options: int, tasks: int, count: int) -> Array:
    """`int[options^(T·n), T, n]`: all that so many can say in so many tasks."""
    refuse_many(options ** (tasks * count) * tasks * max(count, 1))
    many = options ** (tasks * count)
    return np.indices([options] * (tasks * count)).reshape(tasks * count, many).T.reshape(many, tasks, count)


def refuse_many(cells: int) -> None:
    if cells > CELLS:
        raise TooLarge(
            f"{cells:,} entries of joint reports." if cells < 10**15 else f"About 10^{math.log10(cells):.0f} entries.",
            f"More than {CELLS:,} are not computed.",
            "Give fewer reporters, tasks or signals.",
        )
