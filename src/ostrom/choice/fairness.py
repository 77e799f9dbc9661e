"""How fair a division of goods is: envy up to one good, proportional and maximin shares, and whether all could gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.claim import Finding
from ..core.errors import TooLarge
from ..core.game import Array
from ._division_programs import Budget, improvement
from ._goods import Division, owners_of, values_of, whole, worths
from ._shares import Share, share

Pareto = Literal["efficient", "improvable", "unknown"]


class Degree(NamedTuple):
    """How much of a fair lot the worst treated agent has, 1 where it has all of it; and who that is.

    `other` is whom it compares itself with, and `good` what is left out of the other's bundle; -1 where neither is.
    """

    degree: float
    agent: int
    other: int = -1
    good: int = -1


@dataclass(frozen=True)
class Fairness:
    """How fair a division is. Every degree is the worst over agents of what it has over what it would have to have.

    Attributes
    ----------
    envy : the most by which anybody values another's bundle above its own, in units of value.
    envy_free, ef1, efx : against others' bundles: whole; without the good it likes best (up to one good); and without
        the good it likes least (up to any good, also one that it makes nothing of).
    proportional : against its value of everything over the number of agents.
    maximin : against the most that it could make sure of by cutting the goods into bundles and taking the last
        (Budish 2011); `shares` has what that is for each, or bounds. A lower bound where shares are only bounded.
    pareto : "efficient", "improvable" or "unknown" (out of time, or too large); where values are not whole, up to a
        ten-millionth of what everything is worth to each.
    better : a division in which nobody has less and somebody more, if any.
    """

    envy: float
    envy_free: Degree
    ef1: Degree
    efx: Degree
    proportional: Degree
    maximin: Degree
    shares: tuple[Share, ...]
    pareto: Pareto
    better: Division | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The same in sentences, agents and goods counted from 1."""
        sure = "" if all(one.exact for one in self.shares) else "at least "
        told = [
            _compared("envy-freeness", self.envy_free, "what it sees in the bundle of agent {other}"),
            _compared("EF1", self.ef1, "what it sees in the bundle of agent {other} without good {good}"),
            _compared("EFX", self.efx, "what it sees in the bundle of agent {other} without good {good}"),
            _compared("proportionality", self.proportional, "an equal share"),
            _compared("maximin share", self.maximin, "its maximin share", sure),
        ]
        said = {
            "efficient": "Nobody can gain without somebody's loss.",
            "unknown": "Whether all could gain is unknown.",
        }
        sentence = said.get(self.pareto) or f"Somebody can gain without anybody's loss, by owners {self._better}."
        return (*told, Finding("Pareto efficiency", sentence, numbers={"answer": self.pareto}))

    @property
    def _better(self) -> tuple[int, ...]:
        return () if self.better is None else self.better.owners


def fairness(values: Any, owners: Any, *, seconds: float = 10.0) -> Fairness:
    """How fair it is that each good has that owner, with who is treated worst, and what would be better for all.

    Parameters
    ----------
    values : `[N, M]`, what each agent makes of each good, at least 0; values add up.
    owners : for each good the number of its owner; or a `Division`.
    seconds : time budget for maximin shares and for what would be better, above 0.

    Raises
    ------
    InputError : what is no table of finite values of at least 0, owners that there are not, or no time. TooLarge : over
        a million pairs.

    Examples
    --------
    >>> found = fairness([[5, 4, 1], [5, 1, 1]], (0, 0, 1))
    >>> found.envy, found.ef1.degree, found.maximin, found.pareto
    (5.0, 1.0, Degree(degree=0.5, agent=1, other=-1, good=-1), 'efficient')
    """
    table, budget = values_of(values), Budget(seconds)
    has = owners_of(owners, table)
    worth = worths(table, has)
    own = np.diag(worth)
    shares = tuple(share(row, len(table), budget) for row in table)
    pareto, better = _pareto(table, own, budget)
    return Fairness(
        float(max((worth - own[:, None]).max(), 0)),
        _against(table, has, None),
        _against(table, has, np.maximum),
        _against(table, has, np.minimum),
        _least(own, table.sum(1) / len(table)),
        _least(own, np.array([one.high for one in shares])),
        shares,
        pareto,
        better,
    )


def _against(table: Array, owners: tuple[int, ...], out: np.ufunc | None) -> Degree:
    """The worst comparison of an agent with another's bundle, less the largest or least value in it."""
    has, worst = np.array(owners), Degree(1.0, -1)
    for i, row in enumerate(table):
        seen = np.bincount(has, row, len(table))
        own, left = seen[i], np.zeros(len(table))
        if out is not None:
            left[has] = row
            out.at(left, has, row)
        seen = seen - left
        behind = own < seen - _rounding(row)
        behind[i] = False
        degrees = np.divide(own, seen, out=np.ones(len(table)), where=behind)
        j = int(degrees.argmin())
        if degrees[j] < worst.degree:
            good = -1 if out is None else int(np.argmax((has == j) & (row == left[j])))
            worst = Degree(float(degrees[j]), i, j, good)
    return worst


def _least(own: Array, due: Array) -> Degree:
    short = own < due - 1e-12 * np.abs(due)
    degrees = np.where(short, own / np.where(due > 0, due, 1), 1.0)
    worst = int(degrees.argmin())
    return Degree(float(degrees[worst]), worst if short[worst] else -1)


def _rounding(row: Array) -> float:
    return 1e-12 * float(row.sum())


def _pareto(table: Array, own: Array, budget: Budget) -> tuple[Pareto, Division | None]:
    """Whether somebody can have more and nobody less; each agent's values count as shares of its whole."""
    scale = np.ones((len(table), 1)) if whole(table) else np.maximum(table.sum(1, keepdims=True), 1e-300)
    slack = 0.5 if whole(table) else 1e-7
    try:
        found = improvement(table / scale, own / scale[:, 0], slack, budget)
    except TooLarge:
        return "unknown", None
    if found.owners is not None:
        got = np.diag(worths(table, found.owners.tolist()))
        if (got >= own - 1e-12 * table.sum(1)).all() and (got > own + slack * scale[:, 0]).any():
            return "improvable", Division(tuple(found.owners.tolist()), "integer program", table)
    if found.outcome == "optimal" and found.bound <= (own / scale[:, 0]).sum() + slack * (
        1 if whole(table) else len(own)
    ):
        return "efficient", None
    return "unknown", None


def _compared(topic: str, degree: Degree, what: str, sure: str = "") -> Finding:
    numbers = {"degree": degree.degree}
    if degree.agent < 0:
        return Finding(topic, f"By {topic} nobody has less than it should.", numbers=numbers)
    named = what.format(other=degree.other + 1, good=degree.good + 1)
    sentence = f"Agent {degree.agent + 1} has {sure}{degree.degree:.4g} of {named}."
    return Finding(topic, sentence, (f"agent {degree.agent + 1}",), numbers | degree._asdict())
